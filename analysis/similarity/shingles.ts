import { createHash } from 'node:crypto';
import { tokenise } from '../../text/tokens.js';
import { stretchesOf } from './quotations.js';

/** Words in a shingle. */
export const SHINGLE_WORDS = 5;
/** A shingle is looked up when its hash is among the lowest of this many: enough to find a text by, few enough to store. */
const INDEX_ONE_IN = 8;
/** Short texts are looked up by more of theirs. */
const MIN_INDEX = 24;
/** Shingles that are asked for at a time; a long text is found by these as well as by all of its own. */
const MAX_ASKED = 64;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const ROLL = 0x2c1b3c6d;

/** Final mix of MurmurHash3, so that neighbouring values spread over all 32 bits. */
function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** FNV-1a of a string's UTF-16 units, mixed: 32 bits, unsigned. */
export function hashText(text: string): number {
  let h = FNV_OFFSET;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), FNV_PRIME);
  return mix(h);
}

/** Hashes of the runs of 5 words, in the order of the text; a shorter text is one run, an empty one none. */
export function shingleRuns(words: readonly string[]): Uint32Array {
  const hashes = words.map(hashText);
  const n = Math.min(SHINGLE_WORDS, hashes.length);
  const runs = new Uint32Array(n === 0 ? 0 : hashes.length - n + 1);
  for (let i = 0; i < runs.length; i++) {
    let h = n;
    for (let k = i; k < i + n; k++) h = Math.imul(h, ROLL) + (hashes[k] ?? 0);
    runs[i] = mix(h);
  }
  return runs;
}

/** The set of shingles of these words, ascending. */
export function shinglesOf(words: readonly string[]): Uint32Array {
  return distinct(shingleRuns(words).sort());
}

/** A text as it is compared: its shingles, those of them that are mostly quotation, and `fingerprintOf` its words. */
export type Sketch = { shingles: Uint32Array; quoted: Uint32Array; fingerprint: string };

/** Characters of a text that are compared: those of a novel, and ten thousand rows of its index. */
const MAX_CHARACTERS = 400_000;

/** Reads a text once for all comparing. */
export function sketchOf(text: string): Sketch {
  const words: string[] = [];
  /** How many of the words before each are quoted. */
  const spoken = [0];
  for (const part of stretchesOf(text.slice(0, MAX_CHARACTERS))) {
    for (const word of tokenise(part.text)) {
      spoken.push((spoken[words.length] ?? 0) + Number(part.quoted));
      words.push(word);
    }
  }
  const runs = shingleRuns(words);
  const size = Math.min(SHINGLE_WORDS, words.length);
  const quoted = runs.filter((_, i) => 2 * ((spoken[i + size] ?? 0) - (spoken[i] ?? 0)) > size);
  return {
    shingles: distinct(runs.slice().sort()),
    quoted: distinct(quoted.sort()),
    fingerprint: fingerprintOf(words),
  };
}

function distinct(sorted: Uint32Array): Uint32Array {
  let n = 0;
  for (let i = 0; i < sorted.length; i++) {
    const h = sorted[i] ?? 0;
    if (i === 0 || h !== sorted[i - 1]) sorted[n++] = h;
  }
  return sorted.slice(0, n);
}

/** The shingles by which a text is found (FracMinHash: the same ones in every text that has them). */
export function indexedOf(shingles: Uint32Array): Uint32Array {
  let n = Math.min(MIN_INDEX, shingles.length);
  while (n < shingles.length && (shingles[n] ?? 0) < 2 ** 32 / INDEX_ONE_IN) n++;
  return shingles.subarray(0, n);
}

/** The shingles that are looked up for a text: the lowest of those under which it is kept itself. */
export function askedOf(shingles: Uint32Array): Uint32Array {
  return indexedOf(shingles).subarray(0, MAX_ASKED);
}

/** How many members two ascending sets share; with `without`, members of that set count for nothing. */
export function countShared(a: Uint32Array, b: Uint32Array, without?: ReadonlySet<number>): number {
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const x = a[i] ?? 0;
    const y = b[j] ?? 0;
    if (x === y) {
      if (!without?.has(x)) shared++;
      i++;
      j++;
    } else if (x < y) i++;
    else j++;
  }
  return shared;
}

/** The members two ascending sets share. */
export function sharedOf(a: Uint32Array, b: Uint32Array): Uint32Array {
  const shared = new Uint32Array(Math.min(a.length, b.length));
  let n = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const x = a[i] ?? 0;
    const y = b[j] ?? 0;
    if (x === y) {
      shared[n++] = x;
      i++;
      j++;
    } else if (x < y) i++;
    else j++;
  }
  return shared.slice(0, n);
}

/** Of the words alone: equal for texts that differ in case, punctuation and line breaks only. */
export function fingerprintOf(words: readonly string[]): string {
  return createHash('sha256').update(words.join(' ')).digest('base64url').slice(0, 22);
}

/** The longest passage of a text whose shingles the other has too, in its words; for a person to see why. */
export function sharedPassage(text: string, other: Uint32Array, maxWords = 40): string {
  const words = tokenise(text);
  const runs = shingleRuns(words);
  const known = new Set(other);
  let best = { from: 0, length: 0 };
  for (let i = 0, start = 0; i <= runs.length; i++) {
    if (i < runs.length && known.has(runs[i] ?? 0)) continue;
    if (i - start > best.length) best = { from: start, length: i - start };
    start = i + 1;
  }
  if (best.length === 0) return '';
  const passage = words.slice(best.from, best.from + best.length + SHINGLE_WORDS - 1);
  return passage.length <= maxWords ? passage.join(' ') : `${passage.slice(0, maxWords).join(' ')} …`;
}
