import { lexicon } from '../../text/lexicon.js';
import { type Block, charsBelow } from './blocks.js';
import { boilerplateReason, type Reason } from './boilerplate.js';
import { isLayoutCell } from './layout-tables.js';
import { endsSentence, type LineContext, lineReason } from './lines.js';
import type { Part } from './tree.js';

/** What a block is, by the elements around it. */
export type Kind = 'text' | 'heading' | 'item' | 'cell' | 'quote' | 'code';

const KINDS = lexicon<Kind>({
  h1: 'heading',
  h2: 'heading',
  h3: 'heading',
  h4: 'heading',
  h5: 'heading',
  h6: 'heading',
  li: 'item',
  dt: 'item',
  dd: 'item',
  td: 'cell',
  th: 'cell',
  caption: 'cell',
  blockquote: 'quote',
  pre: 'code',
});

/** Kind of a block by its nearest telling ancestor. */
export function kindOf(block: Block): Kind {
  let depth = 0;
  for (let at: Part | null = block.part; at && depth < 5; at = at.up, depth++) {
    const kind = KINDS[at.tag];
    if (kind === 'cell' && isLayoutCell(at)) return 'text';
    if (kind) return kind;
  }
  return 'text';
}

/** Which of the blocks that were found are no text of the article, and which elements around them are boilerplate. */
export type Selection = { dropped: Map<Block, Reason>; verdict: (part: Part) => Reason | null };

/** Goes through the blocks that were found and gives a reason to each that is no text of the article. */
export function selectBlocks(
  kept: Block[],
  page: { title: string; authors: string[] },
  verdict: (part: Part) => Reason | null = verdictsFor(kept),
): Selection {
  const dropped = new Map<Block, Reason>();
  for (const block of kept) {
    const why = verdict(block.part);
    if (why) dropped.set(block, why);
  }
  byLine(kept, page, dropped);
  linkLists(kept, dropped);
  lonelyHeadings(kept, dropped);
  return { dropped, verdict };
}

/** Each element's reason to be boilerplate, its own or that of an element around it, given the blocks that were found. */
export function verdictsFor(kept: Iterable<Block>): (part: Part) => Reason | null {
  const chars = charsBelow(kept);
  let total = 0;
  for (const block of kept) total += block.text.length;
  const verdicts = new Map<Part, Reason | null>();
  const verdict = (part: Part): Reason | null => {
    const known = verdicts.get(part);
    if (known !== undefined) return known;
    const size = chars.get(part) ?? 0;
    const found = (part.up && verdict(part.up)) ?? boilerplateReason(part, size, total === 0 ? 0 : size / total);
    verdicts.set(part, found);
    return found;
  };
  return verdict;
}

function byLine(kept: Block[], page: { title: string; authors: string[] }, dropped: Map<Block, Reason>): void {
  const rest = kept.filter((b) => !dropped.has(b));
  const total = rest.reduce((sum, b) => sum + b.text.length, 0);
  const authors = page.authors.map((a) => a.toLowerCase());
  let seen = 0;
  let begun = false;
  for (const [i, block] of rest.entries()) {
    const kind = kindOf(block);
    const at: LineContext = {
      authors,
      title: page.title,
      position: total === 0 ? 0 : seen / total,
      nearEnd: (i >= rest.length - 4 && i >= rest.length * 0.6) || (total > 0 && seen / total > 0.9),
      begun,
      isHeading: kind === 'heading',
      isItem: kind === 'item',
      isCell: kind === 'cell',
    };
    seen += block.text.length;
    const why = lineReason(block, at);
    if (why) dropped.set(block, why);
    else if (kind === 'text' && block.text.length > 80 && endsSentence(block.text)) begun = true;
  }
}

/** Lists of nothing but links at the end of the article lead away from it. */
export function linkLists(kept: Block[], dropped: Map<Block, Reason>): void {
  const rest = kept.filter((b) => !dropped.has(b));
  const prose = rest.filter((b) => b.linked < b.text.length * 0.5).length;
  if (prose < 4) return;
  for (let i = rest.length - 1; i >= 0; i--) {
    const block = rest[i];
    if (block === undefined) return;
    const kind = kindOf(block);
    if (block.linked >= lettersOf(block) * 0.9 && block.text.length > 8 && kind !== 'cell')
      dropped.set(block, 'related');
    else if (kind !== 'heading') return;
  }
}

/** What of a block can be a link: not the bars and dots between links. */
const lettersOf = ({ text }: Block): number => text.replace(/\s[|·•/–-]\s|\n/g, '').length;

/** A short bold line is a heading to its readers, whatever its element. */
const isBoldLine = ({ text, bold }: Block): boolean =>
  text.length <= 60 && bold >= text.length * 0.9 && !text.includes('\n');

/** Reasons of blocks that stand under headings of their own. */
const HEADED = new Set<Reason>([
  ...(['related', 'newsletter', 'advertisement', 'comments', 'share', 'tags', 'author box'] as const),
  ...(['navigation', 'form', 'interface', 'boilerplate of the outlet'] as const),
]);

const rankOf = (block: Block): number => {
  for (let at: Part | null = block.part, depth = 0; at && depth < 5; at = at.up, depth++) {
    if (/^h[1-6]$/.test(at.tag)) return Number(at.tag.charAt(1));
  }
  return 7;
};

/** A heading goes when what it headed has gone: nothing but boilerplate stands between it and the next of its rank, or the end. */
export function lonelyHeadings(kept: Block[], dropped: Map<Block, Reason>): void {
  let next: Block | null = null;
  let boilerplate = true;
  for (let i = kept.length - 1; i >= 0; i--) {
    const block = kept[i];
    if (block === undefined) continue;
    const why = dropped.get(block);
    if (why) {
      if (HEADED.has(why)) boilerplate = true;
      continue;
    }
    const heads = kindOf(block) === 'heading' || isBoldLine(block);
    const leadsOn = next === null || (kindOf(next) === 'heading' && rankOf(next) <= rankOf(block));
    if (heads && boilerplate && leadsOn && !endsSentence(block.text)) {
      dropped.set(block, 'label');
      continue;
    }
    next = block;
    boilerplate = false;
  }
}
