import { articlePage, html, type Input, lazily, onListing, onPage, type Place, times } from './input.js';

const link = (i: number | string) =>
  `<a href="/2026/03/01/vote-${i}-on-the-northern-quay.html">Vote ${i} on the northern quay is put off</a>`;
const links = (n: number) => Array.from({ length: n }, (_, i) => link(i)).join('');

/** Pages that are made to hang, bloat or confuse; and how each may end. */
const PAGES: Record<string, [(p: Place) => string | Uint8Array, RegExp?]> = {
  '1,000 nested elements': [() => times('<div>', 1000), /TOO_DEEP/],
  '50,000 nested elements': [() => times('<div>', 50_000), /TOO_DEEP/],
  '399 nested elements around an article': [
    (p) => `${times('<div>', 380)}${articlePage(p)}${times('</div>', 380)}`,
    /published/,
  ],
  '1,000,000 elements beside one another': [() => times('<p>word</p>', 700_000), /TOO_MANY_ELEMENTS/],
  '59,000 elements': [() => `<title>Words and words</title>${times('<p>some, words.</p>', 29_400)}`],
  '59,000 links': [() => `<title>Links and links</title>${times('<a href="/x">more of it</a> ', 59_000)}`],
  '7 MB of text in one paragraph': [(p) => articlePage(p, { before: `<p>${times('word, word. ', 600_000)}</p>` })],
  '7 MB without a space': [(p) => articlePage(p, { before: `<p>${times('x', 7_000_000)}</p>` })],
  'an element of 100,000 attributes': [
    () => `<p ${Array.from({ length: 100_000 }, (_, i) => `a${i}=1`).join(' ')}>x`,
    /TOO_MANY_ELEMENTS/,
  ],
  'an attribute of 5 MB': [
    (p) => articlePage(p, { before: `<p title="${times('&quot;', 700_000)}" class="${times('c ', 400_000)}">x</p>` }),
  ],
  '20,000 elements with long classes': [
    (p) => articlePage(p, { before: times(`<span class="${times('-ad- comment ', 20)}">x</span>`, 20_000) }),
  ],
  'tables in tables': [() => times('<table><tr><td>', 300), /TOO_DEEP/],
  '130 tables in tables': [(p) => articlePage(p, { before: times('<table><tr><td>x', 130) })],
  'a table of 20,000 cells': [
    (p) => articlePage(p, { before: `<table>${times(`<tr>${times('<td>x', 100)}`, 200)}</table>` }),
  ],
  'cells over 10^9 columns': [
    (p) => articlePage(p, { before: times('<table><tr><td colspan=999999999 rowspan=999999999>x</table>', 50) }),
  ],
  'formatting that nobody closes': [() => times('<b><i><u><a href=x>', 5000), /TOO_DEEP/],
  'misnested formatting': [(p) => articlePage(p, { before: times('<p><b><i>x</b>y</p></i>', 3000) })],
  'lists in lists': [(p) => times('<ul><li>x', 180) + articlePage(p)],
  'quotations in quotations': [(p) => articlePage(p, { before: times('<blockquote>x', 350) })],
  'inline elements in one another': [(p) => articlePage(p, { before: `<p>${times('<em><b>', 150)}x` })],
  'links in links': [(p) => articlePage(p, { before: `<p>${times('<a href=/x>y', 300)}` })],
  'a million <': [() => times('<', 1_000_000)],
  'a million < before an article': [(p) => times('< ', 500_000) + articlePage(p)],
  'a million &': [(p) => articlePage(p, { before: times('&', 1_000_000) })],
  'a million entities': [(p) => articlePage(p, { before: `<p>${times('&lt;', 1_000_000)}` })],
  'a flood of comments': [() => times('<!---->', 1_000_000), /TOO_MANY_ELEMENTS/],
  'a flood of declarations': [() => times('<!x>', 1_000_000)],
  'a comment that nobody closes': [(p) => `${articlePage(p)}<!-- ${times('x', 1_000_000)}`, /published/],
  'a script that nobody closes': [(p) => `<script>${articlePage(p)}`, /EMPTY/],
  'a style, a title and a textarea that nobody closes': [(p) => `<style><title><textarea>${articlePage(p)}`],
  'bytes that are no text': [() => Uint8Array.from({ length: 500_000 }, (_, i) => (i * 7919) % 256)],
  'lone surrogates and noncharacters': [
    (p) => articlePage(p, { before: `<p>${times('&#xD800;&#xDFFF;\ufffe&#0;', 5000)}</p>` }),
    /published/,
  ],
  'forms in forms and frames in frames': [
    (p) => articlePage(p, { before: times('<form><iframe><select><option>', 90) }),
  ],
  'svg and math around everything': [(p) => `<svg><foreignObject><math><mtext>${articlePage(p)}`],
  'templates in templates': [(p) => articlePage(p, { before: times('<template>', 200) })],
  'frames instead of a body': [(p) => `<frameset>${times('<frame src=/x>', 1000)}</frameset>${articlePage(p)}`],
  '20,000 pictures': [(p) => articlePage(p, { before: times('<img src="/a.jpg">', 20_000) })],
  '5,000 different pictures': [
    (p) =>
      articlePage(p, {
        before: Array.from({ length: 5000 }, (_, i) => `<img src="/a${i}.jpg" width=900 height=600>`).join(''),
      }),
  ],
  '10,000 metas': [(p) => articlePage(p, { head: times('<meta property="article:tag" content="storm">', 10_000) })],
  '10,000 headlines': [(p) => articlePage(p, { before: times('<h1>A storm at the quay</h1>', 10_000) })],
  '10,000 bylines': [
    (p) =>
      articlePage(p, {
        before: times('<span class="byline author" rel="author" itemprop="author">By Ann Lee</span>', 10_000),
      }),
  ],
  '10,000 dates': [
    (p) => articlePage(p, { before: times('<time datetime="2026-03-01T10:00:00Z">1 March</time>', 10_000) }),
  ],
  '10,000 articles in one page': [
    () => times('<article><h2>A storm at the quay</h2><p>It came by night, and it went by day.</p></article>', 10_000),
  ],
  'custom elements of long names': [
    (p) =>
      articlePage(p, {
        before: Array.from({ length: 2000 }, (_, i) => `<x-${times('n', 500)}${i}>y`)
          .join('')
          .slice(0, 150_000),
      }),
  ],
  'names of the prototype everywhere': [
    (p) =>
      articlePage(p, {
        head: '<meta name="robots" content="constructor, valueOf, __proto__"><meta name="constructor" content="x"><meta property="article:published_time" content="1 March 2026 10:00 constructor"><script type="application/ld+json">{"@type":"constructor","author":{"@id":"__proto__"}}</script>',
        before:
          '<div role="constructor" itemprop="valueOf constructor" class="__proto__"><constructor>A quay.</constructor><valueof>A ship.</valueof></div>',
      }),
    /published/,
  ],
  'a tag name of 1 MB': [(p) => articlePage(p, { before: `<${times('n', 1_000_000)}>` })],
};

/** Pages that list articles; they are read outside of the threads. */
const LISTINGS: Record<string, () => string> = {
  '50,000 nested elements': () => `${links(5)}${times('<div>', 50_000)}`,
  '20,000 links in one another': () => Array.from({ length: 20_000 }, (_, i) => `<div>${link(i)}`).join(''),
  '20,000 links, none closed': () => links(20_000).replaceAll('</a>', ''),
  '80,000 links': () => links(60_000),
  '1,000,000 elements': () => `${links(5)}${times('<p>x</p>', 900_000)}`,
  '300,000 links to one page': () => times('<a href="/2026/03/01/vote.html">x</a>', 200_000),
  'a million anchors without an address': () => `${links(5)}${times('<a>', 1_000_000)}`,
  'a million attributes': () => `${links(5)}<p ${Array.from({ length: 600_000 }, (_, i) => `a${i}=1`).join(' ')}>`,
  '7 MB of text': () => `${links(5)}<p>${times('word ', 1_400_000)}`,
  'a million comments': () => `${links(5)}${times('<!---->', 1_000_000)}`,
  'links around 20,000 headings': () =>
    times('<a href="/2026/03/01/vote-on-quay.html"><h2>Vote on the quay</h2>', 20_000),
  '400 deep, with 50,000 elements at the bottom': () =>
    `${Array.from({ length: 390 }, (_, i) => `<div>${link(i)}`).join('')}${times('<i>x</i>', 50_000)}`,
};

export const structure: Input[] = [
  ...Object.entries(PAGES).map(
    ([name, [make, ends]]): Input => ({
      kind: 'structure',
      name: `page: ${name}`,
      visit: onPage((p) => lazily(() => make(p))),
      ...(ends && { ends }),
    }),
  ),
  ...Object.entries(LISTINGS).map(
    ([name, make]): Input => ({
      kind: 'structure',
      name: `section page: ${name}`,
      visit: onListing(() => lazily(make)),
    }),
  ),
  ...Object.entries(LISTINGS)
    .filter((_, i) => i % 3 === 0)
    .map(
      ([name, make]): Input => ({
        kind: 'structure',
        name: `home page: ${name}`,
        visit: (p) => ({ pages: { '/': lazily(make) }, other: html(articlePage(p)) }),
      }),
    ),
];
