import {
  articlePage,
  html,
  type Input,
  itemOf,
  lazily,
  onFeed,
  onListing,
  onPage,
  onSitemap,
  type Page,
  type Place,
  rss,
  STORY,
  times,
} from './input.js';

const text = (body: string): Page => lazily(() => body, { 'content-type': 'text/plain' });

/** Texts on which a careless expression goes back and forth without end. */
const PAGES: Record<string, (p: Place) => Page> = {
  'a type unsaid, and comments before nothing': () => text(`${times('<!---->', 280)}x`),
  'a type unsaid, and comments within comments': () => text(`${times('<!-- --> ', 200)}<`),
  'a type unsaid, and declarations': () => text(`${times('<?xml ?>', 250)}y`),
  'a wall that is all titles': () => ({
    status: 403,
    headers: { 'content-type': 'text/html' },
    body: times('<title', 16_000),
  }),
  'a wall that is all frames': () => ({
    status: 403,
    headers: { 'content-type': 'text/html' },
    body: times('<iframe ', 12_000),
  }),
  'a wall that nearly names itself': () => ({
    status: 403,
    headers: { 'content-type': 'text/html' },
    body: times('window._pxAppId .awswaf.com/', 3400),
  }),
  'a page of paragraphs whose tags nobody closes': () => html(times('<p x ', 1_500_000)),
  'a page of scripts that says nothing': () =>
    html(`${times('<script>x</script>', 20_000)}<noscript>${times('enable ', 100_000)}`),
  'a page of titles under its limit': () => html(times('<title', 15_900)),
  'a title made of separators': (p) => html(articlePage(p, { title: `${times(' | - : » ', 20_000)}a` })),
  'a title of blanks': (p) => html(articlePage(p, { title: `a${times(' \u00a0', 100_000)}b` })),
  'a title of 200,000 different words': (p) =>
    html(articlePage(p, { title: Array.from({ length: 200_000 }, (_, i) => `w${i.toString(36)}`).join(' ') })),
  'a text of 500,000 different words': (p) =>
    html(
      articlePage(p, { before: `<p>${Array.from({ length: 500_000 }, (_, i) => `w${i.toString(36)}`).join(' ')}</p>` }),
    ),
  'a title of a million letters': (p) => html(articlePage(p, { title: times('Aa ', 333_000) })),
  'a byline of many': (p) =>
    html(
      articlePage(p, {
        before: `<p class="byline">By ${times('Ana and ', 20_000)}</p><time>${times('1/2-', 50_000)}</time>`,
      }),
    ),
  'a byline of addresses': (p) => html(articlePage(p, { before: `<p class="byline">By ${times('a.', 200_000)}@</p>` })),
  'a byline in meta': (p) => html(articlePage(p, { head: `<meta name="author" content="${times('a.b-', 300_000)}">` })),
  'an author of blanks': (p) =>
    html(articlePage(p, { head: `<meta name="author" content="By${times(' ', 300_000)}x">` })),
  'a credit without end': (p) =>
    html(
      articlePage(p, {
        before: `<figure><img src=a.jpg><figcaption>${times('(Photo: ', 60_000)}</figcaption></figure>`,
      }),
    ),
  'a style without end': (p) => html(articlePage(p, { before: `<p style="${times('display:', 100_000)}">x</p>` })),
  'a srcset of 2 MB': (p) =>
    html(articlePage(p, { before: `<figure><img srcset="${times('a.jpg 1w, ', 200_000)}"></figure>` })),
  'a srcset of commas': (p) =>
    html(articlePage(p, { before: `<figure><img srcset="${times(',', 1_000_000)}"></figure>` })),
  'a copyright without end': (p) => html(articlePage(p, { after: `<p>${times('© 2026 ', 100_000)}</p>` })),
  'sentences of dots': (p) => html(articlePage(p, { before: `<p>${times('. ', 500_000)}</p>` })),
  'one word of a million dashes': (p) => html(articlePage(p, { before: `<p>${times('a-', 500_000)}</p>` })),
  'one word of a million apostrophes': (p) => html(articlePage(p, { before: `<p>${times("a'", 500_000)}!</p>` })),
  datelines: (p) => html(articlePage(p, { before: `<p>${times('LONDON (', 50_000)}</p>` })),
  abbreviations: (p) => html(articlePage(p, { before: `<p>${times('U.S. Mr. Dr. ', 40_000)}</p>` })),
  'quotes never closed': (p) => html(articlePage(p, { before: `<p>${times('“', 300_000)}</p>` })),
  retractions: (p) => html(articlePage(p, { before: `<p>${times('This article has been ', 20_000)}</p>` })),
  'read more': (p) => html(articlePage(p, { before: times('<p>Read more: <a href=/x>x</a></p>', 8000) })),
  licences: (p) =>
    html(
      articlePage(p, {
        head: times('<meta name="robots" content="max-snippet:-1,noai,">', 5000),
        after: `<p>${times('creativecommons.org/licenses/', 30_000)}`,
      }),
    ),
  'a robots header': (p) => ({
    headers: { 'content-type': 'text/html', 'x-robots-tag': times('max-snippet:1, ', 3000) },
    body: articlePage(p),
  }),
  languages: (p) => ({
    headers: { 'content-type': 'text/html', 'content-language': times('en-', 15_000) },
    body: articlePage(p).replace('lang="en"', `lang="${times('x-', 50_000)}"`),
  }),
};

const withTitle = (p: Place, more: string) => rss(p, [itemOf(p, STORY, more)]);
const FEEDS: Record<string, (p: Place) => string> = {
  'an author of addresses': (p) => withTitle(p, `<author>${times('a.', 3_000_000)}</author>`),
  'an author of almost addresses': (p) => withTitle(p, `<author>${times('a@b.', 1_500_000)}</author>`),
  'an author of blanks': (p) => withTitle(p, `<author>By${times(' &amp;', 1_000_000)}</author>`),
  'an author of commas': (p) => withTitle(p, `<author>${times('A, ', 2_000_000)}</author>`),
  'an author of and': (p) => withTitle(p, `<author>${times('a and ', 1_000_000)}</author>`),
  'a category of blanks': (p) => withTitle(p, `<category>${times(' ', 5_000_000)}x</category>`),
  'a description that is one tag': (p) => withTitle(p, `<description>&lt;p ${times('a ', 3_000_000)}</description>`),
  'a description of entities': (p) => withTitle(p, `<description>${times('&amp;amp;', 800_000)}</description>`),
  'a description of scripts never closed': (p) =>
    withTitle(p, `<description>${times('&lt;script&gt;', 400_000)}</description>`),
  'a description of pictures': (p) =>
    withTitle(p, `<description>${times('&lt;img width=1 src=x&gt;', 250_000)}</description>`),
  'a date of blanks and commas': (p) => withTitle(p, `<pubDate>${times('M ,', 2_000_000)}</pubDate>`),
  'a document type of brackets': (p) => rss(p, [itemOf(p, STORY)], `<!DOCTYPE x [${times(']  ', 300_000)}`),
  'root after root': (p) => `${times('<a:', 20_000)}${rss(p, [itemOf(p, STORY)])}`,
  'comments before the root': (p) => `${times('<!-- ', 12_000)}${rss(p, [itemOf(p, STORY)])}`,
  'xml:base of entities': (p) =>
    rss(p, [`<g xml:base="http://x/"><x href="${times('&amp;', 1_200_000)}"/></g>`, itemOf(p, STORY)]),
  'links of entities': (p) => withTitle(p, `<comments>${times('&amp;', 1_200_000)}</comments>`),
};

const LISTINGS: Record<string, (p: Place) => string> = {
  'classes without end': () =>
    `<div class="${Array.from({ length: 400_000 }, (_, i) => `c${i}`).join(' ')}">${times('<a href="/2026/03/01/a-vote-on-the-quay.html">A vote on the northern quay</a>', 20_000).replace(/quay/g, 'quay')}</div>`,
  'a link of a million words': () =>
    `<a href="/2026/03/01/a-vote-on-the-quay.html">${times('read more ', 500_000)}</a>`,
  'links by base of entities': () =>
    `<base href="http://x/${times('&amp;', 10_000)}">${times('<a href="y">A vote on the northern quay of town</a>', 5000)}`,
  'slugs of dashes': () =>
    Array.from({ length: 300 }, (_, i) => `<a href="/${times('-', 6000)}${i}">A vote on the quay</a>`).join(''),
  'numbers of digits': () =>
    Array.from({ length: 300 }, (_, i) => `<a href="/${times('1', 6000)}-${i}.x">A vote on the quay</a>`).join(''),
};

const SITEMAPS: Record<string, (p: Place) => string> = {
  'an almost sitemap': () => `${times('<a:', 1_000_000)}urlset`,
  'an address of blanks': (p) => `<urlset><url><loc>${times(' ', 6_000_000)}${p.origin}${STORY}</loc></url></urlset>`,
  'fields in fields': (p) => `<urlset><url>${times('<news:x>', 500_000)}<loc>${p.origin}${STORY}`,
  'lines that are almost addresses': () => `http://x/${times('a', 7_000_000)} b`,
  'keywords of commas': (p) =>
    `<urlset xmlns:news="x">${times(`<url><loc>${p.origin}${STORY}</loc><news:news><news:keywords>${times(', ;', 1600)}</news:keywords></news:news></url>`, 1400)}</urlset>`,
};

const of = <T>(
  what: string,
  list: Record<string, T>,
  visit: (make: T) => (p: Place) => ReturnType<ReturnType<typeof onPage>>,
): Input[] =>
  Object.entries(list).map(
    ([name, make]): Input => ({ kind: 'patterns', name: `${what}: ${name}`, visit: visit(make) }),
  );

export const patterns: Input[] = [
  ...of('page', PAGES, (make) => onPage(make)),
  ...of('feed', FEEDS, (make) => onFeed((p) => lazily(() => make(p), { 'content-type': 'text/xml' }))),
  ...of('section page', LISTINGS, (make) => onListing((p) => lazily(() => make(p)))),
  ...of('sitemap', SITEMAPS, (make) => onSitemap((p) => lazily(() => make(p), { 'content-type': 'text/xml' }))),
];
