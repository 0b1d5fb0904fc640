import { z } from 'zod';
import { Background } from '../analysis/categories/background.js';
import { type Classifiable, mixed, shared } from '../analysis/categories/classify.js';
import { fieldsOf } from '../analysis/categories/fields.js';
import { createScorer } from '../analysis/categories/keywords.js';
import { softmax, trainLinear } from '../analysis/categories/linear.js';
import { hashText } from '../analysis/similarity/shingles.js';
import type { Category } from '../config/categories.js';
import { has, readObject, readRows } from './read-set.js';

const Row = z.object({ id: z.string(), title: z.string(), text: z.string(), category: z.string() });
type Row = z.infer<typeof Row>;

type Node = { id: string; name: string; topics?: string[] | undefined; children?: Node[] | undefined };
const Node: z.ZodType<Node> = z.object({
  id: z.string(),
  name: z.string(),
  topics: z.array(z.string()).optional(),
  children: z.array(z.lazy(() => Node)).optional(),
});
const Taxonomy = z.object({ menu: z.array(Node) });
const FewShot = z.record(z.string(), z.array(z.string()));

export type CategoryScores = {
  articles: number;
  top1: number;
  top3: number;
  macroF1: number;
  /** Expected calibration error of the first category, over ten bins. */
  calibrationError: number;
  byCategory: Record<string, { articles: number; predicted: number; precision: number; recall: number; f1: number }>;
  /** True category → first category → articles. */
  confusion: Record<string, Record<string, number>>;
  articlesPerMinute: number;
};

export type CategoriesReport = {
  /** With the operator's words and a few headlines, no training. */
  words: CategoryScores | null;
  /** With a linear model beside them, cross-validated over five folds on the same rows. */
  trained: CategoryScores | null;
  /** The same on `agnews.jsonl.gz`, where the folder has it. */
  agnews: CategoryScores | null;
};

export type CategoryItem = { id: string; categories: string[] };

const FOLDS = 5;

/**
 * Scores filing on a folder with `articles.jsonl.gz` and, for the part without training, `taxonomy.json` and `fewshot.json`.
 * `categories` are the operator's: where their labels are the set's names, their descriptions and keywords are used. `train: false` leaves
 * out the models, which take most of the time.
 * @throws CONFIG_INVALID
 */
export function evaluateCategories(
  dir: string,
  options: { categories: readonly Category[]; train?: boolean },
): { report: CategoriesReport; items: CategoryItem[] } {
  const rows = readRows(dir, 'articles', Row);
  const menu = readObject(dir, 'taxonomy', Taxonomy)?.menu ?? null;
  const few = readObject(dir, 'fewshot', FewShot) ?? {};
  const words = menu === null ? null : wordsOf(rows, categoriesOf(menu, few, options.categories));
  const byWords = words && scored(() => rows.map((row) => ranked(row, words.labels, words.share(row))));
  const train = options.train ?? true;
  const trained = train || words === null ? byModel(rows, words) : null;
  const agnews = train && has(dir, 'agnews.jsonl') ? byModel(readRows(dir, 'agnews', Row), null).scores : null;
  return {
    report: { words: byWords?.scores ?? null, trained: trained?.scores ?? null, agnews },
    items: (byWords ?? trained)?.items ?? [],
  };
}

/** The set's tree with what the operator wrote of each node, and the set's headlines. */
export function categoriesOf(
  menu: Node[],
  few: Record<string, string[]>,
  own: readonly Category[],
  parent: string | null = null,
): Category[] {
  return menu.flatMap((n) => {
    const path = parent === null ? n.id : `${parent}/${n.id}`;
    const known = own.find((c) => c.label === n.name);
    const node: Category = {
      path,
      id: n.id,
      label: n.name,
      parent,
      description: known?.description ?? '',
      keywords: known?.keywords ?? (n.topics ?? []).map((t) => t.replaceAll('_', ' ')),
      examples: [...(known?.examples ?? []), ...(few[n.name] ?? [])],
      iptc: known?.iptc ?? null,
    };
    return [node, ...categoriesOf(n.children ?? [], few, own, path)];
  });
}

type Ranked = { row: Row; ranked: string[]; confidence: number };
type Scored = { scores: CategoryScores; items: CategoryItem[] };

/** What the operator's words say of a row, as the classifier has it. */
type Words = { labels: string[]; share(row: Row): Float64Array };

function wordsOf(rows: Row[], categories: Category[]): Words {
  const background = new Background();
  // As in a newsroom that has run for a day or more: its own stream says which words are common. No label is read.
  for (const row of rows) background.add(fieldsOf(classifiable(row)).flatMap((f) => f.words));
  const scorer = createScorer(categories, background);
  return { labels: categories.map((c) => c.label), share: (row) => shared(scorer.scores(fieldsOf(classifiable(row)))) };
}

/** The model beside the operator's words, as the classifier mixes them; alone where there are none. */
function byModel(rows: Row[], words: Words | null): Scored {
  const examples = rows.map((row) => ({ fields: fieldsOf(classifiable(row)), label: row.category }));
  const folds = rows.map((row) => hashText(row.id) % FOLDS);
  const models = Array.from({ length: FOLDS }, (_, fold) => trainLinear(examples.filter((_, i) => folds[i] !== fold)));
  return scored(() =>
    rows.flatMap((row, i) => {
      const model = models[folds[i] ?? 0];
      if (!model) return [];
      const fields = fieldsOf(classifiable(row));
      if (words) return ranked(row, words.labels, mixed(model, fields, words.labels, words.share(row)));
      return ranked(row, model.labels, softmax(model.scores(fields)));
    }),
  );
}

function ranked(row: Row, labels: readonly string[], shares: Float64Array): Ranked {
  const order = [...shares.keys()].sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0));
  return { row, ranked: order.map((n) => labels[n] ?? ''), confidence: shares[order[0] ?? 0] ?? 0 };
}

function classifiable(row: Row): Classifiable {
  return { title: row.title, text: row.text, url: '', section: null, tags: [], language: 'en' };
}

function scored(run: () => Ranked[]): Scored {
  const began = performance.now();
  const all = run();
  const minutes = (performance.now() - began) / 60_000;
  const confusion: Record<string, Record<string, number>> = {};
  const predicted: Record<string, number> = {};
  let first = 0;
  let three = 0;
  const bins = Array.from({ length: 10 }, () => ({ sure: 0, right: 0 }));
  for (const { row, ranked, confidence } of all) {
    const got = ranked[0] ?? '';
    confusion[row.category] ??= {};
    const line = confusion[row.category] ?? {};
    line[got] = (line[got] ?? 0) + 1;
    predicted[got] = (predicted[got] ?? 0) + 1;
    if (got === row.category) first++;
    if (ranked.slice(0, 3).includes(row.category)) three++;
    const bin = bins[Math.min(9, Math.floor(confidence * 10))];
    if (!bin) continue;
    bin.sure += confidence;
    bin.right += Number(got === row.category);
  }
  const byCategory: CategoryScores['byCategory'] = {};
  for (const [name, line] of Object.entries(confusion).sort()) {
    const articles = Object.values(line).reduce((a, b) => a + b, 0);
    const hits = line[name] ?? 0;
    const said = predicted[name] ?? 0;
    byCategory[name] = {
      articles,
      predicted: said,
      precision: said === 0 ? 0 : hits / said,
      recall: hits / articles,
      f1: (2 * hits) / (articles + said),
    };
  }
  const f1 = Object.values(byCategory).map((c) => c.f1);
  return {
    scores: {
      articles: all.length,
      top1: first / all.length,
      top3: three / all.length,
      macroF1: f1.reduce((a, b) => a + b, 0) / f1.length,
      calibrationError: bins.reduce((sum, b) => sum + Math.abs(b.sure - b.right), 0) / all.length,
      byCategory,
      confusion,
      articlesPerMinute: Math.round(all.length / minutes),
    },
    items: all.map(({ row, ranked }) => ({ id: row.id, categories: ranked })),
  };
}
