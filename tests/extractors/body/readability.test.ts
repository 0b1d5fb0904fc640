import { Readability } from '@mozilla/readability';
import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { isHiddenBy, readability } from '../../../extractors/body/readability.js';
import { parseDocument } from '../../../extractors/dom/dom.js';

const sentence = 'The council met on Tuesday, heard both sides, and put off its vote until the spring. ';
const paragraph = (n: number) => `<p>${sentence.repeat(n)}</p>`;

const pages: Record<string, string> = {
  'hidden blocks': `<article>${paragraph(3)}<div style="display:none">${paragraph(2)}</div><div hidden>${paragraph(2)}</div>
    <div aria-hidden="true">${paragraph(2)}</div><div style="color:red; visibility : hidden">${paragraph(2)}</div>${paragraph(4)}</article>`,
  'a byline': `<article><p class="byline">By <span itemprop="name">Ana Lima</span></p>${paragraph(5)}${paragraph(3)}</article>`,
  'divs for paragraphs': `<div id="content">${`<div>${sentence.repeat(3)}</div>`.repeat(5)}</div>`,
  'line breaks for paragraphs': `<div class="story">${`${sentence.repeat(2)}<br> <br>`.repeat(6)}</div>`,
  'empty wrappers': `<div><section><div><br><hr></div><div> </div><div><section><p>${sentence.repeat(6)}</p></section></div></section></div>`,
  'a table of data': `<article>${paragraph(4)}<table><thead><tr><th>Year</th><th>Sum</th></tr></thead><tbody><tr><td>2020</td><td>4</td></tr></tbody></table>${paragraph(3)}</article>`,
  'a sidebar and a footer': `<div class="sidebar"><ul>${'<li><a href="/x">More</a></li>'.repeat(9)}</ul></div><main>${paragraph(4)}${paragraph(5)}</main><footer>${paragraph(1)}</footer>`,
  'nothing to read': '<nav><a href="/">Home</a></nav>',
};

describe('readability', () => {
  it.each(Object.entries(pages))('reads %s as the reference does on jsdom', (_, body) => {
    const html = `<!doctype html><html><head><title>Council puts off its vote</title></head><body>${body}</body></html>`;
    const reference = new Readability(new JSDOM(html).window.document).parse();
    const ours = readability(parseDocument(html));
    const squeeze = (text: string | null | undefined) => text?.replace(/\s+/g, '');
    expect(squeeze(ours?.textContent)).toBe(squeeze(reference?.textContent));
    expect([ours?.title, ours?.byline]).toEqual([reference?.title, reference?.byline]);
  });

  it.each([
    ['display:none', true],
    ['color: red; DISPLAY : None !important', true],
    ['visibility:hidden', true],
    ['display:none;display:block', false],
    ['--display:none', false],
    ['background:url(display.png)', false],
    ['', false],
  ])('sees whether style="%s" hides', (style, hidden) => {
    expect(isHiddenBy(style)).toBe(hidden);
  });
});
