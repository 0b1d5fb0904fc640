import { describe, expect, it } from 'vitest';
import { resolveSource, SourceEntry } from '../../../config/sources.js';
import { namesOf } from '../../../crawlers/discover/author-names.js';
import { readFeed } from '../../../crawlers/discover/feed.js';
import { gather } from '../../../crawlers/discover/gather.js';
import { readListing } from '../../../crawlers/discover/listing.js';
import { repairXml } from '../../../crawlers/discover/repair-xml.js';
import { readSitemap } from '../../../crawlers/discover/sitemap.js';
import { refuseByContent } from '../../../crawlers/net/content-type.js';
import { createGuard } from '../../../crawlers/net/guard.js';
import { textOf, unescapeEntities } from '../../../text/html-text.js';

const url = 'https://harbour.example/feed.xml';
const entry = '<item><title>Quay</title><link>/quay</link></item>';
const rss = (inside: string, before = '') => Buffer.from(`${before}<rss><channel>${inside}</channel></rss>`);
const code = (name: string) => expect.objectContaining({ code: name });

/** What would hang, rather than fail, without a bound. */
describe('bounds of what is read outside of the threads', () => {
  it('lets an entity of a feed’s own grow it by a megabyte, and no more', () => {
    const doctype = `<!DOCTYPE x [<!ENTITY a "${'a'.repeat(190)}">]>`;
    expect(readFeed(rss(`${entry}<x>${'&a;'.repeat(4000)}</x>`, doctype), { url }).entries).toHaveLength(1);
    expect(() => readFeed(rss(`${entry}<x>${'&a;'.repeat(1_000_000)}</x>`, doctype), { url })).toThrow(
      code('DISCOVER_UNREADABLE'),
    );
  });

  it('ends a feed where it nests without end, and says so', () => {
    const feed = readFeed(rss(`${entry}${'<a>'.repeat(300_000)}`), { url });
    expect(feed).toMatchObject({ truncated: true, entries: [{ title: 'Quay' }] });
  });

  it('hands the feed’s parser texts of articles as they are, and of all else the beginning', () => {
    const long = 'Ana &amp; '.repeat(100_000);
    const read = (name: string) =>
      repairXml(`<rss><channel><item><${name}>${long}</${name}></item></channel></rss>`, 10).xml;
    for (const name of ['author', 'pubDate', 'category', 'media:credit'])
      expect(read(name).length, name).toBeLessThan(100_100);
    for (const name of ['description', 'content:encoded', 'itunes:summary']) expect(read(name), name).toContain(long);
    expect(read('author')).toMatch(/<author>Ana &amp; .*<\/author>/);
  });

  it('reads no more names than an article has', () => {
    expect(namesOf([`${'a.'.repeat(1_000_000)}@`])).toEqual([]);
    expect(namesOf(['Ann Lee and Bo Ray'])).toEqual(['Ann Lee', 'Bo Ray']);
  });

  it('ends a text where it nests without end', () => {
    expect(textOf(`before ${'<b>'.repeat(300_000)} after`)).toBe('before');
    expect(unescapeEntities('&#65;&amp;'.repeat(300_000))).toBe('A&'.repeat(300_000));
  });

  it('reads the fields of a sitemap’s entry, not what is piled up in it', () => {
    const read = (inside: string) =>
      readSitemap(Buffer.from(`<urlset><url><loc>https://harbour.example/quay</loc>${inside}`), { url });
    expect(read(`${'<a/>'.repeat(500_000)}</url>`).entries).toHaveLength(1);
    expect(read('<a>'.repeat(300_000)).truncated).toBe(true);
  });

  it.each([
    ['elements', '<i>x</i>'.repeat(70_000), /more than 60,000 elements/],
    ['links', '<a href="/x">x</a>'.repeat(11_000), /more than 10,000 links/],
    ['links in one another', '<a href="/x">'.repeat(20_000), /nests links more than 100 deep/],
    ['text', '<'.repeat(300_000), /more than 200,000 pieces of text/],
    ['depth', '<div>'.repeat(50_000), /more than 1,500 deep/],
    ['attributes', `<p ${Array.from({ length: 600 }, (_, i) => `a${i}=1`).join(' ')}>`, /more than 500 attributes/],
    ['classes', `<p class="${'c '.repeat(20_000)}">`, /classes have more than 20,000/],
  ])('reads the beginning of a section page with too much of %s, and says so', (_, much, says) => {
    const link = '<a href="/2026/03/01/vote-on-the-quay-is-put-off">Vote on the quay is put off</a>';
    const { found, truncated } = readListing(Buffer.from(`${link}${much}`), { url, links: null });
    expect(found).toHaveLength(1);
    expect(truncated).toMatch(says);
  });

  it('judges a page by its first tag, however many comments stand before it', () => {
    const judge = (text: string) => () => refuseByContent(url, 'text/plain', Buffer.from(text));
    expect(judge(`<?xml version="1.0"?> ${'<!---->'.repeat(200)}<html>`)).not.toThrow();
    expect(judge(`${'<!---->'.repeat(250)}x`)).toThrow(code('FETCH_NOT_HTML'));
    expect(judge('<!-- never closed <html>')).toThrow(code('FETCH_NOT_HTML'));
  });

  it('asks for no address that the ledger could not look up', () => {
    const guard = createGuard({ allowHosts: [] });
    expect(guard.check(`https://harbour.example/${'a'.repeat(1900)}`).href).toHaveLength(1924);
    expect(() => guard.check(`https://harbour.example/${'a'.repeat(2000)}`)).toThrow(code('FETCH_BAD_URL'));
  });

  it('hands on nothing that a database does not take', () => {
    const source = resolveSource(SourceEntry.parse({ id: 'a', name: 'A', url: 'https://harbour.example/' }));
    const item = { id: '1\0', url: '/quay', title: 'Quay \ud800', authors: [{ name: 'An\0n Lee' }], tags: ['t\0'] };
    const feed = { version: 'https://jsonfeed.org/version/1.1', title: 'x', items: [item] };
    const found = readFeed(Buffer.from(JSON.stringify(feed)), { url }).entries.flatMap((e) =>
      e.url === null ? [] : [{ ...e, url: e.url }],
    );
    const endpoint = { url, kind: 'feed' } as Parameters<typeof gather>[1][number]['endpoint'];
    const [told] = gather(source, [{ endpoint, found, response: null }], 0);
    expect(told).toMatchObject({ guid: '1', title: 'Quay \ufffd', authors: ['Ann Lee'], tags: ['t'] });
    expect(JSON.stringify(told)).not.toMatch(/\\u0000|\\ud800/);
  });
});
