import { SourcelinkError } from '../../config/errors.js';
import type { Exchange } from './exchange.js';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const PERMANENT = new Set([301, 308]);

export type Hop = {
  url: URL;
  /** False once a redirect has left the origin that the request was meant for. */
  trusted: boolean;
  /** Milliseconds that are left of the time for all hops together. */
  timeoutMs: number;
};

export type Journey = { url: URL; answer: Exchange; moved: boolean };

/**
 * Visits a URL and then wherever its answers point, each place but once.
 * @param options.check judges a URL before it is visited; throws to refuse
 * @throws SourcelinkError `FETCH_REDIRECT_LOOP`, `FETCH_TOO_MANY_REDIRECTS`, and what `check` and `visit` throw
 */
export async function followRedirects(options: {
  start: URL;
  maxRedirects: number;
  timeoutMs: number;
  check: (url: URL) => URL;
  visit: (hop: Hop) => Promise<Exchange>;
}): Promise<Journey> {
  const { start, maxRedirects, check, visit } = options;
  const seen = new Set<string>();
  const hop: Hop = { url: start, trusted: true, timeoutMs: options.timeoutMs };
  let permanent = true;
  for (;;) {
    seen.add(hop.url.href);
    const answer = await visit(hop);
    if (!REDIRECTS.has(answer.status)) return { url: hop.url, answer, moved: seen.size > 1 && permanent };
    hop.timeoutMs -= answer.milliseconds;
    const next = checked(hop.url, target(hop.url, answer), check);
    if (seen.has(next.href))
      throw new SourcelinkError('FETCH_REDIRECT_LOOP', `${start.href} redirects to itself, by way of ${next.href}`);
    if (seen.size > maxRedirects)
      throw new SourcelinkError('FETCH_TOO_MANY_REDIRECTS', `${start.href} redirects more than ${maxRedirects} times`);
    permanent &&= PERMANENT.has(answer.status);
    hop.trusted &&= staysWithin(hop.url, next);
    hop.url = next;
  }
}

/** What is wrong with a place is told with the one that leads there. */
function checked(from: URL, to: URL, check: (url: URL) => URL): URL {
  try {
    return check(to);
  } catch (error) {
    if (!(error instanceof SourcelinkError)) throw error;
    const { code, message, hint, retryable } = error;
    const rest = { retryable, ...(hint === undefined ? {} : { hint }) };
    throw new SourcelinkError(code, `${from.href} redirects to another URL, and ${message}`, { cause: error, ...rest });
  }
}

function target(from: URL, answer: Exchange): URL {
  const location = answer.headers['location'];
  if (location && URL.canParse(location, from)) return new URL(location, from);
  const where = location ? `to ${location.slice(0, 200)}, which is not a URL` : 'without saying where';
  throw new SourcelinkError('FETCH_HTTP_4XX', `${from.href} redirects ${where}`);
}

/** Whether a redirect stays with whom a source's headers were agreed: the same origin, or the same host now encrypted. */
function staysWithin(from: URL, to: URL): boolean {
  if (from.origin === to.origin) return true;
  const upgraded = from.protocol === 'http:' && to.protocol === 'https:' && !from.port && !to.port;
  return upgraded && from.hostname === to.hostname;
}
