import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanUrl, urlKey } from '../../crawlers/url.js';

const article = 'https://www.example.com/politics/2024/05/a-bill-passes.html';

describe('cleanUrl', () => {
  it.each([
    [`${article}?utm_source=rss&utm_medium=feed#comments`, article],
    [`${article}?utm_source=rss&amp;utm_medium=feed&amp;id=7`, `${article}?id=7`],
    [`${article}?at_medium=RSS&at_campaign=KARANGA`, article],
    [`${article}?ns_mchannel=rss&ns_source=PublicRSS20-sa&cmpid=x&ftag=CNM`, article],
    [`${article}?fbclid=1&gclid=2&mc_cid=3&_ga=4&ref=rss&source=twitter`, article],
    [`${article}?CMP=Share_iOSApp_Other&Smid=tw`, article],
    [`${article}?`, article],
    [`${article}#`, article],
    [` ${article}\n`, article],
    ['https://user:secret@example.com/a', 'https://example.com/a'],
    ['https://www.wsj.com/articles/a?mod=article_inline', 'https://www.wsj.com/articles/a'],
  ])('makes %s to %s', (from, to) => {
    expect(cleanUrl(from)).toBe(to);
  });

  it.each([
    'https://example.com/?p=123',
    'https://example.com/story.php?storyId=987&page=2',
    'https://example.com/view?source=budget-2024&ref=HR1234',
    'https://example.com/a?title=a%20b+c&x=%C3%A9',
    'https://example.com/amp/story-1',
    'https://news.example.com/article?id=a&section=world&v=2&lang=en',
    'https://www.youtube.com/watch?v=abc&t=5',
    'http://example.com:8080/a/?attribute=1&notes=2&internal=3',
  ])('leaves %s alone', (url) => {
    expect(cleanUrl(url)).toBe(url);
  });

  it('leaves what is no web address as it is', () => {
    expect(cleanUrl('mailto:desk@example.com')).toBe('mailto:desk@example.com');
    expect(cleanUrl('/relative?utm_source=x')).toBe('/relative?utm_source=x');
  });

  it('changes nothing the second time', () => {
    expect(cleanUrl(cleanUrl('http://a.example/??'))).toBe(cleanUrl('http://a.example/??'));
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        expect(cleanUrl(cleanUrl(url))).toBe(cleanUrl(url));
        expect(urlKey(cleanUrl(url))).toBe(urlKey(url));
      }),
    );
  });
});

describe('urlKey', () => {
  it.each([
    ['http://example.com/politics/2024/05/a-bill-passes.html'],
    ['https://EXAMPLE.com:443/politics/2024/05/a-bill-passes.html'],
    ['https://www.example.com/politics/2024/05/a-bill-passes.html/'],
    ['https://www.example.com//politics/2024/05/a-bill-passes.html?utm_campaign=x#top'],
    ['https://www.example.com/politics/2024/05/a%2Dbill%2Dpasses.html'],
  ])('is the same for %s', (url) => {
    expect(urlKey(url)).toBe(urlKey(article));
  });

  it('does not mind the order of parameters, but their values', () => {
    expect(urlKey('http://example.com/a?x=1&y=2')).toBe(urlKey('https://www.example.com/a/?y=2&x=1'));
    expect(urlKey('http://example.com/a?x=1')).not.toBe(urlKey('http://example.com/a?x=2'));
  });

  it('keeps paths, hosts, ports and the case of paths apart', () => {
    const urls = [
      'http://example.com/a',
      'http://example.com/A',
      'http://example.com/b',
      'http://m.example.com/a',
      'http://example.com:81/a',
      'http://example.com/a?p=1',
    ];
    expect(new Set(urls.map(urlKey)).size).toBe(urls.length);
  });

  it('keeps what is no URL', () => {
    expect(urlKey('not a url')).toBe('not a url');
  });
});
