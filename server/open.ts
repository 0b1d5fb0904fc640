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
 * Opens a pipeline's HTTP server. `stages` are those that run in this process. Actions and the dashboard need `token`.
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
 * Opens a small server with metrics and health checks for a process without the API. `installation` adds the metrics that
 * describe the whole installation; one process is enough for those.
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
