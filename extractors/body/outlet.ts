import { hashText, type Profile } from '../profile.js';
import { type Block, signatureOf } from './blocks.js';
import type { Reason } from './furniture.js';
import { isProse } from './prose.js';

const OUTLET: Reason = 'furniture of the outlet';

/** Kept blocks that other articles of the outlet have too, or that stand behind the text where those have none. */
export function outletFurniture(found: Block[], dropped: Map<Block, Reason>, profile: Profile): [Block, Reason][] {
  const furniture = new Set(profile.furniture);
  const tails = new Set(profile.tailPaths);
  const rest = found.filter((b) => !dropped.has(b));
  const prose = rest.flatMap((b, i) => (isProse(b) ? [i] : []));
  const last = prose.at(-1) ?? rest.length;
  const marked = rest.filter((b, i) => {
    if (furniture.has(hashText(b.text))) return true;
    return i > last && b.text.length <= 160 && !isProse(b) && tails.has(signatureOf(b));
  });
  const chars = (list: Block[]) => list.reduce((sum, b) => sum + b.text.length, 0);
  // A page that shares most of its text with others is another version of one of them, not furniture.
  return chars(marked) > chars(rest) * 0.5 ? [] : marked.map((b) => [b, OUTLET]);
}

/**
 * The blocks in the elements that hold the outlet's articles, where what was found lacks them: Readability took
 * something else of the page. null when it did not.
 */
export function blocksOfProfile(blocks: Block[], found: Set<Block>, profile: Profile): Set<Block> | null {
  const paths = new Set(profile.bodyPaths);
  const size = (list: Iterable<Block>) => [...list].reduce((sum, b) => sum + b.text.length, 0);
  const usual = blocks.filter((b) => !b.part.hidden && isProse(b) && paths.has(signatureOf(b)));
  if (size(usual) < 400) return null;
  const had = usual.filter((b) => found.has(b));
  if (size(had) >= size(usual) * 0.5) return null;
  return new Set(usual);
}
