import {
  articlePage,
  headline,
  html,
  type Input,
  lazily,
  onFeed,
  onPage,
  type Place,
  STORY,
  times,
  unlike,
} from './input.js';

const TYPE = { 'content-type': 'application/feed+json' };
const feed = (p: Place, items: string, more = '') =>
  `{"version":"https://jsonfeed.org/version/1.1","title":"The Quay","home_page_url":"${p.origin}/",${more}"items":[${items}]}`;
const item = (p: Place, more = '') => `{"id":"1","url":"${p.origin}${STORY}",${more}"title":"${headline(p.number)}"}`;

const FEEDS: Record<string, (p: Place) => string> = {
  'arrays 500,000 deep': (p) => feed(p, item(p), `"x":${times('[', 500_000)}${times(']', 500_000)},`),
  'objects 200,000 deep': (p) => feed(p, item(p), `"x":${times('{"a":', 200_000)}1${times('}', 200_000)},`),
  'two million empty items': (p) => feed(p, `${times('{},', 2_000_000)}${item(p)}`),
  'two million names': (p) =>
    feed(p, item(p), `"x":{${Array.from({ length: 600_000 }, (_, i) => `"k${i}":1`).join(',')}},`),
  'a number of 7 MB': (p) => feed(p, item(p), `"x":${times('9', 7_000_000)},`),
  'a text of a million escapes': (p) => feed(p, item(p, `"content_text":"${times('\\u0041', 1_000_000)}",`)),
  'NUL in every field': (p) =>
    feed(
      p,
      item(
        p,
        '"guid":"a\\u0000","summary":"b\\u0000c","authors":[{"name":"An\\u0000n"}],"tags":["t\\u0000"],"image":"http://x/\\u0000.png","language":"e\\u0000n",',
      ).replace('"id":"1"', '"id":"1\\u0000"'),
    ),
  'halves of surrogates in every field': (p) =>
    feed(
      p,
      item(
        p,
        '"summary":"b\\ud800c","authors":[{"name":"An\\udc00n"}],"tags":["t\\ud800"],"image":"http://x/\\ud800.png",',
      ).replace('"id":"1"', '"id":"1\\ud800"'),
    ),
  'a title with halves of surrogates': (p) =>
    feed(p, item(p).replace(headline(p.number), 'Vote \\ud83d put \\ude00 off')),
  'wrong types everywhere': (p) =>
    feed(
      p,
      `{"id":{"a":[]},"url":7,"title":[null],"authors":"x","tags":{"a":1},"date_published":{},"image":[]},null,7,"x",[],${item(p)}`,
    ),
  'prototypes poisoned': (p) =>
    feed(
      p,
      item(p, '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},'),
      '"__proto__":{"polluted":1},',
    ),
  'names twice': (p) => feed(p, item(p, '"url":"javascript:alert(1)","title":"x",')),
  'a title of a million entities': (p) => feed(p, item(p).replace(headline(p.number), times('&#65;', 1_400_000))),
  'a link that does not repeat': (p) => feed(p, `${item(p).replace(STORY, `/a/${unlike(6000)}`)},${item(p)}`),
  'a GUID that does not repeat': (p) => feed(p, item(p).replace('"id":"1"', `"id":"${unlike(20_000)}"`)),
  'half of it': (p) => feed(p, item(p)).slice(0, -30),
  nothing: () => '{}',
  'not a number': (p) => feed(p, item(p, '"x":NaN,')),
};

const ld = (json: string) => (p: Place) =>
  articlePage(p, { head: `<script type="application/ld+json">${json}</script>` });
const LD: Record<string, (p: Place) => string> = {
  'nested 200,000 deep': ld(`${times('[', 200_000)}${times(']', 200_000)}`),
  'objects nested 50,000 deep': ld(`${times('{"@graph":[', 50_000)}{}${times(']}', 50_000)}`),
  'of 5 MB': ld(`[${times('{"@type":"NewsArticle","headline":"x","author":[{"name":"a"}]},', 80_000)}{}]`),
  'of 1.9 MB': ld(`[${times('{"@type":"NewsArticle","headline":"x","author":[{"name":"a"}]},', 29_000)}{}]`),
  'that is broken at every comma': ld(`[${times('{"a":"b",},', 150_000)}`),
  'of comments never closed': ld(times('/*', 900_000)),
  'of slashes': ld(times('//\n', 600_000)),
  'that refers to itself': ld(
    '{"@id":"a","@type":"NewsArticle","author":{"@id":"a"},"mainEntity":{"@id":"a"},"@graph":[{"@id":"a"}]}',
  ),
  'of wrong types': ld(
    '{"@type":["NewsArticle",7,null],"headline":{"a":1},"author":[[[null]]],"datePublished":[],"image":{"url":{}},"isAccessibleForFree":{}}',
  ),
  'that poisons prototypes': ld(
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"@type":"NewsArticle"}',
  ),
  'with NUL and halves of surrogates': ld(
    '{"@type":"NewsArticle","headline":"a\\u0000b\\ud800","author":{"name":"\\udc00"},"keywords":"\\u0000"}',
  ),
  'with 50,000 authors': ld(
    `{"@type":"NewsArticle","headline":"x","author":[${times('{"name":"Ann Lee"},', 50_000)}{}]}`,
  ),
  'with 50,000 pictures': ld(`{"@type":"NewsArticle","headline":"x","image":[${times('"a.jpg",', 50_000)}""]}`),
  'with a headline of 1.5 MB': ld(`{"@type":"NewsArticle","headline":"${times('Storm - | » ', 150_000)}"}`),
  'in 20,000 scripts': (p) =>
    articlePage(p, { head: times('<script type="application/ld+json">{"@type":"NewsArticle"}</script>', 20_000) }),
};

export const json: Input[] = [
  ...Object.entries(FEEDS).map(
    ([name, make]): Input => ({
      kind: 'json',
      name: `feed: ${name}`,
      visit: onFeed((p) => lazily(() => make(p), TYPE)),
    }),
  ),
  ...Object.entries(LD).map(
    ([name, make]): Input => ({ kind: 'json', name: `JSON-LD: ${name}`, visit: onPage((p) => lazily(() => make(p))) }),
  ),
  { kind: 'json', name: 'a page that is JSON', visit: onPage(() => html('{"a":1}')), ends: /EXTRACT_EMPTY/ },
];
