import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNeverArticle, shapeOf } from '../../../crawlers/discover/article-url.js';
import { readListing } from '../../../crawlers/discover/listing.js';

const url = 'https://www.harbour.example/';
const read = (html: string, links: string | null = null) => readListing(Buffer.from(html), { url, links });
const paths = (html: string, links: string | null = null) =>
  read(html, links).found.map((f) => f.url.replace(url, '/'));

const page = (main: string) => `<!doctype html><html lang="en"><body>
  <header class="site-header"><a href="/"><img src="/logo.png" alt="Harbour Post"></a>
    <nav><a href="/news">News</a><a href="/news/world-news">World news of today</a><a href="/tag/ships">Ships</a><a href="/account/sign-in">Sign in</a></nav></header>
  <main>${main}</main>
  <aside><a href="/newsletters/harbour-today-sign-up-now">Sign up for Harbour Today now</a></aside>
  <footer><a href="/about-us">About us</a><a href="/terms-of-service">Terms of service</a><a href="/2024/05">Archive</a><a href="/archive/2024/01?page=1">Archive</a></footer>
</body></html>`;

describe('readListing', () => {
  it('takes the teasers and leaves navigation, margins and foot', () => {
    const html = page(`
      <article><a href="/news/ship-runs-aground-off-cape-1234567"><img src="/a.jpg" alt=""></a>
        <header><h2><a href="/news/ship-runs-aground-off-cape-1234567">Ship runs aground off the cape</a></h2></header>
        <time datetime="2024-05-06T08:00:00+02:00">6 May</time><a href="/author/ann-lee">Ann Lee</a><a href="/news/ship-runs-aground-off-cape-1234567#comments">12 comments</a></article>
      <article><h2><a href="/news/harbour-to-be-dredged-1234568?utm_medium=home">Harbour to be dredged in autumn</a></h2></article>
      <a href="/news?page=2">Older stories</a> <a href="/calendar/2024-05-07">Tomorrow</a>`);
    const { found, patterns } = read(html);
    expect(found.map((f) => f.url)).toEqual([
      `${url}news/ship-runs-aground-off-cape-1234567`,
      `${url}news/harbour-to-be-dredged-1234568`,
    ]);
    expect(found[0]).toMatchObject({
      title: 'Ship runs aground off the cape',
      publishedAt: '2024-05-06T06:00:00.000Z',
      image: `${url}a.jpg`,
      language: 'en',
    });
    expect(patterns).toEqual(['/:section/:slug']);
  });

  it('learns from the headlines of a list what its URLs do not say', () => {
    const item = (id: string, text: string) => `<li class="row"><h3><a href="/read/${id}">${text}</a></h3></li>`;
    const html = page(
      `<ul>${item('harbour', 'Council agrees on the new harbour wall')}${item('quay', 'Old quay to become a public park')}${item('ferry', 'Ferry line ends after forty years')}</ul>`,
    );
    expect(paths(html)).toEqual(['/read/harbour', '/read/quay', '/read/ferry']);
  });

  it('knows short links for sections where the articles have a form of their own', () => {
    const articles = [1, 2, 3, 4, 5, 6].map(
      (n) => `<h3><a href="/2024/05/0${n}/a-story-about-ship-number-${n}">A story about ship number ${n}</a></h3>`,
    );
    const html = page(`${articles.join('')}<div><a href="/best-fishing-boats">Best fishing boats</a></div>`);
    expect(paths(html)).toHaveLength(6);
  });

  it('stays on the site, subdomains included', () => {
    const link = (href: string) => `<h2><a href="${href}">A headline of several words here</a></h2>`;
    const html = page(
      link('https://sport.harbour.example/2024/05/06/late-win-for-town') +
        link('https://elsewhere.example/2024/05/06/not-ours-at-all'),
    );
    expect(paths(html)).toEqual(['https://sport.harbour.example/2024/05/06/late-win-for-town']);
  });

  it('reads headlines in scripts without blanks', () => {
    const html = page(
      ['一', '二', '三'].map((n) => `<h3><a href="/news/${n}">港の新しい防波堤が完成した${n}</a></h3>`).join(''),
    );
    expect(read(html).found).toHaveLength(3);
  });

  it('keeps a label from being the title', () => {
    expect(read('<a class="x" href="/2024/05/06/ship-runs-aground">Read more</a>', 'a.x').found[0]?.title).toBeNull();
  });

  it('resolves links against the base of the page', () => {
    expect(
      paths(
        '<base href="/de/"><h2><a href="2024/05/06/schiff-auf-grund">Schiff vor dem Kap auf Grund gelaufen</a></h2>',
      ),
    ).toEqual(['/de/2024/05/06/schiff-auf-grund']);
  });

  it.each(['', '<', 'plain text', '<a href>', '<a href="http://[">x</a>', '{"json": true}'])(
    'finds nothing in %j',
    (html) => {
      expect(paths(html)).toEqual([]);
    },
  );

  it('is not held up by a page of five thousand links or a thousand levels', () => {
    const many = page(
      Array.from(
        { length: 5000 },
        (_, i) => `<p><a href="/2024/05/06/story-number-${i}-is-here">Story number ${i} is here to read</a></p>`,
      ).join(''),
    );
    const deep = page(
      `${'<div>'.repeat(1000)}<a href="/2024/05/06/deep-down-in-there">Deep down in there is a story</a>`,
    );
    const began = performance.now();
    expect(paths(many).length).toBeLessThanOrEqual(300);
    expect(paths(deep)).toEqual(['/2024/05/06/deep-down-in-there']);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('throws nothing, whatever the page', () => {
    const parts = [
      '<a href="/x">',
      '</a>',
      '<nav>',
      '<article>',
      '<h2>',
      '<base href="',
      '">',
      '<time datetime="2024">',
      '<svg>',
      '<template>',
      '<!--',
      '<script>',
      '<table>',
      '</p>',
    ];
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...parts), fc.string()), { maxLength: 40 }), (p) => {
        for (const f of read(p.join('')).found) expect(f.url).toMatch(/^https?:\/\//);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

describe('isNeverArticle', () => {
  it.each([
    '/',
    '/tag/ships',
    '/author/ann-lee-and-bo-ray',
    '/about',
    '/contact-us',
    '/2024/05/',
    '/2024/05/12',
    '/archive/2024/01?page=1',
    '/news?page=2',
    '/wp-login.php',
    '/files/report-on-the-harbour.pdf',
    '/feed/',
    '/index.html',
    '/search?q=ship',
    '/topics/harbour',
    '/category/news/local-news-of-the-day',
  ])('is so of %s', (path) => {
    expect(isNeverArticle(new URL(path, url))).toBe(true);
  });

  it.each([
    '/2024/05/12/ship',
    '/legal/court-rules-on-harbour-wall-2024-05-12',
    '/2024/05/12/politics/harbour-wall/index.html',
    '/?p=1234',
    '/news/view.php?idx=77&page=1',
    '/story/harbour-wall-2024/05',
  ])('is not so of %s', (path) => {
    expect(isNeverArticle(new URL(path, url))).toBe(false);
  });
});

describe('shapeOf', () => {
  it.each([
    ['/2024/05/12/ship-runs-aground', '/:date/:slug'],
    ['/news/2024/may/12/ship-runs-aground', '/:section/:date/:slug'],
    ['/world/europe-12345678', '/:section/:slug'],
    ['/story/12345678.html', '/:section/:id.html'],
    ['/view.php?id=12', '/:word.php?id=:id'],
    ['/politics', '/:word'],
  ])('names the parts of %s', (path, shape) => {
    expect(shapeOf(new URL(path, url)).shape).toBe(shape);
  });
});
