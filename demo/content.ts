import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Block, countWords, firstParagraph, readBlocks } from './markup.js';
import { moveWeekdays } from './weekdays.js';

/** What a publisher may say about reuse, each in its own place: page, header or well-known file. */
export const Signal = z.enum([
  'paywall',
  'noarchive',
  'header-noarchive',
  'nosnippet',
  'max-snippet',
  'tdm-header',
  'tdm-meta',
  'noindex',
  'licence',
]);
export type Signal = z.infer<typeof Signal>;

const FrontMatter = z.strictObject({
  title: z.string(),
  deck: z.string().optional(),
  authors: z.array(z.string()).default([]),
  /** Before the start of the demo, so that it is always fresh: -40m, -3h, -2d. */
  date: z.string().regex(/^-\d+[mhd]$/),
  section: z.string(),
  tags: z.array(z.string()).default([]),
  language: z.string().optional(),
  image: z.strictObject({ alt: z.string(), caption: z.string(), credit: z.string() }).optional(),
  signals: z.array(Signal).default([]),
  /** Agency copy: the slug of the agency's report, and which of its blocks this outlet leaves out (counted from 1). */
  wire: z.strictObject({ report: z.string(), skip: z.array(z.number()).default([]) }).optional(),
});

/** One article of a fictional outlet, ready to be put on a page. */
export type Article = Omit<z.output<typeof FrontMatter>, 'date' | 'deck' | 'image' | 'wire' | 'language'> & {
  slug: string;
  /** A number as content systems give it, stable for a slug. */
  number: number;
  deck: string | null;
  language: string | null;
  image: { alt: string; caption: string; credit: string } | null;
  publishedAt: Date;
  updatedAt: Date | null;
  blocks: Block[];
  summary: string;
  words: number;
  /** Slug of the agency's report that this is a copy of. */
  wire: string | null;
  /** The text after the correction, for articles that get one. */
  corrected: { title: string; blocks: Block[] } | null;
};

const UNIT_MS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The outlet whose reports the others carry. */
export const AGENCY = 'meridian-wire';

/** `demo/outlets` of the package, whether this runs from TypeScript or from `dist/`. */
export function outletsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, 'demo', 'outlets');
}

/** Every outlet's articles, newest first, with dates counted back from `now`. */
export function loadArticles(now: Date, folder = outletsFolder()): Map<string, Article[]> {
  const agency = new Map(readOutlet(join(folder, AGENCY), now, new Map()).map((a) => [a.slug, a]));
  return new Map(
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => [entry.name, readOutlet(join(folder, entry.name), now, agency)]),
  );
}

function readOutlet(folder: string, now: Date, agency: Map<string, Article>): Article[] {
  const names = readdirSync(folder).filter((n) => n.endsWith('.md') && !n.endsWith('.corrected.md'));
  const articles = names.map((name) => {
    const correctedPath = join(folder, name.replace('.md', '.corrected.md'));
    const corrected = existsSync(correctedPath) ? readArticle(correctedPath, now, agency) : null;
    const article = readArticle(join(folder, name), now, agency);
    return { ...article, corrected: corrected === null ? null : { title: corrected.title, blocks: corrected.blocks } };
  });
  return articles.sort((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime());
}

function readArticle(path: string, now: Date, agency: Map<string, Article>): Article {
  const [, head = '', body = ''] =
    /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(moveWeekdays(readFileSync(path, 'utf8'), now)) ?? [];
  const read = FrontMatter.safeParse(parse(head));
  if (!read.success) throw new Error(`${path}: ${z.prettifyError(read.error)}`);
  const { date, deck, image, wire, language, ...front } = read.data;
  const slug = path.replace(/^.*[\\/]/, '').replace(/(\.corrected)?\.md$/, '');
  const blocks = [...readBlocks(body), ...(wire === undefined ? [] : carried(agency, wire.report, wire.skip, path))];
  const [, amount = '0', unit = 'm'] = /^-(\d+)([mhd])$/.exec(date) ?? [];
  return {
    ...front,
    slug,
    number: 100_000 + [...slug].reduce((n, c) => (n * 31 + c.charCodeAt(0)) % 899_999, 7),
    deck: deck ?? null,
    language: language ?? null,
    image: image ?? null,
    publishedAt: new Date(Math.floor((now.getTime() - Number(amount) * (UNIT_MS[unit] ?? 0)) / 1000) * 1000),
    updatedAt: null,
    blocks,
    summary: deck ?? firstParagraph(blocks),
    words: countWords(blocks),
    wire: wire?.report ?? null,
    corrected: null,
  };
}

/** What an outlet prints of an agency's report: its own opening stands before, some blocks are cut. */
function carried(agency: Map<string, Article>, report: string, skip: number[], path: string): Block[] {
  const original = agency.get(report);
  if (original === undefined) throw new Error(`${path}: the agency has no report ${report}`);
  const beyond = skip.find((n) => n < 1 || n > original.blocks.length);
  if (beyond !== undefined) throw new Error(`${path}: ${report} has no block ${beyond}`);
  return original.blocks.filter((_, i) => !skip.includes(i + 1));
}
