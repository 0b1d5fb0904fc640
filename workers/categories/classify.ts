import type { Category } from '../../config/categories.js';
import type { CategoryRef } from '../contract.js';
import { Background } from './background.js';
import { fieldsOf } from './fields.js';
import { createScorer } from './keywords.js';
import { type LinearModel, softmax, trainLinear } from './linear.js';

export type Classifiable = {
  title: string;
  text: string;
  url: string;
  section: string | null;
  tags: string[];
  language: string | null;
};

/** Files an article under the operator's categories, best first. */
export type Classifier = { classify(article: Classifiable): CategoryRef[] };

/** A classifier whose order of all categories can be asked for, and which learns what is common from what passes through it. */
export type Ranker = Classifier & {
  /** All categories, best first, whatever the threshold. */
  rank(article: Classifiable): CategoryRef[];
  /** Counts an article's words, so that words which stand everywhere weigh little. */
  observe(article: Classifiable): void;
  /** Whether a trained model decides, and how it compared with the operator's words. */
  model: { wins: boolean; accuracy: number; keywords: number } | null;
};

/** An article that a person has filed. */
export type Example = Classifiable & { path: string };

export type ClassifierOptions = {
  /** Least confidence for a category. */
  threshold: number;
  /** Path for articles under it. */
  fallback: string | null;
  /** Articles that a person has filed: headlines of their categories, and from 50 of each the ground of a model. */
  examples?: readonly Example[];
  background?: Background;
};

/** How sharply scores become confidence, so that it is as often right as it says (measured: docs/decisions). */
const SHARPNESS = 1;
/** Examples of a category from which a model is tried. */
const ENOUGH = 50;
/** The model's part where it decides; the rest keeps categories in view of which it has no examples. */
const MODEL_PART = 0.8;
const FOLDS = 3;

export function createClassifier(categories: Category[], options: ClassifierOptions): Ranker {
  const background = options.background ?? new Background();
  const examples = (options.examples ?? []).filter((e) => categories.some((c) => c.path === e.path));
  const taught = categories.map((c) => ({ ...c, examples: [...c.examples, ...titlesFor(c, examples)] }));
  const score = createScorer(taught, background);
  const byKeywords = (a: Classifiable): Float64Array => softmax(score(fieldsOf(a)), SHARPNESS);
  const trained = compareModel(categories, examples, byKeywords);
  const model = trained?.wins ? trained.model : null;
  const fallback = categories.find((c) => c.path === options.fallback);

  const rank = (a: Classifiable): CategoryRef[] => {
    if (categories.length === 0) return [];
    const keywords = byKeywords(a);
    const confidence = model ? mixed(model, a, categories, keywords) : keywords;
    const by = model ? ('model' as const) : ('keywords' as const);
    return categories
      .map((c, i): CategoryRef => ({ path: c.path, label: c.label, confidence: round(confidence[i] ?? 0), by }))
      .sort((x, y) => y.confidence - x.confidence);
  };
  return {
    rank,
    classify(a) {
      const found = rank(a).filter((c) => c.confidence >= options.threshold);
      if (found.length > 0 || !fallback) return found;
      return [{ path: fallback.path, label: fallback.label, confidence: 0, by: 'fallback' }];
    },
    observe: (a) => background.add(fieldsOf(a).flatMap((f) => f.words)),
    model: trained && { wins: trained.wins, accuracy: trained.accuracy, keywords: trained.keywords },
  };
}

/** A person's corrections are headlines of their category, the newest few. */
function titlesFor(category: Category, examples: readonly Example[]): string[] {
  return examples
    .filter((e) => e.path === category.path)
    .map((e) => e.title)
    .slice(-40);
}

/** Trains a model where enough is filed by hand, and tries it on what it has not seen. */
function compareModel(
  categories: readonly Category[],
  examples: readonly Example[],
  byKeywords: (a: Classifiable) => Float64Array,
): { model: LinearModel; wins: boolean; accuracy: number; keywords: number } | null {
  const enough = categories.filter((c) => examples.filter((e) => e.path === c.path).length >= ENOUGH);
  if (enough.length < 2) return null;
  const used = examples.filter((e) => enough.some((c) => c.path === e.path));
  const rows = used.map((e) => ({ fields: fieldsOf(e), label: e.path }));
  const right = { model: 0, keywords: 0 };
  for (let fold = 0; fold < FOLDS; fold++) {
    const model = trainLinear(rows.filter((_, i) => i % FOLDS !== fold));
    used.forEach((e, i) => {
      if (i % FOLDS !== fold) return;
      if (model.labels[best(model.scores(fieldsOf(e)))] === e.path) right.model++;
      if (categories[best(byKeywords(e))]?.path === e.path) right.keywords++;
    });
  }
  const accuracy = right.model / used.length;
  const keywords = right.keywords / used.length;
  return { model: trainLinear(rows), wins: accuracy > keywords, accuracy, keywords };
}

function mixed(
  model: LinearModel,
  a: Classifiable,
  categories: readonly Category[],
  keywords: Float64Array,
): Float64Array {
  const shares = softmax(model.scores(fieldsOf(a)));
  return keywords.map((k, i) => {
    const at = model.labels.indexOf(categories[i]?.path ?? '');
    return MODEL_PART * (at < 0 ? 0 : (shares[at] ?? 0)) + (1 - MODEL_PART) * k;
  });
}

function best(scores: Float64Array): number {
  return scores.indexOf(Math.max(...scores));
}

const round = (x: number): number => Math.round(x * 1000) / 1000;
