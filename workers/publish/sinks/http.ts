import { messageOf } from '../../../config/errors.js';
import { ACCEPT_ENCODING, readBody } from '../../../crawlers/net/body.js';
import { createDispatchers } from '../../../crawlers/net/dispatchers.js';
import { NEVER_PAUSE } from '../../../crawlers/net/exchange.js';
import { fetchFailure } from '../../../crawlers/net/failure.js';
import { createGuard } from '../../../crawlers/net/guard.js';
import { retryAfterMs } from '../../../crawlers/net/status.js';
import { SinkUnavailable } from './batch.js';

export type SinkRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS';
  url: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
};

/** Any answer, whatever its status; the text is cut at `MAX_BYTES`. */
export type SinkAnswer = { status: number; headers: Record<string, string>; text: string };

/** Requests to the one host of a sink. It passes the same address guard as the crawler; redirects are not followed. */
export type SinkHttp = {
  /** @throws SinkUnavailable without an answer, and for one that says "not now" (408, 425, 429, 502, 503, 504) or "elsewhere" (3xx) */
  send(request: SinkRequest): Promise<SinkAnswer>;
  close(): Promise<void>;
};

/** An answer that is longer is cut, and then no JSON any more. */
const MAX_BYTES = 4 * 1024 * 1024;
const NOT_NOW = new Set([408, 425, 429, 502, 503, 504]);

/** @param options.host of the sink, with its port where it is not the usual one; `timeoutMs` for one answer */
export function createSinkHttp(options: {
  url: string;
  allowPrivateAddress: boolean;
  timeoutMs: number;
  userAgent: string;
  now: () => number;
}): SinkHttp {
  const { host } = new URL(options.url);
  const guard = createGuard({ allowHosts: options.allowPrivateAddress ? [host] : [] });
  const dispatchers = createDispatchers({ guard, connectTimeoutMs: Math.min(options.timeoutMs, 10_000) });

  async function exchange(request: SinkRequest, signal: AbortSignal): Promise<SinkAnswer> {
    const url = guard.check(request.url);
    const answer = await dispatchers.of(null).request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: request.method,
      headers: { 'user-agent': options.userAgent, ...request.headers, 'accept-encoding': ACCEPT_ENCODING },
      body: request.body ?? null,
      highWaterMark: NEVER_PAUSE,
      signal,
    });
    answer.body.on('error', () => {});
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(answer.headers))
      if (value !== undefined) headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
    const limits = { url: request.url, maxBytes: MAX_BYTES, beyond: 'cut' } as const;
    const bytes = await readBody(answer.body, headers['content-encoding'], limits);
    const text = new TextDecoder().decode(bytes);
    const status = answer.statusCode;
    return { status, headers, text: status < 300 ? text : censored(text, request.headers ?? {}) };
  }

  return {
    async send(request) {
      const late = AbortSignal.timeout(options.timeoutMs);
      let answer: SinkAnswer;
      try {
        answer = await exchange(request, late);
      } catch (cause) {
        if (late.aborted)
          throw new SinkUnavailable(`${request.url} was not answered within ${options.timeoutMs / 1000} s`);
        const failure = fetchFailure(request.url, cause);
        throw failure.code === 'FETCH_BLOCKED_ADDRESS'
          ? new SinkUnavailable(failure.message, {
              hint: 'Set `allowPrivateAddress: true` at this sink if the address is meant.',
            })
          : new SinkUnavailable(messageOf(failure));
      }
      const { status, headers } = answer;
      if (NOT_NOW.has(status))
        throw new SinkUnavailable(`${request.url} answered ${status}${excerptOf(answer)}`, {
          retryAfterMs: retryAfterMs(headers['retry-after'], options.now()) ?? undefined,
        });
      if (status >= 300 && status < 400)
        throw new SinkUnavailable(
          `${request.url} answered ${status}, a redirect to ${headers['location']?.slice(0, 200) ?? 'nowhere'}`,
          { hint: 'Write the final address as `url` of this sink; redirects are not followed.' },
        );
      return answer;
    },
    close: () => dispatchers.close(),
  };
}

/** What a sink says of a failure stands in logs and tables, and may repeat the key that it was sent. */
function censored(text: string, sent: Record<string, string>): string {
  const values = Object.entries(sent).flatMap(([name, value]) => (/^authorization$/i.test(name) ? value : []));
  const keys = values.flatMap((value) => {
    const key = value.replace(/^\S+\s+/, '');
    const [, password = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(key, 'base64').toString()) ?? [];
    return [key, password].filter((k) => k.length >= 8);
  });
  return keys.reduce((safe, key) => safe.replaceAll(key, '[redacted]'), text);
}

/** The beginning of what a sink said, for an error's message. */
export function excerptOf({ text }: SinkAnswer): string {
  const said = text
    .slice(0, 4000)
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return said === '' ? '' : `: ${said.slice(0, 200)}`;
}
