import { describe, expect, it } from 'vitest';
import { discover } from '../../../crawlers/discover/discover.js';
import { targetOf } from '../../../crawlers/discover/redirectors.js';
import { toCandidates } from '../../../workers/crawl/to-candidates.js';
import { openOutlet } from './loopback.js';

/** As Google wrote its links until 2024: a protocol buffer whose field 4 is the address. */
function token(address: string): string {
  const length = address.length < 128 ? [address.length] : [(address.length & 0x7f) | 0x80, address.length >> 7];
  return Buffer.concat([
    Buffer.from([0x08, 0x13, 0x22, ...length]),
    Buffer.from(address),
    Buffer.from([0xd2, 0x01, 0x00]),
  ]).toString('base64url');
}

describe('targetOf', () => {
  it.each([
    'https://harbour.example/2024/05/14/one-two-three',
    `https://harbour.example/2024/05/14/${'long-'.repeat(40)}name`,
  ])('reads the address in a link of Google News: %s', (address) => {
    expect(targetOf(`https://news.google.com/rss/articles/${token(address)}?oc=5`)).toBe(address);
    expect(targetOf(`https://news.google.com/articles/${token(address)}`)).toBe(address);
  });

  it('knows a link of Google News that hides its target', () => {
    const opaque = Buffer.from('\x08\x13"\x9a\x01AU_yqLMnothing-to-read-here', 'latin1').toString('base64url');
    expect(targetOf(`https://news.google.com/rss/articles/${opaque}?oc=5`)).toBeNull();
  });

  it.each([
    [
      'https://www.google.com/url?rct=j&sa=t&url=https://harbour.example/a%3Fb%3D1&ct=ga',
      'https://harbour.example/a?b=1',
    ],
    [
      'https://www.bing.com/news/apiclick.aspx?ref=FexRss&url=https%3a%2f%2fharbour.example%2fa',
      'https://harbour.example/a',
    ],
    ['https://l.facebook.com/l.php?u=https%3A%2F%2Fharbour.example%2Fa', 'https://harbour.example/a'],
    ['https://www.google.com/url?q=javascript:alert(1)', null],
  ])('unpacks %s', (link, target) => {
    expect(targetOf(link)).toBe(target);
  });

  it.each([
    'https://harbour.example/url?url=https://other.example/',
    'https://blog.google/products/news/',
    'https://news.google.com/about',
  ])('leaves %s as it is', (link) => {
    expect(targetOf(link)).toBe(link);
  });
});

describe('entries of an aggregator', () => {
  it("become the publisher's, and those that hide it are rejected with the reason, never fetched", async () => {
    const outlet = await openOutlet();
    const open = token('https://harbour.example/2024/05/14/one-two-three');
    const links = [open, 'CBMiAU_yqLMopaque'].map((t) => `https://news.google.com/rss/articles/${t}?oc=5`);
    const items = links.map((link) => `<item><title>T</title><link>${link}</link></item>`).join('');
    outlet.pages['/rss'] = `<rss version="2.0"><channel><title>T</title>${items}</channel></rss>`;
    const source = outlet.source({ feeds: [`${outlet.url}rss`] });
    const signal = new AbortController().signal;
    const { found } = await discover(source, [], { fetcher: outlet.fetcher, now: Date.now, signal });
    await outlet.close();
    const made = toCandidates(source, found, new Date());
    expect(made.map((c) => [c.url, c.rejected?.code ?? null])).toEqual([
      ['https://harbour.example/2024/05/14/one-two-three', null],
      [links[1], 'FILTER_REDIRECT_LINK'],
    ]);
  });
});
