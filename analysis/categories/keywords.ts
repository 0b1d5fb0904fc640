import type { Category } from '../../config/categories.js';
import { subjectWords } from '../../text/terms.js';
import type { Background } from './background.js';
import type { Field } from './fields.js';

type Phrase = { words: string[]; categories: number[] };

/** A word or phrase of an article that speaks for a category, and how much. */
export type Evidence = { words: string; value: number };

/** What the operator's own words say of an article. */
export type Scorer = {
  /** One score for each category, the higher the better it fits. */
  scores(fields: readonly Field[]): Float64Array;
  /** What speaks for one of the categories, by its place in the list, the most first. */
  evidence(fields: readonly Field[], category: number): Evidence[];
};

/** What a further word of a phrase adds to its weight: the longer it is, the less it is there by chance. */
const LONGER = 0.3;
/** Of likeness to label, description and headlines, beside phrases found. */
const LIKENESS = 0.9;
/** A description speaks in general words, a headline in those of the news. */
const DESCRIPTION = 0.5;
/** A category with children is meant only where none of them fits. */
const PARENT = 0.5;

/**
 * Two kinds of evidence, added: keywords and phrases found (weighed by rarity, length and how few categories share them), and
 * likeness to label, description and example headlines (TF-IDF against their centroid). `background` may grow afterwards.
 */
export function createScorer(categories: readonly Category[], background: Background): Scorer {
  const phrases = phrasesOf(categories);
  const spread = categories.map((c) => 1 / Math.sqrt(Math.max(6, c.keywords.length)));
  const parents = categories.map((c) => categories.some((o) => o.parent === c.path));
  let likeness = centroids(categories, background);
  let weighedAt = background.size;
  const weigh = (fields: readonly Field[], take: (category: number, value: number, words: string[]) => void): void => {
    if (background.size > weighedAt * 1.2 + 20) {
      likeness = centroids(categories, background);
      weighedAt = background.size;
    }
    for (const [phrase, count] of found(fields, phrases)) {
      const rarity = Math.max(...phrase.words.map((w) => background.weight(w)));
      const value = (Math.log1p(count) * rarity * (1 + LONGER * (phrase.words.length - 1))) / phrase.categories.length;
      for (const i of phrase.categories) take(i, value * (spread[i] ?? 0), phrase.words);
    }
    for (const [word, count] of counted(fields)) {
      const list = likeness.get(word);
      if (!list) continue;
      const value = LIKENESS * (1 + Math.log(Math.max(count, 0.4))) * background.weight(word);
      for (const [i, part] of list) take(i, value * part, [word]);
    }
  };
  return {
    scores(fields) {
      const scores = new Float64Array(categories.length);
      weigh(fields, (i, value) => {
        scores[i] = (scores[i] ?? 0) + value;
      });
      return scores.map((s, i) => (parents[i] ? s * PARENT : s));
    },
    evidence(fields, category) {
      const values = new Map<string, number>();
      weigh(fields, (i, value, words) => {
        const key = words.join(' ');
        if (i === category) values.set(key, (values.get(key) ?? 0) + value);
      });
      return [...values].map(([words, value]) => ({ words, value })).sort((x, y) => y.value - x.value);
    },
  };
}

/** Phrases by their first word. */
function phrasesOf(categories: readonly Category[]): Map<string, Phrase[]> {
  const byText = new Map<string, Phrase>();
  categories.forEach((c, i) => {
    for (const text of [...c.keywords, c.label]) {
      const words = subjectWords(text);
      if (words.length === 0) continue;
      const key = words.join(' ');
      const phrase = byText.get(key) ?? { words, categories: [] };
      byText.set(key, phrase);
      if (!phrase.categories.includes(i)) phrase.categories.push(i);
    }
  });
  const byFirst = new Map<string, Phrase[]>();
  for (const p of byText.values()) {
    const first = p.words[0] ?? '';
    byFirst.set(first, [...(byFirst.get(first) ?? []), p]);
  }
  return byFirst;
}

function found(fields: readonly Field[], phrases: Map<string, Phrase[]>): Map<Phrase, number> {
  const counts = new Map<Phrase, number>();
  for (const { words, weight } of fields) {
    for (let i = 0; i < words.length; i++) {
      for (const p of phrases.get(words[i] ?? '') ?? [])
        if (p.words.every((w, k) => words[i + k] === w)) counts.set(p, (counts.get(p) ?? 0) + weight);
    }
  }
  return counts;
}

function counted(fields: readonly Field[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { words, weight } of fields) for (const w of words) counts.set(w, (counts.get(w) ?? 0) + weight);
  return counts;
}

/** For each word, the categories whose label, description and headlines hold it, and how much of them it is. */
function centroids(categories: readonly Category[], background: Background): Map<string, [number, number][]> {
  const byWord = new Map<string, [number, number][]>();
  categories.forEach((c, i) => {
    const vector = new Map<string, number>();
    const add = (text: string, weight: number): void => {
      for (const w of subjectWords(text)) vector.set(w, (vector.get(w) ?? 0) + weight * background.weight(w));
    };
    add(c.label, 1);
    add(c.description, DESCRIPTION);
    for (const headline of c.examples) add(headline, 1);
    const length = Math.sqrt([...vector.values()].reduce((sum, x) => sum + x * x, 0)) || 1;
    for (const [word, x] of vector) byWord.set(word, [...(byWord.get(word) ?? []), [i, x / length / 3]]);
  });
  return byWord;
}
