import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SourcelinkError } from '../../../config/errors.js';
import { chooseChildren, newest, readSitemap } from '../../../crawlers/discover/sitemap.js';

const url = 'https://harbour.example/sitemap.xml';
const read = (text: string | Uint8Array) => readSitemap(typeof text === 'string' ? Buffer.from(text) : text, { url });
const child = (path: string, lastModified: string | null = null) => ({
  url: `https://harbour.example/${path}`,
  lastModified,
});

describe('readSitemap', () => {
  it('reads what a news sitemap tells of an article', () => {
    const map = read(`<?xml version="1.0" encoding="UTF-8"?>
      <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
      <url><loc> https://harbour.example/a?x=1&amp;y=2 </loc><lastmod>2024-05-06T12:00:00+02:00</lastmod>
        <n:news><n:publication><n:name>Harbour Post</n:name><n:language>en</n:language></n:publication>
        <n:publication_date>2024-05-06</n:publication_date><n:title><![CDATA[Ships & sails]]></n:title><n:keywords>sea, ships</n:keywords></n:news>
        <image:image><image:loc>/a.jpg</image:loc><image:title>A ship</image:title></image:image></url></urlset>`);
    expect(map).toMatchObject({ format: 'sitemap', news: true, truncated: false });
    expect(map.entries).toEqual([
      {
        url: 'https://harbour.example/a?x=1&y=2',
        guid: null,
        title: 'Ships & sails',
        authors: [],
        publishedAt: '2024-05-06T00:00:00.000Z',
        updatedAt: '2024-05-06T10:00:00.000Z',
        summary: null,
        image: 'https://harbour.example/a.jpg',
        language: 'en',
        tags: ['sea', 'ships'],
        via: url,
      },
    ]);
  });

  it('reads an index, packed as a file', () => {
    const map = read(
      gzipSync(
        '<sitemapindex><sitemap><loc>/s1.xml</loc><lastmod>2024-05-06</lastmod></sitemap><sitemap><loc>/s2.xml</loc></sitemap></sitemapindex>',
      ),
    );
    expect(map.format).toBe('sitemap-index');
    expect(map.children).toEqual([child('s1.xml', '2024-05-06T00:00:00.000Z'), child('s2.xml')]);
  });

  it('reads a list of URLs in text', () => {
    expect(read('https://harbour.example/a\r\nhttps://harbour.example/b\n').entries.map((e) => e.url)).toEqual([
      'https://harbour.example/a',
      'https://harbour.example/b',
    ]);
  });

  it('reads what is whole of a file that was cut off, with a stray ampersand in it', () => {
    expect(
      read('<urlset><url><loc>https://harbour.example/?a=1&b=2</loc></url><url><loc>https://harbour.ex').entries.map(
        (e) => e.url,
      ),
    ).toEqual(['https://harbour.example/?a=1&b=2']);
  });

  it('takes none of the links to other languages for the page', () => {
    const map = read(
      '<urlset xmlns:xhtml="http://www.w3.org/1999/xhtml"><url><loc>https://harbour.example/a</loc><xhtml:link rel="alternate" hreflang="de" href="https://harbour.example/de/a"/></url></urlset>',
    );
    expect(map.entries.map((e) => e.url)).toEqual(['https://harbour.example/a']);
  });

  it('ends at the limit of the protocol, however long the file is', () => {
    const map = read(`<urlset>${'<url><loc>https://harbour.example/a</loc></url>'.repeat(60_000)}`);
    expect(map.entries).toHaveLength(50_000);
    expect(map.truncated).toBe(true);
  });

  it('unpacks no bomb', () => {
    expect(() => read(gzipSync(Buffer.alloc(51 * 1024 * 1024)))).toThrow(
      expect.objectContaining({ code: 'DISCOVER_UNREADABLE' }),
    );
  });

  it.each(['', '<html><body>404</body></html>', '<rss><channel/></rss>', 'Sitemap coming soon'])(
    'refuses %j',
    (text) => {
      expect(() => read(text)).toThrow(
        expect.objectContaining({ code: 'DISCOVER_UNREADABLE', message: expect.stringContaining(url) }),
      );
    },
  );

  it('throws nothing but its own error, whatever the bytes', () => {
    const parts = [
      '<urlset>',
      '<sitemapindex>',
      '<url>',
      '</url>',
      '<loc>',
      '</loc>',
      'https://a.example/',
      '<news:news>',
      '<news:title>',
      '&',
      '<![CDATA[',
      ']]>',
      '<lastmod>2024-05-06',
      '<__proto__>',
      '</urlset>',
    ];
    const scrambled = fc
      .array(fc.oneof(fc.constantFrom(...parts), fc.string()), { maxLength: 30 })
      .map((p) => Buffer.from(p.join('')));
    fc.assert(
      fc.property(fc.oneof(scrambled, fc.uint8Array()), (bytes) => {
        try {
          for (const e of read(bytes).entries) expect(e.url).toMatch(/^https?:\/\//);
        } catch (error) {
          if (!(error instanceof SourcelinkError)) throw error;
        }
      }),
      { seed: 7, numRuns: 400 },
    );
  });
});

describe('newest', () => {
  it('takes the newest first, those without a date last', () => {
    const { entries } = read(
      '<urlset><url><loc>https://a.example/none</loc></url><url><loc>https://a.example/old</loc><lastmod>2020-01-01</lastmod></url><url><loc>https://a.example/new</loc><lastmod>2024-01-01</lastmod></url></urlset>',
    );
    expect(newest(entries, 9).map((e) => e.url)).toEqual([
      'https://a.example/new',
      'https://a.example/old',
      'https://a.example/none',
    ]);
    expect(newest(entries, 1)).toHaveLength(1);
  });
});

describe('chooseChildren', () => {
  it('takes those for news, whatever else there is', () => {
    expect(chooseChildren([child('posts.xml', '2024-05-06'), child('news-sitemap.xml'), child('tags.xml')], 5)).toEqual(
      [child('news-sitemap.xml').url],
    );
  });

  it('takes the parts of posts that changed last, not tags, authors or pages', () => {
    const children = [
      child('post-sitemap1.xml', '2023-01-01'),
      child('post-sitemap2.xml', '2024-01-01'),
      child('category-sitemap.xml', '2024-05-01'),
      child('page-sitemap.xml', '2024-05-01'),
    ];
    expect(chooseChildren(children, 5)).toEqual([child('post-sitemap2.xml').url, child('post-sitemap1.xml').url]);
  });

  it('takes the highest numbers where no dates are given', () => {
    const children = ['sitemap-2.xml', 'sitemap-10.xml', 'sitemap-9.xml'].map((p) => child(p));
    expect(chooseChildren(children, 2)).toEqual([child('sitemap-10.xml').url, child('sitemap-9.xml').url]);
  });
});
