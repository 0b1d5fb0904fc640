import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Page } from './outlet.js';

/** One request that an outlet answered. */
export type Visit = { path: string; status: number; agent: string };

/** Answers from `find`, with ETag, Last-Modified, 304, HEAD and gzip (RFC 9110). */
export function openServer(find: (path: string) => Page | null, note: (visit: Visit) => void): Server {
  // Idle connections are kept long, so that a slow visitor's next request does not meet one that is just closing.
  return createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const status = answer(request, response, request.method === 'GET' || request.method === 'HEAD' ? find(path) : null);
    note({ path, status, agent: request.headers['user-agent'] ?? '' });
  });
}

function answer(request: IncomingMessage, response: ServerResponse, page: Page | null): number {
  if (page === null) {
    const body = '<!DOCTYPE html><title>Not found</title><h1>404</h1><p>This page has moved or never existed.</p>';
    response.writeHead(404, { 'content-type': 'text/html; charset=utf-8', 'content-length': Buffer.byteLength(body) });
    response.end(request.method === 'HEAD' ? undefined : body);
    return 404;
  }
  const made = typeof page.body === 'function' ? page.body() : page.body;
  const body = Buffer.isBuffer(made) ? made : Buffer.from(made);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const headers = {
    'content-type': page.type,
    etag,
    'last-modified': page.modified.toUTCString(),
    'cache-control': 'max-age=0, must-revalidate',
    vary: 'accept-encoding',
    ...page.headers,
  };
  if (page.status === undefined && isCurrent(request, etag, page.modified)) {
    response.writeHead(304, { etag, 'last-modified': page.modified.toUTCString(), vary: 'accept-encoding' });
    response.end();
    return 304;
  }
  const zip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')) && !page.type.startsWith('image/png');
  const sent = zip ? gzipSync(body) : body;
  const status = page.status ?? 200;
  response.writeHead(status, {
    ...headers,
    'content-length': sent.length,
    ...(zip ? { 'content-encoding': 'gzip' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : sent);
  return status;
}

/** If-None-Match outranks If-Modified-Since (RFC 9110, section 13.2.2). */
function isCurrent(request: IncomingMessage, etag: string, modified: Date): boolean {
  const tags = request.headers['if-none-match'];
  if (tags !== undefined)
    return tags.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
  const since = Date.parse(request.headers['if-modified-since'] ?? '');
  return !Number.isNaN(since) && Math.floor(modified.getTime() / 1000) * 1000 <= since;
}
