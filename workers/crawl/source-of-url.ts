import { resolveSource, type Source, SourceEntry } from '../../config/sources.js';
import type { PageInput } from '../../extractors/article.js';

/** What discovery says of a page that no feed or list named: nothing. */
export const NO_HINTS: PageInput['hints'] = {
  title: null,
  authors: [],
  publishedAt: null,
  updatedAt: null,
  summary: null,
  image: null,
  language: null,
  tags: [],
};

/**
 * The source that a URL belongs to: one of its hosts, else one below its home page's, else an outlet that nobody has
 * configured, with the defaults.
 */
export function sourceOfUrl(sources: readonly Source[], url: string): Source {
  const hostOf = (u: string): string => new URL(u).host.replace(/^www\./, '');
  const host = hostOf(url);
  const hosts = (s: Source): string[] =>
    [s.url, ...s.feeds, ...s.sitemaps, ...s.listings.map((l) => l.url)].map(hostOf);
  return (
    sources.find((s) => hosts(s).includes(host)) ??
    sources.find((s) => host.endsWith(`.${hostOf(s.url)}`)) ??
    unknownSource(url)
  );
}

function unknownSource(url: string): Source {
  const { hostname, origin } = new URL(url);
  const id =
    hostname
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^[^a-z0-9]+/, '')
      .slice(0, 63) || 'page';
  return resolveSource(SourceEntry.parse({ id, name: hostname, url: `${origin}/` }));
}
