import { Hono } from 'hono';
import { SourcelinkError } from '../../config/errors.js';
import { type Meter, TEXT_FORMAT } from '../../workers/metrics/meter.js';
import { isToken, sentToken } from './token.js';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

/**
 * `/metrics` for Prometheus. It needs the token, unless only this machine can reach the server. `refresh` updates the metrics
 * that come from the ledger; null leaves them out.
 */
export function metricsRoutes(
  meter: Meter,
  options: {
    host: string;
    url: string | null;
    proxies: number;
    token: string | null;
    refresh: (() => Promise<void>) | null;
  },
): Hono {
  const { host, url, proxies, token, refresh } = options;
  // Behind a reverse proxy, every request comes from loopback.
  const alone = LOOPBACK.test(host) && url === null && proxies === 0;
  meter.watchProcess();
  const app = new Hono();
  app.get('/metrics', async (c) => {
    const sent = sentToken(c);
    const holds = token !== null && sent !== undefined && isToken(sent, token);
    // A page that rebinds its host name to loopback still sends that name, and one of another origin sends `Origin`.
    const local = alone && LOOPBACK.test(new URL(c.req.url).hostname) && c.req.header('origin') === undefined;
    if (!holds && (sent !== undefined || !local)) throw refused(token === null);
    await refresh?.();
    const text = await meter.text(refresh === null ? 'process' : 'all');
    return c.body(text, 200, { 'content-type': TEXT_FORMAT, 'cache-control': 'no-store' });
  });
  return app;
}

const refused = (closed: boolean): SourcelinkError =>
  closed
    ? new SourcelinkError('HTTP_CLOSED', 'Metrics are not public, and this server has no token.')
    : new SourcelinkError('HTTP_UNAUTHORIZED', 'Metrics need a token.');
