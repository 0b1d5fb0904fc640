import { isBlockTag, isDoubleBreak, isMedia, type Part } from './tree.js';

/** A run of text without a line break in it, and where it stands. */
export type Block = {
  /** Element that holds the run. */
  part: Part;
  /** The run's pieces among the children of `part`: from (inclusive) and to (exclusive). */
  from: number;
  to: number;
  /** White space collapsed. */
  text: string;
  /** Characters of `text` inside links. */
  linked: number;
  links: number;
  /** Characters of `text` in strong or b, and in em or i. */
  bold: number;
  italic: number;
};

/** Text blocks below `root`, in reading order. */
export function readBlocks(root: Part): Block[] {
  const blocks: Block[] = [];
  const walk = (part: Part): void => {
    let from = 0;
    const flush = (to: number) => {
      if (to > from) add(blocks, part, from, to);
    };
    part.children.forEach((child, i) => {
      const breaks = typeof child !== 'string' && (isBlockTag(child.tag) || child.hasBlocks || isMedia(child.tag));
      if (breaks) {
        flush(i);
        walk(child);
        from = i + 1;
      } else if (isDoubleBreak(part, i)) {
        flush(i);
        from = i + 1;
      }
    });
    flush(part.children.length);
  };
  walk(root);
  return blocks;
}

function add(blocks: Block[], part: Part, from: number, to: number): void {
  const block: Block = { part, from, to, text: '', linked: 0, links: 0, bold: 0, italic: 0 };
  const out: string[] = [];
  const walk = (child: Part | string, linked: boolean, bold: boolean, italic: boolean): void => {
    if (typeof child === 'string') {
      const text = child.replace(/\s+/g, ' ');
      out.push(text);
      const length = text.trim().length;
      if (linked) block.linked += length;
      if (bold) block.bold += length;
      if (italic) block.italic += length;
      return;
    }
    if (child.hidden && !part.hidden) return;
    const { tag } = child;
    if (tag === 'br') out.push('\n');
    else if (tag === 'wbr') return;
    const link = linked || (tag === 'a' && 'href' in child.attrs);
    if (link && !linked) block.links += 1;
    for (const c of child.children) {
      walk(c, link, bold || tag === 'strong' || tag === 'b', italic || tag === 'em' || tag === 'i');
    }
  };
  const top = contextOf(part);
  if (top.link) block.links += 1;
  for (let i = from; i < to; i++) {
    const child = part.children[i];
    if (child !== undefined) walk(child, top.link, top.bold, top.italic);
  }
  block.text = out
    .join('')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim();
  if (block.text) blocks.push(block);
}

/** Inline elements around blocks (`<a><p>…`) count as if they stood inside. */
function contextOf(part: Part): { link: boolean; bold: boolean; italic: boolean } {
  const context = { link: false, bold: false, italic: false };
  let depth = 0;
  for (let at: Part | null = part; at && depth < 6; at = at.up, depth++) {
    if (at.tag === 'a' && 'href' in at.attrs) context.link = true;
    else if (at.tag === 'strong' || at.tag === 'b') context.bold = true;
    else if (at.tag === 'em' || at.tag === 'i') context.italic = true;
  }
  return context;
}

/** Characters of the given blocks below each part. */
export function charsBelow(blocks: Iterable<Block>): Map<Part, number> {
  const chars = new Map<Part, number>();
  for (const block of blocks) {
    for (let at: Part | null = block.part; at; at = at.up) chars.set(at, (chars.get(at) ?? 0) + block.text.length);
  }
  return chars;
}

/** Element, its parent and the parent's parent by tag and name, numbers aside: paragraphs of one text share it. */
export function signatureOf(block: Block): string {
  const names: string[] = [];
  let at: Part | null = block.part;
  for (let depth = 0; at && depth < 3; at = at.up, depth++) names.push(`${at.tag}.${at.names.replace(/\d+/g, '0')}`);
  return names.join('<');
}
