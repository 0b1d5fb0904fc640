import { type Block, signatureOf } from './body/blocks.js';
import { isProse } from './body/prose.js';
import { kindOf } from './body/select.js';

/** What is remembered of one page, to learn its outlet from. Plain JSON. */
export type PageDigest = {
  url: string;
  /** Text blocks in reading order: hash of the words, path of the element, length, whether the article has it, whether it is prose. */
  blocks: { hash: string; path: string; chars: number; kept: boolean; prose: boolean; kind: string }[];
};

/** What the pages of one outlet have in common. Plain JSON, readable by a person. */
export type Profile = {
  version: 1;
  /** Different articles that it was learned from. */
  pages: number;
  /** Hashes of blocks that recur over different articles. */
  furniture: string[];
  /** Paths of elements that hold the articles' paragraphs, the most usual first. */
  bodyPaths: string[];
  /** Paths whose blocks stand behind the paragraphs on most pages and never before or among them. */
  tailPaths: string[];
};

/** Fewest different articles that say anything about an outlet. */
const LEAST_PAGES = 2;
/** Share of two pages' prose from which they are the same article. */
const SAME_ARTICLE = 0.4;

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

/** Remembers a page's blocks and which of them became the article. */
export function digestBlocks(url: string, blocks: Block[], kept: Set<Block>): PageDigest {
  return {
    url,
    blocks: blocks
      .filter((b) => !b.part.hidden)
      .map((b) => ({
        hash: hashText(b.text),
        path: signatureOf(b),
        chars: b.text.length,
        kept: kept.has(b),
        prose: isProse(b),
        kind: kindOf(b),
      })),
  };
}

/** Learns an outlet from some of its pages; null when they are too few or one article in several addresses. */
export function learnProfile(pages: PageDigest[]): Profile | null {
  const different = differentArticles(pages);
  if (different.length < LEAST_PAGES) return null;
  return {
    version: 1,
    pages: different.length,
    furniture: recurring(different),
    bodyPaths: bodyPaths(different),
    tailPaths: tailPaths(different),
  };
}

function differentArticles(pages: PageDigest[]): PageDigest[] {
  const kept: { page: PageDigest; prose: Set<string> }[] = [];
  for (const page of pages) {
    const prose = new Set(page.blocks.filter((b) => b.prose && b.kept).map((b) => b.hash));
    const same = kept.some((k) => {
      const shared = [...prose].filter((h) => k.prose.has(h)).length;
      return (
        k.page.url === page.url || (prose.size > 0 && shared / Math.min(prose.size, k.prose.size || 1) > SAME_ARTICLE)
      );
    });
    if (!same) kept.push({ page, prose });
  }
  return kept.map((k) => k.page);
}

/** Blocks that at least two articles share; of headings and short lines, which may recur by chance, most must. */
function recurring(pages: PageDigest[]): string[] {
  const seen = new Map<string, { pages: number; chars: number; kind: string }>();
  for (const page of pages) {
    const own = new Map(page.blocks.map((b) => [b.hash, b]));
    for (const [hash, block] of own) {
      const known = seen.get(hash);
      if (known) known.pages += 1;
      else seen.set(hash, { pages: 1, chars: block.chars, kind: block.kind });
    }
  }
  return [...seen]
    .filter(([, { pages: n, chars, kind }]) => {
      if (n < 2 || kind === 'cell') return false;
      return chars >= 40 && kind !== 'heading' ? true : n >= Math.max(2, pages.length * 0.6);
    })
    .map(([hash]) => hash);
}

/** Paths that hold most of the prose of most articles. */
function bodyPaths(pages: PageDigest[]): string[] {
  const counts = new Map<string, number>();
  for (const page of pages) {
    const chars = new Map<string, number>();
    let total = 0;
    for (const b of page.blocks) {
      if (!b.kept || !b.prose || b.kind === 'item' || b.kind === 'quote') continue;
      chars.set(b.path, (chars.get(b.path) ?? 0) + b.chars);
      total += b.chars;
    }
    for (const [path, n] of chars) if (n > total * 0.25) counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, n]) => n >= Math.max(2, pages.length * 0.5))
    .sort((a, b) => b[1] - a[1])
    .map(([path]) => path);
}

/** Paths found on most pages, a few blocks on each, always short and always after the last paragraph. */
function tailPaths(pages: PageDigest[]): string[] {
  const paths = new Map<string, { pages: number; bad: boolean }>();
  for (const page of pages) {
    const prose = page.blocks.flatMap((b, i) => (b.prose && b.kept ? [i] : []));
    const last = prose.at(-1) ?? page.blocks.length;
    const own = new Map<string, { count: number; bad: boolean }>();
    page.blocks.forEach((b, i) => {
      const entry = own.get(b.path) ?? { count: 0, bad: false };
      entry.count += 1;
      entry.bad ||= b.prose || b.chars > 160 || i < last || entry.count > 3;
      own.set(b.path, entry);
    });
    for (const [path, { bad }] of own) {
      const entry = paths.get(path) ?? { pages: 0, bad: false };
      entry.pages += 1;
      entry.bad ||= bad;
      paths.set(path, entry);
    }
  }
  return [...paths].filter(([, p]) => !p.bad && p.pages >= Math.max(2, pages.length * 0.6)).map(([path]) => path);
}
