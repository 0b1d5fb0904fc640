import type { Part } from './tree.js';

/** The deepest element that all the given ones are in. */
export function commonPart(parts: Part[]): Part | null {
  const [first, ...others] = parts;
  if (first === undefined) return null;
  let common: Part | null = first;
  for (const part of others) {
    while (common && !isWithin(part, common)) common = common.up;
  }
  return common;
}

/** Whether an element is another or stands somewhere in it. Elements are numbered in document order. */
export function isWithin(part: Part, root: Part): boolean {
  for (let at: Part | null = part; at && at.mark >= root.mark; at = at.up) if (at === root) return true;
  return false;
}
