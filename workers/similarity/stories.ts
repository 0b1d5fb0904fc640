import { subjectWords } from '../categories/terms.js';

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

export type StoryOptions = {
  /** A story that got nothing for so long is closed, in milliseconds. */
  openMs: number;
  /** Cosine of headline and story from which it belongs there. */
  join: number;
  /** Cosine of two stories from which they are one. */
  merge: number;
};

/** Chosen on half of an evaluation set, by story. */
export const STORY_DEFAULTS: StoryOptions = { openMs: 72 * 3_600_000, join: 0.16, merge: 0.3 };

/** Where a headline was put; `merged` lists stories that it showed to be the same one and that are no more. */
export type Placement = { story: string; score: number; merged: string[] };

/** What a word of the URL or of the lede weighs beside one of the title. */
const URL_WEIGHT = 0.7;
const LEDE_WEIGHT = 0.4;
const LEDE_WORDS = 40;
/** Texts that are thought to have been seen before the first, so that early words do not weigh too little. */
const SEEN_BEFORE = 1000;
const RARE = 3;
/** Below this share of `join` two stories are not compared. */
const NEARLY = 0.6;

type Vector = Map<string, number>;
type Story = { id: string; order: number; sum: Vector; square: number; size: number; last: number };

/**
 * Groups headlines into stories as they come: each joins the open story it is most like (TF-IDF centroid), or begins one. A
 * headline that is like two stories lets them become one where they are alike; the earlier one's id stays. The same headlines in the same order
 * give the same stories.
 */
export class Stories {
  readonly #options: StoryOptions;
  readonly #open = new Map<string, Story>();
  readonly #byWord = new Map<string, Set<Story>>();
  readonly #counts = new Map<string, number>();
  #texts = SEEN_BEFORE;
  #order = 0;

  constructor(options: Partial<StoryOptions> = {}) {
    this.#options = { ...STORY_DEFAULTS, ...options };
  }

  /** Puts a headline into its story; a new one gets the headline's id. */
  place(h: Headline): Placement {
    this.#close(h.at);
    const vector = this.#vector(h);
    const likely = this.#likely(vector);
    const best = likely[0];
    const joins = best !== undefined && best.score >= this.#options.join;
    const story = joins ? best.story : this.#begin(h.id, h.at);
    this.#add(story, vector, 1, h.at);
    const merged: string[] = [];
    let kept = story;
    for (const { story: other, score } of likely) {
      if (other === kept || score < this.#options.join * NEARLY) continue;
      if (cosine(kept, other) < this.#options.merge) continue;
      const [stays, goes] = kept.order < other.order ? [kept, other] : [other, kept];
      this.#merge(stays, goes);
      merged.push(goes.id);
      kept = stays;
    }
    return { story: kept.id, score: joins ? best.score : 0, merged };
  }

  /** Takes over what was decided elsewhere: a headline in a story, begun if need be. */
  put(h: Headline, storyId: string): void {
    this.#close(h.at);
    const vector = this.#vector(h);
    this.#add(this.#open.get(storyId) ?? this.#begin(storyId, h.at), vector, 1, h.at);
  }

  /** Takes over that `gone` became part of `story`. */
  unite(story: string, gone: string): void {
    const [stays, goes] = [this.#open.get(story), this.#open.get(gone)];
    if (stays && goes && stays !== goes) this.#merge(stays, goes);
  }

  #begin(id: string, at: number): Story {
    const story = { id, order: this.#order++, sum: new Map(), square: 0, size: 0, last: at };
    this.#open.set(id, story);
    return story;
  }

  #add(story: Story, vector: Vector, size: number, at: number): void {
    for (const [word, x] of vector) {
      const had = story.sum.get(word);
      if (had === undefined) {
        const list = this.#byWord.get(word);
        if (list) list.add(story);
        else this.#byWord.set(word, new Set([story]));
      }
      const now = (had ?? 0) + x;
      story.square += now * now - (had ?? 0) * (had ?? 0);
      story.sum.set(word, now);
    }
    story.size += size;
    story.last = Math.max(story.last, at);
  }

  #merge(stays: Story, goes: Story): void {
    this.#drop(goes);
    this.#add(stays, goes.sum, goes.size, goes.last);
  }

  #close(now: number): void {
    for (const story of this.#open.values()) if (now - story.last > this.#options.openMs) this.#drop(story);
  }

  #drop(story: Story): void {
    this.#open.delete(story.id);
    for (const word of story.sum.keys()) {
      const list = this.#byWord.get(word);
      list?.delete(story);
      if (list?.size === 0) this.#byWord.delete(word);
    }
  }

  /** Open stories that share words, the most alike first; among equals the earliest. */
  #likely(vector: Vector): { story: Story; score: number }[] {
    const dots = new Map<Story, number>();
    for (const [word, x] of vector)
      for (const story of this.#byWord.get(word) ?? [])
        dots.set(story, (dots.get(story) ?? 0) + x * (story.sum.get(word) ?? 0));
    return [...dots]
      .map(([story, dot]) => ({ story, score: dot / Math.sqrt(story.square) }))
      .sort((a, b) => b.score - a.score || a.story.order - b.story.order);
  }

  /** TF-IDF of length one; counts the words too. */
  #vector(h: Headline): Vector {
    const words = wordsOf(h);
    this.#texts++;
    const vector: Vector = new Map();
    let square = 0;
    for (const [word, weight] of words) {
      const count = (this.#counts.get(word) ?? 0) + 1;
      this.#counts.set(word, count);
      const x = weight * Math.max(0, Math.log(this.#texts / (count + RARE)));
      vector.set(word, x);
      square += x * x;
    }
    const length = Math.sqrt(square) || 1;
    for (const [word, x] of vector) vector.set(word, x / length);
    return vector;
  }
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

function cosine(a: Story, b: Story): number {
  const [small, large] = a.sum.size < b.sum.size ? [a, b] : [b, a];
  let dot = 0;
  for (const [word, x] of small.sum) dot += x * (large.sum.get(word) ?? 0);
  return dot / (Math.sqrt(a.square) * Math.sqrt(b.square) || 1);
}
