import { apiRoutes } from '../api/routes.js';
import type { Pipeline } from '../main.js';
import { websubRoutes } from '../websub/routes.js';
import { feedRoutes } from './feeds.js';
import { healthRoutes } from './health.js';
import { type HttpPart, type HttpServer, openHttpServer } from './server.js';

/**
 * Opens the one HTTP server of a pipeline. `stages` are those that work in this process; `token` opens the actions.
 * @throws HTTP_ADDRESS
 */
export async function openHttp(
  { ctx }: Pipeline,
  options: { stages: readonly string[]; token: string | null },
): Promise<HttpServer> {
  const parts: HttpPart[] = [
    {
      paths: ['/healthz', '/readyz'],
      routes: healthRoutes(ctx, options.stages),
      ...{ maxBodyBytes: 0, limited: false },
    },
    {
      paths: ['/v1/*'],
      routes: apiRoutes(ctx, { token: options.token, url: ctx.settings.http.url }),
      ...{ maxBodyBytes: 64 * 1024, limited: true },
    },
  ];
  parts.push({
    paths: ['/feeds/*', '/news-sitemap.xml'],
    routes: feedRoutes(ctx),
    ...{ maxBodyBytes: 0, limited: true },
  });
  if (ctx.settings.websub.enabled && ctx.settings.http.url !== null)
    parts.push({
      paths: ['/websub/*'],
      routes: websubRoutes(ctx),
      ...{ maxBodyBytes: ctx.settings.fetch.maxBytes, limited: true },
    });
  return openHttpServer(parts, { settings: ctx.settings.http, log: ctx.log, now: ctx.now });
}
