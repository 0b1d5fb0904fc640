import type { Source } from '../../config/sources.js';
import { type Found, freshEndpoint } from './endpoint.js';
import { readFeed } from './feed.js';
import { gather } from './gather.js';

/**
 * The articles of a feed that a hub brought, as if it had been asked for at its own address.
 * @throws SourcelinkError `DISCOVER_UNREADABLE` when it is no feed
 */
export function readPushed(
  source: Source,
  feed: { url: string; contentType: string | undefined; bytes: Uint8Array },
  now: number,
): Found[] {
  const { url, contentType, bytes } = feed;
  const read = readFeed(bytes, { url, contentType, timezone: source.timezone });
  const found = read.entries.flatMap((e) => (e.url === null || e.url === read.link ? [] : [{ ...e, url: e.url }]));
  return gather(source, [{ endpoint: freshEndpoint(url, 'feed', 'found'), found, response: null }], now);
}
