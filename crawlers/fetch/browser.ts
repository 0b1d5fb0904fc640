import pLimit from 'p-limit';
import type { Page } from 'playwright';
import { messageOf, SourcelinkError } from '../../config/errors.js';
import type { Logger } from '../../config/logger.js';
import type { Settings } from '../../config/settings.js';
import type { Source } from '../../config/sources.js';
import { refuseChallenge } from '../net/challenge.js';
import type { Client, FetchResponse } from '../net/client.js';
import { createGuard, type Resolver } from '../net/guard.js';
import { passConsent } from './consent.js';
import { createContexts } from './contexts.js';
import type { FetchedPage } from './page.js';
import { applyRules } from './page-rules.js';
import { PATIENCE, type Patience, settled, unfold, watchRequests } from './settle.js';

export { findBrowser } from './chromium.js';

/** Opens pages in Chromium; all its traffic passes the same guard, robots rules and politeness as the client's. */
export type BrowserFetcher = {
  /**
   * @param came the page's document where it has been fetched already; else it is fetched
   * @throws SourcelinkError `FETCH_…`; the signal's reason when it aborts
   */
  render(source: Source, url: string, signal?: AbortSignal, came?: FetchedPage): Promise<FetchedPage>;
  close(): Promise<void>;
};

/** A page may load this many times `fetch.maxBytes` in scripts and data. */
const LOAD_FACTOR = 4;
/** Of the time for a page, what may go by in waiting for it to settle. */
const SETTLE_SHARE = 0.7;
const OPEN_MS = 30_000;
const CLOSE_MS = 3000;

/** Starts nothing until the first page is asked for. */
export function createBrowserFetcher(options: {
  executablePath: string;
  settings: Settings;
  client: Client;
  log: Logger;
  resolve?: Resolver;
  patience?: Patience;
}): BrowserFetcher {
  const { settings, client, log } = options;
  const { allowHosts, timeout, maxBytes, browser: limits } = settings.fetch;
  const guard = createGuard({ allowHosts, ...(options.resolve && { resolve: options.resolve }) });
  const { executablePath, patience = PATIENCE } = options;
  const contexts = createContexts({ executablePath, userAgent: settings.userAgent, guard, limits, log });
  const slots = pLimit(limits.pages);

  /** The page once its scripts have run, within `fetch.timeout` after its document came. */
  async function open(source: Source, document: Document, ask: Ask, signal: AbortSignal | undefined) {
    const lease = await contexts.lend(source);
    let page: Page | null = null;
    let broken = true;
    try {
      // Not counted as the page's time: on a busy machine this takes a while.
      const fresh = await within(OPEN_MS, document.url, signal, () => lease.context.newPage());
      page = fresh;
      const read = (fail: (error: SourcelinkError) => void) => readRendered(fresh, document, ask, fail);
      const found = await within(timeout, document.url, signal, read);
      broken = false;
      return found;
    } finally {
      await putAway(page);
      await lease.giveBack(broken);
    }
  }

  /** Loads the page, waits until it has come to rest, passes what stands in its way, and gives what is there. */
  async function readRendered(
    page: Page,
    document: Document,
    ask: Ask,
    fail: (error: SourcelinkError) => void,
  ): Promise<FetchedPage> {
    page.on('crash', () =>
      fail(new SourcelinkError('FETCH_CRASHED', `${document.url} crashed the page in the browser`)),
    );
    await limitBytes(page, maxBytes * LOAD_FACTOR, () => fail(tooLarge(document.url)));
    const rules = await applyRules(page, document, ask);
    const openRequests = watchRequests(page);
    const settleBy = performance.now() + timeout * SETTLE_SHARE;
    const rest = () => settled(page, openRequests, settleBy, patience);
    await page.goto(document.url, { waitUntil: 'commit', timeout });
    await rest();
    rules.stay();
    const consent = await passConsent(page, rest);
    if (consent.clicked.length > 0)
      log.debug({ url: document.url, clicked: consent.clicked }, 'answered a consent dialog');
    await unfold(page, rest);
    return serialized(page, document, maxBytes);
  }

  return {
    async render(source, url, signal, came) {
      const { headers, proxy, concurrency, delayMs } = source;
      const ask: Ask = (target) =>
        client.fetch({ url: target, headers, accept: 'page', proxy, concurrency, delayMs, signal });
      const document = came ? { ...came, status: 200 } : await ask(url);
      const started = performance.now();
      try {
        const page = await slots(() => open(source, document, ask, signal));
        refuseChallenge(page.url, document.status, page.headers, page.bytes);
        log.debug({ url, ms: Math.round(performance.now() - started), bytes: page.bytes.length }, 'rendered');
        return page;
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        if (error instanceof SourcelinkError) throw error;
        throw new SourcelinkError('FETCH_BROWSER', `${url} cannot be rendered: ${messageOf(error)}`, { cause: error });
      }
    },
    close: () => contexts.close(),
  };
}

type Ask = (url: string) => Promise<FetchResponse>;
/** The answer that the page is made from. */
type Document = Pick<FetchResponse, 'url' | 'status' | 'headers' | 'bytes'>;

function tooLarge(url: string): SourcelinkError {
  return new SourcelinkError('FETCH_TOO_LARGE', `${url} loads more data than a page may`);
}

/** Runs work that can also fail from outside: by time, by signal, by what happens to the page meanwhile. */
function within<T>(
  milliseconds: number,
  url: string,
  signal: AbortSignal | undefined,
  work: (fail: (error: SourcelinkError) => void) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = new SourcelinkError('FETCH_TIMEOUT', `${url} was not rendered within ${milliseconds / 1000} s`, {
      hint: 'The scripts of the page did not finish. Sourcelink tries again; if it keeps failing, raise `fetch.timeout` or set `render: never`.',
    });
    const timer = setTimeout(reject, milliseconds, late);
    const abort = (): void => reject(signal?.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    work(reject)
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      });
  });
}

async function limitBytes(page: Page, limit: number, exceeded: () => void): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  let loaded = 0;
  devtools.on('Network.dataReceived', (event) => {
    loaded += event.dataLength;
    if (loaded > limit) exceeded();
  });
  // Nobody asks for the bodies again, so that none is kept.
  await devtools.send('Network.enable', { maxTotalBufferSize: 0, maxResourceBufferSize: 0 });
}

/** The document as it is now. Its headers are those of the document as it came, so that the next visit can ask conditionally. */
async function serialized(page: Page, came: Document, maxBytes: number): Promise<FetchedPage> {
  const size = await page.evaluate(() => document.documentElement.outerHTML.length);
  if (size > maxBytes) throw tooLarge(came.url);
  const bytes = new TextEncoder().encode(await page.content());
  const url = new URL(page.url());
  url.hash = '';
  const shown = url.protocol === 'http:' || url.protocol === 'https:' ? url.href : came.url;
  return {
    url: shown,
    via: 'browser',
    headers: { ...came.headers, 'content-type': 'text/html; charset=utf-8' },
    bytes,
  };
}

async function putAway(page: Page | null): Promise<void> {
  if (!page) return;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((done) => {
    timer = setTimeout(done, CLOSE_MS);
  });
  await Promise.race([page.close().catch(() => {}), patience]);
  clearTimeout(timer);
}
