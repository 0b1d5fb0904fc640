/** A word with its letters as bits, so that most words are dismissed without comparing them. */
type Known = { word: string; bits: number };

/** The words of the site's articles in memory, to find those that a mistyped word may have meant. */
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
    return this.#byLength.some(
      (words, length) => length > prefix.length && words.some((k) => k.word.startsWith(prefix)),
    );
  }

  /** The nearest known words, at most `count`: one slip for short words, two for those of eight letters and more. */
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
 * Letters left out, added, taken for another or swapped with their neighbour (optimal string alignment distance);
 * `limit + 1` as soon as it is more than `limit`.
 */
export function slipsBetween(a: string, b: string, limit: number): number {
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let slips = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        slips = Math.min(slips, (before[j - 2] ?? 0) + 1);
      row.push(slips);
      if (slips < least) least = slips;
    }
    if (least > limit) return limit + 1;
    [before, last] = [last, row];
  }
  return last[b.length] ?? limit + 1;
}

function bitsOf(word: string): number {
  let bits = 0;
  for (let i = 0; i < word.length; i++) bits |= 1 << (word.charCodeAt(i) % 31);
  return bits;
}

function onesIn(bits: number): number {
  let left = bits;
  let ones = 0;
  while (left !== 0) {
    left &= left - 1;
    ones++;
  }
  return ones;
}

function sameStart(a: string, b: string): number {
  let n = 0;
  while (n < a.length && a[n] === b[n]) n++;
  return n;
}
