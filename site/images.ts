import { Hono } from 'hono';
import pLimit from 'p-limit';
import { type Picture, pictureFetcher } from './image-fetch.js';
import type { Signer } from './signature.js';

const KEPT_BYTES = 48_000_000;
const FAILURE_KEPT_MS = 10 * 60_000;
/** Pictures fetched at the same time, and how many may wait. */
const AT_ONCE = 8;
const WAITING = 300;

export type Images = { address(url: string): string | null; routes: Hono; close(): Promise<void> };

/**
 * Serves pictures through this site, so that readers' browsers reveal to no other server what they read. It fetches only
 * addresses that this site signed.
 */
export function openImages(options: {
  signer: Signer;
  allowHosts: readonly string[];
  userAgent: string;
  now: () => Date;
  log: (line: object, text: string) => void;
}): Images {
  const fetcher = pictureFetcher(options);
  const kept = new Map<string, Picture>();
  const failed = new Map<string, number>();
  const running = new Map<string, Promise<Picture | null>>();
  const queue = pLimit(AT_ONCE);
  let bytes = 0;

  const load = async (url: string): Promise<Picture | null> => {
    try {
      const picture = await fetcher.fetch(url);
      kept.set(url, picture);
      bytes += picture.body.length;
      for (const [oldest, old] of kept) {
        if (bytes <= KEPT_BYTES) break;
        kept.delete(oldest);
        bytes -= old.body.length;
      }
      return picture;
    } catch (error) {
      options.log({ url, reason: error instanceof Error ? error.message : String(error) }, 'could not fetch a picture');
      failed.set(url, options.now().getTime());
      if (failed.size > 5000) failed.delete(failed.keys().next().value ?? '');
      return null;
    }
  };

  const routes = new Hono();
  routes.get('/image', async (c) => {
    const [url, signature] = [c.req.query('url') ?? '', c.req.query('sig') ?? ''];
    if (!options.signer.holds('image', url, signature)) return c.text('This site did not sign this address.', 403);
    let picture = kept.get(url) ?? null;
    if (picture !== null) {
      kept.delete(url);
      kept.set(url, picture);
    } else {
      if (options.now().getTime() - (failed.get(url) ?? Number.NEGATIVE_INFINITY) < FAILURE_KEPT_MS)
        return c.text('The picture could not be fetched.', 404);
      let loading = running.get(url);
      if (!loading) {
        if (queue.pendingCount >= WAITING) return c.text('The server is busy. Try again.', 503, { 'retry-after': '1' });
        loading = queue(load, url).finally(() => running.delete(url));
        running.set(url, loading);
      }
      picture = await loading;
    }
    if (picture === null) return c.text('The picture could not be fetched.', 404);
    return c.body(new Uint8Array(picture.body), 200, {
      'content-type': picture.type,
      'cache-control': 'public, max-age=604800, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
  });

  return {
    address(url) {
      if (!/^https?:\/\//.test(url) || url.length > 2000) return null;
      return `/image?url=${encodeURIComponent(url)}&sig=${options.signer.sign('image', url)}`;
    },
    routes,
    close: () => fetcher.close(),
  };
}
