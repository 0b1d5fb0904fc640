import type { Source } from '../../config/sources.js';
import type { Found } from '../../crawlers/discover/discover.js';
import { urlKey } from '../../crawlers/url.js';
import type { NewCandidate } from '../../ledger/revisits.js';
import type { Hints } from '../../ledger/schema.js';

const HIDDEN = {
  code: 'FILTER_REDIRECT_LINK',
  reason: "the URL is an aggregator's redirect link that hides the publisher's address",
};

/**
 * What was found as candidates: one for each key, filtered as the source says; what a filter leaves out is kept with its
 * reason. @param now null: of any age, as what a back-fill finds
 */
export function toCandidates(source: Source, found: Found[], now: Date | null): NewCandidate[] {
  const byKey = new Map<string, NewCandidate>();
  for (const f of found) {
    const key = urlKey(f.url);
    const had = byKey.get(key);
    if (had) {
      had.hints = merge(had.hints, hintsOf(f));
      continue;
    }
    byKey.set(key, { url: f.url, urlKey: key, hints: hintsOf(f), rejected: f.hidden ? HIDDEN : null });
  }
  for (const c of byKey.values()) c.rejected ??= refusal(source, c, now);
  return [...byKey.values()];
}

function refusal(source: Source, c: NewCandidate, now: Date | null): NewCandidate['rejected'] {
  const { include, exclude, maxAgeMs } = source.filters;
  const excluded = exclude.find((r) => r.test(c.url));
  if (excluded) return { code: 'FILTER_EXCLUDE', reason: `the URL matches filters.exclude ${excluded.source}` };
  if (include.length > 0 && !include.some((r) => r.test(c.url)))
    return { code: 'FILTER_INCLUDE', reason: 'the URL matches none of filters.include' };
  const date = c.hints.publishedAt;
  if (now !== null && maxAgeMs !== null && date && now.getTime() - Date.parse(date) > maxAgeMs)
    return { code: 'FILTER_MAX_AGE', reason: `published ${date.slice(0, 10)}, older than filters.maxAge` };
  return null;
}

function hintsOf(f: Found): Hints {
  const { guid, title, authors, publishedAt, updatedAt, summary, image, language, tags, via } = f;
  return { guid, title, authors, publishedAt, updatedAt, summary, image, language, tags, via };
}

/** Two endpoints that list one article complete each other; the later change counts. */
function merge(a: Hints, b: Hints): Hints {
  const later =
    [a.updatedAt, b.updatedAt]
      .filter((d) => d !== null)
      .sort()
      .at(-1) ?? null;
  return {
    guid: a.guid ?? b.guid,
    title: a.title ?? b.title,
    authors: a.authors.length > 0 ? a.authors : b.authors,
    publishedAt: a.publishedAt ?? b.publishedAt,
    updatedAt: later,
    summary: a.summary ?? b.summary,
    image: a.image ?? b.image,
    language: a.language ?? b.language,
    tags: a.tags.length > 0 ? a.tags : b.tags,
    via: a.via,
  };
}
