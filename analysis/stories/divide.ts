import { dot, lengthOf, type Vector } from './headlines.js';

/** Members of a story from which it is asked whether it is two; and those that each half must have. */
const DIVIDE_FROM = 8;
const MIN_HALF = 3;
/** It is asked again when a story has grown by this. */
const GROWTH = 1.25;
const ROUNDS = 8;

/** Whether a story that has just grown to this size is looked at. */
export function isDue(size: number): boolean {
  const step = (n: number): number => Math.floor(Math.log(n) / Math.log(GROWTH));
  return size >= DIVIDE_FROM && step(size) > step(size - 1);
}

/**
 * Whether these vectors are about two events: two means, begun from those that are least alike. Members are taken in the
 * order given, so that the same ones divide the same way.
 * @returns those that leave, never the first one; null when the halves' cosine is `apart` or more
 */
export function divide(members: readonly (readonly [string, Vector])[], apart: number): string[] | null {
  const vectors = members.map(([, v]) => v);
  const whole = sum(vectors);
  const far = least(vectors, whole);
  const seed = vectors[far];
  if (!seed) return null;
  let means: [Vector, Vector] = [vectors[least(vectors, seed)] ?? seed, seed];
  let sides: boolean[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const now = vectors.map((v) => closeness(v, means[1]) > closeness(v, means[0]));
    if (now.every((side, i) => side === sides[i])) break;
    sides = now;
    means = [sum(vectors.filter((_, i) => !sides[i])), sum(vectors.filter((_, i) => sides[i]))];
  }
  const leaving = sides.filter(Boolean).length;
  if (Math.min(leaving, sides.length - leaving) < MIN_HALF) return null;
  if (dot(means[0], means[1]) / (lengthOf(means[0]) * lengthOf(means[1]) || 1) >= apart) return null;
  const stays = sides[0];
  return members.filter((_, i) => sides[i] !== stays).map(([id]) => id);
}

const closeness = (v: Vector, mean: Vector): number => dot(v, mean) / (lengthOf(mean) || 1);

/** Which vector is least like another; the last of equals, so that the first is no seed of what leaves. */
function least(vectors: readonly Vector[], to: Vector): number {
  let found = 0;
  let lowest = Number.POSITIVE_INFINITY;
  vectors.forEach((v, i) => {
    const x = closeness(v, to);
    if (x > lowest) return;
    lowest = x;
    found = i;
  });
  return found;
}

function sum(vectors: readonly Vector[]): Vector {
  const all: Vector = new Map();
  for (const v of vectors) for (const [word, x] of v) all.set(word, (all.get(word) ?? 0) + x);
  return all;
}
