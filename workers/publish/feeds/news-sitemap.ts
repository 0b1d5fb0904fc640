import type { FeedItem } from './feed.js';
import { document, element, parent } from './xml.js';

/** Google takes no more of one file, and nothing older. */
const MOST = 1000;
const WINDOW_MS = 48 * 3_600_000;

/**
 * A Google News sitemap of your own pages: what was published in the 48 hours before `now`, may be indexed, and
 * has a language, which the format wants.
 * @param options.page address of an article's page, with `{slug}` or `{id}` in it
 */
export function renderNewsSitemap(
  items: FeedItem[],
  options: { publication: string; page: string; now: number },
): string {
  const fresh = items.filter(({ article: a }) => {
    const age = options.now - Date.parse(a.publishedAt ?? '');
    return a.language !== null && !a.noindex && age >= 0 && age < WINDOW_MS;
  });
  const urls = fresh
    .slice(0, MOST)
    .map(({ article: a }) =>
      parent('url', [
        element('loc', pageOf(options.page, a)),
        parent('news:news', [
          parent('news:publication', [
            element('news:name', options.publication),
            element('news:language', newsLanguage(a.language ?? '')),
          ]),
          element('news:publication_date', a.publishedAt ?? ''),
          element('news:title', a.title),
        ]),
      ]),
    );
  return document(
    parent('urlset', urls, {
      xmlns: 'http://www.sitemaps.org/schemas/sitemap/0.9',
      'xmlns:news': 'http://www.google.com/schemas/sitemap-news/0.9',
    }),
  );
}

const pageOf = (template: string, a: { slug: string; id: string }): string =>
  template.replaceAll('{slug}', encodeURIComponent(a.slug)).replaceAll('{id}', a.id);

/** ISO 639 in two or three letters; Chinese alone is told apart by its script. */
function newsLanguage(tag: string): string {
  const { language, script, region } = new Intl.Locale(tag).maximize();
  if (language !== 'zh') return language;
  return script === 'Hant' || region === 'TW' ? 'zh-tw' : 'zh-cn';
}
