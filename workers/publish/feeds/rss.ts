import { type Feed, type FeedItem, topicsOf, urnOf } from './feed.js';
import { document, element, parent } from './xml.js';

const NAMESPACES = {
  'xmlns:atom': 'http://www.w3.org/2005/Atom',
  'xmlns:content': 'http://purl.org/rss/1.0/modules/content/',
  'xmlns:dc': 'http://purl.org/dc/elements/1.1/',
  'xmlns:media': 'http://search.yahoo.com/mrss/',
};

/** RSS 2.0 with its outlet in `<source>`, authors in `dc:creator`, and as much text as the rights allow in `content:encoded`. */
export function renderRss(feed: Feed): string {
  const channel = parent('channel', [
    element('title', feed.title),
    element('link', feed.homepage),
    element('description', `Articles of many outlets, each with its Source link: ${feed.title}`),
    feed.self && element('atom:link', null, { rel: 'self', type: 'application/rss+xml', href: feed.self }),
    feed.hub && element('atom:link', null, { rel: 'hub', href: feed.hub }),
    element('lastBuildDate', rfc822(feed.updated)),
    ...feed.items.map(itemElement),
  ]);
  return document(parent('rss', [channel], { version: '2.0', ...NAMESPACES }));
}

function itemElement({ article: a }: FeedItem): string {
  return parent('item', [
    element('title', a.title),
    element('link', a.attribution.url),
    element('guid', urnOf(a.id), { isPermaLink: 'false' }),
    a.publishedAt && element('pubDate', rfc822(a.publishedAt)),
    ...(a.authors.length > 0 ? a.authors : [a.attribution.author].filter((n) => n !== null)).map((name) =>
      element('dc:creator', name),
    ),
    element('source', a.source.name, { url: a.source.homepage }),
    ...topicsOf(a).map((topic) => element('category', topic)),
    a.language && element('dc:language', a.language),
    a.image &&
      parent(
        'media:content',
        [
          a.image.alt && element('media:description', a.image.alt, { type: 'plain' }),
          a.image.credit && element('media:credit', a.image.credit),
        ],
        {
          url: a.image.url,
          medium: 'image',
          width: a.image.width === null ? null : String(a.image.width),
          height: a.image.height === null ? null : String(a.image.height),
        },
      ),
    a.excerpt === '' ? null : element('description', a.excerpt),
    element('content:encoded', a.html),
  ]);
}

/** `Sun, 01 Mar 2026 08:00:00 GMT` (RFC 822 with a year of four digits). */
const rfc822 = (iso: string): string => new Date(iso).toUTCString();
