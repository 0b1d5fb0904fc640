import type { Source } from '../../config/sources.js';
import { discover, type Fetcher } from '../../crawlers/discover/discover.js';
import { newest } from '../../crawlers/discover/sitemap.js';
import type { FetchResponse } from '../../crawlers/net/client.js';
import { type Publisher, readPublisher } from '../../extractors/metadata/publisher.js';
import type { Context } from '../context.js';
import { fetcherFor } from '../crawl/discover-source.js';
import { toCandidates } from '../crawl/to-candidates.js';
import type { Looked } from './propose.js';
import { sampleArticles } from './sample.js';

type Deps = Pick<Context, 'client' | 'browser' | 'settings' | 'extractor' | 'signal' | 'now'>;

/** Looks at an outlet as a first visit does, and reads some of its newest articles. Stores nothing. */
export async function lookAt(
  source: Source,
  articles: number,
  deps: Deps,
  onStep: (text: string, done: number, all: number) => void = () => undefined,
): Promise<Looked> {
  let home: FetchResponse | null = null;
  const { fetch, sitemapsOf } = fetcherFor(deps, source);
  const fetcher: Fetcher = {
    sitemapsOf,
    async fetch(request) {
      onStep(`at ${request.url}`, 0, articles);
      const answer = await fetch(request);
      if (request.url === source.url) home ??= answer;
      return answer;
    },
  };
  const seen = await discover(source, [], { fetcher, now: () => deps.now().getTime(), signal: deps.signal });
  const wanted = seen.found.filter((f) => toCandidates(source, [f], deps.now())[0]?.rejected === null);
  const found = newest(wanted, articles);
  const sampled = await sampleArticles(source, found, deps, (done) => {
    onStep(`reading ${found.length} articles`, done, found.length);
  });
  const pages = sampled.flatMap((s) => (s.page && s.article ? (publisherOf(s.page, deps) ?? []) : []));
  const isFeed = seen.endpoints.some((e) => e.kind === 'feed' && e.url === source.url);
  const url = isFeed ? new URL('/', source.url).href : movedHome(source.url, home);
  return { url, seen, home: home && publisherOf(home, deps), sampled, pages };
}

/** Where a home page has moved for good, it is listed there. */
function movedHome(url: string, home: FetchResponse | null): string {
  return home?.moved ? home.url : url;
}

/** Null of a page that is too large to be read. */
function publisherOf(
  page: { url: string; bytes: Uint8Array; headers: Record<string, string> },
  deps: Deps,
): Publisher | null {
  try {
    return readPublisher(page, deps.settings.extract);
  } catch {
    return null;
  }
}
