export type Change = { kind: 'same' | 'added' | 'removed'; text: string };

/** Beyond this many steps the texts have so little in common that they are shown as replaced. */
const MAX_EDITS = 400;

/** What changed between two texts, word by word; runs of one kind are joined. */
export function changesBetween(before: string, after: string): Change[] {
  const [a, b] = [piecesOf(before), piecesOf(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const middle = shortestEdit(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return joined([
    { kind: 'same', text: a.slice(0, start).join('') },
    ...middle,
    { kind: 'same', text: end === 0 ? '' : a.slice(-end).join('') },
  ]);
}

/** Words with the space after them, so that joined pieces give the text again. */
const piecesOf = (text: string): string[] => text.match(/\S+\s*|\s+/g) ?? [];

/** Myers, "An O(ND) Difference Algorithm" (1986), greedy, with the trace kept for the way back. */
function shortestEdit(a: string[], b: string[]): Change[] {
  const replaced: Change[] = [
    { kind: 'removed', text: a.join('') },
    { kind: 'added', text: b.join('') },
  ];
  if (a.length === 0 || b.length === 0) return replaced;
  const trace: Map<number, number>[] = [];
  let furthest = new Map<number, number>([[1, 0]]);
  for (let d = 0; d <= Math.min(a.length + b.length, MAX_EDITS); d++) {
    const row = new Map<number, number>();
    trace.push(furthest);
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && at(furthest, k - 1) < at(furthest, k + 1));
      let x = down ? at(furthest, k + 1) : at(furthest, k - 1) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      row.set(k, x);
      if (x >= a.length && x - k >= b.length) return wayBack(a, b, [...trace, row], d);
    }
    furthest = row;
  }
  return replaced;
}

const at = (row: Map<number, number>, k: number): number => row.get(k) ?? 0;

function wayBack(a: string[], b: string[], trace: Map<number, number>[], edits: number): Change[] {
  const changes: Change[] = [];
  let [x, y] = [a.length, b.length];
  for (let d = edits; d >= 0; d--) {
    const row = trace[d] ?? new Map<number, number>();
    const k = x - y;
    const down = k === -d || (k !== d && at(row, k - 1) < at(row, k + 1));
    const from = down ? k + 1 : k - 1;
    const [px, py] = d === 0 ? [0, 0] : [at(row, from), at(row, from) - from];
    while (x > px && y > py && x > 0 && y > 0 && !(d > 0 && (down ? x === px : y === py))) {
      x--;
      y--;
      changes.push({ kind: 'same', text: a[x] ?? '' });
    }
    if (d === 0) break;
    if (down) changes.push({ kind: 'added', text: b[--y] ?? '' });
    else changes.push({ kind: 'removed', text: a[--x] ?? '' });
  }
  return changes.reverse();
}

function joined(changes: Change[]): Change[] {
  const out: Change[] = [];
  for (const change of changes) {
    if (change.text === '') continue;
    const last = out.at(-1);
    if (last?.kind === change.kind) last.text += change.text;
    else out.push({ ...change });
  }
  return out;
}
