import { totalmem } from 'node:os';
import type { BasicCrawlingContext, Configuration, RequestOptions } from '@crawlee/basic';
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
/** What a request carries beside its URL, its key (our id) and its label (how the page is rendered). */
type Validators = Pick<PageRequest, 'etag' | 'lastModified'>;
type CrawlRequest = BasicCrawlingContext<Validators>['request'];

/** Crawlee ends a handler after this. The client's own limits end it long before, and waiting for a host's turn is no fault. */
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
  const crawlee = await import('@crawlee/basic');
  const { log, LogLevel } = crawlee;
  log.setLevel(LogLevel.OFF);
  const config = configuration(crawlee);
  const stop = new AbortController();
  const signal = AbortSignal.any([deps.signal, stop.signal]);
  const give = (outcome: PageOutcome): Promise<void> => take(outcome).catch((cause: unknown) => stop.abort(cause));
  const most = deps.settings.fetch.concurrency;
  const crawler = new crawlee.BasicCrawler(
    {
      requestList: await crawlee.RequestList.open(null, requests.map(toCrawlRequest)),
      // The ledger tries again, later and in another visit.
      maxRequestRetries: 0,
      useSessionPool: false,
      requestHandlerTimeoutSecs: HANDLER_SECONDS,
      // A busy machine makes Crawlee ask for fewer at a time, but not for fewer than one host may be asked for.
      minConcurrency: Math.min(source.concurrency, most),
      maxConcurrency: most,
      autoscaledPoolOptions: { desiredConcurrency: most },
      log: log.child({ level: LogLevel.OFF }),
      // Once stopped, Crawlee runs through the rest of its list, and nothing is asked for. It cannot be stopped before it runs.
      async failedRequestHandler({ request }, error) {
        if (!signal.aborted)
          await give({ id: request.uniqueKey, kind: 'failed', error: fetchError(request.url, error) });
      },
    },
    config,
  );
  const handle =
    (fetchPage: (source: Source, request: CrawlRequest, deps: Deps) => Promise<FetchedPage | null>) =>
    async ({ request }: { request: CrawlRequest }): Promise<void> => {
      if (signal.aborted) return;
      const page = await fetchPage(source, request, { ...deps, signal });
      const id = request.uniqueKey;
      await give(page === null ? { id, kind: 'notModified' } : { id, kind: 'page', page });
    };
  crawler.router.addHandler<Validators>('http', handle(fetchByClient));
  crawler.router.addHandler<Validators>('browser', handle(fetchByBrowser));
  await crawler.run();
  stop.signal.throwIfAborted();
}

/** Keyed by our id: Crawlee silently skips a key that it has seen, and two requests may have one URL. */
function toCrawlRequest({ id, url, render, etag, lastModified }: PageRequest): RequestOptions<Validators> {
  return { url, uniqueKey: id, label: render, userData: { etag, lastModified } };
}

/**
 * Nothing on disk, and of the machine's load only this process's own event loop: for processor and memory Crawlee starts a
 * process each second of each crawl, which costs more than the pages (docs/decisions/0019). Turns of hosts and the client's
 * limit bound the requests.
 */
function configuration({ Configuration: Settings, EventManager }: typeof import('@crawlee/basic')): Configuration {
  class Unwatched extends EventManager {}
  // A request list knows no other configuration than the global one, which would keep its state in ./storage.
  const shared = Settings.getGlobalConfig();
  shared.set('persistStorage', false);
  shared.set('purgeOnStart', false);
  // Without it Crawlee starts a process to find out.
  const memoryMbytes = Math.floor(totalmem() / 1024 ** 2);
  const settings = new Settings({ persistStorage: false, purgeOnStart: false, memoryMbytes });
  settings.useEventManager(new Unwatched(settings));
  return settings;
}

/** @returns null when the page has not changed. */
async function fetchByClient(source: Source, request: CrawlRequest, deps: Deps): Promise<FetchedPage | null> {
  const { url } = request;
  const { etag, lastModified } = request.userData;
  const { headers, proxy, concurrency, delayMs } = source;
  const answer = await deps.client.fetch({
    url,
    headers,
    accept: 'page',
    signal: deps.signal,
    etag,
    lastModified,
    proxy,
    concurrency,
    delayMs,
  });
  if (answer.notModified) return null;
  return { url: answer.url, via: 'http', headers: answer.headers, bytes: answer.bytes };
}

async function fetchByBrowser(source: Source, { url }: CrawlRequest, deps: Deps): Promise<FetchedPage> {
  if (deps.browser) return deps.browser.render(source, url, deps.signal);
  throw new SourcelinkError('FETCH_BROWSER', `${url} must be rendered (render: always), but no browser was found`);
}

function fetchError(url: string, error: Error): SourcelinkError {
  if (error instanceof SourcelinkError) return error;
  return new SourcelinkError('FETCH_CONNECT', `${url} could not be fetched: ${messageOf(error)}`, { cause: error });
}
