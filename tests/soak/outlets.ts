import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Outlet, Piece } from './world.js';
import { paragraphsOf } from './world.js';

const HOUR_MS = 3_600_000;
/** What a feed lists at most. */
const LISTED = 20;
/** Short, so that no connection is left of a visit when handles are counted. */
const KEEP_ALIVE_MS = 3000;

/** Outlets that answer, each on a loopback address of its own, and so a host of its own. */
export type OpenOutlets = {
  sources: object[];
  /** As `allowHosts` wants them. */
  hosts: string[];
  urlOf(outlet: Outlet, piece: Piece): string;
  requests(): number;
  close(): Promise<void>;
};

/** A request as its host saw it: from its arrival until its answer was sent or the asker had gone, on the steady clock. */
export type Visit = { outlet: string; path: string; from: number; to: number };

/**
 * @param now milliseconds of simulated time: what an outlet lists and shows changes with it
 * @param slow how long each answer takes, and where requests are noted once they are over
 */
export async function openOutlets(
  outlets: readonly Outlet[],
  now: () => number,
  slow?: { answerMs: number; note(visit: Visit): void },
): Promise<OpenOutlets> {
  let requests = 0;
  const servers: Server[] = [];
  const origins = new Map<Outlet, string>();
  for (const [i, outlet] of outlets.entries()) {
    const host = `127.0.${1 + Math.floor(i / 250)}.${1 + (i % 250)}`;
    let asked = 0;
    const server = createServer(async (request, response) => {
      requests++;
      if (slow) {
        const from = performance.now();
        const visit = { outlet: outlet.id, path: request.url ?? '/', from };
        response.once('close', () => slow.note({ ...visit, to: performance.now() }));
        await delay(slow.answerMs);
      }
      const origin = origins.get(outlet) ?? '';
      if (!struck(outlet, request, response, { asked: ++asked, now: now() }))
        answer(outlet, { origin, now: now() }, request, response);
    });
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    await new Promise<void>((done) => server.listen(0, host, done));
    servers.push(server);
    origins.set(outlet, `http://${host}:${(server.address() as AddressInfo).port}`);
  }
  return {
    sources: outlets.map((outlet) => {
      const origin = origins.get(outlet);
      const feeds = [`${origin}/feed.xml`];
      return { id: outlet.id, name: `The ${outlet.id}`, url: `${origin}/`, feeds, every: outlet.every };
    }),
    hosts: [...origins.values()].map((origin) => new URL(origin).host),
    urlOf: (outlet, piece) => `${origins.get(outlet)}${piece.path}`,
    requests: () => requests,
    async close() {
      for (const server of servers) server.closeAllConnections();
      await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
    },
  };
}

/** @returns whether the outlet's trouble has dealt with the request */
function struck(
  { trouble }: Outlet,
  request: IncomingMessage,
  response: ServerResponse,
  at: { asked: number; now: number },
): boolean {
  const refuse = (status: number, headers = {}) => void response.writeHead(status, headers).end('not now');
  if (trouble === null) return false;
  if (trouble === 'silent') return true; // the pipeline's own patience ends it
  if (trouble === 'cut') request.socket.destroy();
  else if (trouble === 'error') refuse(500);
  else if (trouble === 'by turns' && Math.floor(at.now / HOUR_MS) % 2 === 1) refuse(503);
  else if (trouble === 'busy' && at.asked % 3 === 0) refuse(429, { 'retry-after': '2' });
  else if (trouble === 'garbled' && request.url === '/feed.xml')
    response.writeHead(200, { 'content-type': 'application/xml' }).end('<rss><channel><item><title>half a f');
  else return false;
  return true;
}

type Here = { origin: string; now: number };

function answer(outlet: Outlet, here: Here, request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? '/';
  const piece = outlet.pieces.find((p) => p.path === path && p.at <= here.now);
  if (path !== '/feed.xml' && !piece) return void response.writeHead(404).end('not here');
  if (piece && goneBy(piece, here.now)) return void response.writeHead(410).end('taken down');
  const body = piece ? pageOf(outlet, piece, here) : feedOf(outlet, here);
  const etag = `"${createHash('sha1').update(body).digest('base64url')}"`;
  const type = piece ? 'text/html; charset=utf-8' : 'application/atom+xml';
  if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
  else response.writeHead(200, { etag, 'content-type': type }).end(body);
}

const goneBy = ({ goneAt }: Piece, now: number): boolean => goneAt !== null && goneAt <= now;
const correctedBy = ({ correctedAt }: Piece, now: number): boolean => correctedAt !== null && correctedAt <= now;
const iso = (time: number): string => new Date(time).toISOString();
const updatedOf = (piece: Piece, now: number): string =>
  iso(correctedBy(piece, now) ? (piece.correctedAt ?? 0) : piece.at);

function feedOf(outlet: Outlet, { origin, now }: Here): string {
  const shown = outlet.pieces.filter((p) => p.at <= now && !goneBy(p, now)).slice(-LISTED);
  const entries = shown
    .toReversed()
    .map(
      (p) =>
        `<entry><title>${p.title}</title><link href="${origin}${p.path}"/><id>${origin}${p.path}</id>` +
        `<published>${iso(p.at)}</published><updated>${updatedOf(p, now)}</updated></entry>`,
    );
  const updated = shown.length === 0 ? iso(0) : updatedOf(shown[shown.length - 1] as Piece, now);
  return `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>The ${outlet.id}</title><id>${origin}/</id><updated>${updated}</updated>${entries.join('')}</feed>`;
}

function pageOf(outlet: Outlet, piece: Piece, { origin, now }: Here): string {
  const facts = {
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    headline: piece.title,
    datePublished: iso(piece.at),
    dateModified: updatedOf(piece, now),
    author: { '@type': 'Person', name: 'Ada Writer' },
  };
  const text = paragraphsOf(piece.text, correctedBy(piece, now));
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${piece.title} | The ${outlet.id}</title>
<link rel="canonical" href="${origin}${piece.path}"><script type="application/ld+json">${JSON.stringify(facts)}</script></head>
<body><nav><a href="/">Home</a> <a href="/world/">World</a></nav><main><article><h1>${piece.title}</h1>
${text.map((p) => `<p>${p}</p>`).join('\n')}</article></main><footer>The ${outlet.id}, all rights reserved</footer></body></html>`;
}
