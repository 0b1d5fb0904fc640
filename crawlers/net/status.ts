import { type ErrorCode, SourcelinkError } from '../../config/errors.js';

/** A host that names a longer time is asked again after this one. */
const MAX_RETRY_AFTER_MS = 3_600_000;
/** When a host says "too many requests" without naming a time. */
const DEFAULT_RETRY_AFTER_MS = 60_000;

/** `Retry-After` in milliseconds from `now`, at most an hour; null when absent or unreadable (RFC 9110, 10.2.3). */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? '';
  if (text === '') return null;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

/** The error that a status other than 2xx, 304 and redirects is. */
export function statusError(
  url: string,
  status: number,
  headers: Record<string, string>,
  now: number,
): SourcelinkError {
  const after = retryAfterMs(headers['retry-after'], now);
  const text = `${url} answered ${status}`;
  if (status === 429 || (status === 503 && after !== null)) {
    const wait = after ?? DEFAULT_RETRY_AFTER_MS;
    return new SourcelinkError('FETCH_RATE_LIMITED', `${text}: not before ${Math.ceil(wait / 1000)} s from now`, {
      retryAfterMs: wait,
    });
  }
  return new SourcelinkError(codeFor(status), text);
}

function codeFor(status: number): ErrorCode {
  if (status === 401 || status === 403 || status === 451) return 'FETCH_FORBIDDEN';
  if (status === 410) return 'FETCH_GONE';
  if (status === 404) return 'FETCH_NOT_FOUND';
  return status >= 500 ? 'FETCH_HTTP_5XX' : 'FETCH_HTTP_4XX';
}
