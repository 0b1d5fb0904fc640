import { parseFeed } from 'feedsmith';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArticleRow } from '../../../ledger/articles.js';
import { retractArticle } from '../../../workers/editorial/editing.js';
import { type OpenApi, openApiServer } from '../../setup/api.js';
import { publishArticle } from '../../setup/published.js';

const filed = (path: string) => [{ path, label: path, confidence: 1, by: 'pin' as const }];

describe('feeds over HTTP', () => {
  let api: OpenApi;
  let asia: ArticleRow;
  beforeAll(async () => {
    api = await openApiServer({ now: () => new Date('2026-03-02T12:00:00Z') });
    asia = await publishArticle(api.desk.db, { title: 'In Asia', categories: filed('world/asia') });
    await publishArticle(api.desk.db, { title: 'Sport', sourceId: 'gazette', categories: filed('sport') });
  }, 180_000);
  afterAll(async () => {
    await api?.close();
  });

  const titles = async (path: string) => {
    const text = await (await api.get(path)).text();
    const { feed } = parseFeed(text);
    const items = ('items' in feed ? feed.items : 'entries' in feed ? feed.entries : []) ?? [];
    return items.map((i) => (typeof i.title === 'object' ? i.title?.value : i.title)).sort();
  };

  it.each(['rss', 'atom', 'json'])(
    'has the whole wire, a category with what lies below it, and a source as %s',
    async (format) => {
      expect(await titles(`/feeds/all.${format}`)).toEqual(['In Asia', 'Sport']);
      expect(await titles(`/feeds/category/world.${format}`)).toEqual(['In Asia']);
      expect(await titles(`/feeds/category/world/asia.${format}`)).toEqual(['In Asia']);
      expect(await titles(`/feeds/source/gazette.${format}`)).toEqual(['Sport']);
      expect(await (await api.get(`/feeds/all.${format}`)).text()).toContain('Source link');
    },
  );

  it('says what each is, and answers 304 to who has it', async () => {
    const answer = await api.get('/feeds/all.atom');
    expect(answer.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
    const etag = answer.headers.get('etag') ?? '';
    expect((await api.get('/feeds/all.atom', { 'if-none-match': etag })).status).toBe(304);
  });

  it("lists the site's pages in a news sitemap", async () => {
    const text = await (await api.get('/news-sitemap.xml')).text();
    expect(text).toContain(`<loc>https://site.example/article/${asia.slug}</loc>`);
  });

  it.each(['/feeds/none.rss', '/feeds/all.xml', '/feeds/category/none.rss', '/feeds/source/none.rss', '/feeds/'])(
    'has nothing at %s',
    async (path) => {
      expect((await api.get(path)).status).toBe(404);
    },
  );

  it('loses what is retracted', async () => {
    await retractArticle(api.desk.ctx, asia.id, 'asked for');
    expect(await titles('/feeds/all.rss')).toEqual(['Sport']);
  });
});
