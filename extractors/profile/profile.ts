import { type DigestLine, type Line, type PageDigest, spotOf, TELLING } from './digest.js';

/** What the pages of one outlet have in common. Plain JSON, readable by a person. */
export type Profile = {
  /** Counts the profiles of the outlet that differed from the one before. */
  version: number;
  /** Different articles that it was learned from. */
  pages: number;
  /** Texts that recur in one place over different articles, with how they begin and on how many pages they stood. */
  boilerplate: { spot: string; begins: string; pages: number }[];
  /** Paths of elements that hold the articles' paragraphs, the most usual first. */
  bodyPaths: string[];
  /** Paths whose lines stand behind the paragraphs on most pages and never before or among them. */
  tailPaths: string[];
};

/** What is learned from pages alone; the ledger counts versions. */
export type Learned = Omit<Profile, 'version'>;

/** Fewest different articles that say anything about an outlet. */
const MIN_PAGES = 2;
/** Share of two pages' prose from which they are the same article. */
const SAME_ARTICLE = 0.4;
/** Most characters of a line that may stand behind the text as boilerplate; longer ones are paragraphs. */
export const TAIL_CHARS = 160;

/** Learns an outlet from different articles of it; null when they are too few. */
export function learnFrom(different: PageDigest[]): Learned | null {
  if (different.length < MIN_PAGES) return null;
  const paths = bodyPaths(different);
  return {
    pages: different.length,
    boilerplate: recurring(different, paths),
    bodyPaths: paths,
    tailPaths: tailPaths(different),
  };
}

/** The pages without those that tell what an earlier one tells: a second address, a later version. */
export function differentArticles(pages: PageDigest[]): PageDigest[] {
  const kept: { page: PageDigest; prose: Map<string, number>; chars: number }[] = [];
  for (const page of pages) {
    const prose = new Map(page.lines.filter((l) => l.prose && l.kept).map((l) => [l.hash, l.chars]));
    const chars = sum(prose.values());
    const same = kept.some((k) => {
      const shared = sum([...prose].map(([hash, n]) => (k.prose.has(hash) ? n : 0)));
      return k.page.url === page.url || shared > Math.min(chars, k.chars) * SAME_ARTICLE;
    });
    if (!same) kept.push({ page, prose, chars });
  }
  return kept.map((k) => k.page);
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((a, b) => a + b, 0);

/** Paths of the articles' paragraphs, and whether those are cells of tables. */
type Usual = { usual: Set<string>; tables: boolean };

type Seen = {
  line: DigestLine;
  pages: number;
  /** Pages on which it opens or closes the article instead of standing among paragraphs found nowhere else. */
  edges: number;
};

/** Texts that so many of the articles have in the same place that they are the outlet's and not the article's. */
function recurring(pages: PageDigest[], paths: string[]): Learned['boilerplate'] {
  const usual = new Set(paths);
  const tables = pages.some((p) => p.lines.some((l) => l.kept && l.kind === 'cell' && l.prose && usual.has(l.path)));
  const counts = new Map<string, number>();
  for (const { lines } of pages)
    for (const hash of new Set(lines.map((l) => l.hash))) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  const vouched = new Set(pages.flatMap((p) => p.lines.filter((l) => l.vouched).map((l) => l.hash)));
  const seen = new Map<string, Seen>();
  for (const { lines } of pages) {
    const own = lines.flatMap((l, i) => (l.prose && l.kept && counts.get(l.hash) === 1 ? [i] : []));
    const [first, last] = [own[0] ?? lines.length, own.at(-1) ?? -1];
    const here = new Set<string>();
    lines.forEach((line, i) => {
      const spot = spotOf(line);
      if ((counts.get(line.hash) ?? 0) < 2 || vouched.has(line.hash) || here.has(spot)) return;
      here.add(spot);
      const known = seen.get(spot) ?? { line, pages: 0, edges: 0 };
      known.pages += 1;
      if (i < first || i > last) known.edges += 1;
      seen.set(spot, known);
    });
  }
  return [...seen]
    .filter(([, s]) => isBoilerplate(s, pages.length, { usual, tables }))
    .sort(([, a], [, b]) => b.pages - a.pages || b.line.chars - a.line.chars)
    .map(([spot, { line, pages: n }]) => ({ spot, begins: line.begins, pages: n }));
}

/**
 * What looks like the article's own (a line in the usual place, a quote, a point of a list) may be the background of a
 * running story, or a credit: it must stand on half of the articles, and open or close them or else be on five. Headings
 * and short lines recur by chance; so do the cells of tables, unless the outlet builds its pages of them.
 */
function isBoilerplate({ line, pages: n, edges }: Seen, all: number, { usual, tables }: Usual): boolean {
  if (line.kind === 'cell' && !tables) return false;
  const atEdge = edges === n;
  if (line.kind === 'heading') return atEdge && n >= Math.max(2, all * 0.6);
  if (usual.has(line.path) || (line.prose && (line.kind === 'quote' || line.kind === 'item')))
    return n >= Math.max(atEdge ? 2 : 5, all * 0.5);
  return n >= Math.max(2, all * (line.chars < TELLING ? 0.6 : line.prose ? 0.2 : 0.1));
}

/** Paths that hold a good part of the prose of at least half of the articles. */
function bodyPaths(pages: PageDigest[]): string[] {
  const counts = new Map<string, number>();
  for (const page of pages) {
    const chars = new Map<string, number>();
    let total = 0;
    for (const l of page.lines) {
      if (!l.kept || !isParagraph(l)) continue;
      chars.set(l.path, (chars.get(l.path) ?? 0) + l.chars);
      total += l.chars;
    }
    for (const [path, n] of chars) if (n > total * 0.25) counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, n]) => n >= Math.max(2, pages.length * 0.5))
    .sort((a, b) => b[1] - a[1])
    .map(([path]) => path);
}

/** Prose outside lists and quotes. */
export const isParagraph = (line: Line): boolean => line.prose && line.kind !== 'item' && line.kind !== 'quote';

/** Paths found on most pages, a few lines on each, always short and always after the last paragraph. */
function tailPaths(pages: PageDigest[]): string[] {
  const paths = new Map<string, { pages: number; bad: boolean }>();
  for (const { lines } of pages) {
    const last = lines.findLastIndex((l) => l.prose && l.kept);
    const own = new Map<string, { count: number; bad: boolean }>();
    lines.forEach((l, i) => {
      const entry = own.get(l.path) ?? { count: 0, bad: false };
      entry.count += 1;
      entry.bad ||= l.prose || l.vouched || l.chars > TAIL_CHARS || i < last || entry.count > 3;
      own.set(l.path, entry);
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
