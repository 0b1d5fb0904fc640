import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { parseFeed } from 'htmlparser2';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { renderAtom } from '../../../../workers/publish/feeds/atom.js';
import { type Feed, itemOf } from '../../../../workers/publish/feeds/feed.js';
import { renderJsonFeed } from '../../../../workers/publish/feeds/json-feed.js';
import { renderNewsSitemap } from '../../../../workers/publish/feeds/news-sitemap.js';
import { renderRss } from '../../../../workers/publish/feeds/rss.js';
import { outgoing } from '../../../setup/outgoing.js';

type Row = Parameters<typeof outgoing>[0];
type More = Parameters<typeof outgoing>[1];

function item(row: Row = {}, more: More = {}) {
  const made = itemOf(outgoing(row, more).message);
  if (made === null) throw new Error('retracted');
  return made;
}

/** As awkward as articles get: markup in a title, an unknown date, a control character, other scripts, no author. */
const awkward = item(
  {
    title: 'Q&A: “<b>is x < y?</b>” ]]> \u0007 done',
    authors: [],
    agency: 'Reuters',
    publishedAt: null,
    language: null,
    image: null,
    tags: ['a & b'],
    canonicalUrl: 'https://herald.example/a?b=1&c="2"',
    rights: { level: 'link', reason: 'said so', signals: [] },
  },
  {
    categories: [{ path: 'world/asia', label: 'Asia & Pacific', confidence: 0.5, by: 'model' }],
  },
);
const plain = item({
  title: 'Hafen öffnet wieder – 港口',
  language: 'de',
  updatedAt: new Date('2026-03-01T09:30:00Z'),
  image: { url: 'https://herald.example/a.jpg?x=1&y=2', alt: 'The quay', credit: 'E. Photo', width: 800, height: 500 },
  rights: { level: 'full', reason: 'The operator allows the whole text.', signals: [] },
});
const feed: Feed = {
  title: 'The Wire & Co',
  homepage: 'https://wire.example/',
  self: 'https://wire.example/feeds/all.rss',
  hub: 'https://hub.example/',
  updated: '2026-03-01T10:00:00.000Z',
  items: [plain, awkward],
};

function wellFormed(xml: string): string[] {
  const open: string[] = [];
  const seen: string[] = [];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => {
    open.push(tag.name);
    seen.push(open.join('/'));
  });
  parser.on('closetag', () => void open.pop());
  parser.write(xml).close();
  return seen;
}

const count = (seen: string[], path: string) => seen.filter((s) => s === path).length;

describe('RSS', () => {
  const xml = renderRss(feed);

  it('is read by feedsmith with outlet, authors and text', () => {
    const read = parseRssFeed(xml);
    expect(read).toMatchObject({ title: 'The Wire & Co', link: 'https://wire.example/' });
    const [first, second] = read.items ?? [];
    expect(first).toMatchObject({
      title: 'Hafen öffnet wieder – 港口',
      link: 'https://herald.example/a',
      guid: { value: `urn:uuid:${plain.article.id}`, isPermaLink: false },
      source: { title: 'The Herald', url: 'https://herald.example/' },
      dc: { creators: ['Ada Byline'] },
      pubDate: 'Sun, 01 Mar 2026 08:00:00 GMT',
    });
    expect(first?.content?.encoded).toContain('Second paragraph');
    expect(first?.content?.encoded).toMatch(/>Source link<\/a><\/p>$/);
    expect(second?.title).toBe('Q&A: “<b>is x < y?</b>” ]]>  done');
    expect([second?.pubDate, second?.description]).toEqual([undefined, undefined]);
    expect(second?.content?.encoded).toMatch(/^<p>Reuters, The Herald — <a [^>]*>Source link<\/a><\/p>$/);
  });

  it('is read the same by another reader, and has what RSS 2.0 demands', () => {
    const read = parseFeed(xml, { xmlMode: true });
    expect(read?.items.map((i) => [i.id, i.link])).toEqual(
      feed.items.map((i) => [`urn:uuid:${i.article.id}`, i.article.attribution.url]),
    );
    const seen = wellFormed(xml);
    for (const required of ['title', 'link', 'description']) expect(count(seen, `rss/channel/${required}`)).toBe(1);
    expect(count(seen, 'rss/channel/item/title')).toBe(2);
    expect(count(seen, 'rss/channel/item/source')).toBe(2);
  });
});

describe('Atom', () => {
  const xml = renderAtom({ ...feed, self: 'https://wire.example/feeds/all.atom' });

  it('is read by feedsmith with outlet, authors and text', () => {
    const read = parseAtomFeed(xml);
    expect(read).toMatchObject({ id: 'https://wire.example/feeds/all.atom', updated: feed.updated });
    const [first, second] = read.entries ?? [];
    expect(first).toMatchObject({
      id: `urn:uuid:${plain.article.id}`,
      published: '2026-03-01T08:00:00.000Z',
      updated: '2026-03-01T09:30:00.000Z',
      authors: [{ name: 'Ada Byline' }],
      source: { id: 'https://herald.example/', title: { value: 'The Herald' } },
    });
    expect(first?.links?.map((l) => l.rel)).toEqual(['alternate', 'via', 'enclosure']);
    expect(first?.content?.value).toMatch(/>Source link<\/a><\/p>$/);
    expect(second).toMatchObject({ authors: [{ name: 'Reuters' }], updated: '2026-03-01T10:00:00.000Z' });
    expect(second?.published).toBeUndefined();
  });

  it('is read the same by another reader, and has what RFC 4287 demands', () => {
    const read = parseFeed(xml, { xmlMode: true });
    expect(read?.type).toBe('atom');
    expect(read?.items.map((i) => i.id)).toEqual(feed.items.map((i) => `urn:uuid:${i.article.id}`));
    const seen = wellFormed(xml);
    for (const required of ['id', 'title', 'updated']) {
      expect(count(seen, `feed/${required}`)).toBe(1);
      expect(count(seen, `feed/entry/${required}`)).toBe(2);
      expect(count(seen, `feed/entry/source/${required}`)).toBe(2);
    }
  });
});

describe('JSON Feed', () => {
  it('names the original as external_url and the hub', () => {
    const text = renderJsonFeed(feed);
    const read = parseJsonFeed(text);
    expect(read.items?.map((i) => i.external_url)).toEqual(feed.items.map((i) => i.article.attribution.url));
    expect(read.hubs).toEqual([{ type: 'WebSub', url: 'https://hub.example/' }]);
    expect(JSON.parse(text).version).toBe('https://jsonfeed.org/version/1.1');
  });
});

describe('feeds', () => {
  it('have the same bytes for the same articles', () => {
    for (const render of [renderRss, renderAtom, renderJsonFeed])
      expect(render(structuredClone(feed))).toBe(render(feed));
  });

  it('may be empty', () => {
    const empty = { ...feed, items: [] };
    for (const render of [renderRss, renderAtom]) expect(wellFormed(render(empty)).length).toBeGreaterThan(4);
    expect(parseJsonFeed(renderJsonFeed(empty)).title).toBe(feed.title);
  });
});

describe('news sitemap', () => {
  const now = Date.parse('2026-03-02T08:00:00Z');
  const page = 'https://wire.example/a/{slug}';
  const render = (items: Feed['items'], at = now) =>
    renderNewsSitemap(items, { publication: 'The Wire', page, now: at });
  const open = item({ title: 'Fish & ships', publishedAt: new Date('2026-03-01T08:00:00Z'), language: 'zh-TW' });

  it('lists pages of the site with what Google News wants', () => {
    const xml = render([open]);
    const seen = wellFormed(xml);
    for (const required of [
      'news:publication/news:name',
      'news:publication/news:language',
      'news:publication_date',
      'news:title',
    ])
      expect(count(seen, `urlset/url/news:news/${required}`)).toBe(1);
    expect(xml).toContain(`<loc>https://wire.example/a/${open.article.slug}</loc>`);
    expect(xml).toContain('<news:language>zh-tw</news:language>');
  });

  it('leaves out what is older than 48 hours, undated, without a language, or not to be indexed', () => {
    const undated = item({ publishedAt: null });
    const silent = item({ language: null });
    expect(count(wellFormed(render([open, plain, undated, silent])), 'urlset/url')).toBe(1);
    expect(count(wellFormed(render([open], now + 48 * 3_600_000)), 'urlset/url')).toBe(0);
  });
});
