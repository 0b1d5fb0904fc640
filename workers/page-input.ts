import type { Source } from '../config/sources.js';
import type { PageInput } from '../extractors/article.js';
import type { Profile } from '../extractors/profile/profile.js';
import type { StoredPage } from '../ledger/pages.js';
import type { Context } from './context.js';

/** What the extractor gets to know; the same for a page of the ledger and for one that `sourcelink try` reads. */
export function inputOf(
  settings: Context['settings'],
  source: Source,
  page: Pick<StoredPage, 'url' | 'bytes' | 'headers'> & Pick<PageInput, 'reservation'> & { fetchedAt: Date },
  hints: PageInput['hints'],
  profile: Profile | null,
): PageInput {
  const { maxBytes, maxElements, maxDepth, minWords } = settings.extract;
  return {
    url: page.url,
    bytes: page.bytes,
    headers: page.headers,
    reservation: page.reservation ?? null,
    fetchedAt: page.fetchedAt.toISOString(),
    source: {
      id: source.id,
      name: source.name,
      url: source.url,
      language: source.language,
      timezone: source.timezone,
      republish: source.republish,
      fullLicences: source.fullLicences,
      rules: source.extract,
    },
    hints,
    profile,
    limits: { maxBytes, maxElements, maxDepth, minWords },
  };
}
