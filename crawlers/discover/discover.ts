import { SourcelinkError } from '../../config/errors.js';
import type { Source } from '../../config/sources.js';
import { autodetect, MAX_CHILDREN, type Tried } from './autodetect.js';
import { type Endpoint, type Fetcher, type Found, freshEndpoint } from './endpoint.js';
import { gather } from './gather.js';
import { proposeReplacements } from './moved.js';
import { chooseChildren } from './sitemap.js';
import { isRefreshDue, type Visit, type VisitDeps, visit } from './visit.js';

export type { Tried } from './autodetect.js';
export type { Endpoint, Fetcher, Found } from './endpoint.js';

/** Found endpoints are given up for a new search when all of them have failed this many times in a row. */
const MAX_FAILURES = 3;

export type Discovered = {
  found: Found[];
  /** All endpoints of the source as they are now, to be kept for the next visit. */
  endpoints: Endpoint[];
  problems: { url: string; error: SourcelinkError }[];
  /** Where a search looked; empty without one. */
  tried: Tried[];
  requests: number;
  notModified: number;
  /** In words: `2 feeds`, `news sitemap`, `section pages (learned pattern /news/…)`. */
  how: string;
};

/**
 * One look at where a source lists its articles: at what is configured, else at what was found before, else at what a
 * search finds. One endpoint that fails never stops the others.
 */
export async function discover(
  source: Source,
  known: Endpoint[],
  deps: { fetcher: Fetcher; now: () => number; signal: AbortSignal },
): Promise<Discovered> {
  const configured = configuredOf(source, known);
  const found = known.filter((e) => e.origin === 'found' && (configured.length === 0 || e.kind === 'sitemap'));
  // Pages are the last resort: once a day it is worth asking whether the outlet has a feed by now.
  const searchFirst =
    configured.length === 0 && found.some((e) => isPage(e) && isRefreshDue(e, deps.now())) && found.every(isPage);
  let visits = searchFirst ? [] : await visitAll(source, [...configured, ...found], deps);
  let requests = visits.length;
  const problems: Visit['problems'] = [];
  let tried: Tried[] = [];
  if (configured.length > 0) {
    visits = visits.filter((v) => !(v.gone && v.endpoint.origin === 'found'));
    const replaced = await proposeReplacements(source, visits, known, deps);
    requests += replaced.requests;
    problems.push(...replaced.problems);
    tried = replaced.tried;
  } else if (visits.every((v) => v.endpoint.failures >= MAX_FAILURES) || visits.some((v) => v.gone)) {
    const detected = await autodetect(source, deps);
    requests += detected.requests;
    problems.push(...detected.problems);
    tried = detected.tried;
    visits = merge(visits, detected.visits);
    if (visits.length === 0) {
      visits = await visitAll(source, found, deps);
      requests += visits.length;
    }
    if (visits.length === 0 && problems.length === 0 && !deps.signal.aborted) problems.push(nothing(source));
  }
  // A place that is gone is told once, with what was found in its place.
  problems.unshift(...visits.flatMap((v) => (v.gone && v.endpoint.movedTo !== null ? [] : v.problems)));
  const unseen = deps.signal.aborted
    ? [...configured, ...found].filter((e) => !visits.some((v) => isSame(v.endpoint, e)))
    : [];
  const all = [...visits.map((v) => v.endpoint), ...unseen];
  // Two that have moved to one place are one from now on.
  const endpoints = [...new Map(all.toReversed().map((e) => [e.url, e])).values()].reverse();
  return {
    found: gather(source, visits, deps.now()),
    endpoints,
    problems,
    tried,
    requests,
    notModified: visits.filter((v) => v.notModified).length,
    how: inWords(visits, configured.length > 0),
  };
}

/** What the source's entry lists, with what is remembered of it. */
function configuredOf(source: Source, known: Endpoint[]): Endpoint[] {
  const listed = [
    ...source.feeds.map((url) => freshEndpoint(url, 'feed', 'configured')),
    ...source.sitemaps.map((url) => freshEndpoint(url, 'sitemap', 'configured')),
    ...source.listings.map((l) => freshEndpoint(l.url, 'listing', 'configured', l.links)),
  ];
  const unique = [...new Map(listed.map((e) => [e.url, e])).values()];
  return unique.map((e) => {
    const had = known.find((k) => isSame(k, e));
    // With another selector the same page says something else: what was remembered of it no longer counts.
    return had && had.links === e.links ? { ...had, origin: 'configured' as const } : e;
  });
}

function isPage(e: Endpoint): boolean {
  return e.kind === 'home' || e.kind === 'listing';
}

function nothing(source: Source): Visit['problems'][number] {
  const message = `${source.id}: neither feed, sitemap nor links to articles were found from ${source.url}`;
  return { url: source.url, error: new SourcelinkError('DISCOVER_NOTHING', message) };
}

function isSame(a: Endpoint, b: Endpoint): boolean {
  return a.url === b.url && a.kind === b.kind;
}

/** Looks at each endpoint in turn; an index of sitemaps says anew which of its parts are worth it. */
async function visitAll(source: Source, endpoints: Endpoint[], deps: VisitDeps): Promise<Visit[]> {
  const isIndex = (e: Endpoint) => e.format === 'sitemap-index';
  const queue = endpoints.toSorted((a, b) => Number(isIndex(b)) - Number(isIndex(a)));
  const hasFeed = endpoints.some((e) => e.kind === 'feed');
  const visits: Visit[] = [];
  let room = 2 * MAX_CHILDREN;
  for (let next = queue.shift(); next && !deps.signal.aborted; next = queue.shift()) {
    const seen = await visit(source, next, deps);
    if (seen.failed && deps.signal.aborted) break;
    visits.push(seen);
    if (seen.children.length === 0) continue;
    const listed = new Set(seen.children.map((c) => c.url));
    const usable =
      hasFeed && next.origin === 'found' ? seen.children.filter((c) => /news/i.test(c.url)) : seen.children;
    const chosen = new Set(chooseChildren(usable, MAX_CHILDREN));
    for (let i = queue.length - 1; i >= 0; i--) {
      const waiting = queue[i];
      if (waiting?.origin === 'found' && listed.has(waiting.url) && !chosen.has(waiting.url)) queue.splice(i, 1);
    }
    for (const url of chosen) {
      const isKnown = [...queue, ...visits.map((v) => v.endpoint)].some((e) => e.url === url);
      if (!isKnown && room-- > 0) queue.push(freshEndpoint(url, 'sitemap', 'found'));
    }
  }
  return visits;
}

/** What a new search found in place of what is gone; of an endpoint in both, the look that read it. */
function merge(old: Visit[], detected: Visit[]): Visit[] {
  const kept = old.filter((o) => !o.gone && !detected.some((d) => isSame(d.endpoint, o.endpoint) && !d.failed));
  const useful = detected.length > 0 ? kept.filter((o) => o.endpoint.failures < MAX_FAILURES) : kept;
  return [...useful, ...detected];
}

function inWords(visits: Visit[], configured: boolean): string {
  const good = visits.filter((v) => !v.failed);
  const count = (n: number, one: string): string[] => (n === 0 ? [] : [n === 1 ? one : `${n} ${one}s`]);
  const of = (...kinds: Endpoint['kind'][]) => good.filter((v) => kinds.includes(v.endpoint.kind));
  const feeds = of('feed').length;
  const maps = of('sitemap').filter((v) => v.endpoint.format !== 'sitemap-index');
  const news = maps.filter((v) => v.news || /news/i.test(v.endpoint.url)).length;
  const pages = of('listing', 'home');
  const pattern = pages.find((v) => v.endpoint.links !== null)?.endpoint;
  const learned = pattern ? ` (${pattern.origin === 'found' ? 'learned pattern' : 'selector'} ${pattern.links})` : '';
  const parts = [
    ...(feeds === 1 ? ['1 feed'] : count(feeds, 'feed')),
    ...count(news, 'news sitemap'),
    ...count(maps.length - news, 'sitemap'),
    ...count(pages.length, 'section page').map((p) => p + learned),
  ];
  if (parts.length === 0) return 'nothing that lists articles was found';
  return `${parts.join(', ')}, ${configured ? 'as configured' : 'found from the home page'}`;
}
