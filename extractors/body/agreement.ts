import type { Block } from '../blocks/blocks.js';
import { isProse } from '../blocks/prose.js';
import { kindOf } from '../blocks/select.js';

/** Least length of a publisher's own plain text, in characters, to be compared with. */
const LEAST = 300;
/** Coverage from which the witness tells of the same article as the page. */
export const AGREES = 0.7;
/** How much of a paragraph is looked for. */
const PROBE = 90;

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

/** JSON-LD's `articleBody` as a witness: which blocks of the page it holds. */
export type Witness = {
  /** Share of the found prose that the witness has too. */
  coverage: number;
  holds: (block: Block) => boolean;
};

/** The witness, when it is long enough to say anything. */
export function witnessOf(jsonLdBody: string | null, found: Iterable<Block>): Witness | null {
  if (jsonLdBody === null || jsonLdBody.length < LEAST) return null;
  const said = plain(jsonLdBody.replace(/<[^>]*>/g, ' '));
  const holds = (block: Block): boolean => {
    const text = plain(block.text);
    return text.length > 0 && said.includes(text.slice(0, PROBE));
  };
  let [all, shared] = [0, 0];
  for (const block of found) {
    if (!isProse(block)) continue;
    all += block.text.length;
    if (holds(block)) shared += block.text.length;
  }
  return { coverage: all === 0 ? 0 : shared / all, holds };
}

/** Blocks left behind that the witness has, once it agrees with what was found. */
export function recoverByWitness(blocks: Block[], kept: Set<Block>, witness: Witness): Block[] {
  if (witness.coverage < AGREES) return [];
  return blocks.filter(
    (b) => !kept.has(b) && !b.part.hidden && b.text.length >= 40 && b.linked < b.text.length * 0.5 && witness.holds(b),
  );
}

/** Short lines between paragraphs that the witness, which has all the paragraphs, does not have: names of products, labels, prompts. */
export function strangers(kept: Block[], witness: Witness): Block[] {
  if (witness.coverage < 0.95) return [];
  return kept.filter((b) => kindOf(b) === 'text' && !isProse(b) && !witness.holds(b));
}
