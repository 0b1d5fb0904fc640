import { wellFormed } from '../text/well-formed.js';

/** Everything Sourcelink throws on purpose: a stable code, whether trying again can help, and what the operator can do. */
export class SourcelinkError extends Error {
  override readonly name: string = 'SourcelinkError';
  /** Stable, documented in docs/errors.md: `CONFIG_…`, `FETCH_…`, `DISCOVER_…`, `EXTRACT_…`, `LEDGER_…`, `SINK_…`. */
  readonly code: ErrorCode;
  /** True when the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  /** What a person can do about it, in one sentence. */
  readonly mend: string | undefined;
  /** Earliest sensible time for the next try, in milliseconds from now, when the other side named one. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; mend?: string; retryable?: boolean; retryAfterMs?: number | undefined } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? CODES[code].retryable;
    this.mend = options.mend ?? CODES[code].mend;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * Every error code, with its default retry policy and mend. docs/errors.md is generated from this table
 * (`npm run docs`), so a code without a meaning cannot exist.
 */
export const CODES = {
  USAGE: { retryable: false, mend: 'See `sourcelink --help`.' },

  CONFIG_INVALID: { retryable: false, mend: 'Correct the file at the place named.' },
  CONFIG_MISSING: { retryable: false, mend: 'Run `sourcelink init` to write a starting configuration.' },
  CONFIG_ENV: { retryable: false, mend: 'Set the environment variable named.' },

  FETCH_BLOCKED_ADDRESS: {
    retryable: false,
    mend: 'The address is private. Use a public URL, or name a proxy for this source.',
  },
  FETCH_BAD_URL: { retryable: false, mend: 'Use an absolute http:// or https:// URL.' },
  FETCH_DNS: { retryable: true, mend: 'Check the host name; it does not resolve.' },
  FETCH_CONNECT: { retryable: true, mend: 'The host does not accept connections; it is tried again later.' },
  FETCH_TLS: { retryable: true, mend: 'The certificate of the host is not valid; tell the publisher.' },
  FETCH_TIMEOUT: { retryable: true, mend: 'The host answered too slowly; it is tried again later.' },
  FETCH_REDIRECT_LOOP: { retryable: false, mend: 'The URL redirects in a circle; tell the publisher or exclude it.' },
  FETCH_TOO_MANY_REDIRECTS: { retryable: false, mend: 'List the final URL instead.' },
  FETCH_TOO_LARGE: { retryable: false, mend: 'Raise `fetch.maxBytes` in sourcelink.yaml if the page is worth it.' },
  FETCH_BAD_ENCODING: { retryable: true, mend: 'The compressed answer is broken; it is tried again later.' },
  FETCH_HTTP_4XX: { retryable: false, mend: 'The publisher refuses this URL; check it in a browser.' },
  FETCH_HTTP_5XX: { retryable: true, mend: 'The publisher has a fault; it is tried again later.' },
  FETCH_RATE_LIMITED: {
    retryable: true,
    mend: 'The publisher asks for fewer requests; it is tried again when it said.',
  },
  FETCH_FORBIDDEN: {
    retryable: false,
    mend: 'The publisher refuses crawlers; ask for permission, or exclude the source.',
  },
  FETCH_NOT_FOUND: { retryable: false, mend: 'There is no such page (404); check the URL in a browser.' },
  FETCH_BLOCKED: {
    retryable: true,
    mend: 'The publisher lets no crawlers in. Ask for permission, then set the `headers` or `proxy` agreed; we do not get around it.',
  },
  FETCH_GONE: { retryable: false, mend: 'The publisher has withdrawn the page.' },
  FETCH_NOT_HTML: { retryable: false, mend: 'The URL is no article page; exclude it with `filters.exclude`.' },
  FETCH_ROBOTS: { retryable: false, mend: 'robots.txt forbids this URL to crawlers; it is left alone.' },
  FETCH_ROBOTS_UNREACHABLE: {
    retryable: true,
    mend: 'robots.txt cannot be read (server error), so the host is left alone for now.',
  },
  FETCH_CRASHED: {
    retryable: true,
    mend: 'The page crashes the browser; it is tried again. If it always does, exclude it or set `render: never`.',
  },
  FETCH_BROWSER: { retryable: true, mend: 'Install Chromium or set SOURCELINK_BROWSER to its path.' },

  DISCOVER_NOTHING: { retryable: true, mend: 'List `feeds:`, `sitemaps:` or `listings:` for this source.' },
  DISCOVER_UNREADABLE: { retryable: true, mend: 'The document is neither a feed nor a sitemap; check its URL.' },
  DISCOVER_MOVED: {
    retryable: true,
    mend: 'Write the new address into sources.yaml; `sourcelink sources check ID --accept` does it.',
  },
  DISCOVER_TRUNCATED: {
    retryable: false,
    mend: 'List a feed or sitemap of the newest articles only; nothing of what was read is lost.',
  },

  EXTRACT_TOO_LARGE: { retryable: false, mend: 'The page is larger than `extract.maxBytes`.' },
  EXTRACT_TOO_MANY_ELEMENTS: { retryable: false, mend: 'The page has more elements than `extract.maxElements`.' },
  EXTRACT_TOO_DEEP: { retryable: false, mend: 'The page nests deeper than `extract.maxDepth`.' },
  EXTRACT_TIMEOUT: {
    retryable: true,
    mend: 'The page took longer than `extract.deadline`; on a busy machine another try may not.',
  },
  EXTRACT_OUT_OF_MEMORY: { retryable: false, mend: 'The page needs more memory than `extract.heapMb`.' },
  EXTRACT_EMPTY: {
    retryable: false,
    mend: 'No article text was found; give `extract.body` for this source, or exclude such URLs.',
  },
  EXTRACT_NOT_ARTICLE: {
    retryable: false,
    mend: 'The page is no article (a list, a login, a consent wall, an error page); exclude such URLs with `filters.exclude`.',
  },
  EXTRACT_RETRACTED: {
    retryable: false,
    mend: 'The publisher took the article back; it is not published, and what was published of it is retracted.',
  },
  EXTRACT_FAILED: { retryable: false, mend: 'Report the page with `sourcelink try URL`.' },

  WEBSUB_DENIED: {
    retryable: true,
    mend: 'The hub will not bring this feed; it is looked at as often as without a hub, and the hub is asked again daily.',
  },

  LEDGER_LOCKED: {
    retryable: false,
    mend: 'Stop the other Sourcelink process, or use PostgreSQL (SOURCELINK_DATABASE_URL).',
  },
  LEDGER_NOT_EMPTY: { retryable: false, mend: 'Give `--force` to replace what is there.' },
  LEDGER_BACKUP: { retryable: false, mend: 'Nothing was changed. Correct what is named and run it again.' },
  LEDGER_UNREACHABLE: { retryable: true, mend: 'Check SOURCELINK_DATABASE_URL and that the database runs.' },
  LEDGER_MIGRATION: { retryable: false, mend: 'The ledger was written by a newer Sourcelink; use that version.' },
  QUEUE_UNREACHABLE: { retryable: true, mend: 'Check SOURCELINK_QUEUE_URL and that the server runs.' },

  PUBLISH_NO_ATTRIBUTION: {
    retryable: false,
    mend: 'An article without source name and URL is never published; check `name` and `url` of the source.',
  },
  PUBLISH_BUSY: { retryable: true, mend: 'Its page is looked at again just now; try again in a minute.' },
  SINK_FAILED: { retryable: true, mend: 'Check the sink; deliveries wait and are tried again.' },
  SITE_ADDRESS: {
    retryable: false,
    mend: 'Set `site.host` and `site.port` in sourcelink.yaml to an address of this machine that is free.',
  },
  HTTP_ADDRESS: {
    retryable: false,
    mend: 'Set `http.host` and `http.port` in sourcelink.yaml to an address of this machine that is free.',
  },
  HTTP_BAD_REQUEST: { retryable: false, mend: 'Correct what is named; /v1/openapi.json says what each request takes.' },
  HTTP_UNAUTHORIZED: {
    retryable: false,
    mend: 'Send `Authorization: Bearer TOKEN` with the token of SOURCELINK_API_TOKEN.',
  },
  HTTP_CLOSED: {
    retryable: false,
    mend: 'Set SOURCELINK_API_TOKEN where the server starts; until then it only reads.',
  },
  HTTP_NOT_FOUND: { retryable: false, mend: 'See /v1/openapi.json for what there is.' },
  HTTP_METHOD: { retryable: false, mend: 'Use one of the methods of the Allow header.' },
  HTTP_GONE: { retryable: false, mend: 'Remove your copy.' },
  HTTP_TOO_LARGE: { retryable: false, mend: 'Send less.' },
  HTTP_TOO_MANY: { retryable: true, mend: 'Wait as long as Retry-After says; the operator sets `http.perMinute`.' },
  HTTP_NOT_READY: { retryable: true, mend: 'Try again in a few seconds; /readyz says what is missing.' },
  HTTP_FAILED: { retryable: true, mend: 'Try again; if it stays, the log has more under the same `instance`.' },
  SINK_REFUSED: { retryable: false, mend: 'The sink refuses the article; see its answer in `sourcelink dead list`.' },
} as const satisfies Record<string, { retryable: boolean; mend: string }>;

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
export const mendOf = (code: string | null): string | null =>
  code !== null && code in CODES ? CODES[code as ErrorCode].mend : null;
