import { type Block, charsBelow, signatureOf } from '../blocks/blocks.js';
import type { Reason } from '../blocks/boilerplate.js';
import { commonPart, isWithin } from '../blocks/path.js';
import { isProse } from '../blocks/prose.js';
import { kindOf } from '../blocks/select.js';
import type { Part } from '../blocks/tree.js';

/** Text of the article that the first reading left behind, with the way it was found. */
export type Recovered = { block: Block; from: 'same element' | 'gap' | 'standfirst' | 'json-ld' };

type Page = { title: string; jsonLdBody: string | null };

/** What belongs to the article beside the blocks already found: paragraphs of the same kind, gaps, the standfirst. */
export function recoverBlocks(
  blocks: Block[],
  kept: Set<Block>,
  verdict: (part: Part) => Reason | null,
  page: Page,
): Recovered[] {
  const found: Recovered[] = [];
  const all = new Set(kept);
  const take = (block: Block, from: Recovered['from']): void => {
    if (all.has(block)) return;
    all.add(block);
    found.push({ block, from });
  };
  const usable = (block: Block): boolean => !all.has(block) && !block.part.hidden && verdict(block.part) === null;
  const home = homeOf(kept);
  for (const block of likeKept(blocks, kept, home)) if (usable(block)) take(block, 'same element');
  for (const block of inGaps(blocks, all, usable)) take(block, 'gap');
  for (const block of standfirst(blocks, all, page)) if (usable(block)) take(block, 'standfirst');
  return found;
}

/** The `article` (or `main`) that most of the text stands in: other articles of the page are not looked into. */
function homeOf(kept: Set<Block>): Part | null {
  const chars = charsBelow(kept);
  const total = [...kept].reduce((sum, b) => sum + b.text.length, 0);
  let best: Part | null = null;
  for (const [part, count] of chars) {
    if ((part.tag === 'article' || part.tag === 'main') && count > total * 0.5) {
      if (best === null || count < (chars.get(best) ?? 0) || (count === chars.get(best) && part.mark > best.mark))
        best = part;
    }
  }
  return best;
}

/** Paragraphs in elements like those that most of the text stands in. */
function likeKept(blocks: Block[], kept: Set<Block>, home: Part | null): Block[] {
  const prose = new Map<string, number>();
  let total = 0;
  for (const block of kept) {
    if (!isProse(block) || kindOf(block) === 'item') continue;
    const signature = signatureOf(block);
    prose.set(signature, (prose.get(signature) ?? 0) + block.text.length);
    total += block.text.length;
  }
  const strong = new Set([...prose].filter(([, chars]) => chars > total * 0.15).map(([signature]) => signature));
  // Names that say nothing (a bare p in a bare div in a bare div) mark every text of the page alike.
  const telling = [...strong].filter((s) => /\.[a-z]/.test(s));
  if (telling.length === 0 && home === null) return [];
  return blocks.filter(
    (b) => !kept.has(b) && isProse(b) && strong.has(signatureOf(b)) && (home === null || isWithin(b.part, home)),
  );
}

/** Prose between kept blocks in their common element, with the headings and list items that lead to it. */
function inGaps(blocks: Block[], kept: Set<Block>, usable: (block: Block) => boolean): Block[] {
  const root = commonPart([...kept].map((b) => b.part));
  const positions = blocks.flatMap((b, i) => (kept.has(b) ? [i] : []));
  const [first, last] = [positions[0], positions.at(-1)];
  if (root === null || first === undefined || last === undefined) return [];
  const found: Block[] = [];
  for (let i = first + 1; i < last; i++) {
    const block = blocks[i];
    if (block === undefined || kept.has(block) || !isProse(block) || !usable(block) || !isWithin(block.part, root))
      continue;
    if (setApart(block.part, root)) continue;
    found.push(block);
    const before = blocks[i - 1];
    if (before && kindOf(before) === 'heading' && before.linked === 0 && usable(before) && !found.includes(before))
      found.splice(-1, 0, before);
  }
  return found;
}

const SIDE =
  /(?:^| )(?:sidebar|side bar|aside|textwidget|factbox|fact box|faq module|corrections?|correction text)(?= |$)/;

/** Whether a block stands in an article, an aside or a box of its own below the common element. */
function setApart(part: Part, root: Part): boolean {
  for (let at: Part | null = part; at && at !== root; at = at.up) {
    if (at.tag === 'article' || at.tag === 'aside' || SIDE.test(at.names)) return true;
  }
  return false;
}

const STANDFIRST =
  /(?:^| )(?:dek|deck|subtitle|sub title|subheading|sub heading|subheadline|sub headline|subhed|standfirst|stand first|strapline|summary|article summary|description|article description|lede|lead|leadin|lead in|teaser text|intro|introduction|excerpt|abstract|vorspann|chapo|chapeau|entradilla|bajada|sommario|occhiello|copete|ingress|anons|key points?|keypoints|takeaways|highlights|synopsis|sub deck|tagline|article lead|article intro|post sub title|speakable)(?= |$)/;

/** The line under the headline that sums the article up, and the list of its points. */
function standfirst(blocks: Block[], kept: Set<Block>, page: Page): Block[] {
  const start = blocks.findIndex((b) => kept.has(b));
  if (start <= 0) return [];
  const headline = headlineIndex(blocks, start, page.title);
  if (headline < 0) return [];
  const found: Block[] = [];
  for (let i = headline + 1; i < start; i++) {
    const block = blocks[i];
    if (
      block === undefined ||
      block.text.length < 30 ||
      block.text.length > 500 ||
      block.linked > block.text.length * 0.3
    )
      continue;
    if (named(block.part) || (i === headline + 1 && /^h[2-4]$|^p$/.test(block.part.tag) && block.text.length > 40))
      found.push(block);
  }
  return found;
}

function headlineIndex(blocks: Block[], start: number, title: string): number {
  const wanted = plain(title);
  for (let i = start - 1; i >= 0 && i > start - 80; i--) {
    const block = blocks[i];
    if (block && isInHeading(block.part) && (plain(block.text) === wanted || block.part.tag === 'h1')) return i;
  }
  return -1;
}

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

const isInHeading = (part: Part): boolean => part.tag === 'h1' || part.up?.tag === 'h1' || part.tag === 'h2';

function named(part: Part): boolean {
  let depth = 0;
  for (let at: Part | null = part; at && depth < 4; at = at.up, depth++) {
    if (STANDFIRST.test(at.names) || /description|alternativeHeadline/.test(at.attrs['itemprop'] ?? '')) return true;
  }
  return false;
}
