import { getDomain } from 'tldts';
import { messageOf, SourcelinkError } from '../../config/errors.js';
import { decodeDocument } from '../../text/decode.js';
import { isNeverArticle, shapeOf } from './article-url.js';
import type { Found } from './endpoint.js';
import { linksOf, type PageLink, parsePage } from './page-links.js';

/** From this score on a link is taken for an article's. */
const THRESHOLD = 0.6;
/** From this score on there is no doubt. */
const SURE = 0.85;
/** Links that share a shape or a place before that says anything. */
const LIST = 3;
const MAX_FOUND = 300;

export type Listing = {
  found: Found[];
  /** The shapes of what was found, most frequent first, in words: `/:section/:date/:slug`. */
  patterns: string[];
  /** What the page has too much of to be read to its end, in words; null when it was. */
  truncated: string | null;
};

export type ListingOptions = {
  url: string;
  contentType?: string | undefined;
  /** CSS selector of the links, or of what holds them; learned without one. */
  links: string | null;
};

/**
 * The articles that a section page or home page links to. Without a selector a link is judged by its URL (date, slug,
 * id), its text (a headline has several words), its place (heading, teaser, not navigation), and by its like: links in
 * one list, or of one shape, are of one kind. Lists, accounts, calendars and second pages are never followed.
 * @throws SourcelinkError `CONFIG_INVALID` when the selector is none
 */
export function readListing(bytes: Uint8Array, options: ListingOptions): Listing {
  const { text } = decodeDocument(bytes, options.contentType);
  const { document, base, truncated } = parsePage(text, options.url);
  let links: PageLink[];
  try {
    links = linksOf(document, base, options.links);
  } catch (cause) {
    throw new SourcelinkError(
      'CONFIG_INVALID',
      `the selector ${JSON.stringify(options.links)} for ${options.url} cannot be used: ${messageOf(cause)}`,
      { cause, hint: 'Correct `links:` of this listing; it is a CSS selector.' },
    );
  }
  const site = siteOf(options.url);
  const self = options.url.replace(/#.*$/, '');
  const own = links.filter((l) => isSameSite(l.url, site) && l.url.href !== self);
  const chosen = options.links === null ? learn(own) : own;
  const language = document.documentElement?.getAttribute('lang') || null;
  return {
    found: chosen.slice(0, MAX_FOUND).map((l) => toFound(l, options.url, language)),
    patterns: frequent(chosen.map((l) => shapeOf(l.url).shape)),
    truncated,
  };
}

/** The site that a URL belongs to: its registrable domain, or its host when it has none. */
export function siteOf(url: string): string {
  return getDomain(url, { allowPrivateDomains: true }) ?? new URL(url).hostname;
}

/** Whether a URL lies on a site, subdomains included. */
export function isSameSite(url: URL, site: string): boolean {
  return siteOf(url.href) === site;
}

/** The links among them that lead to articles. */
export function learn(links: PageLink[]): PageLink[] {
  const possible = links
    .filter((l) => !isNeverArticle(l.url))
    .map((link) => ({ link, ...shapeOf(link.url), words: wordsOf(link.text), own: 0 }));
  for (const p of possible) p.own = ownScore(p.link, p.score, p.words);
  const byShape = group(possible, (p) => p.shape);
  const shapes = new Map(
    [...byShape].map(([shape, all]) => [shape, { size: all.length, mean: mean(all.map((p) => p.own)) }]),
  );
  const bonuses = new Map([...group(possible, (p) => p.link.place)].map(([place, all]) => [place, listBonus(all)]));
  const settled = [...shapes.values()].some((s) => s.size >= 5 && s.mean >= SURE);
  return possible
    .filter((p) => {
      const shape = shapes.get(p.shape);
      const alike = shape && shape.size >= LIST && shape.mean > 0.5 ? 0.15 : 0;
      // Where the outlet's own form of URL is plain to see, a short link of another form is a section or a product.
      const short = settled && p.words < 5 && !p.shape.includes(':date') && !p.shape.includes(':id');
      return p.own + alike + (bonuses.get(p.link.place) ?? 0) >= (short ? SURE : THRESHOLD);
    })
    .map((p) => p.link);
}

function ownScore(link: PageLink, url: number, words: number): number {
  let score = url;
  if (words >= 4) score += 0.25;
  if (words >= 7) score += 0.1;
  if (words <= 1) score -= 0.15;
  if (link.heading) score += 0.15;
  if (link.teaser) score += 0.1;
  if (link.date !== null) score += 0.15;
  if (link.chrome) score -= words >= 5 ? 0.2 : 0.5;
  if (link.sponsored) score -= 0.5;
  return score;
}

/** A list whose links read like headlines is a list of articles, whatever their URLs look like. */
function listBonus(place: { link: PageLink; words: number }[]): number {
  if (place.length < LIST) return 0;
  const headlines = place.filter((p) => p.words >= 4 && !p.link.chrome).length;
  return headlines / place.length >= 0.7 ? 0.2 : 0;
}

/** Words of a text; in scripts without blanks two characters count as one. */
function wordsOf(text: string): number {
  const dense = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu)?.length ?? 0;
  return (text.match(/[\p{L}\p{N}][\p{L}\p{N}'’.-]*/gu)?.length ?? 0) + Math.floor(dense / 2);
}

function group<T>(items: T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const k = key(item);
    const list = groups.get(k);
    if (list) list.push(item);
    else groups.set(k, [item]);
  }
  return groups;
}

function mean(numbers: number[]): number {
  return numbers.reduce((sum, n) => sum + n, 0) / Math.max(1, numbers.length);
}

function frequent(shapes: string[]): string[] {
  return [...group(shapes, (s) => s)].sort((a, b) => b[1].length - a[1].length).map(([shape]) => shape);
}

function toFound(link: PageLink, via: string, language: string | null): Found {
  return {
    url: link.url.href,
    guid: null,
    // Two words are a label: "Politics", "Skip to content".
    title: wordsOf(link.text) >= 3 ? link.text : null,
    authors: [],
    publishedAt: link.date,
    updatedAt: null,
    summary: null,
    image: link.image,
    language,
    tags: [],
    via,
  };
}
