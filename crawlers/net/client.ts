import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import { SourcelinkError } from '../../config/errors.js';
import type { Logger } from '../../config/logger.js';
import type { Settings } from '../../config/settings.js';
import { CHALLENGE_BYTES, mayBeChallenge, refuseChallenge } from './challenge.js';
import { refuseByContent, refuseByType } from './content-type.js';
import { createDispatchers } from './dispatchers.js';
import { type Exchange, exchange } from './exchange.js';
import { createGuard, type Resolver } from './guard.js';
import { requestHeaders } from './headers.js';
import type { HostGate } from './politeness.js';
import { followRedirects, type Hop, type Journey } from './redirects.js';
import type { FetchRequest } from './request.js';
import { createReservations, type Reservation } from './reservations.js';
import { createRobots, type RobotsStore } from './robots.js';
import { ROBOTS_MAX_BYTES, type RobotsRules } from './robots-rules.js';
import { statusError } from './status.js';

export type FetchResponse = {
  /** After redirects. */
  url: string;
  status: number;
  notModified: boolean;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** Decompressed. */
  bytes: Uint8Array;
  /** True when every redirect on the way was permanent (301, 308) and there was one. */
  moved: boolean;
};

/** The one way to the network: guarded, polite, honest. */
export type Client = {
  /** @throws SourcelinkError `FETCH_…`; every status but 2xx and 304 is an error; the signal's reason when it aborts */
  fetch(request: FetchRequest): Promise<FetchResponse>;
  /** Why this URL is not asked for, whatever answers there (`FETCH_BLOCKED_ADDRESS`, `FETCH_BAD_URL`); null when it may be. */
  refusalOf(url: string, proxy?: string | null): SourcelinkError | null;
  /** `Sitemap:` lines of the robots.txt of this URL's host. */
  sitemapsOf(url: string, options?: { proxy?: string | null; signal?: AbortSignal }): Promise<string[]>;
  /** What the tdmrep.json of this URL's host reserves for it; null when nothing, or when there is no such file. */
  reservationOf(url: string, options?: Omit<FetchRequest, 'url'>): Promise<Reservation | null>;
  close(): Promise<void>;
};

export type ClientOptions = {
  settings: Pick<Settings, 'fetch' | 'userAgent'>;
  gate: HostGate;
  robots: RobotsStore;
  log: Logger;
  now?: () => number;
  resolve?: Resolver;
  /** Certificates trusted beside the system's, PEM. */
  ca?: string;
};

const MAX_ROBOTS_REDIRECTS = 5;
/** A longer `Crawl-delay` would mean a handful of articles a day; such sources want a longer `every:` instead. */
const MAX_CRAWL_DELAY_MS = 30_000;
const DEFAULT_CONCURRENCY = 2;
const DEFAULT_DELAY_MS = 250;

/** Takes each request, and each of its redirects again, through guard, robots.txt and the host's gate. */
export function createClient(options: ClientOptions): Client {
  const { settings, gate, log } = options;
  const { timeout, maxBytes, maxRedirects, allowHosts, connectTimeout, concurrency } = settings.fetch;
  const now = options.now ?? Date.now;
  const guard = createGuard({ allowHosts, ...(options.resolve && { resolve: options.resolve }) });
  const dispatchers = createDispatchers({
    guard,
    connectTimeoutMs: connectTimeout,
    ...(options.ca !== undefined && { ca: options.ca }),
  });
  const robots = createRobots({ store: options.robots, agent: settings.userAgent, now });
  const reservations = createReservations({ store: options.robots, now });
  const inProcess = pLimit(concurrency);
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);

  /** One exchange in the host's turn; a `Retry-After` is noted before the turn is given back. */
  async function takeTurn(hop: Hop, request: FetchRequest, crawlDelay: number, cut: boolean): Promise<Exchange> {
    const { url } = hop;
    const policy = {
      concurrency: request.concurrency ?? DEFAULT_CONCURRENCY,
      delayMs: Math.max(request.delayMs ?? DEFAULT_DELAY_MS, Math.min(crawlDelay * 1000, MAX_CRAWL_DELAY_MS)),
    };
    const signal = request.signal ?? closing.signal;
    const dispatcher = dispatchers.of(request.proxy || null);
    const leave = await gate.acquire(url.host, policy, signal);
    let began: number | null = null;
    try {
      const answer = await inProcess(() => {
        began = performance.now();
        return exchange(url, {
          dispatcher,
          headers: requestHeaders(request, settings.userAgent, hop.trusted),
          timeoutMs: hop.timeoutMs,
          ...(request.form && { form: new URLSearchParams(request.form).toString() }),
          maxBytes: request.maxBytes ?? maxBytes,
          beyond: cut ? 'cut' : 'refuse',
          unpackFile: request.accept === 'feed',
          signal,
          wanted: (status, headers) => {
            if (status < 200 || status > 299) return !cut && mayBeChallenge(status, headers) && CHALLENGE_BYTES;
            if (request.accept) refuseByType(url.href, headers['content-type'], request.accept);
            return true;
          },
        });
      });
      log.debug({ url: url.href, status: answer.status, ms: Math.round(answer.milliseconds) }, 'asked');
      if (answer.status === 429 || answer.status === 503) {
        const error = statusError(url.href, answer.status, answer.headers, now());
        if (error.retryAfterMs !== undefined) await gate.pause(url.host, error.retryAfterMs);
      }
      return answer;
    } finally {
      await leave(began === null ? undefined : performance.now() - began);
    }
  }

  /** @param rules of robots.txt for each place on the way; null asks for none */
  function travel(request: FetchRequest, rules: ((url: URL) => Promise<RobotsRules>) | null): Promise<Journey> {
    const proxied = Boolean(request.proxy);
    const check = (url: string | URL): URL => guard.check(url, { proxied });
    return followRedirects({
      start: check(request.url),
      maxRedirects: rules ? maxRedirects : MAX_ROBOTS_REDIRECTS,
      timeoutMs: timeout,
      check,
      visit: async (hop) => {
        const said = await rules?.(hop.url);
        if (said?.allows(hop.url) === false)
          throw new SourcelinkError('FETCH_ROBOTS', `robots.txt of ${hop.url.host} forbids ${hop.url.href}`);
        return takeTurn(hop, request, said?.crawlDelay ?? 0, rules === null);
      },
    });
  }

  /** Asked for once for all who wait for it, so by nobody's signal: each waits only as long as it wants to. */
  function rulesOf(url: URL, request: Omit<FetchRequest, 'url'>): Promise<RobotsRules> {
    const { proxy, concurrency, delayMs, signal } = request;
    const rules = robots.rulesFor(url, async (file) => {
      const found = await travel({ url: file.href, proxy, concurrency, delayMs, maxBytes: ROBOTS_MAX_BYTES }, null);
      return { status: found.answer.status, text: new TextDecoder().decode(found.answer.bytes) };
    });
    return unlessAborted(rules, signal);
  }

  return {
    async fetch(request) {
      // One signal stops many requests, each of which listens to it.
      if (request.signal) setMaxListeners(0, request.signal);
      const { url, answer, moved } = await travel(request, request.form ? null : (hop) => rulesOf(hop, request));
      const { status, headers, bytes } = answer;
      const conditional = Boolean(request.etag || request.lastModified);
      const notModified = status === 304 && conditional;
      refuseChallenge(url.href, status, headers, bytes);
      if (!notModified && (status < 200 || status > 299)) throw statusError(url.href, status, headers, now());
      if (request.accept === 'page' && !notModified) refuseByContent(url.href, headers['content-type'], bytes);
      return { url: url.href, status, notModified, headers, bytes, moved };
    },
    refusalOf(url, proxy) {
      try {
        guard.check(url, { proxied: Boolean(proxy) });
        return null;
      } catch (error) {
        if (error instanceof SourcelinkError) return error;
        throw error;
      }
    },
    async sitemapsOf(given, { proxy, signal } = {}) {
      const url = guard.check(given, { proxied: Boolean(proxy) });
      const { sitemaps } = await rulesOf(url, { proxy, signal });
      return sitemaps.filter((s) => URL.canParse(s, url)).map((s) => new URL(s, url).href);
    },
    reservationOf(given, { proxy, concurrency, delayMs, signal } = {}) {
      const url = guard.check(given, { proxied: Boolean(proxy) });
      const how = { proxy, concurrency, delayMs };
      const found = reservations.of(url, async (file) => {
        const { answer } = await travel({ url: file.href, ...how, maxBytes: ROBOTS_MAX_BYTES }, (hop) =>
          rulesOf(hop, how),
        );
        return { status: answer.status, text: new TextDecoder().decode(answer.bytes) };
      });
      return unlessAborted(found, signal);
    },
    async close() {
      closing.abort(new SourcelinkError('FETCH_CONNECT', 'the client was closed'));
      await dispatchers.close();
    },
  };
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
