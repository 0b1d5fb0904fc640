import type { Source } from '../../config/sources.js';
import { urlKey } from '../../crawlers/url.js';

/** The source that has one of these addresses as its home page or as a feed, and that address. */
export function listedAs(sources: Source[], addresses: string[]): { id: string; address: string } | null {
  const wanted = new Map(addresses.map((a) => [urlKey(a), a]));
  for (const { id, url, feeds } of sources)
    for (const has of [url, ...feeds]) {
      const address = wanted.get(urlKey(has));
      if (address !== undefined) return { id, address };
    }
  return null;
}
