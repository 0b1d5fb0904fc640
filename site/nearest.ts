/** A word with its letters as bits, so that most words are ruled out without a comparison. */
type Known = { word: string; bits: number };

/** The words of the site's articles, kept in memory to find what a mistyped word may have meant. */
export class Vocabulary {
  readonly #byLength: Known[][] = [];
  readonly #all = new Set<string>();

  get size(): number {
    return this.#all.size;
  }

  add(word: string): void {
    if (this.#all.has(word)) return;
    this.#all.add(word);
    const known = { word, bits: bitsOf(word) };
    const same = this.#byLength[word.length];
    if (same) same.push(known);
    else this.#byLength[word.length] = [known];
  }

  has(word: string): boolean {
    return this.#all.has(word);
  }

  hasPrefix(prefix: string): boolean {
    if (this.#all.has(prefix)) return true;
    const bits = bitsOf(prefix);
    return this.#byLength.some(
      (words, length) =>
        length > prefix.length && words.some((k) => (bits & ~k.bits) === 0 && k.word.startsWith(prefix)),
    );
  }

  /** The nearest known words, at most `count`. Words under eight letters may have one slip, longer ones two. */
  nearest(word: string, count = 4): string[] {
    const limit = word.length < 4 ? 0 : word.length < 8 ? 1 : 2;
    if (limit === 0) return [];
    const bits = bitsOf(word);
    const found: { word: string; slips: number }[] = [];
    for (let length = word.length - limit; length <= word.length + limit; length++)
      for (const known of this.#byLength[length] ?? []) {
        if (onesIn(bits & ~known.bits) > limit || onesIn(known.bits & ~bits) > limit) continue;
        const slips = slipsBetween(word, known.word, limit);
        if (slips <= limit) found.push({ word: known.word, slips });
      }
    const least = Math.min(...found.map((f) => f.slips));
    return found
      .filter((f) => f.slips === least)
      .sort((a, b) => sameStart(b.word, word) - sameStart(a.word, word) || (a.word < b.word ? -1 : 1))
      .slice(0, count)
      .map((f) => f.word);
  }
}

/**
 * Number of letters left out, added, replaced or swapped with a neighbour (optimal string alignment distance). Stops at
 * `limit + 1`.
 */
export function slipsBetween(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit || b.length >= ROW) return limit + 1;
  // Three rows of the matrix share one array and rotate: the row before last, the last one, and the one being written.
  let [before, last, row] = [0, ROW, 2 * ROW];
  for (let j = 0; j <= b.length; j++) ROWS[last + j] = j;
  for (let i = 1; i <= a.length; i++) {
    const letter = a.charCodeAt(i - 1);
    const letterBefore = i > 1 ? a.charCodeAt(i - 2) : -1;
    ROWS[row] = i;
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const other = b.charCodeAt(j - 1);
      let slips = at(last + j - 1) + (letter === other ? 0 : 1);
      if (at(last + j) + 1 < slips) slips = at(last + j) + 1;
      if (at(row + j - 1) + 1 < slips) slips = at(row + j - 1) + 1;
      if (j > 1 && letterBefore === other && letter === b.charCodeAt(j - 2) && at(before + j - 2) + 1 < slips)
        slips = at(before + j - 2) + 1;
      ROWS[row + j] = slips;
      if (slips < least) least = slips;
    }
    if (least > limit) return limit + 1;
    [before, last, row] = [last, row, before];
  }
  return at(last + b.length);
}

/** Longer than any known word. */
const ROW = 128;
const ROWS = new Uint8Array(3 * ROW);
const at = (i: number): number => ROWS[i] ?? 0;

function bitsOf(word: string): number {
  let bits = 0;
  for (let i = 0; i < word.length; i++) bits |= 1 << (word.charCodeAt(i) % 31);
  return bits;
}

/** Bits that are set, counted in parallel (Warren, Hacker's Delight, 5-1). */
function onesIn(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function sameStart(a: string, b: string): number {
  let n = 0;
  while (n < a.length && a[n] === b[n]) n++;
  return n;
}
