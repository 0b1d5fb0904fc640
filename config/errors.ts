import { wellFormed } from '../text/well-formed.js';

/** Every error that Sourcelink throws on purpose. It has a stable code, and says whether a retry can help and what a person can do. */
export class SourcelinkError extends Error {
  override readonly name: string = 'SourcelinkError';
  /** Stable, documented in docs/errors.md: `CONFIG_…`, `FETCH_…`, `DISCOVER_…`, `EXTRACT_…`, `LEDGER_…`, `SINK_…`. */
  readonly code: ErrorCode;
  /** True when the same call may succeed later without any change by a person. */
  readonly retryable: boolean;
  /** What a person can do about it, in one sentence. */
  readonly hint: string | undefined;
  /** Time to wait before the next attempt, in milliseconds, if the other side named one. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; hint?: string; retryable?: boolean; retryAfterMs?: number | undefined } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? CODES[code].retryable;
    this.hint = options.hint ?? CODES[code].hint;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * Every error code, with its default retry policy and hint. docs/errors.md is generated from this table
 * (`npm run docs`), so a code without a meaning cannot exist.
 */
export const CODES = {
  USAGE: { retryable: false, hint: 'See `sourcelink --help`.' },

  CONFIG_INVALID: { retryable: false, hint: 'Correct the file at the line and field shown.' },
  CONFIG_MISSING: { retryable: false, hint: 'Run `sourcelink init` to write a starting configuration.' },
  CONFIG_ENV: { retryable: false, hint: 'Set the environment variable that the message names.' },

  FETCH_BLOCKED_ADDRESS: {
    retryable: false,
    hint: 'The host has a private address. Use a public URL, or set `proxy` for this source.',
  },
  FETCH_BAD_URL: { retryable: false, hint: 'Use an absolute http:// or https:// URL.' },
  FETCH_DNS: { retryable: true, hint: 'Check the spelling of the host name and the DNS of this machine.' },
  FETCH_CONNECT: { retryable: true, hint: 'The host does not accept connections. Sourcelink tries again later.' },
  FETCH_TLS: { retryable: true, hint: 'The TLS certificate of the host is not valid. Report it to the publisher.' },
  FETCH_TIMEOUT: {
    retryable: true,
    hint: 'The host answered too slowly. Sourcelink tries again later; if this happens often, raise `fetch.timeout`.',
  },
  FETCH_REDIRECT_LOOP: {
    retryable: false,
    hint: 'The URL redirects to itself. Exclude it with `filters.exclude`, or report it to the publisher.',
  },
  FETCH_TOO_MANY_REDIRECTS: { retryable: false, hint: 'Open the URL in a browser and list the address where it ends.' },
  FETCH_TOO_LARGE: {
    retryable: false,
    hint: 'If you need such large pages, raise `fetch.maxBytes` in sourcelink.yaml.',
  },
  FETCH_BAD_ENCODING: { retryable: true, hint: 'The response is damaged. Sourcelink tries again later.' },
  FETCH_HTTP_4XX: { retryable: false, hint: 'The publisher refuses this URL. Open it in a browser to see why.' },
  FETCH_HTTP_5XX: { retryable: true, hint: 'The server of the publisher has an error. Sourcelink tries again later.' },
  FETCH_RATE_LIMITED: {
    retryable: true,
    hint: 'The publisher asks for fewer requests. Sourcelink waits as long as requested; if this happens often, raise `delay` of the source.',
  },
  FETCH_FORBIDDEN: {
    retryable: false,
    hint: 'The publisher refuses crawlers. Ask for permission, or switch the source off.',
  },
  FETCH_NOT_FOUND: { retryable: false, hint: 'The page does not exist (404). Open the URL in a browser to check.' },
  FETCH_BLOCKED: {
    retryable: true,
    hint: 'The publisher blocks crawlers, and Sourcelink does not circumvent that. Ask for permission, then set the `headers` or `proxy` that you agreed on.',
  },
  FETCH_GONE: { retryable: false, hint: 'The publisher has removed the page for good; there is nothing to do.' },
  FETCH_NOT_HTML: { retryable: false, hint: 'The URL is not an article page. Exclude it with `filters.exclude`.' },
  FETCH_ROBOTS: {
    retryable: false,
    hint: 'The robots.txt of the host forbids this URL, so it is not fetched. Ask the publisher for a feed.',
  },
  FETCH_ROBOTS_UNREACHABLE: {
    retryable: true,
    hint: 'The robots.txt of the host cannot be read. Until it can, Sourcelink sends no other requests there.',
  },
  FETCH_CRASHED: {
    retryable: true,
    hint: 'The page crashed the browser. Sourcelink tries again; if it keeps crashing, exclude the page or set `render: never`.',
  },
  FETCH_BROWSER: { retryable: true, hint: 'Install Chromium, or set SOURCELINK_BROWSER to its path.' },

  DISCOVER_NOTHING: { retryable: true, hint: 'List `feeds:`, `sitemaps:` or `listings:` for this source.' },
  DISCOVER_UNREADABLE: { retryable: true, hint: 'The document is neither a feed nor a sitemap. Check its URL.' },
  DISCOVER_MOVED: {
    retryable: true,
    hint: 'Write the new address into sources.yaml: `sourcelink sources check ID --accept` does this for you.',
  },
  DISCOVER_TRUNCATED: {
    retryable: false,
    hint: 'What was read is kept. To avoid this, list a feed or sitemap that contains only the newest articles.',
  },

  EXTRACT_TOO_LARGE: { retryable: false, hint: 'If you need such large pages, raise `extract.maxBytes`.' },
  EXTRACT_TOO_MANY_ELEMENTS: { retryable: false, hint: 'If you need such pages, raise `extract.maxElements`.' },
  EXTRACT_TOO_DEEP: { retryable: false, hint: 'If you need such pages, raise `extract.maxDepth`.' },
  EXTRACT_TIMEOUT: {
    retryable: true,
    hint: 'On a busy machine another attempt may succeed. If it happens often, raise `extract.deadline`.',
  },
  EXTRACT_OUT_OF_MEMORY: { retryable: false, hint: 'If you need such pages, raise `extract.heapMb`.' },
  EXTRACT_EMPTY: {
    retryable: false,
    hint: 'No article text was found. Set `extract.body` for this source, or exclude such URLs with `filters.exclude`.',
  },
  EXTRACT_NOT_ARTICLE: {
    retryable: false,
    hint: 'The page is not an article but a list, a login form, a consent wall or an error page. Exclude such URLs with `filters.exclude`.',
  },
  EXTRACT_RETRACTED: {
    retryable: false,
    hint: 'The publisher retracted the article. Sourcelink does not publish it, and retracts it where it already did.',
  },
  EXTRACT_FAILED: { retryable: false, hint: 'Run `sourcelink try URL` and report what it prints.' },

  WEBSUB_DENIED: {
    retryable: true,
    hint: 'The hub refuses to push this feed. Sourcelink visits the source on its usual schedule and asks the hub again every day.',
  },

  LEDGER_LOCKED: {
    retryable: false,
    hint: 'Stop the other Sourcelink process, or use PostgreSQL (SOURCELINK_DATABASE_URL).',
  },
  LEDGER_NOT_EMPTY: { retryable: false, hint: 'Add `--force` to replace the existing data.' },
  LEDGER_BACKUP: {
    retryable: false,
    hint: 'Nothing was changed. Correct what the message names and run the command again.',
  },
  LEDGER_UNREACHABLE: { retryable: true, hint: 'Check SOURCELINK_DATABASE_URL, and that the database is running.' },
  LEDGER_MIGRATION: { retryable: false, hint: 'A newer version of Sourcelink wrote this ledger. Use that version.' },
  QUEUE_UNREACHABLE: { retryable: true, hint: 'Check SOURCELINK_QUEUE_URL, and that the server is running.' },

  PUBLISH_NO_ATTRIBUTION: {
    retryable: false,
    hint: 'Sourcelink never publishes an article without a source name and URL. Check `name` and `url` of the source.',
  },
  PUBLISH_BUSY: { retryable: true, hint: 'A worker is processing this article. Try again in a minute.' },
  SINK_FAILED: {
    retryable: true,
    hint: 'Check that the sink is reachable. Deliveries wait and are sent again automatically.',
  },
  SITE_ADDRESS: {
    retryable: false,
    hint: 'Set `site.host` and `site.port` in sourcelink.yaml to a free address and port of this machine.',
  },
  HTTP_ADDRESS: {
    retryable: false,
    hint: 'Set `http.host` and `http.port` in sourcelink.yaml to a free address and port of this machine.',
  },
  HTTP_BAD_REQUEST: {
    retryable: false,
    hint: 'Correct what the message names; /v1/openapi.json describes each request.',
  },
  HTTP_UNAUTHORIZED: {
    retryable: false,
    hint: 'Send `Authorization: Bearer TOKEN` with the token of SOURCELINK_API_TOKEN.',
  },
  HTTP_CLOSED: {
    retryable: false,
    hint: 'To allow changes, set SOURCELINK_API_TOKEN in the environment of the server. Without it the API is read-only.',
  },
  HTTP_NOT_FOUND: { retryable: false, hint: 'See /v1/openapi.json for all addresses.' },
  HTTP_METHOD: { retryable: false, hint: 'Use one of the methods listed in the Allow header.' },
  HTTP_GONE: { retryable: false, hint: 'The article was retracted: delete your copy.' },
  HTTP_TOO_LARGE: { retryable: false, hint: 'Send a smaller request.' },
  HTTP_TOO_MANY: {
    retryable: true,
    hint: 'Wait for the number of seconds in the Retry-After header. The operator can raise `http.perMinute`.',
  },
  HTTP_NOT_READY: { retryable: true, hint: 'Try again in a few seconds. /readyz shows what is not ready.' },
  HTTP_FAILED: { retryable: true, hint: 'Try again. If the error persists, search the log for the same `instance`.' },
  SINK_REFUSED: { retryable: false, hint: 'The sink refused the article. `sourcelink dead list` shows its answer.' },
} as const satisfies Record<string, { retryable: boolean; hint: string }>;

export type ErrorCode = keyof typeof CODES;

/** The code of any thrown value; `UNEXPECTED` for an error that is not a SourcelinkError. */
export function codeOf(error: unknown): string {
  return error instanceof SourcelinkError ? error.code : 'UNEXPECTED';
}

/** One line for a log, a table or a ledger row: the message and those of its causes, without repetition. */
export function messageOf(error: unknown): string {
  const parts: string[] = [];
  for (let e: unknown = error, depth = 0; e !== undefined && e !== null && depth < 4; depth++) {
    const text = wellFormed(e instanceof Error ? e.message : String(e));
    if (text && !parts.some((p) => p.includes(text))) parts.push(text);
    e = e instanceof Error ? e.cause : undefined;
  }
  return parts.join(': ').slice(0, 1000) || 'unknown error';
}

/** The hint for a code stored in the ledger; null for a code without one. */
export const hintOf = (code: string | null): string | null =>
  code !== null && code in CODES ? CODES[code as ErrorCode].hint : null;
