/** Scores of one text against the true one, over shingles of four words: scrapinghub's article-extraction-benchmark. */
export type PageScore = { tp: number; fp: number; fn: number; precision: number; recall: number; f1: number };

/** Figures of a set of texts; shares between 0 and 1. */
export type BodyScore = {
  pages: number;
  /** 2PR/(P+R) of the mean precision and the mean recall, as the benchmark has it. */
  f1: number;
  /** Over the pages whose output is not empty. */
  precision: number;
  /** Over the pages whose truth is not empty. */
  recall: number;
  /** Share of pages whose words are exactly the true ones. */
  accuracy: number;
  meanF1: number;
  medianF1: number;
  below80: number;
  below50: number;
  empty: number;
};

/** Words of a shingle. */
export const RUN = 4;
const WORD = /[\p{L}\p{N}_]+/gu;

/** A word as the metric has it, and where it stands. */
export type Token = { word: string; start: number; end: number };

/** Runs of letters, digits and underscores, case kept. */
export function tokensOf(text: string): Token[] {
  return [...text.matchAll(WORD)].map((m) => ({ word: m[0], start: m.index, end: m.index + m[0].length }));
}

/** All runs of four words, one for each place at which a run begins; a shorter text is one run. */
export function shinglesOf(tokens: readonly Token[]): string[] {
  const words = tokens.map((t) => t.word);
  if (words.length === 0) return [];
  return Array.from({ length: Math.max(words.length - RUN, 0) + 1 }, (_, i) => words.slice(i, i + RUN).join(' '));
}

/** How often each run occurs. */
export function counted(shingles: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of shingles) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** Compares a text with the true one. */
export function scorePage(truth: string, output: string): PageScore {
  const [wanted, given] = [counted(shinglesOf(tokensOf(truth))), counted(shinglesOf(tokensOf(output)))];
  let [tp, fp, fn] = [0, 0, 0];
  for (const [key, count] of wanted) {
    const shared = Math.min(count, given.get(key) ?? 0);
    tp += shared;
    fn += count - shared;
  }
  for (const [key, count] of given) fp += Math.max(0, count - (wanted.get(key) ?? 0));
  const share = (part: number, rest: number) => (part + rest === 0 ? 1 : part / (part + rest));
  return { tp, fp, fn, precision: share(tp, fp), recall: share(tp, fn), f1: share(2 * tp, fp + fn) };
}

/** Scores a whole set. */
export function scoreBodies(items: readonly { truth: string; output: string }[]): BodyScore {
  const pages = items.map(({ truth, output }) => {
    const [wanted, given] = [tokensOf(truth).map((t) => t.word), tokensOf(output).map((t) => t.word)];
    const equal = wanted.join(' ') === given.join(' ');
    return { ...scorePage(truth, output), empty: given.length === 0, trueEmpty: wanted.length === 0, equal };
  });
  const precision = mean(pages.filter((p) => !p.empty).map((p) => p.precision));
  const recall = mean(pages.filter((p) => !p.trueEmpty).map((p) => p.recall));
  const f1 = pages.map((p) => p.f1);
  return {
    pages: items.length,
    f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
    precision,
    recall,
    accuracy: mean(pages.map((p) => (p.equal ? 1 : 0))),
    meanF1: mean(f1),
    medianF1: median(f1),
    below80: f1.filter((f) => f < 0.8).length,
    below50: f1.filter((f) => f < 0.5).length,
    empty: pages.filter((p) => p.empty).length,
  };
}

const mean = (values: number[]) => (values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length);

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}
