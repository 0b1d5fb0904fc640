import type { Pipeline } from '../workers/main.js';
import { ledgerGauges } from '../workers/monitoring/ledger-gauges.js';
import { apiRoutes } from './api/routes.js';
import { dashboardRoutes } from './dashboard/routes.js';
import { feedRoutes } from './http/feeds.js';
import { healthRoutes } from './http/health.js';
import { metricsRoutes } from './http/metrics.js';
import { type HttpPart, type HttpServer, openHttpServer } from './http/server.js';
import { websubRoutes } from './websub/routes.js';

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
      maxBodyBytes: 0,
      limited: false,
    },
    {
      paths: ['/metrics'],
      routes: metricsRoutes(ctx.meter, { ...ctx.settings.http, token: options.token, refresh: ledgerGauges(ctx) }),
      maxBodyBytes: 0,
      limited: false,
    },
    {
      paths: ['/v1/*'],
      routes: apiRoutes(ctx, { token: options.token, url: ctx.settings.http.url }),
      maxBodyBytes: 64 * 1024,
      limited: true,
    },
  ];
  parts.push({
    paths: ['/dashboard/*'],
    routes: dashboardRoutes(ctx, { token: options.token, url: ctx.settings.http.url }),
    maxBodyBytes: 64 * 1024,
    limited: true,
    pages: true,
  });
  parts.push({
    paths: ['/feeds/*', '/news-sitemap.xml'],
    routes: feedRoutes(ctx),
    maxBodyBytes: 0,
    limited: true,
  });
  if (ctx.settings.websub.enabled && ctx.settings.http.url !== null)
    parts.push({
      paths: ['/websub/*'],
      routes: websubRoutes(ctx),
      maxBodyBytes: ctx.settings.fetch.maxBytes,
      limited: true,
    });
  return openHttpServer(parts, { settings: ctx.settings.http, log: ctx.log, now: ctx.now });
}

/**
 * Opens the small server by which a process without the API is watched: metrics and health. `installation`: also what the
 * ledger says of the whole, which one process is enough for.
 * @throws HTTP_ADDRESS
 */
export async function openMetrics(
  { ctx }: Pipeline,
  options: { stages: readonly string[]; token: string | null; port: number; installation: boolean },
): Promise<HttpServer> {
  const settings = {
    ...ctx.settings.http,
    ...ctx.settings.metrics,
    port: options.port,
    url: null,
    proxies: 0,
    cors: [],
  };
  const refresh = options.installation ? ledgerGauges(ctx) : null;
  const parts: HttpPart[] = [
    {
      paths: ['/healthz', '/readyz'],
      routes: healthRoutes(ctx, options.stages),
      maxBodyBytes: 0,
      limited: false,
    },
    {
      paths: ['/metrics'],
      routes: metricsRoutes(ctx.meter, { ...settings, token: options.token, refresh }),
      maxBodyBytes: 0,
      limited: false,
    },
  ];
  return openHttpServer(parts, { settings, log: ctx.log, now: ctx.now });
}
