/** A run of words that both texts have, or only the older, or only the newer. */
export type Run = { kind: 'same' | 'gone' | 'new'; text: string };

/** Table cells beyond which two stretches count as wholly rewritten, instead of being compared for minutes. */
const MOST_CELLS = 4_000_000;

/** What changed between two texts, word by word, in order: a longest common subsequence. White space does not count. */
export function wordDiff(before: string, after: string): Run[] {
  const [a, b] = [wordsOf(before), wordsOf(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const middle = between(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const runs: { kind: Run['kind']; words: string[] }[] = [
    { kind: 'same', words: a.slice(0, start) },
    ...middle,
    { kind: 'same', words: a.slice(a.length - end) },
  ];
  return joined(runs);
}

const wordsOf = (text: string): string[] => text.split(/\s+/).filter(Boolean);

function between(a: string[], b: string[]): { kind: Run['kind']; words: string[] }[] {
  if (a.length * b.length > MOST_CELLS || a.length === 0 || b.length === 0)
    return [
      { kind: 'gone', words: a },
      { kind: 'new', words: b },
    ];
  const width = b.length + 1;
  // longest[i * width + j]: words that the rests from i and j have in common, in order.
  const longest = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => longest[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const runs: { kind: Run['kind']; words: string[] }[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      runs.push({ kind: 'same', words: [a[i] ?? ''] });
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1)))
      runs.push({ kind: 'gone', words: [a[i++] ?? ''] });
    else runs.push({ kind: 'new', words: [b[j++] ?? ''] });
  }
  return runs;
}

/** Neighbours of one kind as one run. */
function joined(runs: { kind: Run['kind']; words: string[] }[]): Run[] {
  const out: { kind: Run['kind']; words: string[] }[] = [];
  for (const { kind, words } of runs) {
    if (words.length === 0) continue;
    const last = out.at(-1);
    if (last?.kind === kind) last.words.push(...words);
    else out.push({ kind, words: [...words] });
  }
  return out.map(({ kind, words }) => ({ kind, text: words.join(' ') }));
}
