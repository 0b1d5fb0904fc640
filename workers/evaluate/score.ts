/** Scores of one text against the true one, over shingles of four words: scrapinghub's article-extraction-benchmark. */
export type BodyScore = { tp: number; fp: number; fn: number; precision: number; recall: number; f1: number };

/** Figures of a set of pages; shares between 0 and 1, null where no page has the field. */
export type SetScore = {
  pages: number;
  /** 2PR/(P+R) of the mean precision and the mean recall, as the benchmark has it. */
  f1: number;
  precision: number;
  recall: number;
  /** Share of pages whose words are exactly the true ones. */
  accuracy: number;
  meanF1: number;
  medianF1: number;
  below80: number;
  below50: number;
  empty: number;
  titleExact: number | null;
  titleContains: number | null;
  authorsExact: number | null;
  authorsContains: number | null;
  /** Share of pages naming no author for which one was given all the same; only where the set names authors at all. */
  authorsInvented: number | null;
  dateSameDay: number | null;
  dateWithinDay: number | null;
};

/** What is known to be true of a page; a field that the set does not give is absent. */
export type Truth = { url: string; body: string; title?: string; authors?: string[]; date?: string };

/** What an extractor says of a page. `date` is ISO 8601 with the offset the page wrote, or a day. */
export type Extracted = { articleBody: string; title: string | null; authors: string[]; date: string | null };

const N = 4;

/** Words as the metric has them: runs of letters, digits and underscores, case kept. */
export function tokensOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+/gu) ?? [];
}

function shinglesOf(tokens: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  const last = Math.max(tokens.length - N, 0);
  if (tokens.length === 0) return counts;
  for (let i = 0; i <= last; i++) {
    const key = tokens.slice(i, i + N).join(' ');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Compares a text with the true one. */
export function scoreBody(truth: string, output: string): BodyScore {
  const [wanted, given] = [shinglesOf(tokensOf(truth)), shinglesOf(tokensOf(output))];
  let [tp, fp, fn] = [0, 0, 0];
  for (const [key, count] of wanted) {
    const shared = Math.min(count, given.get(key) ?? 0);
    tp += shared;
    fn += count - shared;
  }
  for (const [key, count] of given) fp += Math.max(0, count - (wanted.get(key) ?? 0));
  const share = (part: number, rest: number) => (part + rest === 0 ? 1 : part / (part + rest));
  return {
    tp,
    fp,
    fn,
    precision: share(tp, fp),
    recall: share(tp, fn),
    f1: 2 * tp + fp + fn === 0 ? 1 : (2 * tp) / (2 * tp + fp + fn),
  };
}

/** Lower case without accents; each run of other than letters and digits is one space. */
export function normalizeField(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

const NO_NAME = new Set(['by', 'the', 'von', 'staff', 'writer', 'reporter', 'editor', 'correspondent']);

/** Names as the metric compares them. */
export function normalizeNames(authors: string[]): Set<string> {
  const names = authors
    .flatMap((a) => a.split(/[,;&]|\band\b/iu))
    .map((name) =>
      normalizeField(name)
        .split(' ')
        .filter((word) => !NO_NAME.has(word))
        .join(' '),
    );
  return new Set(names.filter(Boolean));
}

const DAY_MS = 86_400_000;

/** Days between the calendar day as written and the true one; null when either is no date. */
export function daysApart(truth: string, output: string | null): number | null {
  const [a, b] = [Date.parse(truth.slice(0, 10)), Date.parse((output ?? '').slice(0, 10))];
  return Number.isNaN(a) || Number.isNaN(b) ? null : Math.abs(a - b) / DAY_MS;
}

const mean = (values: number[]) => (values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length);
const shareOf = (flags: boolean[]) => (flags.length === 0 ? null : flags.filter(Boolean).length / flags.length);

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

/** Scores a whole set. */
export function scoreSet(items: { truth: Truth; output: Extracted }[]): SetScore {
  const bodies = items.map((item) => ({
    ...scoreBody(item.truth.body, item.output.articleBody),
    empty: tokensOf(item.output.articleBody).length === 0,
    trueEmpty: tokensOf(item.truth.body).length === 0,
    equal: tokensOf(item.truth.body).join(' ') === tokensOf(item.output.articleBody).join(' '),
  }));
  const precision = mean(bodies.filter((b) => !b.empty).map((b) => b.precision));
  const recall = mean(bodies.filter((b) => !b.trueEmpty).map((b) => b.recall));
  const pageF1 = bodies.map((b) => b.f1);
  return {
    pages: items.length,
    f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
    precision,
    recall,
    accuracy: mean(bodies.map((b) => (b.equal ? 1 : 0))),
    meanF1: mean(pageF1),
    medianF1: median(pageF1),
    below80: pageF1.filter((f) => f < 0.8).length,
    below50: pageF1.filter((f) => f < 0.5).length,
    empty: bodies.filter((b) => b.empty).length,
    ...scoreFields(items),
  };
}

type FieldScore = Pick<
  SetScore,
  | 'titleExact'
  | 'titleContains'
  | 'authorsExact'
  | 'authorsContains'
  | 'authorsInvented'
  | 'dateSameDay'
  | 'dateWithinDay'
>;

function scoreFields(items: { truth: Truth; output: Extracted }[]): FieldScore {
  const titles = items.flatMap(({ truth, output }) =>
    truth.title ? [[normalizeField(truth.title), normalizeField(output.title ?? '')] as const] : [],
  );
  const authors = items.flatMap(({ truth, output }) =>
    truth.authors?.length ? [[normalizeNames(truth.authors), normalizeNames(output.authors)] as const] : [],
  );
  const unnamed = authors.length === 0 ? [] : items.filter(({ truth }) => !truth.authors?.length);
  const days = items.flatMap(({ truth, output }) => (truth.date ? [daysApart(truth.date, output.date)] : []));
  return {
    titleExact: shareOf(titles.map(([a, b]) => a === b)),
    titleContains: shareOf(titles.map(([a, b]) => b !== '' && (a.includes(b) || b.includes(a)))),
    authorsExact: shareOf(authors.map(([a, b]) => a.size === b.size && [...a].every((name) => b.has(name)))),
    authorsContains: shareOf(authors.map(([a, b]) => [...a].every((name) => b.has(name)))),
    authorsInvented: shareOf(unnamed.map(({ output }) => normalizeNames(output.authors).size > 0)),
    dateSameDay: shareOf(days.map((d) => d === 0)),
    dateWithinDay: shareOf(days.map((d) => d !== null && d <= 1)),
  };
}
