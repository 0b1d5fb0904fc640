import { hashText } from '../similarity/shingles.js';
import { type Field, TITLE_WEIGHT } from './fields.js';

/** An article and where it belongs. */
export type Labelled = { fields: readonly Field[]; label: string };

/** A trained model: logits in the order of `labels`. */
export type LinearModel = { labels: string[]; scores(fields: readonly Field[]): Float64Array };

/** What two neighbouring words weigh beside single ones, and a word's beginning beside the word. */
const PAIR = 0.7;
const STEM = 0.5;
const STEM_LETTERS = 4;
const PASSES = 8;
const RATE = 4;

/**
 * Multinomial logistic regression on TF-IDF of words, word pairs and word beginnings, by stochastic gradient descent with a
 * falling rate. Each label counts the same however many examples it has. Deterministic: the order comes from `seed`.
 */
export function trainLinear(examples: readonly Labelled[], options: { seed?: number } = {}): LinearModel {
  const labels = [...new Set(examples.map((e) => e.label))].sort();
  const counted = examples.map((e) => count(e.fields));
  const vocabulary = vocabularyOf(counted);
  const rows = counted.map((c) => vectorOf(c, vocabulary));
  const truth = Int32Array.from(examples, (e) => labels.indexOf(e.label));
  const model = descend(rows, truth, labels.length, vocabulary.size, options.seed ?? 1);
  return { labels, scores: (fields) => logits(model, vectorOf(count(fields), vocabulary)) };
}

type Vocabulary = Map<number, { id: number; idf: number }>;
type Vector = { ids: Int32Array; values: Float32Array };
type Weights = { classes: number; weights: Float32Array; bias: Float64Array };

function count(fields: readonly Field[]): Map<number, number> {
  const counts = new Map<number, number>();
  const add = (feature: string, n: number): void => {
    const h = hashText(feature);
    counts.set(h, (counts.get(h) ?? 0) + n);
  };
  for (const { words, weight } of fields) {
    // A title counts twice as much as its text, not thrice as for keywords: there is more of the text here.
    const n = weight >= 2 ? 2 : 1;
    words.forEach((word, i) => {
      add(word, n);
      // What a headline says, it says in words of its own kind.
      if (weight === TITLE_WEIGHT) add(`#${word}`, 1);
      if (word.length > STEM_LETTERS) add(`^${word.slice(0, STEM_LETTERS)}`, n * STEM);
      const next = words[i + 1];
      if (next !== undefined) add(`${word} ${next}`, n * PAIR);
    });
  }
  return counts;
}

function vocabularyOf(counted: readonly Map<number, number>[]): Vocabulary {
  const df = new Map<number, number>();
  for (const c of counted) for (const h of c.keys()) df.set(h, (df.get(h) ?? 0) + 1);
  const vocabulary: Vocabulary = new Map();
  for (const [h, n] of df) vocabulary.set(h, { id: vocabulary.size, idf: Math.log((counted.length + 1) / (n + 1)) });
  return vocabulary;
}

function vectorOf(counts: ReadonlyMap<number, number>, vocabulary: Vocabulary): Vector {
  const ids: number[] = [];
  const values: number[] = [];
  let square = 0;
  for (const [h, n] of counts) {
    const v = vocabulary.get(h);
    if (!v) continue;
    const x = (1 + Math.log(Math.max(n, 0.5))) * v.idf;
    ids.push(v.id);
    values.push(x);
    square += x * x;
  }
  const length = Math.sqrt(square) || 1;
  return { ids: Int32Array.from(ids), values: Float32Array.from(values, (x) => x / length) };
}

function descend(rows: Vector[], truth: Int32Array, classes: number, size: number, seed: number): Weights {
  const model: Weights = { classes, weights: new Float32Array(size * classes), bias: new Float64Array(classes) };
  const perClass = new Float64Array(classes);
  for (const y of truth) perClass[y] = (perClass[y] ?? 0) + 1;
  const order = rows.map((_, i) => i);
  let state = seed;
  let step = 0;
  for (let pass = 0; pass < PASSES; pass++) {
    for (let i = order.length - 1; i > 0; i--) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const j = Math.floor((state / 2 ** 32) * (i + 1));
      [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
    }
    for (const i of order) {
      const row = rows[i];
      const y = truth[i] ?? 0;
      if (!row) continue;
      const balance = Math.min(4, rows.length / (classes * (perClass[y] ?? 1)));
      learn(model, row, y, (balance * RATE) / (1 + step++ / (rows.length * 3)));
    }
  }
  return model;
}

function learn({ classes, weights, bias }: Weights, row: Vector, y: number, rate: number): void {
  const error = softmax(logits({ classes, weights, bias }, row));
  error[y] = (error[y] ?? 0) - 1;
  for (let c = 0; c < classes; c++) bias[c] = (bias[c] ?? 0) - 0.02 * rate * (error[c] ?? 0);
  for (let j = 0; j < row.ids.length; j++) {
    const at = (row.ids[j] ?? 0) * classes;
    const x = (row.values[j] ?? 0) * rate;
    for (let c = 0; c < classes; c++) weights[at + c] = (weights[at + c] ?? 0) - x * (error[c] ?? 0);
  }
}

function logits({ classes, weights, bias }: Weights, row: Vector): Float64Array {
  const z = Float64Array.from(bias);
  for (let j = 0; j < row.ids.length; j++) {
    const at = (row.ids[j] ?? 0) * classes;
    const x = row.values[j] ?? 0;
    for (let c = 0; c < classes; c++) z[c] = (z[c] ?? 0) + x * (weights[at + c] ?? 0);
  }
  return z;
}

/** Logits as shares of one. */
export function softmax(scores: Float64Array): Float64Array {
  const most = Math.max(...scores);
  const raised = scores.map((s) => Math.exp(s - most));
  const sum = raised.reduce((a, b) => a + b, 0);
  return raised.map((x) => x / sum);
}
