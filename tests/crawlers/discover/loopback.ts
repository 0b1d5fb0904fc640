import { createServer, type IncomingMessage } from 'node:http';
import { request } from 'undici';
import { SourcelinkError } from '../../../config/errors.js';
import { resolveSource, type Source, SourceEntry } from '../../../config/sources.js';
import type { Fetcher } from '../../../crawlers/discover/discover.js';

export type Answer = { status?: number; body?: string | Uint8Array; headers?: Record<string, string> };
export type Outlet = {
  url: string;
  /** What is served, by path and query; anything else is 404. A function may look at the request. */
  pages: Record<string, Answer | string | ((request: IncomingMessage) => Answer)>;
  /** `/path` of each request since the last look, with ` 304` when so answered. */
  asked: () => string[];
  fetcher: Fetcher;
  source: (entry?: Record<string, unknown>) => Source;
  close: () => Promise<void>;
};

/** An outlet on loopback, and a plain fetcher that speaks to it as the client does: every status but 2xx and 304 is an error. */
export async function openOutlet(pages: Outlet['pages'] = {}): Promise<Outlet> {
  let log: string[] = [];
  const outlet = { pages };
  const server = createServer((incoming, response) => {
    const path = incoming.url ?? '/';
    const page = outlet.pages[path];
    const answer =
      typeof page === 'function'
        ? page(incoming)
        : typeof page === 'string'
          ? { body: page }
          : (page ?? { status: 404 });
    const etag = answer.headers?.['etag'];
    const same = etag !== undefined && incoming.headers['if-none-match'] === etag;
    log.push(same ? `${path} 304` : path);
    response.writeHead(same ? 304 : (answer.status ?? 200), answer.headers ?? {});
    response.end(same ? undefined : answer.body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const url = `http://127.0.0.1:${port}/`;
  return {
    ...outlet,
    url,
    pages: outlet.pages,
    asked: () => {
      const asked = log;
      log = [];
      return asked;
    },
    fetcher: plainFetcher(),
    source: (entry = {}) => resolveSource(SourceEntry.parse({ id: 'outlet', name: 'Outlet', url, ...entry })),
    close: () => new Promise((done) => server.close(() => done())),
  };
}

/** Follows redirects itself, to know whether they were permanent. */
export function plainFetcher(
  hostOf: (url: URL) => { origin: string; host: string } = (u) => ({ origin: u.origin, host: u.host }),
): Fetcher {
  const get = async (url: URL, headers: Record<string, string>) => {
    const { origin, host } = hostOf(url);
    const answer = await request(`${origin}${url.pathname}${url.search}`, { headers: { ...headers, host } });
    const bytes = new Uint8Array(await answer.body.arrayBuffer());
    const names = Object.entries(answer.headers).map(([k, v]) => [k, String(v)] as const);
    return { status: answer.statusCode, headers: Object.fromEntries(names), bytes };
  };
  return {
    async fetch({ url, etag, lastModified, signal }) {
      signal?.throwIfAborted();
      const conditions = {
        ...(etag ? { 'if-none-match': etag } : {}),
        ...(lastModified ? { 'if-modified-since': lastModified } : {}),
      };
      let at = new URL(url);
      let moved = true;
      for (let hops = 0; hops < 5; hops++) {
        const answer = await get(at, conditions);
        if (answer.status >= 300 && answer.status < 400 && answer.headers['location']) {
          moved &&= answer.status === 301 || answer.status === 308;
          at = new URL(answer.headers['location'], at);
          continue;
        }
        if (answer.status !== 304 && answer.status >= 300) throw statusError(at.href, answer.status);
        return { ...answer, url: at.href, notModified: answer.status === 304, moved: moved && hops > 0 };
      }
      throw new SourcelinkError('FETCH_TOO_MANY_REDIRECTS', `${url} redirects too often`);
    },
    async sitemapsOf(url) {
      const answer = await get(new URL('/robots.txt', url), {});
      if (answer.status !== 200) return [];
      const text = Buffer.from(answer.bytes).toString();
      return [...text.matchAll(/^sitemap:\s*(\S+)/gim)].map((m) => m[1] ?? '');
    },
  };
}

function statusError(url: string, status: number): SourcelinkError {
  const code =
    status === 410
      ? 'FETCH_GONE'
      : status === 403
        ? 'FETCH_FORBIDDEN'
        : status >= 500
          ? 'FETCH_HTTP_5XX'
          : 'FETCH_HTTP_4XX';
  return new SourcelinkError(code, `${url} answered ${status}`);
}
