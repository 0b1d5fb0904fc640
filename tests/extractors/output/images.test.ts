import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../extractors/dom/dom.js';
import { creditOf } from '../../../extractors/output/credit.js';
import { bestOfSet, chooseLead, imageUrl, isLeadWorthy, isPixel } from '../../../extractors/output/images.js';

const base = 'https://news.example/2026/story.html';
const img = (html: string) => parseDocument(html).querySelector('img') as Element;
const declared = (url: string, rest: Partial<Parameters<typeof chooseLead>[0][number]> = {}) => ({
  url,
  alt: null,
  credit: null,
  width: null,
  height: null,
  from: 'meta og:image',
  ...rest,
});
const inText = (url: string, caption: string | null = null, width: number | null = null) => ({
  url,
  alt: 'In text',
  width,
  height: width,
  caption,
});

describe('images', () => {
  it.each([
    ['<img src="a.jpg">', 'https://news.example/2026/a.jpg'],
    ['<img src="//cdn.example/a.jpg#x">', 'https://cdn.example/a.jpg#x'],
    ['<img src="data:image/png;base64,AAAA" data-src="/b.jpg">', 'https://news.example/b.jpg'],
    ['<img src="/img/spacer.gif" data-original="/b.jpg">', 'https://news.example/b.jpg'],
    ['<img src="/s.jpg" data-srcset="/m.jpg 640w, /l.jpg 1280w">', 'https://news.example/l.jpg'],
    ['<img src="/lazy.jpg">', 'https://news.example/lazy.jpg'],
    ['<img src="/photos/clear-sky.jpg">', 'https://news.example/photos/clear-sky.jpg'],
    ['<img src="javascript:x" alt="">', null],
    ['<img src="https://www.facebook.com/tr?id=1">', null],
    ['<img src="https://news.example/pixel.gif?u=1">', null],
    ['<img>', null],
  ])('finds the address of %s', (html, url) => {
    expect(imageUrl(img(html), base)).toBe(url);
  });

  it.each([
    ['a.jpg', 'https://news.example/2026/a.jpg'],
    ['a.jpg 300w, b.jpg 1200w, c.jpg 4000w', 'https://news.example/2026/b.jpg'],
    ['a.jpg 3000w, b.jpg 2500w', 'https://news.example/2026/b.jpg'],
    ['a.jpg, b.jpg 2x', 'https://news.example/2026/b.jpg'],
    [
      'https://c.example/w_300,h_200/a.jpg 300w,https://c.example/w_900,h_600/a.jpg 900w',
      'https://c.example/w_900,h_600/a.jpg',
    ],
    ['data:image/gif;base64,R0lGOD 1w', null],
    ['', null],
  ])('takes the widest sensible candidate of "%s"', (set, url) => {
    expect(bestOfSet(set, base)).toBe(url);
  });

  it('knows pixels by their size', () => {
    expect(isPixel(img('<img src=x width=1 height=1>'))).toBe(true);
    expect(isPixel(img('<img src=x style="border:0;height:0px">'))).toBe(true);
    expect(isPixel(img('<img src=x width="100%">'))).toBe(false);
  });

  it.each([
    ['https://n.example/2026/flood.jpg', true],
    ['https://n.example/iconic-tower.jpg', true],
    ['https://n.example/logo-design-award-winners.jpg', true],
    ['https://n.example/assets/logo.png', false],
    ['https://n.example/assets/site-logo-600x315.png', false],
    ['https://n.example/og-default.jpg', false],
    ['https://n.example/default-share.png', false],
    ['https://n.example/favicon.ico', false],
    ['https://n.example/crest.svg', false],
    ['https://secure.gravatar.com/avatar/abc?s=600', false],
  ])('judges whether %s shows the story', (url, worthy) => {
    expect(isLeadWorthy({ url, alt: null, width: null, height: null })).toBe(worthy);
  });

  it('passes over what is too small or too long to lead', () => {
    const picture = (width: number, height: number) => ({ url: 'https://n.example/a.jpg', alt: null, width, height });
    expect([picture(120, 90), picture(970, 90), picture(200, 1200), picture(640, 360)].map(isLeadWorthy)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it('takes the first that the page names and that shows the story, with the text’s alternative and credit', () => {
    const lead = chooseLead(
      [declared('/logo.png'), declared('/photos/flood-1200x630.jpg', { width: 1200, height: 630 })],
      [inText('https://cdn.example/x/flood-640x360.jpg', 'Water in the old town. Photo: Ana Lima/Reuters')],
      null,
      base,
    );
    expect(lead).toEqual({
      image: {
        url: 'https://news.example/photos/flood-1200x630.jpg',
        alt: 'In text',
        credit: 'Ana Lima/Reuters',
        width: 1200,
        height: 630,
      },
      from: 'meta og:image',
    });
  });

  it('falls back to the first picture of the text, then to the feed, then to none', () => {
    const text = [inText('https://n.example/small.jpg', null, 90), inText('https://n.example/big.jpg', null, 900)];
    expect(chooseLead([], text, null, base)).toMatchObject({
      image: { url: 'https://n.example/big.jpg' },
      from: 'first image of the text',
    });
    expect(chooseLead([], [], '/feed.jpg', base)).toMatchObject({
      image: { url: 'https://news.example/feed.jpg' },
      from: 'feed',
    });
    expect(chooseLead([declared('javascript:1')], [], 'x:', base)).toBeNull();
  });

  it.each([
    ['Water in the old town. Photo: Ana Lima', 'Ana Lima'],
    ['Water in the old town (Photo by Ana Lima/Getty Images)', 'Ana Lima/Getty Images'],
    ['Water in the old town. (AP Photo/Ana Lima)', 'AP Photo/Ana Lima'],
    ['Water in the old town. REUTERS/Ana Lima', 'REUTERS/Ana Lima'],
    ['The bridge. J. P. Smith/AP', 'J. P. Smith/AP'],
    ['Water in the old town. Ana Lima/AFP via Getty Images', 'Ana Lima/AFP via Getty Images'],
    ['Wasser in der Altstadt. © Ana Lima', 'Ana Lima'],
    ['Image credit: NASA', 'NASA'],
    ['The photo by the door was gone', null],
    ['', null],
  ])('reads the credit of "%s"', (caption, credit) => {
    expect(creditOf(caption)).toBe(credit);
  });
});
