import { wellFormed } from '../text/well-formed.js';

/** Everything Sourcelink throws on purpose: a stable code, whether trying again can help, and what the operator can do. */
export class SourcelinkError extends Error {
  override readonly name: string = 'SourcelinkError';
  /** Stable, documented in docs/errors.md: `CONFIG_…`, `FETCH_…`, `DISCOVER_…`, `EXTRACT_…`, `LEDGER_…`, `SINK_…`. */
  readonly code: ErrorCode;
  /** True when the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  /** What a person can do about it, in one sentence. */
  readonly hint: string | undefined;
  /** Earliest sensible time for the next try, in milliseconds from now, when the other side named one. */
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

  CONFIG_INVALID: { retryable: false, hint: 'Correct the file at the place named.' },
  CONFIG_MISSING: { retryable: false, hint: 'Run `sourcelink init` to write a starting configuration.' },
  CONFIG_ENV: { retryable: false, hint: 'Set the environment variable named.' },

  FETCH_BLOCKED_ADDRESS: {
    retryable: false,
    hint: 'The address is private. Use a public URL, or name a proxy for this source.',
  },
  FETCH_BAD_URL: { retryable: false, hint: 'Use an absolute http:// or https:// URL.' },
  FETCH_DNS: { retryable: true, hint: 'Check the host name; it does not resolve.' },
  FETCH_CONNECT: { retryable: true, hint: 'The host does not accept connections; it is tried again later.' },
  FETCH_TLS: { retryable: true, hint: 'The certificate of the host is not valid; tell the publisher.' },
  FETCH_TIMEOUT: { retryable: true, hint: 'The host answered too slowly; it is tried again later.' },
  FETCH_REDIRECT_LOOP: { retryable: false, hint: 'The URL redirects in a circle; tell the publisher or exclude it.' },
  FETCH_TOO_MANY_REDIRECTS: { retryable: false, hint: 'List the final URL instead.' },
  FETCH_TOO_LARGE: { retryable: false, hint: 'Raise `fetch.maxBytes` in sourcelink.yaml if the page is worth it.' },
  FETCH_BAD_ENCODING: { retryable: true, hint: 'The compressed answer is broken; it is tried again later.' },
  FETCH_HTTP_4XX: { retryable: false, hint: 'The publisher refuses this URL; check it in a browser.' },
  FETCH_HTTP_5XX: { retryable: true, hint: 'The publisher has a fault; it is tried again later.' },
  FETCH_RATE_LIMITED: {
    retryable: true,
    hint: 'The publisher asks for fewer requests; it is tried again when it said.',
  },
  FETCH_FORBIDDEN: {
    retryable: false,
    hint: 'The publisher refuses crawlers; ask for permission, or exclude the source.',
  },
  FETCH_NOT_FOUND: { retryable: false, hint: 'There is no such page (404); check the URL in a browser.' },
  FETCH_BLOCKED: {
    retryable: true,
    hint: 'The publisher lets no crawlers in. Ask for permission, then set the `headers` or `proxy` agreed; we do not get around it.',
  },
  FETCH_GONE: { retryable: false, hint: 'The publisher has withdrawn the page.' },
  FETCH_NOT_HTML: { retryable: false, hint: 'The URL is no article page; exclude it with `filters.exclude`.' },
  FETCH_ROBOTS: { retryable: false, hint: 'robots.txt forbids this URL to crawlers; it is left alone.' },
  FETCH_ROBOTS_UNREACHABLE: {
    retryable: true,
    hint: 'robots.txt cannot be read (server error), so the host is left alone for now.',
  },
  FETCH_CRASHED: {
    retryable: true,
    hint: 'The page crashes the browser; it is tried again. If it always does, exclude it or set `render: never`.',
  },
  FETCH_BROWSER: { retryable: true, hint: 'Install Chromium or set SOURCELINK_BROWSER to its path.' },

  DISCOVER_NOTHING: { retryable: true, hint: 'List `feeds:`, `sitemaps:` or `listings:` for this source.' },
  DISCOVER_UNREADABLE: { retryable: true, hint: 'The document is neither a feed nor a sitemap; check its URL.' },
  DISCOVER_MOVED: {
    retryable: true,
    hint: 'Write the new address into sources.yaml; `sourcelink sources check ID --accept` does it.',
  },
  DISCOVER_TRUNCATED: {
    retryable: false,
    hint: 'List a feed or sitemap of the newest articles only; nothing of what was read is lost.',
  },

  EXTRACT_TOO_LARGE: { retryable: false, hint: 'The page is larger than `extract.maxBytes`.' },
  EXTRACT_TOO_MANY_ELEMENTS: { retryable: false, hint: 'The page has more elements than `extract.maxElements`.' },
  EXTRACT_TOO_DEEP: { retryable: false, hint: 'The page nests deeper than `extract.maxDepth`.' },
  EXTRACT_TIMEOUT: {
    retryable: true,
    hint: 'The page took longer than `extract.deadline`; on a busy machine another try may not.',
  },
  EXTRACT_OUT_OF_MEMORY: { retryable: false, hint: 'The page needs more memory than `extract.heapMb`.' },
  EXTRACT_EMPTY: {
    retryable: false,
    hint: 'No article text was found; give `extract.body` for this source, or exclude such URLs.',
  },
  EXTRACT_NOT_ARTICLE: {
    retryable: false,
    hint: 'The page is no article (a list, a login, a consent wall, an error page); exclude such URLs with `filters.exclude`.',
  },
  EXTRACT_RETRACTED: {
    retryable: false,
    hint: 'The publisher took the article back; it is not published, and what was published of it is retracted.',
  },
  EXTRACT_FAILED: { retryable: false, hint: 'Report the page with `sourcelink try URL`.' },

  WEBSUB_DENIED: {
    retryable: true,
    hint: 'The hub will not bring this feed; it is looked at as often as without a hub, and the hub is asked again daily.',
  },

  LEDGER_LOCKED: {
    retryable: false,
    hint: 'Stop the other Sourcelink process, or use PostgreSQL (SOURCELINK_DATABASE_URL).',
  },
  LEDGER_NOT_EMPTY: { retryable: false, hint: 'Give `--force` to replace what is there.' },
  LEDGER_BACKUP: { retryable: false, hint: 'Nothing was changed. Correct what is named and run it again.' },
  LEDGER_UNREACHABLE: { retryable: true, hint: 'Check SOURCELINK_DATABASE_URL and that the database runs.' },
  LEDGER_MIGRATION: { retryable: false, hint: 'The ledger was written by a newer Sourcelink; use that version.' },
  QUEUE_UNREACHABLE: { retryable: true, hint: 'Check SOURCELINK_QUEUE_URL and that the server runs.' },

  PUBLISH_NO_ATTRIBUTION: {
    retryable: false,
    hint: 'An article without source name and URL is never published; check `name` and `url` of the source.',
  },
  PUBLISH_BUSY: { retryable: true, hint: 'Its page is looked at again just now; try again in a minute.' },
  SINK_FAILED: { retryable: true, hint: 'Check the sink; deliveries wait and are tried again.' },
  SITE_ADDRESS: {
    retryable: false,
    hint: 'Set `site.host` and `site.port` in sourcelink.yaml to an address of this machine that is free.',
  },
  HTTP_ADDRESS: {
    retryable: false,
    hint: 'Set `http.host` and `http.port` in sourcelink.yaml to an address of this machine that is free.',
  },
  HTTP_BAD_REQUEST: { retryable: false, hint: 'Correct what is named; /v1/openapi.json says what each request takes.' },
  HTTP_UNAUTHORIZED: {
    retryable: false,
    hint: 'Send `Authorization: Bearer TOKEN` with the token of SOURCELINK_API_TOKEN.',
  },
  HTTP_CLOSED: {
    retryable: false,
    hint: 'Set SOURCELINK_API_TOKEN where the server starts; until then it only reads.',
  },
  HTTP_NOT_FOUND: { retryable: false, hint: 'See /v1/openapi.json for what there is.' },
  HTTP_METHOD: { retryable: false, hint: 'Use one of the methods of the Allow header.' },
  HTTP_GONE: { retryable: false, hint: 'Remove your copy.' },
  HTTP_TOO_LARGE: { retryable: false, hint: 'Send less.' },
  HTTP_TOO_MANY: { retryable: true, hint: 'Wait as long as Retry-After says; the operator sets `http.perMinute`.' },
  HTTP_NOT_READY: { retryable: true, hint: 'Try again in a few seconds; /readyz says what is missing.' },
  HTTP_FAILED: { retryable: true, hint: 'Try again; if it stays, the log has more under the same `instance`.' },
  SINK_REFUSED: { retryable: false, hint: 'The sink refuses the article; see its answer in `sourcelink dead list`.' },
} as const satisfies Record<string, { retryable: boolean; hint: string }>;

export type ErrorCode = keyof typeof CODES;

/** The code of any thrown value; foreign errors have none of ours. */
export function codeOf(error: unknown): string {
  return error instanceof SourcelinkError ? error.code : 'UNEXPECTED';
}

/** One line for a log, a table or a ledger row: the message, followed by those of its causes that say something new. */
export function messageOf(error: unknown): string {
  const parts: string[] = [];
  for (let e: unknown = error, depth = 0; e !== undefined && e !== null && depth < 4; depth++) {
    const text = wellFormed(e instanceof Error ? e.message : String(e));
    if (text && !parts.some((p) => p.includes(text))) parts.push(text);
    e = e instanceof Error ? e.cause : undefined;
  }
  return parts.join(': ').slice(0, 1000) || 'unknown error';
}

/** What a person can do about a code that stands in the ledger; null when it needs nothing. */
export const hintOf = (code: string | null): string | null =>
  code !== null && code in CODES ? CODES[code as ErrorCode].hint : null;
