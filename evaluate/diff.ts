import { counted, RUN, shinglesOf, type Token, tokensOf } from './body-score.js';

/** A part of a text that the other has not: `-` is missing from the output, `+` is surplus in it. */
export type DiffLine = { sign: '-' | '+'; text: string };

/** Share of a line's words from which all of it is shown. */
const MOST = 0.75;

/**
 * What lies between two texts, in reading order: the words that stand in no shingle which both have, as lines or parts
 * of lines. A passage that comes twice is surplus the second time.
 */
export function diffTexts(truth: string, output: string): DiffLine[] {
  const [wanted, given] = [read(truth), read(output)];
  const places = new Map(given.shingles.map((key, i) => [key, i] as const).reverse());
  const placeBefore = (word: number): number => {
    for (let i = word - 1; i >= 0; i--) {
      const place = places.get(wanted.shingles[i] ?? '');
      if (place !== undefined) return place;
    }
    return -1;
  };
  const missing = unshared(wanted, given).map((p) => ({ sign: '-' as const, text: p.text, at: placeBefore(p.word) }));
  const surplus = unshared(given, wanted).map((p) => ({ sign: '+' as const, text: p.text, at: p.word }));
  return [...missing, ...surplus].sort((a, b) => a.at - b.at).map(({ sign, text }) => ({ sign, text }));
}

type Read = { text: string; tokens: Token[]; shingles: string[] };

function read(text: string): Read {
  const tokens = tokensOf(text);
  return { text, tokens, shingles: shinglesOf(tokens) };
}

/** The passages of a text that the other has not, each with the number of its first word. */
function unshared({ text, tokens, shingles }: Read, other: Read): { word: number; text: string }[] {
  const left = counted(other.shingles);
  const shared = tokens.map(() => false);
  shingles.forEach((key, i) => {
    const count = left.get(key) ?? 0;
    if (count === 0) return;
    left.set(key, count - 1);
    shared.fill(true, i, i + RUN);
  });
  const passages: { word: number; text: string }[] = [];
  for (let from = 0; from < tokens.length; ) {
    const [line, next] = lineAt(text, tokens, from);
    const foreign = shared.slice(from, next).filter((s) => !s).length;
    if (foreign >= (next - from) * MOST) passages.push({ word: from, text: line });
    else passages.push(...runsIn(text, tokens, shared, from, next));
    from = next;
  }
  return passages;
}

/** The line that a word stands in, and the first word of the next. */
function lineAt(text: string, tokens: Token[], word: number): [string, number] {
  const start = tokens[word]?.start ?? 0;
  const newline = text.indexOf('\n', start);
  const end = newline === -1 ? text.length : newline;
  let next = word;
  while ((tokens[next]?.start ?? Number.POSITIVE_INFINITY) < end) next += 1;
  return [text.slice(text.lastIndexOf('\n', start) + 1, end).trim(), next];
}

/** Parts of one line, with an ellipsis where it goes on. */
function runsIn(text: string, tokens: Token[], shared: boolean[], from: number, next: number) {
  const runs: { word: number; text: string }[] = [];
  for (let word = from; word < next; word++) {
    if (shared[word]) continue;
    let after = word;
    while (after < next && !shared[after]) after += 1;
    const part = text.slice(tokens[word]?.start, tokens[after - 1]?.end);
    runs.push({ word, text: `${word > from ? '… ' : ''}${part}${after < next ? ' …' : ''}` });
    word = after;
  }
  return runs;
}
