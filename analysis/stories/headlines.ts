import { subjectWords } from '../../text/terms.js';

/** What of an article says which event it is about. */
export type Headline = {
  id: string;
  title: string;
  url: string;
  /** First sentences, where there are any. */
  lede: string | null;
  /** When it appeared, in milliseconds. */
  at: number;
};

/** Words with their weights. */
export type Vector = Map<string, number>;

/** What a word of the URL or of the lede weighs beside one of the title. */
const URL_WEIGHT = 0.7;
const LEDE_WEIGHT = 0.4;
const LEDE_WORDS = 40;
/** Texts that are thought to have been seen before the first, so that early words do not weigh too little. */
const SEEN_BEFORE = 1000;
const RARE = 3;
/** Words that are counted at the same time: names, numbers and misprints would be ever more. */
const MAX_WORDS = 200_000;

/** Weighs words by how rare they were in the headlines so far. */
export class HeadlineWords {
  readonly #counts = new Map<string, number>();
  readonly #most: number;
  #texts = SEEN_BEFORE;

  constructor(most = MAX_WORDS) {
    this.#most = most;
  }

  /** TF-IDF of length one; counts the words too. */
  vector(h: Headline): Vector {
    this.#texts++;
    const vector: Vector = new Map();
    for (const [word, weight] of wordsOf(h)) {
      const count = (this.#counts.get(word) ?? 0) + 1;
      this.#counts.set(word, count);
      vector.set(word, weight * Math.max(0, Math.log(this.#texts / (count + RARE))));
    }
    const length = lengthOf(vector) || 1;
    for (const [word, x] of vector) vector.set(word, x / length);
    if (this.#counts.size > this.#most) this.#fade();
    return vector;
  }

  /** How many words are counted. */
  get size(): number {
    return this.#counts.size;
  }

  /** All counts are halved, so that the weights of frequent words stay; what was seen once is forgotten. */
  #fade(): void {
    this.#texts = SEEN_BEFORE + Math.round((this.#texts - SEEN_BEFORE) / 2);
    for (const [word, count] of this.#counts)
      if (count === 1) this.#counts.delete(word);
      else this.#counts.set(word, count >> 1);
  }
}

export function lengthOf(vector: Vector): number {
  let square = 0;
  for (const x of vector.values()) square += x * x;
  return Math.sqrt(square);
}

export function dot(a: Vector, b: Vector): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let sum = 0;
  for (const [word, x] of small) sum += x * (large.get(word) ?? 0);
  return sum;
}

function wordsOf(h: Headline): Map<string, number> {
  const words = new Map<string, number>();
  const add = (text: string[], weight: number): void => {
    for (const w of text) words.set(w, Math.max(words.get(w) ?? 0, weight));
  };
  add(subjectWords(h.title), 1);
  add(subjectWords(slugWords(h.url)), URL_WEIGHT);
  if (h.lede) add(subjectWords(h.lede).slice(0, LEDE_WORDS), LEDE_WEIGHT);
  return words;
}

/** The words by which a URL names its article, often another headline than the page's. */
function slugWords(url: string): string {
  if (!URL.canParse(url)) return '';
  const parts = new URL(url).pathname.split('/').filter((p) => /[-_]/.test(p));
  return parts
    .join(' ')
    .replace(/%[0-9a-f]{2}/gi, ' ')
    .split(/[\s\-_.]+/)
    .filter((w) => /^\p{L}{3,}$/u.test(w) && !/^(?:html?|php|aspx?|story|news|article)$/i.test(w))
    .join(' ');
}
