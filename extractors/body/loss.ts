import type { Block } from '../blocks/blocks.js';
import type { Reason } from '../blocks/boilerplate.js';
import { isProse } from '../blocks/prose.js';
import type { Part } from '../blocks/tree.js';
import type { Effect, Trace } from '../trace.js';

/** Characters of a block that are shown to a person. */
const SHOWN = 160;
/** Elements around a block that say where it stands. */
const DEPTH = 3;

/** A block and why it left or came back, for a person. */
export const told = (block: Block, why: string): Effect => ({ what: block.text.slice(0, SHOWN), why });

export const toldOf = (pairs: Iterable<[Block, Reason]>): Effect[] =>
  [...pairs].map(([block, why]) => told(block, why));

/** Prose of the page that the article does not have and that no reason explains; text that the page hides is named so. */
export function lostProse(blocks: Block[], kept: Set<Block>, dropped: ReadonlyMap<Block, Reason>): Trace['lost'] {
  return blocks
    .filter((block) => isProse(block) && !kept.has(block) && !dropped.has(block))
    .map((block) => ({ what: block.text.slice(0, SHOWN), where: placeOf(block.part) }));
}

/** `main > div.story > p`, from the outside to the element that holds the text. */
function placeOf(part: Part): string {
  const path: string[] = [];
  for (let at: Part | null = part; at && path.length < DEPTH; at = at.up)
    path.unshift(at.names === '' ? at.tag : `${at.tag}.${at.names.split(' ').join('.')}`);
  return `${path.join(' > ')}${part.hidden ? ', hidden' : ''}`;
}
