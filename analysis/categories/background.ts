/** Texts from which words are weighed by what was seen; before that all weigh much the same. */
const ENOUGH = 50;
/** Weight of a word of which nothing is known yet. */
const UNKNOWN = 4;
/** Texts counted; more change nothing. */
const MOST = 4000;

/** In how many texts of this newsroom's own stream each word stands: what tells little is what stands everywhere. */
export class Background {
  readonly #counts = new Map<string, number>();
  #texts = 0;

  get size(): number {
    return this.#texts;
  }

  /** Counts one text's words. */
  add(words: Iterable<string>): void {
    if (this.#texts >= MOST) return;
    this.#texts++;
    for (const word of new Set(words)) this.#counts.set(word, (this.#counts.get(word) ?? 0) + 1);
  }

  /** Inverse document frequency of a word. */
  weight(word: string): number {
    const seen = Math.log((this.#texts + 1) / ((this.#counts.get(word) ?? 0) + 1));
    return (this.#texts * seen + ENOUGH * UNKNOWN) / (this.#texts + ENOUGH);
  }
}
