import { type Feed, type FeedItem, urnOf } from './feed.js';
import { document, element, parent } from './xml.js';

/** Atom 1.0 (RFC 4287); each entry names its outlet in `<source>` and the original in its links. */
export function renderAtom(feed: Feed): string {
  return document(
    parent(
      'feed',
      [
        element('id', feed.self ?? `${feed.homepage}#${encodeURIComponent(feed.title)}`),
        element('title', feed.title),
        element('updated', feed.updated),
        parent('author', [element('name', feed.title)]),
        element('link', null, { rel: 'alternate', type: 'text/html', href: feed.homepage }),
        feed.self && element('link', null, { rel: 'self', type: 'application/atom+xml', href: feed.self }),
        feed.hub && element('link', null, { rel: 'hub', href: feed.hub }),
        ...feed.items.map(entry),
      ],
      { xmlns: 'http://www.w3.org/2005/Atom' },
    ),
  );
}

function entry({ article: a, sentAt }: FeedItem): string {
  const authors = a.authors.length > 0 ? a.authors : [a.attribution.author ?? a.attribution.publisher];
  return parent(
    'entry',
    [
      element('id', urnOf(a.id)),
      element('title', a.title),
      element('updated', a.updatedAt ?? sentAt),
      a.publishedAt && element('published', a.publishedAt),
      ...authors.map((name) => parent('author', [element('name', name)])),
      element('link', null, { rel: 'alternate', type: 'text/html', href: a.attribution.url }),
      element('link', null, { rel: 'via', title: a.attribution.label, href: a.attribution.url }),
      a.image && element('link', null, { rel: 'enclosure', type: imageType(a.image.url), href: a.image.url }),
      ...a.categories.map((c) => element('category', null, { term: c.path, label: c.label })),
      ...a.tags.map((tag) => element('category', null, { term: tag })),
      parent('source', [
        element('id', a.source.homepage),
        element('title', a.source.name),
        element('updated', a.updatedAt ?? a.publishedAt ?? a.fetchedAt),
        element('link', null, { rel: 'alternate', type: 'text/html', href: a.source.homepage }),
      ]),
      element('rights', a.rights.reason),
      a.excerpt === '' ? null : element('summary', a.excerpt, { type: 'text' }),
      element('content', a.html, { type: 'html' }),
    ],
    { 'xml:lang': a.language },
  );
}

const TYPES: Record<string, string> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  svg: 'image/svg+xml',
};

/** By the ending of the address; null where it does not tell. */
function imageType(url: string): string | null {
  return TYPES[/\.([a-z]+)$/i.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? ''] ?? null;
}
