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
 * What discovery found as candidates, filtered as the source says; what a filter leaves out is kept with its reason. Discovery
 * gives each article once. @param now null: of any age, as what a back-fill finds
 */
export function toCandidates(source: Source, found: Found[], now: Date | null): NewCandidate[] {
  return found.map((f) => {
    const candidate = { url: f.url, urlKey: urlKey(f.url), hints: hintsOf(f) };
    return { ...candidate, rejected: f.hidden ? HIDDEN : refusal(source, candidate, now) };
  });
}

function refusal(source: Source, c: Pick<NewCandidate, 'url' | 'hints'>, now: Date | null): NewCandidate['rejected'] {
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
