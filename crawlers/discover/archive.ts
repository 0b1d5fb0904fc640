import { messageOf, SourcelinkError } from '../../config/errors.js';
import type { Source } from '../../config/sources.js';
import { decodeDocument } from '../../text/decode.js';
import { urlKey } from '../url.js';
import { datedPlaces, type Span, spanOfArticle, spanOfPlace, touches } from './archive-dates.js';
import { nextPage } from './archive-pages.js';
import { isNeverArticle, shapeOf } from './article-url.js';
import { type Endpoint, type Fetcher, type Found, freshEndpoint } from './endpoint.js';
import { gather } from './gather.js';
import { readListing } from './listing.js';
import { parsePage } from './page-links.js';
import { listsNoArticles, readSitemap } from './sitemap.js';

/** Where archives are when neither the source's entry, an earlier visit nor robots.txt names one. */
const USUAL = ['/sitemap_index.xml', '/sitemap.xml', '/sitemap-index.xml', '/wp-sitemap.xml'];
/** The protocol's limit of one file (sitemaps.org). */
const SITEMAP_BYTES = 50 * 1024 * 1024;
/** An index may name indexes, though the protocol forbids it; deeper there is a circle. */
const MAX_DEPTH = 3;
/** Places of one shape: ten years of daily sitemaps, and a list so long that it must be a trap. */
const MAX_OF_SHAPE = { sitemap: 4000, listing: 500 };
const MAX_PLACES = 10_000;

type Place = {
  url: string;
  kind: 'sitemap' | 'listing';
  depth: number;
  links: string | null;
  span: Span | null;
  /** Nobody named it: it need not be there. */
  guessed?: true;
};

/** What one place of an archive says. */
export type ArchiveStep = {
  url: string;
  kind: Place['kind'];
  /** Articles that may have been published in the days asked for. */
  found: Found[];
  /** Links that say nothing of their day. */
  undated: number;
  /** True when it was read to its end and leads nowhere: it need not be read again. */
  whole: boolean;
  /** Places that are known and still to be read. */
  left: number;
  problem: SourcelinkError | null;
};

/**
 * Looks through an outlet's archive, newest parts first: its sitemaps, where an index or a name says that they may hold
 * the days asked for, and its section pages, page by page and month by month. Every place is read once, lists that bring
 * nothing new end, and there is a limit to places of one shape: calendars are endless.
 * @param deps.skip places that were read before; `deps.undated` whether links that say nothing of their day count
 */
export async function* walkArchive(
  source: Source,
  known: Endpoint[],
  range: Span,
  deps: { fetcher: Fetcher; now: () => number; signal: AbortSignal; skip: ReadonlySet<string>; undated: boolean },
): AsyncGenerator<ArchiveStep> {
  const walk: Walk = { source, range, ...deps, seen: new Set(), shapes: new Map(), keys: new Set(), queue: [] };
  enqueue(walk, [...(await sitemapsOf(walk, known)), ...listingsOf(source, range)]);
  if (walk.queue.length === 0) enqueue(walk, usual(source));
  let read = 0;
  for (let place = walk.queue.shift(); place && !deps.signal.aborted; place = walk.queue.shift()) {
    if (++read > MAX_PLACES) {
      const error = endless(`the archive of ${source.id} has more than ${MAX_PLACES} parts; the rest is not read`);
      yield { url: place.url, kind: place.kind, found: [], undated: 0, whole: false, left: 0, problem: error };
      return;
    }
    if (deps.skip.has(place.url)) continue;
    yield await look(walk, place);
  }
}

type Walk = {
  source: Source;
  range: Span;
  fetcher: Fetcher;
  now: () => number;
  signal: AbortSignal;
  skip: ReadonlySet<string>;
  undated: boolean;
  seen: Set<string>;
  shapes: Map<string, number>;
  /** Of all articles found so far. */
  keys: Set<string>;
  queue: Place[];
};

async function sitemapsOf(walk: Walk, known: Endpoint[]): Promise<Place[]> {
  const { source, fetcher } = walk;
  const named = await fetcher.sitemapsOf(source.url).catch(() => []);
  const before = known.filter((e) => e.kind === 'sitemap').map((e) => e.url);
  return [...source.sitemaps, ...named, ...before].map((url) => sitemap(url, 0));
}

const usual = (source: Source): Place[] =>
  USUAL.map((path) => ({ ...sitemap(new URL(path, source.url).href, 0), guessed: true }));

const sitemap = (url: string, depth: number): Place => ({
  url,
  kind: 'sitemap',
  depth,
  links: null,
  span: spanOfPlace(url),
});

function listingsOf(source: Source, range: Span): Place[] {
  return source.listings.flatMap(({ url, links }) =>
    (datedPlaces(url, range, MAX_OF_SHAPE.listing) ?? [url]).map((each) => ({
      url: each,
      kind: 'listing' as const,
      depth: 0,
      links,
      span: spanOfPlace(each),
    })),
  );
}

/** Puts places before those that wait, unless they were met before or there are too many like them. @returns the first left out for that */
function enqueue(walk: Walk, places: Place[]): Place | null {
  const fresh: Place[] = [];
  let tooMany: Place | null = null;
  for (const place of places) {
    const key = urlKey(place.url);
    if (walk.seen.has(key)) continue;
    walk.seen.add(key);
    const shape = `${place.kind} ${place.url.replace(/\d+/g, 'N')}`;
    const n = (walk.shapes.get(shape) ?? 0) + 1;
    walk.shapes.set(shape, n);
    if (n > MAX_OF_SHAPE[place.kind]) tooMany ??= place;
    else fresh.push(place);
  }
  walk.queue.unshift(...fresh);
  return tooMany;
}

async function look(walk: Walk, place: Place): Promise<ArchiveStep> {
  const step = { url: place.url, kind: place.kind, found: [], undated: 0, whole: false };
  try {
    const read = place.kind === 'sitemap' ? await lookAtSitemap(walk, place) : await lookAtListing(walk, place);
    const { found, undated } = chosen(walk, place, read.found);
    const tooMany = enqueue(walk, read.more);
    const problem =
      tooMany && endless(`${place.url} leads to more pages of its like than an archive has; no more are read`);
    const whole = place.kind === 'sitemap' && read.more.length === 0;
    return { ...step, found, undated, whole, left: walk.queue.length, problem };
  } catch (error) {
    if (walk.signal.aborted) throw error;
    if (place.guessed) return { ...step, left: walk.queue.length, problem: null };
    const message = `${walk.source.id}: ${place.kind} ${place.url}: ${messageOf(error)}`;
    const problem =
      error instanceof SourcelinkError
        ? new SourcelinkError(error.code, message, { cause: error })
        : new SourcelinkError('DISCOVER_UNREADABLE', message, { cause: error });
    return { ...step, left: walk.queue.length, problem };
  }
}

/** `more`: where to look next. */
type Read = { found: Found[]; more: Place[] };

async function lookAtSitemap(walk: Walk, place: Place): Promise<Read> {
  const { source, fetcher, signal } = walk;
  const response = await fetcher.fetch({ url: place.url, accept: 'feed', maxBytes: SITEMAP_BYTES, signal });
  const map = readSitemap(response.bytes, {
    url: response.url,
    contentType: response.headers['content-type'],
    timezone: source.timezone,
  });
  const endpoint = freshEndpoint(place.url, 'sitemap', 'found');
  const articles = map.entries.filter((e) => {
    const url = new URL(e.url);
    return map.news || (!isNeverArticle(url) && shapeOf(url).score >= 0.3);
  });
  const found = gather(source, [asVisit(endpoint, articles)], walk.now());
  const children = place.depth >= MAX_DEPTH ? [] : map.children.filter((c) => mayHold(walk.range, c));
  const newestFirst = children.toSorted((a, b) => ageOf(b).localeCompare(ageOf(a), 'en', { numeric: true }));
  return { found, more: newestFirst.map((c) => sitemap(c.url, place.depth + 1)) };
}

type Child = { url: string; lastModified: string | null };

/** Whether a sitemap of an index may list articles of these days: by its name, and since nothing in it changed after `lastmod`. */
function mayHold(range: Span, child: Child): boolean {
  if (listsNoArticles(child.url)) return false;
  if (child.lastModified !== null && Date.parse(child.lastModified) < range.from) return false;
  const span = spanOfPlace(child.url);
  return span === null || touches(span, range);
}

function ageOf(child: Child): string {
  const span = spanOfPlace(child.url);
  return span ? new Date(span.from).toISOString() : (child.lastModified ?? child.url);
}

async function lookAtListing(walk: Walk, place: Place): Promise<Read> {
  const { source, fetcher, signal } = walk;
  const response = await fetcher.fetch({ url: place.url, accept: 'page', signal });
  const contentType = response.headers['content-type'];
  const listing = readListing(response.bytes, { url: response.url, contentType, links: place.links });
  const endpoint = freshEndpoint(place.url, 'listing', 'configured', place.links);
  const found = gather(source, [asVisit(endpoint, listing.found)], walk.now());
  const next = nextPage(parsePage(decodeDocument(response.bytes, contentType).text, response.url), response.url);
  const dates = found.flatMap((f) => f.publishedAt ?? []).map((d) => Date.parse(d));
  const isPast = dates.length > 0 && dates.every((d) => d < walk.range.from);
  const fresh = found.filter((f) => !walk.keys.has(urlKey(f.url))).length;
  if (next === null || isPast || fresh === 0) return { found, more: [] };
  return { found, more: [{ ...place, url: next }] };
}

const asVisit = (endpoint: Endpoint, found: Found[]) => ({ endpoint, found, response: null });

/** Those of the days asked for that were not found before. */
function chosen(walk: Walk, place: Place, all: Found[]): { found: Found[]; undated: number } {
  let undated = 0;
  const found = all.filter((f) => {
    const key = urlKey(f.url);
    if (walk.keys.has(key)) return false;
    walk.keys.add(key);
    const span = spanOf(f, place);
    if (span !== null) return touches(span, walk.range);
    undated++;
    return walk.undated;
  });
  return { found, undated };
}

/** When an article was published, as far as its address, the sitemap or the place says; it was before it changed. */
function spanOf(f: Found, place: Place): Span | null {
  if (f.publishedAt !== null) return exactly(f.publishedAt);
  const named = spanOfArticle(f.url) ?? place.span;
  if (named !== null || f.updatedAt === null) return named;
  return { from: Number.NEGATIVE_INFINITY, to: Date.parse(f.updatedAt) + 1 };
}

function exactly(date: string): Span {
  const at = Date.parse(date);
  return { from: at, to: at + 1 };
}

/** The month that an article is counted under, `2026-03`; null when nothing says. */
export function monthOf(f: Pick<Found, 'url' | 'publishedAt' | 'updatedAt'>): string | null {
  const span = f.publishedAt === null ? spanOfArticle(f.url) : exactly(f.publishedAt);
  return (span ? new Date(span.from).toISOString() : f.updatedAt)?.slice(0, 7) ?? null;
}

function endless(message: string): SourcelinkError {
  return new SourcelinkError('DISCOVER_TRUNCATED', message, {
    hint: 'List the sitemaps or section pages of the days that you want, under `sitemaps:` or `listings:`.',
  });
}
