import type { SourcelinkError } from '../../config/errors.js';
import type { Source } from '../../config/sources.js';
import { decodeDocument } from '../../text/decode.js';
import { isNeverArticle, shapeOf } from './article-url.js';
import { type Endpoint, freshEndpoint } from './endpoint.js';
import { feedLinksOf } from './feed-links.js';
import { isSameSite, siteOf } from './listing.js';
import { linksOf, parsePage } from './page-links.js';
import { chooseChildren } from './sitemap.js';
import { type Visit, type VisitDeps, visit } from './visit.js';

/** Where feeds lie when no page says so, most frequent first. */
const FEED_PATHS = ['feed', 'rss', 'feed.xml', 'rss.xml', 'atom.xml', 'index.xml', 'feed.json'];
const SITEMAP_PATHS = ['sitemap_index.xml', 'sitemap.xml', 'news-sitemap.xml', 'sitemap-news.xml'];
const MAX_LINKED = 5;
const MAX_ANCHORS = 3;
const MAX_SECTIONS = 3;
/** A feed whose newest entry is older was left behind when the site moved on. */
const STALE_MS = 180 * 24 * 3_600_000;
const NEWS = /news/i;

/** One place that was looked at in a search, and what was there. */
export type Tried = {
  url: string;
  kind: Endpoint['kind'];
  /** Of a part of a sitemap index: the index. */
  within: string | null;
  articles: number;
  error: SourcelinkError | null;
};

export type Detected = { visits: Visit[]; problems: Visit['problems']; tried: Tried[]; requests: number };

/**
 * Finds where a source lists its articles, with as few requests as it takes: the feeds that its home page names, the
 * news sitemaps that its robots.txt names; without these, the usual places; without those, the home page itself and a
 * few sections that its navigation leads to.
 */
export async function autodetect(source: Source, deps: VisitDeps): Promise<Detected> {
  const detected: Detected = { visits: [], problems: [], tried: [], requests: 0 };
  const asked = new Set<string>();
  const look = async (url: string, kind: Endpoint['kind'], within: string | null = null): Promise<Visit | null> => {
    const key = `${kind === 'home' ? 'listing' : kind} ${url}`;
    if (asked.has(key) || deps.signal.aborted) return null;
    asked.add(key);
    detected.requests++;
    const seen = await visit(source, freshEndpoint(url, kind, 'found'), deps);
    if (seen.failed && deps.signal.aborted) return null;
    const [problem] = seen.problems;
    detected.tried.push({ url, kind, within, articles: seen.found.length, error: problem?.error ?? null });
    return seen;
  };
  const home = await look(source.url, 'home');
  if (!home) return detected;
  if (home.failed) detected.problems.push(...home.problems);
  const code = home.problems[0]?.error.code ?? '';
  if (
    home.failed &&
    !/^(?:FETCH_HTTP_4XX|FETCH_NOT_FOUND|FETCH_FORBIDDEN|FETCH_BLOCKED$|FETCH_GONE|FETCH_NOT_HTML|FETCH_ROBOTS|DISCOVER_)/.test(
      code,
    )
  )
    return detected;

  const feeds = await findFeeds(source, home, look, deps.signal);
  detected.visits.push(...feeds);
  const alive = feeds.some((f) => isAlive(f, deps.now()));
  const maps = await findSitemaps(source, home, alive, look, deps);
  detected.visits.push(...maps);
  if (alive || maps.some((m) => m.found.length > 0) || home.failed) return detected;
  if (home.found.length > 0) detected.visits.push(home);
  for (const url of sectionsOf(home)) {
    const section = await look(url, 'listing');
    if (section && section.found.length > 0) detected.visits.push(section);
  }
  return detected;
}

type Look = (url: string, kind: 'feed' | 'sitemap' | 'listing', within?: string) => Promise<Visit | null>;

async function findFeeds(source: Source, home: Visit, look: Look, signal: AbortSignal): Promise<Visit[]> {
  const good: Visit[] = [];
  const tryAll = async (urls: string[], most: number): Promise<void> => {
    for (const url of urls) {
      if (signal.aborted || good.length >= most) return;
      const seen = await look(url, 'feed');
      if (seen && !seen.failed && seen.endpoint.format?.startsWith('sitemap') === false) good.push(seen);
    }
  };
  if (home.response) {
    const { bytes, url, headers } = home.response;
    const { linked, anchors } = feedLinksOf(bytes, url, headers['content-type']);
    await tryAll(linked.slice(0, MAX_LINKED), MAX_LINKED);
    if (good.length === 0) await tryAll(anchors.slice(0, MAX_ANCHORS), MAX_ANCHORS);
  }
  // What was given as the home page may be the feed itself.
  if (home.failed && home.problems[0]?.error.code === 'FETCH_NOT_HTML') await tryAll([source.url], 1);
  if (good.length > 0) return good;
  // A host that refuses its home page is not asked for much more.
  const paths = home.failed ? FEED_PATHS.slice(0, 3) : FEED_PATHS;
  await tryAll(
    paths.map((p) => new URL(`/${p}`, home.response?.url ?? source.url).href),
    1,
  );
  return good;
}

/** Beside a living feed only news sitemaps are worth their requests. */
async function findSitemaps(
  source: Source,
  home: Visit,
  hasFeed: boolean,
  look: Look,
  deps: VisitDeps,
): Promise<Visit[]> {
  const named = await deps.fetcher.sitemapsOf(source.url, { proxy: source.proxy, signal: deps.signal }).catch(() => []);
  const sorted = [...new Set(named)].toSorted((a, b) => Number(NEWS.test(b)) - Number(NEWS.test(a)));
  const good: Visit[] = [];
  for (const url of sorted.slice(0, 4)) {
    if (good.some((m) => m.news) && !NEWS.test(new URL(url).pathname)) continue;
    good.push(...(await openSitemap(url, hasFeed, look)));
  }
  if (hasFeed || home.failed || good.some((m) => m.found.length > 0)) return good;
  for (const path of SITEMAP_PATHS) {
    const more = await openSitemap(new URL(`/${path}`, source.url).href, hasFeed, look);
    good.push(...more);
    if (more.some((m) => m.found.length > 0)) break;
  }
  return good;
}

/** A sitemap and, of an index, the parts worth reading; nothing when it does not help. */
async function openSitemap(url: string, newsOnly: boolean, look: Look): Promise<Visit[]> {
  const seen = await look(url, 'sitemap');
  if (!seen || seen.failed) return [];
  if (seen.children.length === 0) return isUseful(seen, newsOnly) ? [seen] : [];
  const parts: Visit[] = [];
  for (const child of chooseChildren(seen.children, MAX_CHILDREN)) {
    if (newsOnly && !NEWS.test(new URL(child).pathname)) continue;
    const part = await look(child, 'sitemap', url);
    if (part && !part.failed && isUseful(part, newsOnly)) parts.push(part);
  }
  return parts.length > 0 ? [seen, ...parts] : [];
}

/** Parts of a sitemap index that are read at a time. */
export const MAX_CHILDREN = 5;

/** A general sitemap without dates says what exists, not what is new. */
function isUseful(map: Visit, newsOnly: boolean): boolean {
  if (map.news || map.endpoint.format?.startsWith('sitemap') === false) return true;
  return !newsOnly && map.found.some((f) => f.updatedAt !== null);
}

function isAlive(feed: Visit, now: number): boolean {
  const dates = feed.found.flatMap((f) => f.publishedAt ?? f.updatedAt ?? []);
  return (
    feed.found.length > 0 && (dates.length < feed.found.length || dates.some((d) => now - Date.parse(d) < STALE_MS))
  );
}

/** Section pages that the navigation of a home page leads to: short paths with short names, those about news first. */
function sectionsOf(home: Visit): string[] {
  if (!home.response) return [];
  const { bytes, url, headers } = home.response;
  const { document, base } = parsePage(decodeDocument(bytes, headers['content-type']).text, url);
  const site = siteOf(url);
  const sections = linksOf(document, base).filter((l) => {
    const depth = l.url.pathname.split('/').filter((p) => p !== '').length;
    const words = l.text.split(' ').length;
    if (!l.chrome || l.url.search !== '' || depth === 0 || depth > 2 || l.text === '' || words > 3) return false;
    const { shape, score } = shapeOf(l.url);
    return isSameSite(l.url, site) && !isNeverArticle(l.url) && score < 0.3 && !shape.includes(':date');
  });
  const isNews = (text: string) =>
    /news|latest|politic|world|nation|business|press|aktuell|actualit|noticias/i.test(text);
  const urls = sections.toSorted((a, b) => Number(isNews(b.text)) - Number(isNews(a.text))).map((l) => l.url.href);
  return [...new Set(urls)].slice(0, MAX_SECTIONS);
}
