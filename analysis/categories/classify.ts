import type { Category } from '../../config/categories.js';
import type { CategoryRef } from '../../contract/contract.js';
import { Background } from './background.js';
import { type Classifiable, type Field, fieldsOf } from './fields.js';
import { createScorer } from './keywords.js';
import { type LinearModel, softmax, trainLinear } from './linear.js';

export type { Classifiable } from './fields.js';

/** Files an article under the operator's categories, best first. */
export type Classifier = {
  classify(article: Classifiable): CategoryRef[];
  /** Counts an article's words, so that words which stand everywhere weigh little. */
  observe?(article: Classifiable): void;
  /** Takes what people have filed in place of what it was taught before. */
  teach?(examples: readonly Example[]): void;
};

/** A classifier of which the order of all categories can be asked, and how it decides. */
export type Ranker = Required<Classifier> & {
  /** All categories, best first, whatever the threshold. */
  rank(article: Classifiable): CategoryRef[];
  /** How the trained model compared with the operator's words, null where too little is filed by hand to train one. */
  comparison(): Comparison | null;
};

/** Shares of hand-filed articles that each put first where the person did, on folds it had not seen. */
export type Comparison = { model: number; words: number; wins: boolean };

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

/** Scores become shares by this power and floor, chosen so that a confidence of .7 is right seven times in ten. */
const POWER = 2.5;
const FLOOR = 0.3;
/** Examples of a category from which a model is tried. */
export const ENOUGH = 50;
/** The model's part where it decides; the rest keeps categories in view of which it has no examples. */
const MODEL_PART = 0.8;
/** What makes the two together as often right as they say. */
const MODEL_SHARPNESS = 1.2;
const FOLDS = 3;
/** Only a person or a pin is surer. */
const SUREST = 0.99;

export function createClassifier(categories: Category[], options: ClassifierOptions): Ranker {
  const background = options.background ?? new Background();
  const fallback = categories.find((c) => c.path === options.fallback);
  let decide = taught(categories, options.examples ?? [], background);
  const rank = (a: Classifiable): CategoryRef[] => {
    const { confidence, by } = decide.of(a);
    return categories
      .map((c, i) => ({ c, confidence: confidence[i] ?? 0 }))
      .sort((x, y) => y.confidence - x.confidence)
      .map(
        (r): CategoryRef => ({
          path: r.c.path,
          label: r.c.label,
          confidence: round(Math.min(SUREST, r.confidence)),
          by,
        }),
      );
  };
  return {
    rank,
    classify(a) {
      const found = rank(a).filter((c) => c.confidence >= options.threshold);
      if (found.length > 0 || !fallback) return found;
      return [{ path: fallback.path, label: fallback.label, confidence: 0, by: 'fallback' }];
    },
    observe: (a) => background.add(fieldsOf(a).flatMap((f) => f.words)),
    teach: (examples) => {
      decide = taught(categories, examples, background);
    },
    comparison: () => decide.comparison,
  };
}

type Decision = { confidence: Float64Array; by: 'keywords' | 'model' };

function taught(
  categories: readonly Category[],
  filed: readonly Example[],
  background: Background,
): { of(a: Classifiable): Decision; comparison: Comparison | null } {
  const examples = filed.filter((e) => categories.some((c) => c.path === e.path));
  const scorer = createScorer(
    categories.map((c) => ({ ...c, examples: [...c.examples, ...titlesFor(c, examples)] })),
    background,
  );
  const paths = categories.map((c) => c.path);
  const plain = createScorer(categories, background);
  const words = (a: Classifiable): Float64Array => shared(scorer.scores(fieldsOf(a)));
  // Compared without the corrections among its headlines: it would know the answers.
  const trained = compareModel(categories, examples, (a) => shared(plain.scores(fieldsOf(a))));
  return {
    comparison: trained?.comparison ?? null,
    of: (a) =>
      trained?.comparison.wins
        ? { confidence: mixed(trained.model, fieldsOf(a), paths, words(a)), by: 'model' }
        : { confidence: words(a), by: 'keywords' },
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
  byWords: (a: Classifiable) => Float64Array,
): { model: LinearModel; comparison: Comparison } | null {
  const enough = categories.filter((c) => examples.filter((e) => e.path === c.path).length >= ENOUGH);
  if (enough.length < 2) return null;
  const used = examples.filter((e) => enough.some((c) => c.path === e.path));
  const rows = used.map((e) => ({ fields: fieldsOf(e), label: e.path }));
  const right = { model: 0, words: 0 };
  for (let fold = 0; fold < FOLDS; fold++) {
    const model = trainLinear(rows.filter((_, i) => i % FOLDS !== fold));
    used.forEach((e, i) => {
      if (i % FOLDS !== fold) return;
      if (model.labels[best(model.scores(fieldsOf(e)))] === e.path) right.model++;
      if (categories[best(byWords(e))]?.path === e.path) right.words++;
    });
  }
  const [byModel, byTheWords] = [right.model / used.length, right.words / used.length];
  return { model: trainLinear(rows), comparison: { model: byModel, words: byTheWords, wins: byModel > byTheWords } };
}

/** A model's shares and those of the operator's words as one, in the order of `labels`. */
export function mixed(
  model: LinearModel,
  fields: readonly Field[],
  labels: readonly string[],
  words: Float64Array,
): Float64Array {
  const shares = softmax(model.scores(fields).map((x) => x * MODEL_SHARPNESS));
  return words.map((share, i) => {
    const at = model.labels.indexOf(labels[i] ?? '');
    return MODEL_PART * (at < 0 ? 0 : (shares[at] ?? 0)) + (1 - MODEL_PART) * share;
  });
}

/** Scores of the operator's words as shares of one. */
export function shared(scores: Float64Array): Float64Array {
  const raised = scores.map((s) => (s + FLOOR) ** POWER);
  const sum = raised.reduce((a, b) => a + b, 0);
  return raised.map((x) => x / sum);
}

function best(scores: Float64Array): number {
  return scores.indexOf(Math.max(...scores));
}

const round = (x: number): number => Math.round(x * 1000) / 1000;
