import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { ArticlePublished } from '../../contract/contract.js';
import { fillMessages } from './fill.js';
import { article, published, retracted, updated } from './messages.js';
import { type Opened, openForTest } from './open.js';

type Published = z.infer<typeof ArticlePublished>;
const messages = fillMessages('https://pictures.example') as Published[];
const at = (n: number) => messages[n]?.article ?? article('none');

let o: Opened;
beforeAll(async () => {
  o = await openForTest();
  for (const message of messages) await o.site.receive(message);
});
afterAll(() => o.close());

const page = async (path: string) => parseHTML(await o.text(path)).document;
const texts = (d: Document, selector: string) =>
  [...d.querySelectorAll(selector)].map((e) => e.textContent?.trim() ?? '');

describe('the front page', () => {
  it('has leads, What is Hot, both picks, a panel for each section and the latest', async () => {
    const d = await page('/');
    expect(texts(d, 'main h2')).toEqual(
      expect.arrayContaining(["What's Hot", 'Editors Picks', 'Our Picks', 'World', 'Politics', 'Latest']),
    );
    expect(d.querySelectorAll('.leads .card')).toHaveLength(5);
    expect(d.querySelectorAll('.panel').length).toBe(5);
    expect(d.querySelector('.panel .excerpt')?.textContent).not.toBe('');
  });

  it('shows no article twice outside of the panels, and no story twice among the leads', async () => {
    const d = await page('/');
    const ids = [...d.querySelectorAll('[data-id]')]
      .filter((e) => !e.closest('.panel'))
      .map((e) => e.getAttribute('data-id'));
    expect(ids.length).toBeGreaterThan(20);
    expect(new Set(ids).size).toBe(ids.length);
    const titles = texts(d, '.leads .title').map((t) => t.split(/[,:]/)[0]);
    expect(new Set(titles).size).toBe(5);
  });

  it('has the whole nested menu twice: in the bar, and in a drawer that needs no script', async () => {
    const d = await page('/');
    for (const nav of ['.menu', '.drawer nav']) {
      const links = [...d.querySelectorAll(`${nav} a`)].map((a) => a.getAttribute('href'));
      expect(links).toEqual(expect.arrayContaining(['/', '/category/world', '/category/world/harbours']));
    }
    expect(d.querySelector('details.drawer > summary')?.textContent).toContain('Menu');
  });

  it('is light enough: under 100 KB without pictures', async () => {
    expect((await o.text('/')).length).toBeLessThan(100_000);
  });
});

describe('an article page', () => {
  it('names category, author, date and minutes, and leads to the original', async () => {
    const a = at(4);
    const d = await page(`/article/${a.slug}`);
    expect(d.querySelector('h1')?.textContent).toBe(a.title);
    expect(texts(d, '.trail li')).toEqual(['Home', 'Politics', 'Town Councils', a.title]);
    const byline = d.querySelector('.byline')?.textContent ?? '';
    expect(byline).toContain(`By ${a.authors[0]}`);
    expect(byline).toContain('March 4, 2026');
    expect(byline).toMatch(new RegExp(`${a.readingMinutes} Mins? Read`));
    const links = [...d.querySelectorAll('.body a')].filter((l) => l.textContent === 'Source link');
    expect(links.map((l) => l.getAttribute('href'))).toEqual([a.attribution.url]);
    expect(d.querySelector('.rights')?.textContent).toContain(a.rights.reason);
  });

  it('tells machines what it is based on, where it belongs, and whether it may be indexed', async () => {
    const a = at(5);
    const d = await page(`/article/${a.slug}`);
    const facts = JSON.parse(d.querySelector('script[type="application/ld+json"]')?.textContent ?? '{}');
    expect(facts['@type']).toBe('NewsArticle');
    expect(facts.isBasedOn.url).toBe(a.attribution.url);
    expect(facts.publisher.name).toBe(a.source.name);
    expect(d.querySelector('link[rel="canonical"]')?.getAttribute('href')).toBe(a.canonicalUrl);
    expect(d.querySelector('meta[name="robots"]')).toBeNull();
    await o.site.receive(published('hidden', { noindex: true, publishedAt: '2026-02-01T00:00:00.000Z' }));
    const hidden = await o.get(`/article/${article('hidden').slug}`);
    expect(hidden.headers.get('x-robots-tag')).toBe('noindex');
    expect(await hidden.text()).toContain('<meta name="robots" content="noindex"');
  });

  it('shares through plain links and loads nothing from elsewhere', async () => {
    const a = at(4);
    const d = await page(`/article/${a.slug}`);
    expect(texts(d, '.share a')).toEqual(
      expect.arrayContaining(['Facebook', 'X', 'Pinterest', 'Telegram', 'LinkedIn', 'Tumblr', 'WhatsApp', 'Email']),
    );
    const loaded = [...d.querySelectorAll('script[src], img[src], link[rel="stylesheet"], iframe')].map(
      (e) => e.getAttribute('src') ?? e.getAttribute('href') ?? '',
    );
    expect(loaded.length).toBeGreaterThan(3);
    expect(loaded.filter((l) => !l.startsWith('/'))).toEqual([]);
  });

  it('has related posts without itself, those of its story first', async () => {
    const a = at(0);
    const d = await page(`/article/${a.slug}`);
    const related = texts(d, '.related .title');
    expect(related.length).toBe(6);
    expect(related).not.toContain(a.title);
    expect(related[0]).toContain('Harbour of Port Verity reopens after three days of storm');
  });

  it('shows of a headline-only article neither excerpt nor picture', async () => {
    const a = at(3);
    expect(a.rights.level).toBe('link');
    const d = await page(`/article/${a.slug}`);
    expect(d.querySelector('.hero')).toBeNull();
    expect(d.querySelector('.rights')?.textContent).toContain('Only the headline is shown');
  });

  it('says that an undated article has no date', async () => {
    expect((await page(`/article/${at(17).slug}`)).querySelector('.byline')?.textContent).toContain('Undated');
  });
});

describe('corrections and withdrawals', () => {
  it('marks an updated article at once and shows what changed', async () => {
    const more = { title: 'Pilots reach a deal', publishedAt: '2026-02-03T00:00:00.000Z' };
    await o.site.receive(published('deal', { ...more, title: 'Pilots seek a deal' }));
    const path = `/article/${article('deal').slug}`;
    expect((await page(path)).querySelector('.updated')).toBeNull();
    await o.site.receive(updated('deal', 2, more));
    const d = await page(path);
    expect(d.querySelector('.byline .updated')?.getAttribute('href')).toBe(`${path}/changes`);
    const changes = await page(`${path}/changes`);
    expect(texts(changes, '.diff ins')).toEqual(['added: reach']);
    expect(texts(changes, '.diff del')).toEqual(['removed: seek']);
  });

  it('takes a withdrawn article out of everything at once and says who withdrew it and why', async () => {
    await o.site.receive(published('mistake', { title: 'A zebra of the harbour', tags: ['zebras'] }));
    expect(await o.text('/search?q=zebra')).toContain('A <mark>zebra</mark> of the harbour');
    await o.site.receive(retracted('mistake', 2, 'the publisher withdrew it'));
    const gone = await o.get(`/article/${article('mistake').slug}`);
    expect(gone.status).toBe(410);
    const text = await gone.text();
    expect(text).toContain('the publisher withdrew it');
    expect(text).not.toContain('zebra');
    for (const path of ['/', '/latest', '/search?q=zebra', '/feed.xml', '/category/world/harbours'])
      expect(await o.text(path), path).not.toMatch(/A zebra of|A <mark>zebra/);
    expect((await o.get('/tag/zebras')).status).toBe(404);
  });
});

describe('lists', () => {
  const idsOf = (d: Document) => [...d.querySelectorAll('.list [data-id]')].map((e) => e.getAttribute('data-id') ?? '');
  const link = (d: Document, rel: string) => d.querySelector(`.pager a[rel="${rel}"]`)?.getAttribute('href') ?? null;

  it('lead through all articles, newest first, each once, forwards and back', async () => {
    const { rows } = await o.db.query<{ id: string }>('SELECT id FROM site.article ORDER BY sort_at DESC, id DESC');
    const pages: string[][] = [];
    let path: string | null = '/latest';
    let back: string | null = null;
    while (path !== null) {
      const d: Document = await page(path);
      pages.push(idsOf(d));
      [path, back] = [link(d, 'next'), link(d, 'prev')];
    }
    expect(pages.length).toBe(3);
    expect(pages.flat()).toEqual(rows.map((r) => r.id));
    const second = await page(back ?? '');
    expect(idsOf(second)).toEqual(pages[1]);
    const first = await page(link(second, 'prev') ?? '');
    expect(idsOf(first)).toEqual(pages[0]);
    expect(link(first, 'prev')).toBeNull();
  });

  it('hold for a category what its parts hold', async () => {
    const { rows } = await o.db.query<{ id: string }>(
      "SELECT id FROM site.article WHERE document->'categories'->0->>'path' LIKE 'politics%' ORDER BY sort_at DESC, id DESC",
    );
    expect(rows.length).toBeGreaterThan(5);
    expect(idsOf(await page('/category/politics'))).toEqual(rows.map((r) => r.id));
  });

  it('exist for every category of the menu, empty ones too, and for no other', async () => {
    expect((await o.get('/category/world')).status).toBe(200);
    expect((await o.get('/category/culture/festivals')).status).toBe(200);
    expect((await o.get('/category/no/such')).status).toBe(404);
  });

  it('exist for tags, authors and sources, with what is known of a source', async () => {
    expect(texts(await page('/tag/ambria'), 'h1')).toEqual(['#Ambria']);
    expect(texts(await page('/author/tomas-ferreira'), 'h1')).toEqual(['Tomás Ferreira']);
    const d = await page('/source/herald');
    expect(d.querySelector('dl')?.textContent).toMatch(/Retracted\s*1/);
    expect(texts(await page('/source'), '.sources li a')).toContain('Northern Courier');
  });

  it('ignore a cursor that they did not write', async () => {
    for (const wrong of ['older-x', 'older-1-2', "older-1-' OR 1=1", 'older-99999999999999999-a'])
      expect((await o.get(`/latest?page=${encodeURIComponent(wrong)}`)).status).toBe(200);
  });
});

describe('a story page', () => {
  it('has every report in the order of time, and coverage elsewhere once', async () => {
    const d = await page('/story/story-0');
    const times = [...d.querySelectorAll('.timeline .when time')].map((t) => t.getAttribute('datetime') ?? '');
    expect(times.length).toBeGreaterThan(2);
    expect(times).toEqual([...times].sort());
    const urls = [...d.querySelectorAll('.coverage a')].map((a) => a.getAttribute('href'));
    expect(urls).toHaveLength(3);
    expect(new Set(urls).size).toBe(3);
  });
});

describe('what is not there', () => {
  it('is answered with 404, sections, the newest articles and a search for the words of the address', async () => {
    const answer = await o.get('/article/council-splits-over-water-1a2b3c4d');
    expect(answer.status).toBe(404);
    const d = parseHTML(await answer.text()).document;
    expect(d.querySelector('#lost')?.getAttribute('value')).toBe('council splits over water');
    expect(d.querySelectorAll('.chips a').length).toBe(5);
    expect(d.querySelectorAll('.box .card').length).toBe(5);
  });
});

describe('the pages of the site itself', () => {
  it.each(['about', 'contact', 'advertise', 'dmca', 'privacy', 'terms'])(
    'has /%s, linked at the foot',
    async (slug) => {
      const d = await page(`/${slug}`);
      expect(d.querySelector('main h1')?.textContent).not.toBe('');
      expect(d.querySelector(`.foot a[href="/${slug}"]`)).not.toBeNull();
      expect(d.body.innerHTML).not.toContain('{name}');
    },
  );
});
