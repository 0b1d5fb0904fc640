import type { Truth } from './labelled-set.js';
import type { Extracted } from './read-pages.js';

/** How many of the pages that could be right are; `share` is null where none could. */
export type Share = { right: number; of: number; share: number | null };

/** Figures of a set of pages, each over those that have the field. */
export type MetadataScore = {
  titleExact: Share;
  titleContains: Share;
  authorsExact: Share;
  authorsContains: Share;
  /** Pages naming no author for which one was given all the same: fewer are better. Only where the set names authors at all. */
  authorsInvented: Share;
  dateSameDay: Share;
  dateWithinDay: Share;
};

/** The measures in the order of the tables, with what people call them. */
export const MEASURES: [keyof MetadataScore, string][] = [
  ['titleExact', 'title exact'],
  ['titleContains', 'title contains'],
  ['authorsExact', 'authors exact'],
  ['authorsContains', 'authors contain'],
  ['authorsInvented', 'authors invented'],
  ['dateSameDay', 'date same day'],
  ['dateWithinDay', 'date within a day'],
];

/** How one page's fields were judged; null where there is nothing to judge by. `close`: contains, or within a day. */
export type Verdict = {
  title: { exact: boolean; close: boolean } | null;
  authors: { exact: boolean; close: boolean } | null;
  invented: boolean | null;
  date: { exact: boolean; close: boolean } | null;
};

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
export function normalizeNames(authors: readonly string[]): Set<string> {
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

/** Judges what was said of one page. `named`: its set names authors, so that a page without them has none. */
export function judge(truth: Truth, output: Extracted, named: boolean): Verdict {
  const given = normalizeNames(output.authors);
  return {
    title:
      truth.title === undefined ? null : judgeTitle(normalizeField(truth.title), normalizeField(output.title ?? '')),
    authors: truth.authors === undefined ? null : judgeNames(normalizeNames(truth.authors), given),
    invented: truth.authors === undefined && named ? given.size > 0 : null,
    date: truth.date === undefined ? null : judgeDay(daysApart(truth.date, output.date)),
  };
}

const judgeTitle = (wanted: string, given: string) => ({
  exact: wanted === given,
  close: given !== '' && (wanted.includes(given) || given.includes(wanted)),
});

function judgeNames(wanted: Set<string>, given: Set<string>): { exact: boolean; close: boolean } {
  const close = [...wanted].every((name) => given.has(name));
  return { exact: close && wanted.size === given.size, close };
}

const judgeDay = (days: number | null) => ({ exact: days === 0, close: days !== null && days <= 1 });

/** Scores a whole set. */
export function scoreMetadata(verdicts: readonly Verdict[]): MetadataScore {
  const share = (flag: (v: Verdict) => boolean | undefined | null): Share => {
    const flags = verdicts.map(flag).filter((f) => typeof f === 'boolean');
    const right = flags.filter(Boolean).length;
    return { right, of: flags.length, share: flags.length === 0 ? null : right / flags.length };
  };
  return {
    titleExact: share((v) => v.title?.exact),
    titleContains: share((v) => v.title?.close),
    authorsExact: share((v) => v.authors?.exact),
    authorsContains: share((v) => v.authors?.close),
    authorsInvented: share((v) => v.invented),
    dateSameDay: share((v) => v.date?.exact),
    dateWithinDay: share((v) => v.date?.close),
  };
}
