import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, request } from 'undici';

export type Picture = { body: Buffer; type: string };

export const MAX_PICTURE_BYTES = 6_000_000;
const TIMEOUT_MS = 10_000;
const REDIRECTS = 3;
/** undici 7.30 ends the process when a host hangs up while the reader lags behind by more than this. The size is limited below. */
const NEVER_PAUSE = Number.MAX_SAFE_INTEGER;

/** The first bytes of each picture type. The type that the server states is ignored, and SVG is not accepted. */
const SIGNS: readonly [type: string, at: number, bytes: string][] = [
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/gif', 0, 'GIF8'],
  ['image/webp', 8, 'WEBP'],
  ['image/avif', 4, 'ftypavif'],
  ['image/avif', 4, 'ftypavis'],
];

export type PictureFetcher = { fetch(url: string): Promise<Picture>; close(): Promise<void> };

/**
 * Fetches pictures from other servers, and only from public addresses. The check runs when the connection is made, so a
 * name cannot be public during a lookup and private afterwards. `allowHosts` are exempt (name, or name:port).
 */
export function pictureFetcher(options: { allowHosts: readonly string[]; userAgent: string }): PictureFetcher {
  const allowed = (url: URL) => options.allowHosts.some((h) => h === url.host || h === url.hostname);
  const guarded: LookupFunction = (host, how, done) => {
    lookup(host, { ...how, all: true }, (error, found) => {
      if (error) return done(error, []);
      const open = found.filter((a) => isPublic(a.address));
      if (open.length === 0)
        return done(Object.assign(new Error(`${host} has no public address`), { code: 'EPRIVATE' }), []);
      if (how.all) return done(null, open);
      const [first] = open;
      return done(null, first?.address ?? '', first?.family);
    });
  };
  const common = { connectTimeout: 5000, bodyTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS };
  const safe = new Agent({ ...common, connect: { lookup: guarded, timeout: 5000 } });
  const trusted = new Agent(common);

  const get = async (url: URL, left: number, signal: AbortSignal): Promise<Picture> => {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error(`${url.href} is not a web address`);
    const trust = allowed(url);
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    // An IP address in the URL is never looked up, so it is checked here.
    if (!trust && isIP(literal) !== 0 && !isPublic(literal)) throw new Error(`${url.host} is a private address`);
    const answer = await request(url, {
      dispatcher: trust ? trusted : safe,
      highWaterMark: NEVER_PAUSE,
      signal,
      headers: { accept: 'image/avif,image/webp,image/*', 'user-agent': options.userAgent },
    });
    const location = answer.headers['location'];
    if (answer.statusCode >= 300 && answer.statusCode < 400 && typeof location === 'string') {
      await answer.body.dump();
      if (left === 0) throw new Error(`${url.href} redirects too often`);
      return get(new URL(location, url), left - 1, signal);
    }
    if (answer.statusCode !== 200) {
      await answer.body.dump();
      throw new Error(`${url.href} answers ${answer.statusCode}`);
    }
    const parts: Buffer[] = [];
    let bytes = 0;
    for await (const part of answer.body) {
      const piece = Buffer.from(part);
      bytes += piece.length;
      if (bytes > MAX_PICTURE_BYTES) throw new Error(`${url.href} is larger than ${MAX_PICTURE_BYTES} bytes`);
      parts.push(piece);
    }
    const body = Buffer.concat(parts);
    const type = pictureType(body);
    if (type === null) throw new Error(`${url.href} is not a picture`);
    return { body, type };
  };
  return {
    fetch: (url) => get(new URL(url), REDIRECTS, AbortSignal.timeout(TIMEOUT_MS)),
    async close() {
      await Promise.all([safe.destroy(), trusted.destroy()]);
    },
  };
}

/** The type of a picture by its first bytes; null unless it is JPEG, PNG, GIF, WebP or AVIF. */
export function pictureType(body: Buffer): string | null {
  const start = body.subarray(0, 16).toString('latin1');
  return SIGNS.find(([, at, bytes]) => start.startsWith(bytes, at))?.[0] ?? null;
}

function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const ip = ipaddr.process(address);
  return ip.range() === 'unicast';
}
