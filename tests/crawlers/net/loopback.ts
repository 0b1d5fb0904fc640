import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger } from '../../../config/logger.js';
import { Settings } from '../../../config/settings.js';
import { type Client, type ClientOptions, createClient } from '../../../crawlers/net/client.js';
import { createHostGate } from '../../../crawlers/net/politeness.js';
import type { RobotsEntry, RobotsStore } from '../../../crawlers/net/robots.js';

export type Site = { port: number; origin: string; host: string; asked: IncomingMessage[]; close(): Promise<void> };

/** A real server on loopback; `asked` has every request that came, robots.txt (404 unless answered at once) included. */
export async function serve(answer: RequestListener, { ownRobots = false } = {}): Promise<Site> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
    if (!ownRobots && request.url === '/robots.txt' && !response.headersSent) response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** Answers with a page, unless the request is for robots.txt. */
export function page(response: ServerResponse, html = '<!doctype html><p>Text'): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
}

export function settingsWith(fetch: Record<string, unknown> = {}): Settings {
  return Settings.parse({ fetch });
}

export function memoryRobots(): RobotsStore & { entries: Map<string, RobotsEntry> } {
  const entries = new Map<string, RobotsEntry>();
  return {
    entries,
    get: async (origin) => entries.get(origin) ?? null,
    set: async (origin, entry) => void entries.set(origin, entry),
  };
}

/** A client that may reach these hosts on loopback, and nothing else that is private. Asks without pauses unless told. */
export function clientFor(
  allowHosts: string[],
  more: Partial<ClientOptions> = {},
  fetch: Record<string, unknown> = {},
): Client {
  const client = createClient({
    settings: settingsWith({ allowHosts, timeout: '10s', connectTimeout: '5s', ...fetch }),
    gate: createHostGate(),
    robots: memoryRobots(),
    log: createLogger('silent'),
    ...more,
  });
  return { ...client, fetch: (request) => client.fetch({ delayMs: 0, ...request }) };
}
