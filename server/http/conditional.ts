import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Context } from 'hono';

const compressed = promisify(gzip);
/** Below this, compressing costs more than it saves. */
const MIN_BYTES = 1024;

/** A body, and what caches need to know about it. */
export type Document = {
  text: string;
  type: string;
  /** Null when the time of the last change is not known. */
  lastModified: Date | null;
  maxAgeSeconds: number;
  headers?: Record<string, string>;
};

/** Answers a GET with a document, or with 304 if the client already has it (RFC 9110, sections 8.8 and 13). */
export async function answerDocument(c: Context, document: Document): Promise<Response> {
  const { text, type, lastModified, maxAgeSeconds } = document;
  const small = Buffer.byteLength(text) < MIN_BYTES;
  const zipped = !small && acceptsGzip(c.req.header('accept-encoding'));
  const hash = createHash('sha256').update(text).digest('base64url').slice(0, 27);
  // Plain and compressed bodies have different tags, because a strong tag promises the same bytes.
  const etag = `"${hash}${zipped ? '-gzip' : ''}"`;
  const headers = {
    ...document.headers,
    etag,
    'cache-control': `public, max-age=${maxAgeSeconds}`,
    vary: 'Accept-Encoding',
    ...(lastModified === null ? {} : { 'last-modified': lastModified.toUTCString() }),
  };
  for (const [name, value] of Object.entries(headers)) c.header(name, value, { append: name === 'vary' });
  if (isKnown(c, etag, lastModified)) return c.body(null, 304);
  c.header('content-type', type);
  if (!zipped) return c.body(text);
  c.header('content-encoding', 'gzip');
  return c.body(new Uint8Array(await compressed(text)));
}

function isKnown(c: Context, etag: string, lastModified: Date | null): boolean {
  const tags = c.req.header('if-none-match');
  if (tags !== undefined) return tags.split(',').some((t) => t.trim() === '*' || t.trim().replace(/^W\//, '') === etag);
  const since = Date.parse(c.req.header('if-modified-since') ?? '');
  // HTTP's dates have whole seconds.
  return lastModified !== null && Math.floor(lastModified.getTime() / 1000) * 1000 <= since;
}

function acceptsGzip(header = ''): boolean {
  return header.split(',').some((part) => {
    const [name = '', ...parameters] = part.split(';').map((p) => p.trim().toLowerCase());
    return (name === 'gzip' || name === '*') && !parameters.some((p) => /^q=0(?:\.0*)?$/.test(p));
  });
}
