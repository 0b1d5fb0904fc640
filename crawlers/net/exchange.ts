import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { SourcelinkError } from '../../config/errors.js';
import { ACCEPT_ENCODING, type BodyLimits, readBody } from './body.js';
import { fetchFailure, wasClosedByHost } from './failure.js';

export type ExchangeOptions = {
  dispatcher: Dispatcher;
  headers: Record<string, string>;
  /** URL-encoded; sent by POST. */
  form?: string;
  /** Milliseconds for headers and body together. */
  timeoutMs: number;
  maxBytes: number;
  beyond: BodyLimits['beyond'];
  unpackFile?: boolean;
  signal?: AbortSignal | undefined;
  /** Whether the body is wanted, judged by status and headers; may throw to refuse. A number asks for its first bytes, if they come. */
  wanted: (status: number, headers: Record<string, string>) => boolean | number;
};

export type Exchange = {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** Decompressed; empty when unwanted, or when no more than its first bytes was asked for and they did not come. */
  bytes: Uint8Array;
  milliseconds: number;
};

/**
 * undici 7.30 ends the process by an uncaught assertion when a host closes the connection while the body's reader lags
 * behind by more than this many bytes. What is kept meanwhile is bounded by `maxBytes`: beyond it the body is destroyed.
 */
export const NEVER_PAUSE = Number.MAX_SAFE_INTEGER;

/** Bytes of an unwanted body that are read away so that the connection can be kept. */
const DUMP_BYTES = 64 * 1024;
const DUMP_MS = 1000;

/**
 * One GET, or POST of a form, without redirects, rules or turns: the URL must have passed the guard.
 * @throws SourcelinkError `FETCH_…`; the signal's reason when it aborts
 */
export async function exchange(url: URL, options: ExchangeOptions): Promise<Exchange> {
  const { signal } = options;
  signal?.throwIfAborted();
  // By hand instead of AbortSignal.any, which keeps every request's signal alive as long as the longest-lived one.
  const started = performance.now();
  const stop = new AbortController();
  const abort = (): void => stop.abort(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  const late = new SourcelinkError(
    'FETCH_TIMEOUT',
    `${url.href} was not answered within ${options.timeoutMs / 1000} s`,
  );
  const timer = setTimeout(() => stop.abort(late), Math.max(options.timeoutMs, 1));
  try {
    const answer = await once(url, options, stop.signal).catch((error: unknown) => {
      // A host may close a kept connection at the moment it is used again: that is no answer, so ask once more.
      if (stop.signal.aborted || !wasClosedByHost(error)) throw error;
      return once(url, options, stop.signal);
    });
    return { ...answer, milliseconds: performance.now() - started };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw stop.signal.aborted ? late : fetchFailure(url.href, error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

async function once(url: URL, options: ExchangeOptions, signal: AbortSignal): Promise<Omit<Exchange, 'milliseconds'>> {
  const answer = await options.dispatcher.request({
    origin: url.origin,
    path: url.pathname + url.search,
    ...(options.form === undefined ? { method: 'GET' as const } : { method: 'POST' as const, body: options.form }),
    headers: {
      ...options.headers,
      ...(options.form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      'accept-encoding': ACCEPT_ENCODING,
    },
    headersTimeout: options.timeoutMs + 1000,
    bodyTimeout: options.timeoutMs + 1000,
    highWaterMark: NEVER_PAUSE,
    signal,
  });
  const status = answer.statusCode;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers))
    if (value !== undefined) headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  // The reader of the body sees its errors; without one, an abort must not become an uncaught error.
  answer.body.on('error', () => {});
  try {
    const wanted = options.wanted(status, headers);
    if (typeof wanted === 'number') return { status, headers, bytes: await beginningOf(answer.body, headers, wanted) };
    if (!wanted) {
      await answer.body.dump({ limit: DUMP_BYTES, signal: AbortSignal.timeout(DUMP_MS) }).catch(() => {});
      return { status, headers, bytes: new Uint8Array() };
    }
    const bytes = await readBody(answer.body, headers['content-encoding'], {
      url: url.href,
      maxBytes: options.maxBytes,
      beyond: options.beyond,
      ...(options.unpackFile ? { unpackFile: true } : {}),
    });
    return { status, headers, bytes };
  } catch (error) {
    answer.body.destroy();
    throw error;
  }
}

/** Something to look at beside a status that says enough: a broken or slow body is none. */
async function beginningOf(body: Readable, headers: Record<string, string>, maxBytes: number): Promise<Uint8Array> {
  const timer = setTimeout(() => body.destroy(), DUMP_MS);
  try {
    return await readBody(body, headers['content-encoding'], { url: '', maxBytes, beyond: 'cut' });
  } catch {
    body.destroy();
    return new Uint8Array();
  } finally {
    clearTimeout(timer);
  }
}
