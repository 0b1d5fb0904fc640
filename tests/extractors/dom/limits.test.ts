import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../extractors/dom/dom.js';
import { checkSize, watchStructure } from '../../../extractors/dom/limits.js';

const url = 'https://news.example/a';
const limits = { maxElements: 1000, maxDepth: 50 };
const codeOf = (html: string) => {
  try {
    parseDocument(html, { watch: watchStructure(url, limits) });
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('limits', () => {
  it('refuses more bytes than allowed, naming page and figures', () => {
    expect(() => checkSize(new Uint8Array(1_000_001), url, { maxBytes: 1_000_000 })).toThrow(
      expect.objectContaining({
        code: 'EXTRACT_TOO_LARGE',
        message: `${url} has 1,000,001 bytes; at most 1,000,000 are read`,
      }),
    );
    expect(() => checkSize(new Uint8Array(1_000_000), url, { maxBytes: 1_000_000 })).not.toThrow();
  });

  it.each<[string, string, string | null]>([
    ['as many elements as allowed', '<i></i>'.repeat(1000), null],
    ['one element more', '<i></i>'.repeat(1001), 'EXTRACT_TOO_MANY_ELEMENTS'],
    ['as deep as allowed', `${'<div>'.repeat(50)}x${'</div>'.repeat(50)}`, null],
    ['one deeper', `${'<div>'.repeat(51)}x`, 'EXTRACT_TOO_DEEP'],
    ['many paragraphs and items that nobody closes', `${`<p>x`.repeat(300)}<ul>${'<li>x'.repeat(300)}</ul>`, null],
    ['many table cells that nobody closes', `<table>${'<tr><td>x<td>y'.repeat(200)}</table>`, null],
    ['many void elements', '<br><img src=x><hr><input>'.repeat(200), null],
    ['formatting that nobody closes', '<b>x'.repeat(51), 'EXTRACT_TOO_DEEP'],
    ['end tags without start', '</div>'.repeat(5000) + '<div>'.repeat(40), null],
    ['tags inside a script', `<script>${'document.write("<div>");'.repeat(2000)}</script>`, null],
    [
      'an element with a bomb of attributes',
      `<p ${Array.from({ length: 501 }, (_, i) => `a${i}`).join(' ')}>`,
      'EXTRACT_TOO_MANY_ELEMENTS',
    ],
    ['a flood of comments', '<!---->'.repeat(8001), 'EXTRACT_TOO_MANY_ELEMENTS'],
    ['a flood of entities, each a piece of text', '&amp;'.repeat(8001), 'EXTRACT_TOO_MANY_ELEMENTS'],
  ])('judges %s', (_, html, code) => {
    expect(codeOf(html)).toBe(code);
  });

  it('names page and figures', () => {
    expect(() => parseDocument('<div>'.repeat(99), { watch: watchStructure(url, limits) })).toThrow(
      'https://news.example/a nests elements more than 50 deep (at a <div>)',
    );
  });

  it('refuses a thousand nested elements in a few milliseconds', () => {
    const started = performance.now();
    expect(codeOf('<div>'.repeat(1000))).toBe('EXTRACT_TOO_DEEP');
    expect(performance.now() - started).toBeLessThan(500);
  });
});
