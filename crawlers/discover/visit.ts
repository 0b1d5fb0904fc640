import { createHash } from 'node:crypto';
import { codeOf, messageOf, SourcelinkError } from '../../config/errors.js';
import type { Source } from '../../config/sources.js';
import type { FetchResponse } from '../net/client.js';
import { urlKey } from '../url.js';
import { isNeverArticle, shapeOf } from './article-url.js';
import type { Endpoint, Fetcher, Found } from './endpoint.js';
import { MAX_ENTRIES, readFeed } from './feed.js';
import { feedLinksOf } from './feed-links.js';
import { readListing } from './listing.js';
import { withoutLong } from './long-addresses.js';
import { pushOf } from './push.js';
import { MAX_REST_MS, restOfAnswer } from './rest.js';
import { newest, readSitemap, type Sitemap } from './sitemap.js';

/** Most articles taken from one sitemap: Google's own limit of a news sitemap, and fewer from one that lists all pages. */
const MAX_NEWS = 1000;
const MAX_PAGES = 500;
const MAX_UNDATED = 200;
/** However willing a host is to say "not modified", each endpoint is read anew at least this often: some say it wrongly. */
const REFRESH_MS = 24 * 3_600_000;

export type VisitDeps = { fetcher: Fetcher; now: () => number; signal: AbortSignal };

/** One look at one endpoint. */
export type Visit = {
  /** As it is to be remembered. */
  endpoint: Endpoint;
  found: Found[];
  notModified: boolean;
  problems: { url: string; error: SourcelinkError }[];
  /** True when the endpoint itself could not be read. */
  failed: boolean;
  /** True when it is not there any more: 404, 410, or sent for good to what is no list of articles. */
  gone: boolean;
  /** Other sitemaps that an index names. */
  children: Sitemap['children'];
  /** True of a news sitemap. */
  news: boolean;
  /** The answer, for who wants to look for more in it. */
  response: FetchResponse | null;
};

/** Fetches an endpoint, unless the host says that nothing changed, and reads it. Fails by saying so, never by throwing. */
export async function visit(source: Source, endpoint: Endpoint, deps: VisitDeps): Promise<Visit> {
  const now = deps.now();
  const seen: Endpoint = { ...endpoint, checkedAt: new Date(now).toISOString(), error: null, failures: 0 };
  const outcome = {
    found: [],
    problems: [],
    failed: false,
    gone: false,
    children: [],
    news: false,
    notModified: false,
  };
  const known = isRefreshDue(endpoint, now) ? null : endpoint;
  let response: FetchResponse | null = null;
  try {
    response = await deps.fetcher.fetch({
      url: endpoint.url,
      accept: endpoint.kind === 'feed' || endpoint.kind === 'sitemap' ? 'feed' : 'page',
      etag: known?.etag ?? null,
      lastModified: known?.lastModified ?? null,
      signal: deps.signal,
    });
    // Another scheme, a `www.` or a slash is no move that anybody need write down.
    const isElsewhere = response.moved && urlKey(response.url) !== urlKey(endpoint.url);
    if (endpoint.origin === 'configured') seen.movedTo = isElsewhere ? response.url : null;
    if (response.notModified) return { ...outcome, endpoint: seen, notModified: true, response };
    if (response.moved && endpoint.origin === 'found') seen.url = response.url;
    seen.etag = response.headers['etag'] ?? null;
    seen.lastModified = response.headers['last-modified'] ?? null;
    const bodyHash = createHash('sha256').update(response.bytes).digest('hex');
    if (bodyHash === endpoint.bodyHash) return { ...outcome, endpoint: seen, notModified: true, response };
    seen.bodyHash = bodyHash;
    const { restMs, ...read } = withoutLong(endpoint.url, READERS[endpoint.kind](source, seen, response));
    const asked = Math.max(restMs ?? 0, restOfAnswer(response.headers));
    seen.restMs = asked > 0 ? Math.min(asked, MAX_REST_MS) : null;
    return { ...outcome, ...read, endpoint: seen, response };
  } catch (cause) {
    const error = named(cause, source, endpoint);
    const misled = response?.moved === true && error.code === 'DISCOVER_UNREADABLE';
    const gone = ['FETCH_GONE', 'FETCH_NOT_FOUND', 'FETCH_HTTP_4XX'].includes(error.code) || misled;
    // What could not be read must be asked for whole next time.
    const state = {
      etag: null,
      lastModified: null,
      bodyHash: null,
      error: messageOf(error),
      failures: endpoint.failures + 1,
    };
    const failedEndpoint = { ...seen, ...state, url: endpoint.url, movedTo: gone ? endpoint.movedTo : null };
    return {
      ...outcome,
      endpoint: failedEndpoint,
      failed: true,
      gone,
      problems: [{ url: endpoint.url, error }],
      response,
    };
  }
}

/** Whether an endpoint is to be read anew: once in each day of the endpoint's own, so that not all are read anew in the same hour. */
export function isRefreshDue(endpoint: Endpoint, now: number): boolean {
  if (endpoint.checkedAt === null) return true;
  const shift = createHash('sha256').update(endpoint.url).digest().readUInt32BE(0) % REFRESH_MS;
  const day = (ms: number) => Math.floor((ms + shift) / REFRESH_MS);
  return day(now) !== day(Date.parse(endpoint.checkedAt));
}

type Read = Partial<Pick<Visit, 'found' | 'problems' | 'children' | 'news'>> & { restMs?: number | null };
type Reader = (source: Source, endpoint: Endpoint, response: FetchResponse) => Read;

const READERS: Record<Endpoint['kind'], Reader> = {
  feed: (source, endpoint, response) => either(source, endpoint, response, asFeed, asSitemap),
  sitemap: (source, endpoint, response) => either(source, endpoint, response, asSitemap, asFeed),
  listing: asListing,
  home: asListing,
};

/** A sitemap may be a feed (sitemaps.org allows it), and people mix the two up. */
function either(source: Source, endpoint: Endpoint, response: FetchResponse, first: Reader, second: Reader): Read {
  try {
    return first(source, endpoint, response);
  } catch (error) {
    if (codeOf(error) !== 'DISCOVER_UNREADABLE') throw error;
    try {
      return second(source, endpoint, response);
    } catch {
      throw withHint(error, endpoint, response);
    }
  }
}

function optionsOf(source: Source, response: FetchResponse) {
  return { url: response.url, contentType: response.headers['content-type'], timezone: source.timezone };
}

function asFeed(source: Source, endpoint: Endpoint, response: FetchResponse): Read {
  const feed = readFeed(response.bytes, optionsOf(source, response));
  endpoint.format = feed.format;
  endpoint.push = pushOf(feed, { url: response.url, link: response.headers['link'] });
  const found = feed.entries.flatMap((e) => (e.url === null || e.url === feed.link ? [] : [{ ...e, url: e.url }]));
  const problems = [];
  if (feed.truncated)
    problems.push(
      problem(
        endpoint.url,
        'DISCOVER_TRUNCATED',
        `${endpoint.url} has more than ${MAX_ENTRIES} entries; the rest is not read`,
      ),
    );
  if (feed.entries.length > 0 && found.length === 0)
    problems.push(problem(endpoint.url, 'DISCOVER_NOTHING', `no entry of ${endpoint.url} says where its article is`));
  return { found, problems, restMs: feed.restMs };
}

function asSitemap(source: Source, endpoint: Endpoint, response: FetchResponse): Read {
  const map = readSitemap(response.bytes, optionsOf(source, response));
  endpoint.format = map.format;
  const problems = [];
  if (map.truncated)
    problems.push(
      problem(endpoint.url, 'DISCOVER_TRUNCATED', `${endpoint.url} has more than 50,000 URLs; the rest is not read`),
    );
  if (map.news) return { found: newest(map.entries, MAX_NEWS), news: true, children: map.children, problems };
  // A sitemap lists every page of a site; the URL is all that tells the articles among them.
  const articles = map.entries.filter((e) => {
    const url = new URL(e.url);
    return !isNeverArticle(url) && shapeOf(url).score >= 0.3;
  });
  const dated = articles.filter((e) => e.updatedAt !== null);
  const found = dated.length > 0 ? newest(dated, MAX_PAGES) : articles.slice(0, MAX_UNDATED);
  return { found, children: map.children, problems };
}

function asListing(_source: Source, endpoint: Endpoint, response: FetchResponse): Read {
  const links = endpoint.origin === 'configured' ? endpoint.links : null;
  const contentType = response.headers['content-type'];
  const { found, patterns, truncated } = readListing(response.bytes, { url: response.url, contentType, links });
  endpoint.format = 'html';
  if (endpoint.origin === 'found') endpoint.links = patterns[0] ?? null;
  const problems = truncated ? [problem(endpoint.url, 'DISCOVER_TRUNCATED', `${endpoint.url} ${truncated}`)] : [];
  if (found.length > 0 || endpoint.origin === 'found') return { found, problems };
  const hint =
    'Name the links to articles with `links:` (a CSS selector); a page that builds itself by script has none.';
  const message = `${endpoint.url} shows no link to an article${links === null ? '' : ` that ${JSON.stringify(links)} matches`}`;
  return {
    found,
    problems: [{ url: endpoint.url, error: new SourcelinkError('DISCOVER_NOTHING', message, { hint }) }],
  };
}

function problem(url: string, code: 'DISCOVER_TRUNCATED' | 'DISCOVER_NOTHING', message: string) {
  return { url, error: new SourcelinkError(code, message) };
}

/** A page in the place of a feed often names the feed. */
function withHint(error: unknown, endpoint: Endpoint, response: FetchResponse): unknown {
  const [feed] = feedLinksOf(response.bytes, response.url, response.headers['content-type']).linked;
  if (!feed) return error;
  const hint = `List ${feed} instead: ${endpoint.url} is a web page that names it as its feed.`;
  return new SourcelinkError('DISCOVER_UNREADABLE', messageOf(error), { cause: error, hint });
}

/** Any failure as one of ours that names the source. */
function named(cause: unknown, source: Source, endpoint: Endpoint): SourcelinkError {
  const what = `${source.id}: ${endpoint.kind === 'home' ? 'home page' : endpoint.kind} ${endpoint.url}`;
  if (!(cause instanceof SourcelinkError))
    return new SourcelinkError('DISCOVER_UNREADABLE', `${what}: ${messageOf(cause)}`, { cause });
  const { code, retryable, retryAfterMs, hint } = cause;
  const rest = hint === undefined ? {} : { hint };
  return new SourcelinkError(code, `${what}: ${cause.message}`, { cause, retryable, retryAfterMs, ...rest });
}
