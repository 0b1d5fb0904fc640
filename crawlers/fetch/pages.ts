import { totalmem } from 'node:os';
import type { Configuration } from '@crawlee/basic';
import { messageOf, SourcelinkError } from '../../config/errors.js';
import type { Settings } from '../../config/settings.js';
import type { Source } from '../../config/sources.js';
import type { Client } from '../net/client.js';
import type { BrowserFetcher } from './browser.js';
import type { FetchedPage } from './page.js';

export type PageRequest = {
  id: string;
  url: string;
  etag: string | null;
  lastModified: string | null;
  render: 'http' | 'browser';
};

export type PageOutcome =
  | { id: string; kind: 'page'; page: FetchedPage }
  | { id: string; kind: 'notModified' }
  | { id: string; kind: 'failed'; error: SourcelinkError };

type Deps = { client: Client; settings: Settings; browser: BrowserFetcher | null; signal: AbortSignal };

/** Crawlee ends a handler after this; the client's own limits are what counts, and waiting for a host's turn is no fault. */
const HANDLER_SECONDS = 24 * 3600;

/**
 * Fetches pages through Crawlee, which adapts how many at a time to the machine. `take` gets exactly one outcome for each
 * request, as it comes; those that `signal` stopped get none. Returns when all are through or `signal` aborts.
 * @throws what `take` throws, after the rest was stopped
 */
export async function fetchPages(
  source: Source,
  requests: PageRequest[],
  deps: Deps,
  take: (outcome: PageOutcome) => Promise<void>,
): Promise<void> {
  if (requests.length === 0 || deps.signal.aborted) return;
  // Loaded late: it takes a second, and commands that crawl nothing should not wait for it.
  const { BasicCrawler, Configuration, log, LogLevel, RequestList } = await import('@crawlee/basic');
  log.setLevel(LogLevel.OFF);
  // The list below knows no other configuration than the global one, which would keep its state in ./storage.
  const shared = Configuration.getGlobalConfig();
  shared.set('persistStorage', false);
  shared.set('purgeOnStart', false);
  const stop = new AbortController();
  const signal = AbortSignal.any([deps.signal, stop.signal]);
  const wanted = new Map(requests.map((r) => [r.id, r]));
  const running = new Set<Promise<void>>();
  let failure: { cause: unknown } | null = null;

  const handle = async (one: PageRequest): Promise<void> => {
    const outcome = await fetchPage(source, one, { ...deps, signal });
    if (signal.aborted && outcome.kind === 'failed') return;
    try {
      await take(outcome);
    } catch (cause) {
      failure ??= { cause };
      stop.abort();
    }
  };

  // Keyed by our ids, since Crawlee silently skips a URL it has seen. It never asks for the URL itself, so a broken one
  // reaches the client and is refused there with a reason.
  const requestList = await RequestList.open(
    null,
    [...wanted.keys()].map((id) => ({ url: 'http://sourcelink.invalid/', uniqueKey: id })),
  );
  const most = deps.settings.fetch.concurrency;
  const crawler = new BasicCrawler(
    {
      requestList,
      maxRequestRetries: 0,
      useSessionPool: false,
      requestHandlerTimeoutSecs: HANDLER_SECONDS,
      // A busy machine makes Crawlee ask for fewer at a time, but not for fewer than one host may be asked for.
      minConcurrency: Math.min(source.concurrency, most),
      maxConcurrency: most,
      autoscaledPoolOptions: { desiredConcurrency: most },
      log: log.child({ level: LogLevel.OFF }),
      async requestHandler({ request }) {
        const one = wanted.get(request.uniqueKey);
        if (!one || signal.aborted) return;
        const work = handle(one).finally(() => running.delete(work));
        running.add(work);
        await work;
      },
    },
    configuration(await import('@crawlee/basic')),
  );
  try {
    // Once stopped it goes through what is left without asking; a pool that is aborted before it runs would never end.
    await crawler.run();
  } finally {
    await Promise.all(running);
  }
  if (failure !== null) throw (failure as { cause: unknown }).cause;
}

/**
 * Nothing on disk, and no look at the machine's load: Crawlee starts a process for each, which costs more than a page, and
 * the hosts' turns and the client's own limit are what holds requests back.
 */
function configuration({ Configuration, EventManager }: typeof import('@crawlee/basic')): Configuration {
  class Unwatched extends EventManager {}
  const memoryMbytes = Math.floor(totalmem() / 1024 ** 2);
  const settings = new Configuration({ persistStorage: false, purgeOnStart: false, memoryMbytes });
  settings.useEventManager(new Unwatched(settings));
  return settings;
}

async function fetchPage(source: Source, request: PageRequest, deps: Deps): Promise<PageOutcome> {
  const { id, url } = request;
  try {
    if (request.render === 'browser') return { id, kind: 'page', page: await rendered(source, url, deps) };
    const { etag, lastModified } = request;
    const { headers, proxy, concurrency, delayMs } = source;
    const answer = await deps.client.fetch({
      url,
      headers,
      etag,
      lastModified,
      accept: 'page',
      proxy,
      concurrency,
      delayMs,
      signal: deps.signal,
    });
    if (answer.notModified) return { id, kind: 'notModified' };
    return { id, kind: 'page', page: { url: answer.url, via: 'http', headers: answer.headers, bytes: answer.bytes } };
  } catch (error) {
    if (error instanceof SourcelinkError) return { id, kind: 'failed', error };
    const text = `${url} could not be fetched: ${messageOf(error)}`;
    return { id, kind: 'failed', error: new SourcelinkError('FETCH_CONNECT', text, { cause: error }) };
  }
}

function rendered(source: Source, url: string, deps: Deps): Promise<FetchedPage> {
  if (deps.browser) return deps.browser.render(source, url, deps.signal);
  throw new SourcelinkError('FETCH_BROWSER', `${url} must be rendered (render: always), but no browser was found`);
}
