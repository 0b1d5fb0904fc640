import { type Half, isDev } from './labelled-set.js';
import { judge, type MetadataScore, scoreMetadata, type Verdict } from './metadata-score.js';
import {
  type Extracted,
  type FailedPage,
  outputsOf,
  type ReadOptions,
  type ReadPage,
  type ReadSet,
  readSets,
} from './read-pages.js';

/** A field that is not what it should be; `close`: contains, or within a day. `from`: where ours was found. */
export type WrongField = {
  field: 'title' | 'authors' | 'date';
  expected: string | null;
  got: string | null;
  from: string | null;
  close: boolean;
};

export type WrongPage = { set: string; id: string; url: string; wrong: WrongField[] };

export type MetadataSet = {
  name: string;
  pages: number;
  ours: MetadataScore;
  plain: MetadataScore;
  unlabelled: string[];
};

export type MetadataScores = { half: Half; sets: MetadataSet[]; worst: WrongPage[]; failed: FailedPage[] };

export type MetadataEvaluation = { scores: MetadataScores; outputs: Record<string, Extracted> };

/**
 * Scores titles, authors and dates of labelled pages beside those of plain Readability. No page of the frozen half is
 * among the worst.
 * @throws SourcelinkError when `dir` is no set
 */
export async function evaluateMetadata(
  dir: string,
  options: ReadOptions & { worst: number },
): Promise<MetadataEvaluation> {
  const { sets, failed } = await readSets(dir, options);
  const worst = sets
    .flatMap((set) => wrongPages(set))
    .filter((p) => isDev(p.id))
    .sort((a, b) => weightOf(b) - weightOf(a))
    .slice(0, options.worst);
  return { scores: { half: options.half, sets: sets.map(scoresOf), worst, failed }, outputs: outputsOf(sets) };
}

function scoresOf(set: ReadSet): MetadataSet {
  const named = namesAuthors(set);
  const score = (by: 'ours' | 'plain') => scoreMetadata(set.pages.map((p) => judge(p.truth, p[by], named)));
  const { name, unlabelled } = set;
  return { name, pages: set.pages.length, ours: score('ours'), plain: score('plain'), unlabelled };
}

const namesAuthors = (set: ReadSet): boolean => set.pages.some((p) => p.truth.authors !== undefined);

function wrongPages(set: ReadSet): WrongPage[] {
  const named = namesAuthors(set);
  return set.pages.flatMap((page) => {
    const wrong = wrongFields(page, judge(page.truth, page.ours, named));
    return wrong.length === 0 ? [] : [{ set: set.name, id: page.id, url: page.truth.url, wrong }];
  });
}

function wrongFields({ truth, ours, from }: ReadPage, verdict: Verdict): WrongField[] {
  const wrong: WrongField[] = [];
  const note = (field: WrongField['field'], expected: string | null, got: string | null, close: boolean) =>
    wrong.push({ field, expected, got: got || null, from: got ? from[field] : null, close });
  const { title, authors, invented, date } = verdict;
  if (title && !title.exact) note('title', truth.title ?? null, ours.title, title.close);
  const names = ours.authors.join('; ');
  if (authors && !authors.exact) note('authors', truth.authors?.join('; ') ?? null, names, authors.close);
  if (invented) note('authors', null, names, false);
  if (date && !date.exact) note('date', truth.date ?? null, ours.date, date.close);
  return wrong;
}

/** What is close weighs less than what is wholly wrong. */
const weightOf = (page: WrongPage): number => page.wrong.reduce((sum, w) => sum + (w.close ? 1 : 3), 0);
