import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import { SourcelinkError } from '../../config/errors.js';
import type { Logger } from '../../config/logger.js';
import type { Settings } from '../../config/settings.js';
import { answerError, problem } from './problem.js';
import { ClientRate, clientOf } from './rate.js';

/** A group of paths that the server answers. */
export type HttpPart = {
  /** Paths of this part, e.g. `/v1/*`. */
  paths: readonly string[];
  /** Routes with full paths. Any other path answers 404. */
  routes: Hono;
  /** A larger body is refused with 413. */
  maxBodyBytes: number;
  /** Whether requests count towards a client's rate limit; false for what the operator's own machines request. */
  limited: boolean;
  /** Whether these are pages for a browser, with styles and forms. */
  pages?: boolean;
};

export type HttpServer = {
  /** Address under which others reach it. */
  url: string;
  /** Where it listens. */
  port: number;
  close(): Promise<void>;
};

/** The server disconnects a client that takes longer to send its headers or body; in milliseconds. */
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5000 };
const MAX_HEADER_BYTES = 16 * 1024;
/** On shutdown, open requests have this long to finish; in milliseconds. */
const ENDING_MS = 2000;

/** The parts as one app: limits, security headers and errors are the same for all. */
export function createHttpApp(
  parts: readonly HttpPart[],
  { settings, log, now }: { settings: Settings['http']; log: Logger; now: () => Date },
): Hono {
  const rate = new ClientRate(settings);
  const app = new Hono();
  const common = {
    referrerPolicy: 'no-referrer',
    strictTransportSecurity: settings.url?.startsWith('https:') ? 'max-age=31536000' : false,
    xXssProtection: '0',
  } as const;
  const closed = { defaultSrc: ["'none'"], baseUri: ["'none'"], frameAncestors: ["'none'"] };
  const machines = secureHeaders({
    ...common,
    contentSecurityPolicy: { ...closed, sandbox: [] },
    crossOriginResourcePolicy: 'cross-origin',
  });
  const pages = secureHeaders({
    ...common,
    contentSecurityPolicy: { ...closed, styleSrc: ["'self'"], imgSrc: ['data:'], formAction: ["'self'"] },
    crossOriginResourcePolicy: 'same-origin',
  });
  const roots = parts.flatMap((p) => (p.pages ? p.paths.map((path) => path.replace(/\/\*$/, '')) : []));
  const isPage = (path: string) => roots.some((root) => path === root || path.startsWith(`${root}/`));
  app.use((c, next) => (isPage(c.req.path) ? pages : machines)(c, next));
  if (settings.cors.length > 0) {
    const origins = settings.cors.map((o) => (o === '*' ? o : new URL(o).origin));
    const origin = origins.includes('*') ? '*' : origins;
    // Pages of another origin may read, but never act.
    app.use(cors({ origin, allowMethods: ['GET', 'HEAD'], exposeHeaders: ['ETag', 'Link', 'Retry-After'] }));
  }
  for (const part of parts) {
    const guards = [
      ...(part.limited ? [limit(rate, settings.proxies, now)] : []),
      bodyLimit({ maxSize: part.maxBodyBytes, onError: (c) => problem(c, tooLarge(part.maxBodyBytes)) }),
    ];
    failing(part.routes, log);
    for (const path of part.paths) {
      for (const guard of guards) app.use(path, guard);
      app.all(path, async (c) => part.routes.fetch(c.req.raw, c.env));
    }
  }
  return failing(app, log);
}

const tooLarge = (bytes: number): SourcelinkError =>
  new SourcelinkError('HTTP_TOO_LARGE', `The body is larger than ${bytes} bytes.`);

function limit(rate: ClientRate, proxies: number, now: () => Date): MiddlewareHandler {
  return async (c, next) => {
    const waitMs = rate.take(clientOf(c, proxies), now().getTime());
    if (waitMs === 0) return next();
    throw new SourcelinkError('HTTP_TOO_MANY', 'You have sent too many requests.', {
      retryAfterMs: waitMs,
    });
  };
}

/** Answers unknown paths and errors as problem details. */
function failing(app: Hono, log: Logger): Hono {
  app.notFound((c) =>
    problem(c, new SourcelinkError('HTTP_NOT_FOUND', `There is nothing at ${c.req.path.slice(0, 200)}.`)),
  );
  app.onError((error, c) => {
    if (error instanceof HTTPException && error.status < 500)
      return problem(
        c,
        new SourcelinkError('HTTP_BAD_REQUEST', error.message || 'The server cannot read this request.'),
      );
    return answerError(c, error, log);
  });
  return app;
}

/** Opens the server. @throws HTTP_ADDRESS when it cannot listen on the configured host and port */
export async function openHttpServer(
  parts: readonly HttpPart[],
  options: { settings: Settings['http']; log: Logger; now: () => Date },
): Promise<HttpServer> {
  const { settings, log } = options;
  const server = createServer(
    { ...TIMEOUTS, maxHeaderSize: MAX_HEADER_BYTES, connectionsCheckingInterval: 2000 },
    getRequestListener(createHttpApp(parts, options).fetch),
  );
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(settings.port, settings.host, () => done());
  }).catch((cause) => {
    const at = `${settings.host}:${settings.port}`;
    throw new SourcelinkError('HTTP_ADDRESS', `the HTTP server cannot listen on ${at}`, { cause });
  });
  const { port } = server.address() as AddressInfo;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  const url = settings.url?.replace(/\/+$/, '') ?? `http://${host}:${port}`;
  log.info({ url, host: settings.host, port }, 'HTTP server open');
  return {
    url,
    port,
    async close() {
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), ENDING_MS).unref();
      });
    },
  };
}
