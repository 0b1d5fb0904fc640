import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HTMLElement as LinkedomElement } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { readBody } from '../../../../extractors/body/body.js';
import { readability } from '../../../../extractors/body/readability.js';
import { parseDocument } from '../../../../extractors/dom/dom.js';
import { htmlOf, sampledPages } from '../../../setup/labelled-pages.js';

const FIXTURES = join(import.meta.dirname, '../../../fixtures/body');
const fixtures = readdirSync(FIXTURES)
  .filter((name) => name.endsWith('.html'))
  .map((name): [string, string] => [name, readFileSync(join(FIXTURES, name), 'utf8')]);
const pages = sampledPages();

const SELECTORS = [
  ...['p', 'P,section', 'meta[property]', '[itemprop="author"]', '[class*="body"]', '[rel~="tag"]', 'a[href]'],
  ...['div > p', 'p:first-child', 'h1, h2, h3', '[type="application/ld+json" i]', 'time[datetime]', '*'],
];
const WAYS = [true, false] as const;

/** All that an extractor asks of a tree. */
function answers(document: Document) {
  const elements = Array.from(document.querySelectorAll('*'));
  return {
    html: document.documentElement.outerHTML,
    inner: document.body.innerHTML,
    text: document.documentElement.textContent,
    names: elements.map((e) => `${e.tagName} ${e.nodeName} ${e.localName} ${e.className} ${e.getAttribute('class')}`),
    attributes: elements.map((e) => Array.from(e.attributes, ({ name, value }) => [name, value])),
    found: SELECTORS.map((s) => Array.from(document.querySelectorAll(s)).map((e) => elements.indexOf(e))),
    first: SELECTORS.map((s) => elements.indexOf(document.querySelector(s) as Element)),
    tags: ['P', 'p', 'article', 'svg'].map((t) => Array.from(document.getElementsByTagName(t)).length),
  };
}

function textsOf(html: string, patched: boolean) {
  const page = { url: 'https://gazette.test/a', title: '', authors: [], rules: { remove: [] }, jsonLdBody: null };
  const body = readBody(parseDocument(html, { patched }), page);
  return {
    readability: readability(parseDocument(html, { patched }))?.textContent,
    text: body?.text,
    html: body?.html,
  };
}

describe('linkedom with and without our patches', () => {
  it.each(fixtures)('makes the same tree of %s', (_, html) => {
    const [ours, its] = WAYS.map((patched) => answers(parseDocument(html, { patched })));
    expect(ours).toEqual(its);
  });

  it('makes the same tree of elements that keep more on themselves', () => {
    const html = `<body class=" a  a b "><canvas class="c  c"></canvas><svg class="s t"><a CLASS="x">t</a><svg><g/></svg></svg>
      <script>if (a < b) c("&amp;")</script><style>p > a {}</style><textarea>t &lt; u</textarea><title>late</title>
      <input DISABLED value='a"b'><img id="" class="" alt><template class="y z"><p>in</p></template><x-a>x</x-a>
      <button type=submit>go</button><select><option selected>1</select><iframe><p>no</p></iframe><br/><a href>z</a>`;
    const [ours, its] = WAYS.map((patched) => answers(parseDocument(html, { patched })));
    expect(ours).toEqual(its);
  });

  it('changes a tree alike', () => {
    const [ours, its] = WAYS.map((patched) => {
      const document = parseDocument('<body><div id="d" class="a b"><p>one<b>two</b></p></div></body>', { patched });
      const div = document.getElementById('d') as HTMLElement;
      div.classList.add('c');
      div.className = `${div.className} d  d`;
      div.setAttribute('data-x', '1');
      div.setAttribute('class', ' q  q r ');
      const copy = div.cloneNode(true) as HTMLElement;
      copy.id = 'e';
      copy.append('loose', document.createElement('EM'), document.createComment('c'));
      document.body.append(copy);
      copy.querySelector('p')?.replaceWith(document.createTextNode('<three>'));
      div.innerHTML = '<i class="k">four</i><!-- five -->';
      div.firstElementChild?.setAttribute('lang', 'de');
      return answers(document);
    });
    expect(ours).toEqual(its);
  });

  it.each(fixtures)('gives the same text of %s', (_, html) => {
    expect(textsOf(html, true)).toEqual(textsOf(html, false));
  });

  it.skipIf(pages.length === 0)(`gives the same text of ${pages.length} real pages`, { timeout: 600_000 }, () => {
    const different = pages.filter((page) => {
      const html = htmlOf(page);
      return JSON.stringify(textsOf(html, true)) !== JSON.stringify(textsOf(html, false));
    });
    expect(different.map((page) => page.id)).toEqual([]);
  });

  it('leaves linkedom itself as it came, for all others that use it', () => {
    parseDocument('<p class="a">x</p>');
    const source = (name: string) =>
      String(Object.getOwnPropertyDescriptor(LinkedomElement.prototype, name)?.get ?? 'inherited');
    expect(['tagName', 'className', 'textContent', 'innerHTML'].map(source)).toEqual(Array(4).fill('inherited'));
    expect(Object.hasOwn(LinkedomElement.prototype, 'querySelectorAll')).toBe(false);
  });
});
