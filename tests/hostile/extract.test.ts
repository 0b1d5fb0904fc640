import { afterAll, describe, expect, it } from 'vitest';
import { SourcelinkError } from '../../config/errors.js';
import { createExtractorPool } from '../../extractors/pool.js';
import { articlePage, pageInput } from '../extractors/page-input.js';

const deadlineMs = 10_000;
const times = (text: string, n: number) => text.repeat(n);
const ld = (json: string) => articlePage({ head: `<script type="application/ld+json">${json}</script>` });

/** Pages that are made to hang, bloat or confuse; and what may come of each: an article, or one of these codes. */
const pages: Record<string, [html: string | Uint8Array, may: RegExp]> = {
  '1,000 nested elements': [times('<div>', 1000), /TOO_DEEP/],
  '399 nested elements around an article': [`${times('<div>', 380)}${articlePage()}${times('</div>', 380)}`, /article/],
  '100,000 elements': [times('<p>word</p>', 100_000), /TOO_MANY_ELEMENTS/],
  '59,000 elements': [`<title>Words and words</title>${times('<p>some, words.</p>', 29_400)}`, /article|EMPTY|TIMEOUT/],
  '59,000 links': [
    `<title>Links and links</title>${times('<a href="/x">more of it</a> ', 59_000)}`,
    /article|EMPTY|TIMEOUT/,
  ],
  '8 MB of text in one paragraph': [
    articlePage({ before: `<p>${times('word, word. ', 600_000)}</p>` }),
    /article|TIMEOUT|TOO_LARGE/,
  ],
  '7 MB without a space': [articlePage({ before: `<p>${times('x', 7_000_000)}</p>` }), /article|TIMEOUT/],
  'more than 8 MB': [times('x', 8_000_001), /TOO_LARGE/],
  'an element of 100,000 attributes': [
    `<p ${times('a=1 ', 0)}${Array.from({ length: 100_000 }, (_, i) => `a${i}=1`).join(' ')}>x`,
    /TOO_MANY_ELEMENTS/,
  ],
  'an attribute of 5 MB': [
    articlePage({ before: `<p title="${times('&quot;', 900_000)}" class="${times('c ', 500_000)}">x</p>` }),
    /article|TIMEOUT/,
  ],
  '20,000 elements with long classes': [
    articlePage({ before: times(`<span class="${times('-ad- comment ', 20)}">x</span>`, 20_000) }),
    /article|EMPTY|TIMEOUT/,
  ],
  'tables in tables': [times('<table><tr><td>', 300), /TOO_DEEP/],
  '130 tables in tables': [articlePage({ before: times('<table><tr><td>x', 130) }), /article|EMPTY|TOO_DEEP|TIMEOUT/],
  'formatting that nobody closes': [times('<b><i><u><a href=x>', 5000), /TOO_DEEP/],
  'misnested formatting': [
    articlePage({ before: times('<p><b><i>x</b>y</p></i>', 3000) }),
    /article|TOO_DEEP|EMPTY|TIMEOUT/,
  ],
  'lists in lists': [times('<ul><li>x', 180) + articlePage(), /article|EMPTY|TOO_DEEP|TIMEOUT/],
  'a title made for regular expressions': [
    articlePage({ title: `${times(' | - : » ', 20_000)}a` }),
    /article|EMPTY|TIMEOUT/,
  ],
  'a title of a million letters': [articlePage({ title: times('Aa ', 333_000) }), /article|EMPTY|TIMEOUT/],
  'a byline made for regular expressions': [
    articlePage({
      before: `<p class="byline">By ${times('Ana and ', 20_000)}</p><time>${times('1/2-', 50_000)}</time>`,
    }),
    /article|TIMEOUT/,
  ],
  'a million <': [times('<', 1_000_000), /TOO_MANY_ELEMENTS|EMPTY/],
  'a million < before an article': [times('< ', 500_000) + articlePage(), /TOO_MANY_ELEMENTS|article/],
  'a million &': [articlePage({ before: times('&', 1_000_000) }), /article|EMPTY|TIMEOUT|TOO_MANY/],
  'a flood of comments': [times('<!---->', 1_000_000), /TOO_MANY_ELEMENTS/],
  'a comment that nobody closes': [`${articlePage()}<!-- ${times('x', 1_000_000)}`, /article/],
  'a script that nobody closes': [`<script>${articlePage()}`, /EMPTY/],
  'NUL between all letters': [[...articlePage()].join('\0'), /article|EMPTY/],
  'lone surrogates and noncharacters': [
    articlePage({ before: `<p>${times('&#xD800;&#xDFFF;\ufffe&#0;', 5000)}</p>` }),
    /article/,
  ],
  'bytes that are no text': [Uint8Array.from({ length: 500_000 }, (_, i) => (i * 7919) % 256), /EMPTY|TOO_|article/],
  'JSON-LD nested 200,000 deep': [ld(`${times('[', 200_000)}${times(']', 200_000)}`), /article/],
  'JSON-LD objects nested 50,000 deep': [
    ld(`${times('{"@graph":[', 50_000)}{}${times(']}', 50_000)}`),
    /article|FAILED/,
  ],
  'JSON-LD of 5 MB': [
    ld(`[${times('{"@type":"NewsArticle","headline":"x","author":[{"name":"a"}]},', 80_000)}{}]`),
    /article|TIMEOUT/,
  ],
  'JSON-LD that refers to itself': [
    ld('{"@id":"a","@type":"NewsArticle","author":{"@id":"a"},"mainEntity":{"@id":"a"},"@graph":[{"@id":"a"}]}'),
    /article/,
  ],
  'JSON-LD of wrong types': [
    ld(
      '{"@type":["NewsArticle",7,null],"headline":{"a":1},"author":[[[null]]],"datePublished":[],"image":{"url":{}},"isAccessibleForFree":{}}',
    ),
    /article/,
  ],
  'JSON-LD that poisons prototypes': [
    ld('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"@type":"NewsArticle"}'),
    /article/,
  ],
  'a base that leads astray': [
    articlePage({ head: '<base href="javascript:alert(1)//"><base href="file:///etc/passwd">' }),
    /article/,
  ],
  'a canonical that leads astray': [
    articlePage({ head: '<link rel=canonical href="https://evil.example/"><meta property=og:url content="data:,x">' }),
    /article/,
  ],
  'forms in forms and frames in frames': [
    articlePage({ before: times('<form><iframe><select><option>', 90) }),
    /article|EMPTY|TOO_DEEP/,
  ],
  'svg and math around everything': [`<svg><foreignObject><math><mtext>${articlePage()}`, /article|EMPTY/],
  'srcset of 2 MB': [
    articlePage({ before: `<figure><img srcset="${times('a.jpg 1w, ', 200_000)}"></figure>` }),
    /article/,
  ],
  'a style made for regular expressions': [
    articlePage({ before: `<p style="${times('display:', 100_000)}">x</p>` }),
    /article/,
  ],
};

describe('extraction of hostile pages', () => {
  const pool = createExtractorPool({ threads: 1, deadlineMs, heapMb: 256 });
  afterAll(() => pool.close());

  it.each(Object.entries(pages))('comes to an end with %s', { timeout: 60_000 }, async (_, [html, may]) => {
    const started = performance.now();
    const outcome = await pool.extract(pageInput(html)).then(
      (article) => article,
      (error: unknown) => error,
    );
    const seconds = (performance.now() - started) / 1000;
    expect(seconds).toBeLessThan(deadlineMs / 1000 + 5);
    if (outcome instanceof Error) {
      expect(outcome).toBeInstanceOf(SourcelinkError);
      expect((outcome as SourcelinkError).code).toMatch(may);
      expect(outcome.message).toContain('https://news.example/2026/03/story.html');
    } else {
      expect('article').toMatch(may);
      expect(JSON.stringify(outcome)).not.toMatch(/javascript:|\\u0000|\\ud[89ab][0-9a-f]{2}(?!\\ud[c-f])/i);
    }
    // Whatever it was, the next page is read as ever.
    expect((await pool.extract(pageInput(articlePage()))).wordCount).toBeGreaterThan(100);
  });

  it('has left no trace in prototypes', () => {
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
