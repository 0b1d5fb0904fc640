import { generateAtomFeed, generateJsonFeed, generateRssFeed } from 'feedsmith';
import { escapeText } from './body.js';
import { type Chrome, labelOf, to } from './chrome.js';
import type { Card } from './store/cards.js';

export type FeedFormat = 'xml' | 'atom' | 'json';

export const FEED_TYPES: Record<FeedFormat, string> = {
  xml: 'application/rss+xml; charset=utf-8',
  atom: 'application/atom+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
};

/** The title of a feed, its path and that of its page; paths have no host. */
export type FeedOf = { title: string; path: string; page: string };

/**
 * A list as RSS 2.0, Atom (RFC 4287) or JSON Feed 1.1. Every item names its outlet and links to the original: `source`
 * in RSS and Atom, `external_url` in JSON Feed. Atom requires a date; an undated item gets the time of its arrival.
 */
export function feedText(chrome: Chrome, of: FeedOf, cards: Card[], format: FeedFormat): string {
  const home = `${chrome.publicUrl}${of.page}`;
  const self = `${chrome.publicUrl}${of.path}.${format}`;
  const description = chrome.config.tagline;
  const items = cards.map((card) => ({
    card,
    link: `${chrome.publicUrl}${to.article(card.slug)}`,
    category: card.category === null ? [] : [labelOf(chrome, card.category)],
    words: `${card.excerpt === '' ? '' : `${card.excerpt} `}(${card.source.name})`,
  }));
  if (format === 'xml')
    return generateRssFeed(
      {
        title: of.title,
        link: home,
        description,
        language: chrome.config.language,
        ...(cards[0] ? { lastBuildDate: cards[0].sentAt } : {}),
        atom: { links: [{ href: self, rel: 'self', type: 'application/rss+xml' }] },
        items: items.map(({ card, link, category, words }) => ({
          title: card.title,
          link,
          // Feed readers read it as HTML.
          description: escapeText(words),
          guid: { value: `urn:uuid:${card.id}`, isPermaLink: false },
          ...(card.publishedAt ? { pubDate: card.publishedAt } : {}),
          categories: category.map((name) => ({ name })),
          source: { title: card.source.name, url: card.source.homepage },
          dc: card.authors.length > 0 ? { creators: card.authors } : {},
        })),
      },
      { strict: false },
    );
  if (format === 'atom')
    return generateAtomFeed({
      id: home,
      title: { value: of.title },
      subtitle: { value: description },
      updated: new Date(Math.max(0, ...cards.map((c) => c.sentAt.getTime()))),
      links: [
        { href: home, rel: 'alternate' },
        { href: self, rel: 'self', type: 'application/atom+xml' },
      ],
      entries: items.map(({ card, link, category, words }) => ({
        id: `urn:uuid:${card.id}`,
        title: { value: card.title },
        updated: card.sentAt,
        ...(card.publishedAt ? { published: card.publishedAt } : {}),
        links: [
          { href: link, rel: 'alternate' },
          { href: card.canonicalUrl, rel: 'via' },
        ],
        summary: { value: words },
        authors: (card.authors.length > 0 ? card.authors : [card.source.name]).map((name) => ({ name })),
        categories: category.map((term) => ({ term })),
        source: {
          id: card.source.homepage,
          title: { value: card.source.name },
          links: [{ href: card.source.homepage, rel: 'alternate' }],
        },
      })),
    });
  return JSON.stringify(
    generateJsonFeed({
      title: of.title,
      home_page_url: home,
      feed_url: self,
      description,
      language: chrome.config.language,
      items: items.map(({ card, link, category, words }) => ({
        id: `urn:uuid:${card.id}`,
        url: link,
        external_url: card.canonicalUrl,
        title: card.title,
        content_text: words,
        summary: card.excerpt,
        ...(card.publishedAt ? { date_published: card.publishedAt } : {}),
        ...(card.revision > 1 ? { date_modified: card.sentAt } : {}),
        authors: (card.authors.length > 0 ? card.authors : [card.source.name]).map((name) => ({ name })),
        tags: category,
        ...(card.language ? { language: card.language } : {}),
      })),
    }),
  );
}
