import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SourcelinkError } from '../../../config/errors.js';
import { MAX_ENTRIES, readFeed } from '../../../crawlers/discover/feed.js';

const folder = join(import.meta.dirname, '../../fixtures/feeds');
const fixtures = readdirSync(folder).filter((f) => f.endsWith('.xml'));
const url = 'https://harbour.example/feeds/all.xml';
const seeds = fixtures.map((f) => readFileSync(join(folder, f)));

/** What an entry says; what it does not say is left out, so that the expectations can be read. */
function said(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).filter(([k, v]) => v !== null && k !== 'via' && !(Array.isArray(v) && v.length === 0)),
  );
}

describe('readFeed', () => {
  it.each(fixtures)('reads %s as expected', (name) => {
    const feed = readFeed(readFileSync(join(folder, name)), { url });
    const read = { ...said(feed), entries: feed.entries.map(said) };
    const golden = join(folder, name.replace(/xml$/, 'json'));
    if (process.env['SOURCELINK_WRITE_GOLDEN']) writeFileSync(golden, `${JSON.stringify(read, null, 2)}\n`);
    expect(read).toEqual(JSON.parse(readFileSync(golden, 'utf8')));
  });

  it('names itself as where each entry was told', () => {
    const feed = readFeed(Buffer.from('<rss><channel><item><title>T</title></item></channel></rss>'), { url });
    expect(feed.entries).toEqual([expect.objectContaining({ via: url, url: null, title: 'T' })]);
  });

  it('lets HTTP name the encoding before the declaration does', () => {
    const text = '<?xml version="1.0" encoding="utf-8"?><rss><channel><title>Привет</title></channel></rss>';
    const bytes = Buffer.from(text.replace('Привет', '\xcf\xf0\xe8\xe2\xe5\xf2'), 'latin1');
    expect(readFeed(bytes, { url, contentType: 'text/xml; charset=windows-1251' }).title).toBe('Привет');
  });

  it('reads dates without a zone as those of the source', () => {
    const text = '<rss><channel><item><pubDate>6 May 2024 10:00</pubDate></item></channel></rss>';
    const dateIn = (timezone: string | null) => readFeed(Buffer.from(text), { url, timezone }).entries[0]?.publishedAt;
    expect(dateIn(null)).toBe('2024-05-06T10:00:00.000Z');
    expect(dateIn('America/New_York')).toBe('2024-05-06T14:00:00.000Z');
    expect(dateIn('Nowhere/Else')).toBe('2024-05-06T10:00:00.000Z');
  });

  it.each([
    ['a web page', '<!doctype html><html><head><title>404</title></head><body><p>Not here</p></body></html>'],
    ['a sitemap', '<urlset><url><loc>https://harbour.example/</loc></url></urlset>'],
    ['an OPML file', '<opml version="2.0"><body/></opml>'],
    ['JSON of another kind', '{"hello": "world"}'],
    ['broken JSON', '{"version": "https://jsonfeed.org/version/1.1", "items": ['],
    ['nothing', ''],
    ['text', 'Service unavailable'],
  ])('refuses %s', (_, text) => {
    expect(() => readFeed(Buffer.from(text), { url })).toThrow(
      expect.objectContaining({ code: 'DISCOVER_UNREADABLE', message: expect.stringContaining(url) }),
    );
  });

  it('reads no more than its limit of a feed without end, and says so', () => {
    const item = `<item><title>T</title><link>https://harbour.example/x</link><description>${'word '.repeat(200)}</description></item>`;
    const text = `<rss version="2.0"><channel><title>Long</title>${item.repeat(MAX_ENTRIES + 3000)}`;
    const began = performance.now();
    const feed = readFeed(Buffer.from(text), { url });
    expect(feed.entries).toHaveLength(MAX_ENTRIES);
    expect(feed.truncated).toBe(true);
    expect(performance.now() - began).toBeLessThan(15_000);
  });

  it.each([
    ['elements within elements', '<rss><channel><item><description>'.concat('<div>'.repeat(50_000))],
    ['items within items', '<rss><channel>'.concat('<item>'.repeat(20_000))],
    ['ampersands', '<rss><channel><title>'.concat('&'.repeat(300_000))],
    ['open angle brackets', '<rss><channel><title>'.concat('<'.repeat(100_000))],
    ['comments that never end', '<rss><channel>'.concat('<!--'.repeat(50_000))],
    ['CDATA that never ends', '<rss><channel><title>'.concat('<![CDATA['.repeat(30_000))],
    [
      'entities in a DOCTYPE',
      `<!DOCTYPE rss [${'<!ENTITY a "'.repeat(20_000)}]><rss><channel><title>T</title></channel></rss>`,
    ],
    ['attributes', `<rss><channel><item ${'a="b" '.repeat(30_000)}><title>T</title></item></channel></rss>`],
    ['scripts in a title', `<rss><channel><title>${'&lt;script&gt;'.repeat(30_000)}`],
    ['blanks', `<rss><channel><title>${' '.repeat(500_000)}x</title></channel></rss>`],
    ['author separators', `<rss><channel><item><author>${' ,'.repeat(50_000)}</author></item></channel></rss>`],
    ['digits', `<rss><channel><item><pubDate>${'1'.repeat(100_000)}</pubDate></item></channel></rss>`],
  ])('is not held up by countless %s', (_, text) => {
    const began = performance.now();
    try {
      readFeed(Buffer.from(text), { url });
    } catch (error) {
      expect(error).toBeInstanceOf(SourcelinkError);
    }
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('throws nothing but its own error, whatever the bytes', () => {
    const damaged = fc
      .tuple(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(), fc.nat(), fc.uint8Array({ maxLength: 12 })), { maxLength: 6 }),
      )
      .map(([seed, cuts]) =>
        cuts.reduce((bytes, [at, length, put]) => {
          const from = at % (bytes.length + 1);
          return Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + (length % 40))]);
        }, Buffer.from(seed)),
      );
    const words = [
      '<rss>',
      '<channel>',
      '<item>',
      '<feed xmlns="http://www.w3.org/2005/Atom">',
      '<entry>',
      '<title type="xhtml">',
      '<link',
      ' href="',
      '">',
      '/>',
      '</item>',
      '<![CDATA[',
      ']]>',
      '&amp;',
      '&#x110000;',
      '&#0;',
      '<!--',
      '-->',
      '<div>',
      'xml:base="http://[',
      '{"version":"https://jsonfeed.org/version/1","items":[',
      '{}',
      ']}',
      'é',
      '<a:b:c>',
      '<__proto__>',
      '<constructor/>',
      ' ',
    ];
    const scrambled = fc
      .array(fc.oneof(fc.constantFrom(...words), fc.string()), { maxLength: 40 })
      .map((parts) => Buffer.from(parts.join('')));
    fc.assert(
      fc.property(fc.oneof(damaged, scrambled, fc.uint8Array({ maxLength: 400 })), (bytes) => {
        try {
          for (const e of readFeed(bytes, { url }).entries) {
            if (e.url !== null) expect(e.url).toMatch(/^https?:\/\//);
            for (const date of [e.publishedAt, e.updatedAt])
              if (date !== null) expect(new Date(date).toISOString()).toBe(date);
          }
        } catch (error) {
          if (!(error instanceof SourcelinkError)) throw error;
        }
      }),
      { numRuns: 600, seed: 7 },
    );
  });
});
