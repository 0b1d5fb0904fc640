import { type Block, charsBelow, signatureOf } from '../blocks/blocks.js';
import type { Reason } from '../blocks/boilerplate.js';
import { isLayoutCell } from '../blocks/layout-tables.js';
import { endsSentence } from '../blocks/lines.js';
import { isProse } from '../blocks/prose.js';
import type { Part } from '../blocks/tree.js';
import { below, isBody } from './semantic.js';

/** Least prose, in characters, that shows where the article is. */
const LEAST = 400;
/** Share of the prose that the body holds: some articles stand in several elements, one after another. */
const MOST = 0.7;
/** Before the text, a line shorter than this that is no sentence is a label, a name or a date. */
const SHORT = 120;

/**
 * Kept blocks outside the element that calls itself the article's body and holds most of the prose. Behind it stands
 * what leads on, unless it is made like the paragraphs inside; before it what introduces, unless it is a standfirst.
 */
export function outsiders(kept: Block[], standfirst: Set<Block>): [Block, Reason][] {
  const prose = kept.filter(isProse);
  const body = bodyOf(prose);
  if (body === null) return [];
  const inside = (block: Block): boolean => below(block.part, body);
  const begin = kept.findIndex(inside);
  const usual = new Set(prose.filter(inside).map(signatureOf));
  return kept.flatMap((block, i): [Block, Reason][] => {
    if (inside(block) || usual.has(signatureOf(block)) || standfirst.has(block)) return [];
    if (i > begin) return [[block, 'outside the body']];
    const introduces =
      block.linked < block.text.length * 0.5 && (endsSentence(block.text) || block.text.length >= SHORT);
    return introduces ? [] : [[block, 'label']];
  });
}

/** Of the elements that hold most of the prose, the innermost that calls itself the body, or else the cell of the page's layout. */
function bodyOf(prose: Block[]): Part | null {
  const total = prose.reduce((sum, b) => sum + b.text.length, 0);
  if (total < LEAST) return null;
  let [named, cell]: (Part | null)[] = [null, null];
  for (const [part, count] of charsBelow(prose)) {
    if (count < total * MOST) continue;
    if (isBody(part) && (!named || below(part, named))) named = part;
    if (part.tag === 'td' && isLayoutCell(part) && (!cell || below(part, cell))) cell = part;
  }
  return named ?? cell ?? null;
}
