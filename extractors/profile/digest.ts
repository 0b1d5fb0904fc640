import { type Block, signatureOf } from '../blocks/blocks.js';
import { isProse } from '../blocks/prose.js';
import { type Kind, kindOf } from '../blocks/select.js';
import type { Part } from '../blocks/tree.js';

/** A text block as it is compared over pages. Plain JSON. */
export type Line = {
  /** Of its words: equal for equal words, whatever their case and punctuation. */
  hash: string;
  /** Its element and the two around it, by tag and names. */
  path: string;
  /** Length in characters. */
  chars: number;
  /** Whether it reads like a paragraph. */
  prose: boolean;
  kind: Kind;
  /** Which `article` element of the page it stands in, 0 for none: a page may hold several. */
  article: number;
};

/** A line of a page that was read without a profile. */
export type DigestLine = Line & {
  /** Whether it became text of the article. */
  kept: boolean;
  /** Whether the publisher's own plain text of the article (JSON-LD `articleBody`) has it. */
  vouched: boolean;
  /** How it begins, for people. */
  begins: string;
};

/** Which signal of the page gave a field; null where the page is silent. */
export type Signals = { title: string | null; authors: string | null; publishedAt: string | null };

/** Which signals gave a page's metadata, by its provenance; what a feed said in its stead is none. */
export function signalsOf(provenance: Record<string, string>): Signals {
  const of = (field: keyof Signals): string | null => {
    const from = provenance[field] ?? null;
    // Behind the signal's name may stand what it said on this page.
    return from === 'feed' || from === null ? null : from.replace(/ \(.*$/s, '');
  };
  return { title: of('title'), authors: of('authors'), publishedAt: of('publishedAt') };
}

/** What is remembered of one page, to learn its outlet from. Plain JSON. */
export type PageDigest = {
  url: string;
  signals: Signals;
  /** Whether the page has a plain text of the article that agrees with what was read. */
  witnessed: boolean;
  /** What may be text of the article: all that was looked at as such, and all prose. In reading order. */
  lines: DigestLine[];
};

/** Fewest characters of a line that say something; shorter ones are found in any text by chance. */
export const TELLING = 40;
/** Characters of a line that people are shown. */
const BEGINS = 70;

/** Words of a block as one short string: FNV-1a, 32 bits, and the length. */
export function hashText(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  let hash = 0x811c9dc5;
  for (let i = 0; i < plain.length; i++) hash = Math.imul(hash ^ plain.charCodeAt(i), 0x01000193);
  return `${(hash >>> 0).toString(36)}.${plain.length.toString(36)}`;
}

const known = new WeakMap<Block, Line>();

/** A block as a line; worked out once. */
export function lineOf(block: Block): Line {
  const line = known.get(block) ?? {
    hash: hashText(block.text),
    path: signatureOf(block),
    chars: block.text.length,
    prose: isProse(block),
    kind: kindOf(block),
    article: articleOf(block),
  };
  known.set(block, line);
  return line;
}

/**
 * A text in its place: the words, their element and the one around it. The same words in another place are something else:
 * the standfirst of one article is a teaser beside others.
 */
export const spotOf = (line: Line): string => `${line.hash} ${line.path.split('<', 2).join('<')}`;

function articleOf(block: Block): number {
  for (let at: Part | null = block.part; at; at = at.up) if (at.tag === 'article') return at.mark;
  return 0;
}

/** Remembers a page: what was looked at as text of the article, and what of it was kept. */
export function digestOf(
  page: { url: string; signals: Signals },
  read: { blocks: Block[]; found: Set<Block>; kept: Set<Block>; vouched: ((block: Block) => boolean) | null },
): PageDigest {
  const lines = read.blocks
    .filter((b) => !b.part.hidden && (read.found.has(b) || isProse(b)))
    .map((b) => ({
      ...lineOf(b),
      kept: read.kept.has(b),
      vouched: b.text.length >= TELLING && (read.vouched?.(b) ?? false),
      begins: b.text.slice(0, BEGINS).replace(/\s+/g, ' '),
    }));
  return { url: page.url, signals: page.signals, witnessed: read.vouched !== null, lines };
}
