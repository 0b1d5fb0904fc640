import type { Context, MiddlewareHandler } from 'hono';
import type { Changes } from './changes.js';

type Kept = { status: number; body: ArrayBuffer; headers: [string, string][] };

/** Total size of the cached pages, in bytes. */
const MAX_BYTES = 24_000_000;
const MAX_PAGE = 1_000_000;

/** Caches rendered pages until anything changes, because most readers ask for the same few. Cached pages hold nothing personal. */
export function pageCache(changes: Changes, themeOf: (c: Context) => string): MiddlewareHandler {
  const pages = new Map<string, Kept>();
  let bytes = 0;
  let of = -1;
  return async (c, next) => {
    if (c.req.method !== 'GET') return next();
    const count = await changes.current();
    if (count !== of) {
      pages.clear();
      bytes = 0;
      of = count;
    }
    const url = new URL(c.req.url);
    const key = `${themeOf(c)} ${encodingOf(c)} ${url.pathname}${url.search}`;
    const kept = pages.get(key);
    if (kept) {
      pages.delete(key);
      pages.set(key, kept);
      c.res = new Response(kept.body.slice(0), { status: kept.status, headers: kept.headers });
      return;
    }
    await next();
    const type = c.res.headers.get('content-type') ?? '';
    const whole = [200, 410].includes(c.res.status) && /^(text\/html|application\/(rss|atom|feed|xml))/.test(type);
    if (!whole || c.res.headers.get('cache-control')?.includes('no-store')) return;
    const body = await c.res.clone().arrayBuffer();
    // A page that was rendered during a change may be out of date.
    if (body.byteLength > MAX_PAGE || of !== count) return;
    pages.set(key, { status: c.res.status, body, headers: [...c.res.headers] });
    bytes += body.byteLength;
    for (const [oldest, page] of pages) {
      if (bytes <= MAX_BYTES) break;
      pages.delete(oldest);
      bytes -= page.body.byteLength;
    }
  };
}

/** The encoding that `compress` would choose. */
const encodingOf = (c: Context): string =>
  /\b(gzip|deflate)\b/.exec(c.req.header('accept-encoding') ?? '')?.[0] ?? 'plain';
