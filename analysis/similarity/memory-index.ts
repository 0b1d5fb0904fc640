import type { Known, NearIndex, Text } from './judge.js';
import { askedOf, indexedOf } from './shingles.js';

/** Texts of one source that are looked at for boilerplate. */
export const PAGES_AROUND = 24;
/** A shingle in more texts than this finds none of them: it is a turn of phrase or a page's boilerplate. */
export const COMMON = 32;
/** Texts compared in full, those that share most first. */
export const MAX_NEAR = 40;
/** Looked-up shingles two texts must share before they are compared in full. */
export const MIN_HITS = 2;

/** What is known, in memory: for evaluation, and for the rows of one batch. */
export class MemoryIndex implements NearIndex {
  readonly #texts: Known[] = [];
  readonly #bands = new Map<number, number[]>();
  readonly #exact = new Map<string, number[]>();
  readonly #bySource = new Map<string, number[]>();

  readonly #windowMs: number;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Adds a judged text; of a copy only what is new against the text it was found to repeat. */
  add(known: Known, repeats?: Text): void {
    const n = this.#texts.push(known) - 1;
    for (const h of newBands(known, repeats)) {
      const list = this.#bands.get(h);
      if (list) list.push(n);
      else this.#bands.set(h, [n]);
    }
    const same = this.#exact.get(known.fingerprint);
    if (same) same.push(n);
    else this.#exact.set(known.fingerprint, [n]);
    const list = this.#bySource.get(known.source);
    if (list) list.push(n);
    else this.#bySource.set(known.source, [n]);
  }

  near(text: Text): Promise<Known[]> {
    const hits = new Map<number, number>();
    const inWindow = (n: number): boolean => Math.abs((this.#texts[n]?.at ?? 0) - text.at) <= this.#windowMs;
    for (const h of askedOf(text.shingles)) {
      const list = this.#bands.get(h)?.filter(inWindow);
      if (list && list.length <= COMMON) for (const n of list) hits.set(n, (hits.get(n) ?? 0) + 1);
    }
    for (const n of (this.#exact.get(text.fingerprint) ?? []).filter(inWindow).slice(0, MAX_NEAR))
      hits.set(n, Number.MAX_SAFE_INTEGER);
    const best = [...hits].filter(([, count]) => count >= MIN_HITS).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    return Promise.resolve(best.slice(0, MAX_NEAR).flatMap(([n]) => this.#texts[n] ?? []));
  }

  around(source: string, at: number): Promise<Known[]> {
    const texts = (this.#bySource.get(source) ?? []).flatMap((n) => this.#texts[n] ?? []);
    return Promise.resolve(nearestInTime(texts, at));
  }
}

/** The looked-up shingles under which a text is kept: one that repeats another is found by that one's where they are the same. */
export function newBands(text: Text, repeats?: Text): Uint32Array {
  const bands = indexedOf(text.shingles);
  if (!repeats) return bands;
  const had = new Set(indexedOf(repeats.shingles));
  return bands.filter((h) => !had.has(h));
}

/** Those nearest to `at`, at most PAGES_AROUND. */
export function nearestInTime(texts: Known[], at: number): Known[] {
  return [...texts].sort((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at)).slice(0, PAGES_AROUND);
}
