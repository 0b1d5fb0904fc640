import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CORPUS } from './corpus.js';
import type { Ask, Outlet, Page, Place } from './input.js';

/** What the pipeline is to know of an input: its source's entry, or what else reads it. */
export type Entry = {
  number: number;
  read: 'visit' | 'opml' | 'consumer';
  feeds: string[];
  sitemaps: string[];
  listings: string[];
};

/** All outlets of the corpus behind one port, told apart by their names, in the process that looks on. */
export type Outlets = {
  port: number;
  entryOf(number: number): Entry;
  /** An input is over: what it was made of can go. */
  forget(number: number): void;
  /** Mistakes of the corpus itself; none may be there. */
  faults: string[];
  close(): Promise<void>;
};

export const hostOf = (number: number, port: number): string => `i${number}.outlet.example:${port}`;

export async function openOutlets(trapPort: number): Promise<Outlets> {
  const made = new Map<number, Outlet>();
  const faults: string[] = [];
  const server = createServer({ maxHeaderSize: 1_000_000, requireHostHeader: false }, (request, response) => {
    response.on('error', () => {});
    request.socket.on('error', () => {});
    const path = request.url ?? '/';
    const number = Number(/^i(\d+)\.outlet/.exec(request.headers.host ?? '')?.[1] ?? /^\/hook\/(\d+)/.exec(path)?.[1]);
    try {
      answer({ request, response }, pageAt(number, path));
    } catch (error) {
      faults.push(`${CORPUS[number]?.name}, ${path.slice(0, 80)}: ${error instanceof Error ? error.message : error}`);
      request.socket.destroy();
    }
  });
  server.timeout = 0;
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;

  const outletOf = (number: number): Outlet | null => {
    const input = CORPUS[number];
    if (!input || !('visit' in input)) return null;
    const had = made.get(number);
    if (had) return had;
    const place: Place = { origin: `http://${hostOf(number, port)}`, number, trapPort };
    const outlet = input.visit(place);
    made.set(number, outlet);
    return outlet;
  };
  const pageAt = (number: number, path: string): Page => {
    const input = CORPUS[number];
    if (input && 'consumer' in input) return input.consumer;
    const outlet = outletOf(number);
    const own = /^\/(?:robots\.txt|\.well-known\/)/.test(path) && typeof outlet?.other !== 'function';
    return outlet?.pages[path] ?? (own ? undefined : outlet?.other) ?? { status: 404 };
  };

  return {
    port,
    faults,
    entryOf(number) {
      const input = CORPUS[number];
      const outlet = outletOf(number);
      made.delete(number);
      const urls = (paths: string[] = []) => paths.map((path) => `http://${hostOf(number, port)}${path}`);
      return {
        number,
        read: !input || 'visit' in input ? 'visit' : 'opml' in input ? 'opml' : 'consumer',
        feeds: urls(outlet?.feeds),
        sitemaps: urls(outlet?.sitemaps),
        listings: urls(outlet?.listings),
      };
    },
    forget: (number) => void made.delete(number),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function answer(ask: Ask, page: Page): void {
  if (typeof page === 'function') page(ask);
  else send(ask.response, typeof page === 'string' || page instanceof Uint8Array ? { body: page } : page);
}

function send(
  response: ServerResponse,
  {
    status = 200,
    headers = {},
    body,
  }: { status?: number; headers?: Record<string, string>; body?: string | Uint8Array },
): void {
  response.writeHead(status, headers).end(body);
}
