import { describe, expect, it } from 'vitest';
import { codeOf } from '../../config/errors.js';
import type { PageInput } from '../../extractors/article.js';
import { extract } from '../../extractors/extract.js';
import { articlePage, pageInput } from './page-input.js';

const thrown = (page: PageInput): Error => {
  try {
    extract(page);
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
};

const meta = `<link rel="canonical" href="/2026/03/story"><meta property="og:image" content="/img/quay.jpg">
  <meta property="article:published_time" content="2026-02-28T18:30:00+01:00"><meta name="author" content="Ana Lima">`;

describe('read-article', () => {
  it('reads an article whole, and says where each part was found', () => {
    const after =
      '<figure><img src="/img/quay.jpg" width="800" height="600" alt="The quay"><figcaption>The quay. Photo: Jo Sand</figcaption></figure>';
    const article = extract(pageInput(articlePage({ head: meta, before: after })));
    expect(article).toMatchObject({
      canonicalUrl: 'https://news.example/2026/03/story',
      title: 'Council puts off vote on the northern quay',
      authors: ['Ana Lima'],
      publishedAt: '2026-02-28T17:30:00.000Z',
      language: 'en',
      noindex: false,
      rights: { level: 'full' },
      image: { url: 'https://news.example/img/quay.jpg' },
    });
    expect(article.text).toContain('heard both sides for three hours');
    expect(article.text).not.toContain('Politics');
    expect(article.html).toMatch(/^<(?:p|figure)>/);
    expect(article.excerpt.endsWith('.')).toBe(true);
    expect(article.wordCount).toBeGreaterThan(200);
    for (const field of ['title', 'authors', 'publishedAt', 'language', 'text', 'image', 'canonicalUrl', 'charset']) {
      expect(article.provenance[field], field).toBeTruthy();
    }
  });

  it('gives the same article for the same bytes', () => {
    const page = pageInput(articlePage({ head: meta }));
    expect(extract(page)).toEqual(extract(page));
  });

  it('takes from the feed what the page does not say', () => {
    const hints = {
      authors: ['Jo Sand'],
      publishedAt: '2026-03-01T08:00:00.000Z',
      tags: ['Harbour'],
      image: 'https://news.example/feed.jpg',
    };
    const article = extract(pageInput(articlePage(), { hints }));
    expect(article).toMatchObject({
      authors: ['Jo Sand'],
      publishedAt: hints.publishedAt,
      tags: ['Harbour'],
      image: { url: hints.image },
    });
    expect(article.provenance).toMatchObject({ authors: 'feed', publishedAt: 'feed', image: 'feed' });
  });

  it('reads byline and date on lines of their own in one element', () => {
    const before = '<div class="by">By Ana Lima, staff writer<br>Saturday, February 28, 2026 at 6:30 PM</div>';
    const page = articlePage({ before });
    const article = extract(pageInput(page, { source: { timezone: 'Europe/Lisbon' } }));
    expect(article).toMatchObject({ authors: ['Ana Lima'], publishedAt: '2026-02-28T18:30:00.000Z' });
  });

  it('leaves unknown what nobody says', () => {
    const article = extract(pageInput(articlePage()));
    expect(article).toMatchObject({ authors: [], publishedAt: null, updatedAt: null, image: null });
  });

  it('resolves addresses against <base>', () => {
    const before =
      '<p>See the <a href="plan.pdf">plan of the engineers</a> for the quay, which the council has published on its own pages.</p>';
    const article = extract(
      pageInput(articlePage({ head: '<base href="https://static.news.example/docs/">', before })),
    );
    expect(article.html).toContain('href="https://static.news.example/docs/plan.pdf"');
  });

  it('lowers rights by the page’s own signals, and withholds its images when asked', () => {
    const head = `${meta}<meta name="robots" content="noindex, noarchive, noimageindex">`;
    const article = extract(pageInput(articlePage({ head })));
    expect(article).toMatchObject({ rights: { level: 'excerpt' }, noindex: true, image: null });
  });

  it('decodes by the page’s own charset', () => {
    const latin1 = Uint8Array.from(
      articlePage({ title: 'Rat vertagt Abstimmung über Kai' }).replace('utf-8', 'iso-8859-1'),
      (c) => c.charCodeAt(0),
    );
    const article = extract(pageInput(latin1, { headers: { 'content-type': 'text/html' } }));
    expect(article.title).toContain('über');
    expect(article.provenance['charset']).toBe('windows-1252 (meta)');
  });

  it('lets neither NUL nor half a surrogate through, wherever they stand', () => {
    const ld = `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Council\\u0000 votes\\ud800 on the quay","author":{"name":"Ana\\ud83d Lima"}}</script>`;
    const article = extract(
      pageInput(
        articlePage({
          head: ld,
          before: '<p>\0 &#0; &#xD800; a paragraph of the council with much to say about nothing.</p>',
        }),
      ),
    );
    expect(JSON.stringify(article)).not.toMatch(/\\u0000|\\ud[89a-f]/i);
  });

  it.each<[string, PageInput, string, RegExp]>([
    [
      'too many bytes',
      pageInput(articlePage(), { limits: { maxBytes: 100 } }),
      'EXTRACT_TOO_LARGE',
      /story\.html has [\d,]+ bytes; at most 100/,
    ],
    [
      'too many elements',
      pageInput(articlePage(), { limits: { maxElements: 9 } }),
      'EXTRACT_TOO_MANY_ELEMENTS',
      /story\.html/,
    ],
    ['too much nesting', pageInput('<div>'.repeat(1000)), 'EXTRACT_TOO_DEEP', /400 deep/],
    [
      'no text',
      pageInput('<html><head><title>A gallery of pictures</title></head><body></body></html>'),
      'EXTRACT_EMPTY',
      /story\.html \(source news\) has no article text/,
    ],
    [
      'too few words',
      pageInput(articlePage({ paragraphs: 1 }), { limits: { minWords: 1000 } }),
      'EXTRACT_EMPTY',
      /only \d+ words.*at least 1000/,
    ],
    ['no bytes', pageInput(''), 'EXTRACT_EMPTY', /story\.html/],
  ])('refuses a page of %s with a code and a reason', (_, page, code, message) => {
    const error = thrown(page);
    expect(codeOf(error)).toBe(code);
    expect(error.message).toMatch(message);
  });
});
