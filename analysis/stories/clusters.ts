import { divide, isDue } from './divide.js';
import { dot, type Headline, HeadlineWords, type Vector } from './headlines.js';

export type StoryOptions = {
  /** A story that got nothing for so long is closed, in milliseconds. */
  openMs: number;
  /** Cosine of headline and story from which it belongs there. */
  join: number;
  /** Cosine of two stories from which they are one. */
  merge: number;
  /** Cosine of a story's halves under which they are two. */
  apart: number;
};

/** Chosen on half of an evaluation set, by story. */
export const STORY_DEFAULTS: StoryOptions = { openMs: 72 * 3_600_000, join: 0.16, merge: 0.3, apart: 0.2 };

/** For reports with their ledes, of which much more is known; judged by eye on a year of news. */
export const REPORT_STORIES: Omit<StoryOptions, 'openMs'> = { join: 0.28, merge: 0.4, apart: 0.2 };

/**
 * Where a headline was put; `merged` lists stories that it showed to be the same one and that are no more, `divided` what left
 * the story thereafter, for one that is new.
 */
export type Placement = {
  story: string;
  score: number;
  merged: string[];
  divided: { from: string; into: string; ids: string[] } | null;
};

/** Below this share of `join` two stories are not compared. */
const NEARLY = 0.6;

type Story = {
  id: string;
  order: number;
  members: Map<string, Vector>;
  sum: Vector;
  square: number;
  first: number;
  last: number;
};

/**
 * Groups headlines into stories as they come: each joins the open story it is most like (TF-IDF centroid), or begins one. A
 * headline that is like two stories lets them become one where they are alike; the earlier one's id stays. A story that grew
 * is divided where it turns out to be two; the half with its first headline stays. The same headlines in the same order give
 * the same stories.
 */
export class Stories {
  readonly #options: StoryOptions;
  readonly #words: HeadlineWords;
  readonly #open = new Map<string, Story>();
  readonly #of = new Map<string, Story>();
  readonly #byWord = new Map<string, Set<Story>>();
  /** Stories that a person made: they are neither merged nor divided. */
  readonly #pinned = new Set<string>();
  #order = 0;
  #latest = Number.NEGATIVE_INFINITY;

  constructor(options: Partial<StoryOptions> = {}, words = new HeadlineWords()) {
    this.#words = words;
    this.#options = { ...STORY_DEFAULTS, ...options };
  }

  /** Puts a headline into its story; a new one gets the headline's id. */
  place(h: Headline): Placement {
    this.#close(h.at);
    this.#leave(h.id);
    const vector = this.#words.vector(h);
    const likely = this.#likely(vector, h.at);
    const best = likely[0];
    const joins = best !== undefined && best.score >= this.#options.join;
    const story = joins ? best.story : this.#begin(h.id, h.at);
    this.#add(story, h.id, vector, h.at);
    const merged: string[] = [];
    let kept = story;
    for (const { story: other, score } of likely) {
      if (other === kept || score < this.#options.join * NEARLY) continue;
      if (this.#pinned.has(kept.id) || this.#pinned.has(other.id)) continue;
      if (cosine(kept, other) < this.#options.merge) continue;
      const [stays, goes] = kept.order < other.order ? [kept, other] : [other, kept];
      this.#merge(stays, goes);
      merged.push(goes.id);
      kept = stays;
    }
    const divided = this.#divide(kept);
    const leaves = divided?.ids.includes(h.id) ?? false;
    return { story: leaves && divided ? divided.into : kept.id, score: joins ? best.score : 0, merged, divided };
  }

  /** Takes over what was decided elsewhere: a headline in a story, begun if need be, out of any other. */
  put(h: Headline, storyId: string): void {
    this.#close(h.at);
    const had = this.#of.get(h.id);
    if (had?.id === storyId) return;
    const vector = had?.members.get(h.id) ?? this.#words.vector(h);
    this.#leave(h.id);
    this.#add(this.#open.get(storyId) ?? this.#begin(storyId, h.at), h.id, vector, h.at);
  }

  /** Takes over that `gone` became part of `story`. */
  unite(story: string, gone: string): void {
    const [stays, goes] = [this.#open.get(story), this.#open.get(gone)];
    if (stays && goes && stays !== goes) this.#merge(stays, goes);
  }

  /** Takes over that a person made this story what it is. */
  pin(story: string): void {
    this.#pinned.add(story);
  }

  /** How much is held: open stories, and words whose frequency is known. */
  held(): { stories: number; words: number } {
    return { stories: this.#open.size, words: this.#words.size };
  }

  #begin(id: string, at: number): Story {
    const story = { id, order: this.#order++, members: new Map(), sum: new Map(), square: 0, first: at, last: at };
    this.#open.set(id, story);
    return story;
  }

  #add(story: Story, id: string, vector: Vector, at: number): void {
    story.members.set(id, vector);
    this.#of.set(id, story);
    this.#weigh(story, vector, 1);
    story.first = Math.min(story.first, at);
    story.last = Math.max(story.last, at);
  }

  /** Takes a headline out of the story it is in, if any; an empty story is no more. */
  #leave(id: string): void {
    const story = this.#of.get(id);
    const vector = story?.members.get(id);
    if (!story || !vector) return;
    story.members.delete(id);
    this.#of.delete(id);
    this.#weigh(story, vector, -1);
    if (story.members.size === 0) this.#drop(story);
  }

  #weigh(story: Story, vector: Vector, sign: 1 | -1): void {
    for (const [word, x] of vector) {
      const had = story.sum.get(word) ?? 0;
      const now = had + sign * x;
      story.square += now * now - had * had;
      if (now > 1e-9) story.sum.set(word, now);
      else story.sum.delete(word);
      const list = this.#byWord.get(word);
      if (now > 1e-9 && list) list.add(story);
      else if (now > 1e-9) this.#byWord.set(word, new Set([story]));
      else list?.delete(story);
    }
  }

  #merge(stays: Story, goes: Story): void {
    this.#drop(goes);
    for (const [id, vector] of goes.members) this.#add(stays, id, vector, goes.last);
    stays.first = Math.min(stays.first, goes.first);
  }

  #divide(story: Story): Placement['divided'] {
    if (this.#pinned.has(story.id) || !isDue(story.members.size)) return null;
    const ids = divide([...story.members], this.#options.apart);
    const into = ids?.find((id) => !this.#open.has(id));
    if (!ids || into === undefined) return null;
    const half = this.#begin(into, story.first);
    half.last = story.last;
    for (const id of ids) {
      const vector = story.members.get(id) ?? new Map();
      this.#leave(id);
      this.#add(half, id, vector, half.first);
    }
    return { from: story.id, into, ids };
  }

  /** By the latest time seen, so that one old report among new ones closes and reopens nothing. */
  #close(at: number): void {
    if (at <= this.#latest) return;
    this.#latest = at;
    for (const story of this.#open.values()) if (at - story.last > this.#options.openMs) this.#drop(story);
  }

  #drop(story: Story): void {
    this.#open.delete(story.id);
    for (const id of story.members.keys()) this.#of.delete(id);
    for (const word of story.sum.keys()) {
      const list = this.#byWord.get(word);
      list?.delete(story);
      if (list?.size === 0) this.#byWord.delete(word);
    }
  }

  /** Open stories that share words, the most alike first; among equals the earliest. */
  #likely(vector: Vector, at: number): { story: Story; score: number }[] {
    const dots = new Map<Story, number>();
    for (const [word, x] of vector)
      for (const story of this.#byWord.get(word) ?? [])
        dots.set(story, (dots.get(story) ?? 0) + x * (story.sum.get(word) ?? 0));
    const { openMs } = this.#options;
    return [...dots]
      .filter(([story]) => at <= story.last + openMs && at >= story.first - openMs)
      .map(([story, product]) => ({ story, score: product / Math.sqrt(story.square) }))
      .sort((a, b) => b.score - a.score || a.story.order - b.story.order);
  }
}

const cosine = (a: Story, b: Story): number => dot(a.sum, b.sum) / (Math.sqrt(a.square) * Math.sqrt(b.square) || 1);
