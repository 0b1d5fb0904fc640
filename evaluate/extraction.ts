import { type BodyScore, scoreBodies, scorePage } from './body-score.js';
import { type DiffLine, diffTexts } from './diff.js';
import { type Half, isDev } from './labelled-set.js';
import { type Extracted, type FailedPage, outputsOf, type ReadOptions, type ReadSet, readSets } from './read-pages.js';

/** A page whose text is far from the true one, and what lies between them. */
export type WorstPage = { set: string; id: string; url: string; f1: number; plainF1: number; diff: DiffLine[] };

export type SetEvaluation = {
  name: string;
  ours: BodyScore;
  plain: BodyScore;
  /** Share of plain Readability's error (1 − F1) that ours takes away; null where it makes none. */
  errorTaken: number | null;
  /** Pages that the quality gate would refuse, by reason; their text is scored all the same. */
  refused: Record<string, number>;
  /** Of ours, from bytes to text and metadata, without sanitising. */
  cpuMsPerPage: number;
  unlabelled: string[];
};

export type ExtractionScores = {
  half: Half;
  byOutlet: boolean;
  sets: SetEvaluation[];
  worst: WorstPage[];
  failed: FailedPage[];
};

/** F1 of each page, for a plot. */
export type PagePoint = { set: string; id: string; url: string; ours: number; plain: number };

export type ExtractionEvaluation = {
  scores: ExtractionScores;
  points: PagePoint[];
  outputs: Record<string, Extracted>;
};

/**
 * Scores the text of labelled pages beside that of plain Readability. Of the frozen half no page is ever among the
 * worst: it is there to show whether rules hold that were made without it.
 * @throws SourcelinkError when `dir` is no set
 */
export async function evaluateExtraction(
  dir: string,
  options: ReadOptions & { worst: number },
): Promise<ExtractionEvaluation> {
  const { sets, failed } = await readSets(dir, options);
  const points = sets.flatMap(pointsOf);
  const pages = new Map(sets.flatMap((s) => s.pages.map((p) => [`${s.name}/${p.id}`, p] as const)));
  const worst = points
    .filter((p) => isDev(p.id) && p.ours < 1)
    .sort((a, b) => a.ours - b.ours)
    .slice(0, options.worst)
    .map(({ set, id, url, ours, plain }): WorstPage => {
      const page = pages.get(`${set}/${id}`);
      const diff = page ? diffTexts(page.truth.body, page.ours.articleBody) : [];
      return { set, id, url, f1: ours, plainF1: plain, diff };
    });
  return {
    scores: { half: options.half, byOutlet: options.byOutlet, sets: sets.map(scoresOf), worst, failed },
    points,
    outputs: outputsOf(sets),
  };
}

function pointsOf({ name, pages }: ReadSet): PagePoint[] {
  return pages.map(({ id, truth, ours, plain }) => ({
    set: name,
    id,
    url: truth.url,
    ours: scorePage(truth.body, ours.articleBody).f1,
    plain: scorePage(truth.body, plain.articleBody).f1,
  }));
}

function scoresOf({ name, pages, cpuMsPerPage, unlabelled }: ReadSet): SetEvaluation {
  const ours = scoreBodies(pages.map((p) => ({ truth: p.truth.body, output: p.ours.articleBody })));
  const plain = scoreBodies(pages.map((p) => ({ truth: p.truth.body, output: p.plain.articleBody })));
  const refused: Record<string, number> = {};
  for (const { refused: why } of pages) if (why) refused[why] = (refused[why] ?? 0) + 1;
  const errorTaken = plain.f1 < 1 ? 1 - (1 - ours.f1) / (1 - plain.f1) : null;
  return { name, ours, plain, errorTaken, refused, cpuMsPerPage, unlabelled };
}
