import type { Hono } from 'hono';
import type { Category } from '../../config/categories.js';
import { createLogger } from '../../config/logger.js';
import { registerSinks } from '../../ledger/sinks.js';
import { registerSources } from '../../ledger/sources.js';
import { apiRoutes } from '../../server/api/routes.js';
import { feedRoutes } from '../../server/http/feeds.js';
import { type HttpServer, openHttpServer } from '../../server/http/server.js';
import { BACKENDS, type Backend } from './backends.js';
import { type Desk, openDesk, outlet } from './desk.js';

export const TOKEN = 'a-token-of-the-operator-0123456789';

const category = (path: string): Category => {
  const ids = path.split('/');
  const parent = ids.length > 1 ? ids.slice(0, -1).join('/') : null;
  const empty = { description: '', keywords: [], examples: [], iptc: null };
  return { path, id: ids.at(-1) ?? path, label: path, parent, ...empty };
};

export type OpenApi = {
  desk: Desk;
  server: HttpServer;
  at: string;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, body?: unknown, token?: string | null): Promise<Response>;
  close(): Promise<void>;
};

/** The API on a ledger of its own, on a free port of loopback. */
export async function openApiServer(
  options: { backend?: Backend; token?: string | null; now?: () => Date } = {},
): Promise<OpenApi> {
  const backend = options.backend ?? (await BACKENDS[0]?.open());
  if (!backend) throw new Error('no backend');
  const sources = [
    outlet('herald', 'The Herald'),
    outlet('gazette', 'Gazette'),
    outlet('idle', 'Idle', { enabled: false }),
  ];
  const desk = await openDesk(backend, sources, {
    categories: ['world', 'world/asia', 'sport'].map(category),
    settings: { http: { port: 0, burst: 100_000 }, site: { enabled: true, url: 'https://site.example/' } },
    ...(options.now ? { now: options.now } : {}),
  });
  await registerSources(desk.db, sources);
  await registerSinks(desk.db, ['articles']);
  const token = options.token === undefined ? TOKEN : options.token;
  const routes: Hono = apiRoutes(desk.ctx, { token, url: null });
  const parts = [
    { paths: ['/v1/*'], routes, maxBodyBytes: 64 * 1024, limited: true },
    { paths: ['/feeds/*', '/news-sitemap.xml'], routes: feedRoutes(desk.ctx), maxBodyBytes: 0, limited: true },
  ];
  const server = await openHttpServer(parts, {
    settings: desk.ctx.settings.http,
    log: createLogger('silent'),
    now: desk.ctx.now,
  });
  const at = `http://127.0.0.1:${server.port}`;
  return {
    desk,
    server,
    at,
    get: (path, headers = {}) => fetch(`${at}${path}`, { headers, redirect: 'manual' }),
    post: (path, body, sent = TOKEN) =>
      fetch(`${at}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(sent === null ? {} : { authorization: `Bearer ${sent}` }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    async close() {
      await server.close();
      await desk.ledger.close();
      await backend.drop();
    },
  };
}
