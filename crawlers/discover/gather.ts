import type { Source } from '../../config/sources.js';
import { wellFormedIn } from '../../text/well-formed.js';
import { listedUrl, urlKey } from '../url.js';
import type { Found } from './endpoint.js';
import { isSameSite, siteOf } from './listing.js';
import { targetOf } from './redirectors.js';
import type { Visit } from './visit.js';

/** What a podcast's or gallery's entry points at; there is no text in it. */
const MEDIA = /\.(?:mp3|m4[av]|mp4|mov|avi|webm|ogg|wav|flac|jpe?g|png|gif|webp|svg|zip|exe|dmg)$/i;
/** Clocks differ; a date further ahead is a mistake or a plan, and no date of publication. */
const AHEAD_MS = 48 * 3_600_000;

/** All that the endpoints of a source tell, one for each article, with its URL as listed, in the order in which it was told. */
export function gather(source: Source, visits: Pick<Visit, 'endpoint' | 'found' | 'response'>[], now: number): Found[] {
  const home = new Set([source.url, ...visits.map((v) => v.endpoint.url)].map(urlKey));
  const site = siteOf(source.url);
  const byKey = new Map<string, Found>();
  for (const { endpoint, found, response } of visits) {
    // A feed may pass on what others write; a sitemap speaks for its own site (sitemaps.org, "location").
    const own =
      endpoint.kind === 'feed' ? null : new Set([site, siteOf(endpoint.url), siteOf(response?.url ?? source.url)]);
    for (const told of found) {
      const target = targetOf(told.url);
      const url = new URL(target ?? told.url);
      if (own && ![...own].some((s) => isSameSite(url, s))) continue;
      if (MEDIA.test(url.pathname) || (url.pathname === '/' && url.search === '')) continue;
      const hidden = target === null ? ({ hidden: true } as const) : {};
      const clean = { ...wellFormedIn(told), ...hidden, url: listedUrl(url.href), via: endpoint.url };
      const key = urlKey(clean.url);
      if (home.has(key)) continue;
      const dated = {
        ...clean,
        publishedAt: notAhead(clean.publishedAt, now),
        updatedAt: notAhead(clean.updatedAt, now),
      };
      const had = byKey.get(key);
      byKey.set(key, had ? complete(had, dated) : dated);
    }
  }
  return [...byKey.values()];
}

function notAhead(date: string | null, now: number): string | null {
  return date !== null && Date.parse(date) > now + AHEAD_MS ? null : date;
}

/** Two tellings of one article: the first counts, the second fills its gaps; the later change counts. */
function complete(a: Found, b: Found): Found {
  const updated = [a.updatedAt, b.updatedAt].filter((d) => d !== null).sort();
  return {
    ...a,
    guid: a.guid ?? b.guid,
    title: a.title ?? b.title,
    authors: a.authors.length > 0 ? a.authors : b.authors,
    publishedAt: a.publishedAt ?? b.publishedAt,
    updatedAt: updated.at(-1) ?? null,
    summary: a.summary ?? b.summary,
    image: a.image ?? b.image,
    language: a.language ?? b.language,
    tags: a.tags.length > 0 ? a.tags : b.tags,
  };
}
