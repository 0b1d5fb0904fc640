import { z } from 'zod';
import { type JudgeOptions, judge, type Known, type Text } from '../analysis/similarity/judge.js';
import { MemoryIndex } from '../analysis/similarity/memory-index.js';
import { sharedPassage, sketchOf } from '../analysis/similarity/shingles.js';
import { containment, type EditScore, REAL_COPY, scoreEdits } from './edit-scores.js';
import { madeEdits } from './made-edits.js';
import { type NaturalPair, naturalPairs, type Said } from './natural-pairs.js';
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

/** A link among the natural articles, for a person to judge. */
export type NaturalLink = { id: string; duplicateOf: string; score: number; containment: number; passage: string };

export type DedupeReport = {
  articles: number;
  edits: number;
  f1: number;
  recall: number;
  precision: number;
  byEdit: Record<string, EditScore>;
  /** Of heavier edits, made here of the same articles. */
  made: Record<string, EditScore>;
  /** Among the articles themselves: links whose texts share less than 0.4 of the smaller one. */
  natural: { links: number; wrong: number; related: number; examples: NaturalLink[] };
  seconds: number;
  articlesPerMinute: number;
};

/**
 * Scores the judgement on a folder with `articles.jsonl.gz` and `edits.jsonl.gz`, fed by date and then the edits.
 * @throws CONFIG_INVALID
 */
export async function evaluateDedupe(
  dir: string,
  options: JudgeOptions & { examples?: number },
): Promise<{ report: DedupeReport; items: DedupeItem[]; pairs(most: number): NaturalPair[] }> {
  const articles = readRows(dir, 'articles', Row).sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  const edits = readRows(dir, 'edits', Edit);
  const made = madeEdits(articles);
  const index = new MemoryIndex(options.windowMs);
  const texts = new Map<string, Known>();
  const items: DedupeItem[] = [];
  const scores = new Map<string, number>();
  const said: Said[] = [];
  const began = performance.now();
  for (const row of [...articles, ...edits, ...made]) {
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
    const duplicate = copy === null ? null : { id: copy.with.original.id, score: copy.score };
    said.push({ id: row.id, duplicate, related: verdict.related });
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
      ...scoreEdits(
        edits.map((e) => ({ ...e, of: [e.of] })),
        links,
        texts,
      ),
      made: scoreEdits(made, links, texts).byEdit,
      natural: { ...natural, related },
      seconds,
      articlesPerMinute: Math.round((items.length / seconds) * 60),
    },
    items: items.slice(0, articles.length + edits.length),
    pairs: (most) => naturalPairs(articles, said.slice(0, articles.length), texts, most),
  };
}

function textOf(row: Row): Text {
  return { id: row.id, source: row.source, title: row.title, at: Date.parse(row.date), ...sketchOf(row.body) };
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
