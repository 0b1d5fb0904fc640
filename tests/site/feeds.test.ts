import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { article, published } from './messages.js';
import { type Opened, openForTest } from './open.js';

let o: Opened;
beforeAll(async () => {
  o = await openForTest({ publicUrl: 'https://wire.example/', now: () => new Date('2026-03-02T00:00:00Z') });
  await o.site.receive(published('a', { title: 'Tea & <coffee>' }));
  await o.site.receive(published('undated', { publishedAt: null, fetchedAt: '2026-03-01T07:00:00.000Z' }));
  await o.site.receive(published('old', { publishedAt: '2026-02-01T00:00:00.000Z' }));
  await o.site.receive(published('hidden', { noindex: true }));
  await o.site.receive(
    published('elsewhere', {
      categories: [],
      source: { id: 'wire', name: 'Wire', homepage: 'https://wire.example/' },
      publishedAt: '2026-02-02T00:00:00.000Z',
    }),
  );
});
afterAll(() => o.close());

describe('feeds', () => {
  it('are RSS with the outlet of each item and no date where there is none', async () => {
    const feed = parseRssFeed(await o.text('/feed.xml'));
    expect(feed.items?.length).toBe(5);
    const item = feed.items?.find((i) => i.title === 'Tea & <coffee>');
    expect(item?.source).toEqual({ title: 'The Herald', url: 'https://herald.example/' });
    expect(item?.link).toBe(`https://wire.example/article/${article('a').slug}`);
    expect(item?.pubDate).toBe('Sun, 01 Mar 2026 08:00:00 GMT');
    const undated = feed.items?.find((i) => i.title?.includes('undated'));
    expect(undated?.pubDate).toBeUndefined();
  });

  it('are Atom with the original as via', async () => {
    const feed = parseAtomFeed(await o.text('/feed.atom'));
    const entry = feed.entries?.find((e) => e.title?.value === 'Tea & <coffee>');
    expect(entry?.links?.map((l) => [l.rel, l.href])).toContainEqual(['via', article('a').canonicalUrl]);
    expect(entry?.source?.title?.value).toBe('The Herald');
  });

  it('are JSON with the original as external_url', async () => {
    const text = await o.text('/feed.json');
    expect(JSON.parse(text).version).toBe('https://jsonfeed.org/version/1.1');
    const feed = parseJsonFeed(text);
    expect(feed.items?.find((i) => i.title?.includes('Tea'))?.external_url).toBe(article('a').canonicalUrl);
  });

  it.each(['xml', 'atom', 'json'])(
    'exist for a category and a source as .%s, of their articles alone',
    async (format) => {
      const category = await o.text(`/category/world/harbours/feed.${format}`);
      expect(category).toContain(article('old').slug);
      expect(category).not.toContain(article('elsewhere').slug);
      const source = await o.text(`/source/wire/feed.${format}`);
      expect(source).toContain(article('elsewhere').slug);
      expect(source).not.toContain(article('old').slug);
      expect((await o.get(`/source/none/feed.${format}`)).status).toBe(404);
    },
  );
});

describe('sitemaps', () => {
  it('list what may be indexed, and say so in robots.txt', async () => {
    expect(await o.text('/robots.txt')).toContain('Sitemap: https://wire.example/sitemap.xml');
    expect(await o.text('/sitemap.xml')).toContain('<loc>https://wire.example/sitemap-1.xml</loc>');
    const articles = await o.text('/sitemap-1.xml');
    expect(articles.match(/<url>/g)).toHaveLength(4);
    expect(articles).not.toContain(article('hidden').slug);
    expect((await o.get('/sitemap-2.xml')).status).toBe(404);
    expect(await o.text('/sitemap-sections.xml')).toContain('<loc>https://wire.example/category/world/harbours</loc>');
  });

  it('tell news of two days, dated as the outlet dates it', async () => {
    const news = await o.text('/news-sitemap.xml');
    expect(news.match(/<url>/g)).toHaveLength(1);
    expect(news).toContain('<news:publication_date>2026-03-01T08:00:00.000Z</news:publication_date>');
    expect(news).toContain('<news:title>Tea &amp; &lt;coffee&gt;</news:title>');
  });
});
