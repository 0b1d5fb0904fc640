import { z } from 'zod';
import { type JudgeOptions, judge, type Known, type Text } from '../similarity/judge.js';
import { MemoryIndex } from '../similarity/memory-index.js';
import { countShared, sharedPassage, sketchOf } from '../similarity/shingles.js';
import { readRows } from './read-set.js';

const Row = z.object({
  id: z.string(),
  source: z.string(),
  date: z.string(),
  title: z.string(),
  body: z.string(),
  url: z.string().optional(),
});
const Edit = Row.extend({ of: z.string(), edit: z.string() });
type Row = z.infer<typeof Row>;

/** What was decided of one text. */
export type DedupeItem = { id: string; duplicateOf: string | null; related: string[] };

export type EditScore = { edits: number; recall: number; precision: number; f1: number; realCopies: number };

/** A link among the natural articles, for a person to judge. */
export type NaturalLink = { id: string; duplicateOf: string; score: number; containment: number; passage: string };

export type DedupeReport = {
  articles: number;
  edits: number;
  f1: number;
  recall: number;
  precision: number;
  byEdit: Record<string, EditScore>;
  /** Among the articles themselves: links whose texts share less than 0.4 of the smaller one. */
  natural: { links: number; wrong: number; related: number; examples: NaturalLink[] };
  seconds: number;
  articlesPerMinute: number;
};

/** A link between texts that share this much is a real copy, or two copies of one donor: neither right nor wrong. */
const REAL_COPY = 0.4;

/**
 * Scores the judgement on a folder with `articles.jsonl.gz` and `edits.jsonl.gz`, fed by date and then the edits.
 * @throws CONFIG_INVALID
 */
export async function evaluateDedupe(
  dir: string,
  options: JudgeOptions & { examples?: number },
): Promise<{ report: DedupeReport; items: DedupeItem[] }> {
  const articles = readRows(dir, 'articles', Row).sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  const edits = readRows(dir, 'edits', Edit);
  const index = new MemoryIndex(options.windowMs);
  const texts = new Map<string, Known>();
  const items: DedupeItem[] = [];
  const scores = new Map<string, number>();
  const began = performance.now();
  for (const row of [...articles, ...edits]) {
    const text = textOf(row);
    const verdict = await judge(text, index, options);
    const copy = verdict.duplicate;
    const known: Known = {
      ...text,
      original: copy?.with.original ?? { id: text.id, source: text.source },
    };
    index.add(known, copy?.with);
    texts.set(row.id, known);
    if (copy) scores.set(row.id, copy.score);
    items.push({
      id: row.id,
      duplicateOf: copy?.with.original.id ?? null,
      related: verdict.related.map((r) => r.id),
    });
  }
  const seconds = (performance.now() - began) / 1000;
  const links = new Map(items.map((i) => [i.id, i.duplicateOf]));
  const natural = naturalLinks(articles, links, texts, scores, options.examples ?? 0);
  const related = items.slice(0, articles.length).filter((i) => i.related.length > 0).length;
  return {
    report: {
      articles: articles.length,
      edits: edits.length,
      ...scoreEdits(edits, links, texts),
      natural: { ...natural, related },
      seconds,
      articlesPerMinute: Math.round((items.length / seconds) * 60),
    },
    items,
  };
}

function textOf(row: Row): Text {
  return { id: row.id, source: row.source, title: row.title, at: Date.parse(row.date), ...sketchOf(row.body) };
}

function scoreEdits(
  edits: z.infer<typeof Edit>[],
  links: Map<string, string | null>,
  texts: Map<string, Known>,
): Pick<DedupeReport, 'f1' | 'recall' | 'precision' | 'byEdit'> {
  const all = { edits: 0, found: 0, right: 0, wrong: 0, realCopies: 0 };
  const tally = new Map<string, typeof all>();
  for (const e of edits) {
    const t = tally.get(e.edit) ?? { ...all, edits: 0, found: 0, right: 0, wrong: 0, realCopies: 0 };
    tally.set(e.edit, t);
    t.edits++;
    const to = links.get(e.id) ?? null;
    if (to === null) continue;
    // One group: the original itself, or the text of which the original is a copy.
    if (to === e.of || to === texts.get(e.of)?.original.id) {
      t.found++;
      t.right++;
    } else if (containment(texts.get(e.id), texts.get(to)) >= REAL_COPY) t.realCopies++;
    else t.wrong++;
  }
  const byEdit: Record<string, EditScore> = {};
  for (const [edit, t] of [...tally].sort()) {
    byEdit[edit] = { edits: t.edits, ...rates(t), realCopies: t.realCopies };
    for (const k of ['edits', 'found', 'right', 'wrong', 'realCopies'] as const) all[k] += t[k];
  }
  return { ...rates(all), byEdit };
}

function rates(t: { edits: number; found: number; right: number; wrong: number }) {
  const recall = t.edits === 0 ? 0 : t.found / t.edits;
  const precision = t.right + t.wrong === 0 ? 1 : t.right / (t.right + t.wrong);
  return { recall, precision, f1: recall + precision === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

function naturalLinks(
  articles: Row[],
  links: Map<string, string | null>,
  texts: Map<string, Known>,
  scores: Map<string, number>,
  most: number,
): Omit<DedupeReport['natural'], 'related'> {
  const found: NaturalLink[] = [];
  for (const a of articles) {
    const to = links.get(a.id);
    const other = to ? texts.get(to) : undefined;
    if (!other) continue;
    found.push({
      id: a.id,
      duplicateOf: other.id,
      score: scores.get(a.id) ?? 0,
      containment: containment(texts.get(a.id), other),
      passage: most > 0 ? sharedPassage(a.body, other.shingles) : '',
    });
  }
  found.sort((a, b) => a.containment - b.containment || (a.id < b.id ? -1 : 1));
  return {
    links: found.length,
    wrong: found.filter((l) => l.containment < REAL_COPY).length,
    examples: found.slice(0, most),
  };
}

function containment(a: Text | undefined, b: Text | undefined): number {
  if (!a || !b) return 0;
  const smaller = Math.min(a.shingles.length, b.shingles.length);
  return smaller === 0 ? 0 : countShared(a.shingles, b.shingles) / smaller;
}
