import { type Feed, type FeedItem, topicsOf } from './feed.js';

/** JSON Feed 1.1; the original stands in `external_url`. */
export function renderJsonFeed(feed: Feed): string {
  const value = {
    version: 'https://jsonfeed.org/version/1.1',
    title: feed.title,
    home_page_url: feed.homepage,
    ...(feed.self ? { feed_url: feed.self } : {}),
    ...(feed.hub ? { hubs: [{ type: 'WebSub', url: feed.hub }] } : {}),
    items: feed.items.map(jsonItem),
  };
  return `${JSON.stringify(value, null, 1)}\n`;
}

/** One item, with what only Sourcelink knows of it in `_sourcelink`. */
function jsonItem({ article: a, revision }: FeedItem) {
  return {
    id: a.id,
    url: a.attribution.url,
    external_url: a.attribution.url,
    title: a.title,
    content_html: a.html,
    ...(a.excerpt ? { summary: a.excerpt } : {}),
    ...(a.image ? { image: a.image.url } : {}),
    ...(a.publishedAt ? { date_published: a.publishedAt } : {}),
    ...(a.updatedAt ? { date_modified: a.updatedAt } : {}),
    ...(a.authors.length > 0 ? { authors: a.authors.map((name) => ({ name })) } : {}),
    ...(a.language ? { language: a.language } : {}),
    tags: topicsOf(a),
    _fetched: a.fetchedAt,
    _sourcelink: { revision, source: a.source, attribution: a.attribution, rights: a.rights, categories: a.categories },
  };
}
