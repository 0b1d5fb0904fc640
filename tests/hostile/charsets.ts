import {
  articlePage,
  headline,
  html,
  type Input,
  itemOf,
  onFeed,
  onPage,
  type Page,
  type Place,
  paragraphs,
  rss,
  STORY,
  times,
} from './input.js';

const UMLAUTS = 'Überfüllte Fähre, “so” – naïve façade, Żółć, Привет, 日本語, 😀';
const text = (p: Place) => articlePage(p, { before: `<p>${UMLAUTS} as the mayor said.</p>` });
const bytes = (s: string, encoding: BufferEncoding) => Buffer.from(s, encoding);
const without = (s: string) => s.replace('<meta charset="utf-8">', '');
const meta = (s: string, name: string) => s.replace('charset="utf-8"', `charset="${name}"`);
const typed = (charset: string, body: string | Uint8Array): Page => ({
  headers: { 'content-type': `text/html; charset=${charset}` },
  body,
});
const plain = (body: string | Uint8Array): Page => ({ headers: { 'content-type': 'text/html' }, body });
const big = (s: string) => bytes(s, 'utf16le').swap16();

const PAGES: Record<string, (p: Place) => Page> = {
  'UTF-8 said to be Latin-1 by header': (p) => typed('iso-8859-1', text(p)),
  'UTF-8 said to be UTF-16 by header': (p) => typed('utf-16', text(p)),
  'UTF-8 said to be UTF-16 by meta': (p) => plain(meta(text(p), 'utf-16le')),
  'UTF-8 said to be Shift_JIS by meta': (p) => plain(meta(text(p), 'shift_jis')),
  'UTF-8 said to be x-user-defined': (p) => plain(meta(text(p), 'x-user-defined')),
  'header, meta and mark say three things': (p) =>
    typed('big5', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes(meta(text(p), 'koi8-r'), 'utf8')])),
  'a label that nobody knows': (p) => typed('klingon', text(p)),
  'a label of the prototype': (p) => typed('constructor', meta(text(p), '__proto__')),
  'a label of 30,000 letters': (p) => typed(times('u', 30_000), text(p)),
  'ten labels in one header': (p) => typed('x; charset=utf-7; charset="', text(p)),
  'UTF-7': (p) => typed('utf-7', articlePage(p, { before: '+ADw-script+AD4-alert(1)+ADw-/script+AD4-' })),
  'ISO-2022-JP that hides a script': (p) =>
    typed(
      'iso-2022-jp',
      bytes(articlePage(p, { before: '<p>\x1b$B<script>\x1b(Balert(1)</script>\x1b(J\\x' }), 'latin1'),
    ),
  'ISO-2022-KR, ISO-2022-CN and HZ': (p) => typed('hz-gb-2312', bytes(`${text(p)}~{<script>~}`, 'latin1')),
  'the replacement encoding': (p) => typed('iso-2022-kr', text(p)),
  'UTF-16 with a mark': (p) => plain(bytes(`\ufeff${text(p)}`, 'utf16le')),
  'UTF-16, big end first, with a mark': (p) => plain(big(`\ufeff${text(p)}`)),
  'UTF-16 without a mark': (p) => plain(bytes(without(text(p)), 'utf16le')),
  'UTF-16 of an odd number of bytes': (p) => plain(bytes(`\ufeff${text(p)}`, 'utf16le').subarray(0, -1)),
  'UTF-16 of halves of surrogates': (p) =>
    plain(
      bytes(`\ufeff${articlePage(p, { before: `<p>${times('\ud800', 2000)}${times('\udc00', 2000)}` })}`, 'utf16le'),
    ),
  'UTF-32 with a mark': (p) =>
    plain(new Uint8Array(Uint32Array.from([0xfeff, ...[...text(p)].map((c) => c.codePointAt(0) ?? 0)]).buffer)),
  'two marks': (p) => plain(`\ufeff\ufeff${text(p)}`),
  'a mark in every word': (p) => plain(text(p).replace(/ /g, ' \ufeff')),
  'cut inside a letter': (p) => plain(bytes(`${text(p)}<p>日本`, 'utf8').subarray(0, -1)),
  'letters written too long': (p) =>
    plain(
      Buffer.concat([
        bytes(text(p), 'utf8'),
        Buffer.from([0xc0, 0xbc, 0xe0, 0x80, 0xbc, 0xf8, 0x88, 0x80, 0x80, 0xbc]),
      ]),
    ),
  'surrogates in UTF-8': (p) =>
    plain(Buffer.concat([bytes(text(p), 'utf8'), Buffer.from([0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80])])),
  'half Latin-1, half UTF-8': (p) => plain(Buffer.concat([bytes(without(text(p)), 'latin1'), bytes(UMLAUTS, 'utf8')])),
  'every byte there is': (p) =>
    plain(Buffer.concat([bytes(without(text(p)), 'latin1'), Buffer.from(Array.from({ length: 256 }, (_, i) => i))])),
  'Latin-1 said to be UTF-8': (p) => typed('utf-8', bytes(text(p), 'latin1')),
  'a meta behind 100 KB': (p) =>
    plain(bytes(`<!--${times('x', 100_000)}-->${meta(text(p), 'windows-1251')}`, 'latin1')),
  'a thousand metas': (p) =>
    plain(
      articlePage(p, {
        head: Array.from({ length: 1000 }, (_, i) => `<meta charset="iso-8859-${(i % 16) + 1}">`).join(''),
      }),
    ),
  'metas never closed': (p) => plain(`${times('<meta charset', 40_000)}${text(p)}`),
  'NUL between all letters': (p) => typed('utf-8', [...text(p)].join('\0')),
  'control characters in title and text': (p) =>
    html(
      articlePage(p, { title: 'Vote\x01\x02\x07 put\x1b[31m off\x9b', before: '<p>\x00\x08\x0b\x0c\x1f\x7f\x85</p>' }),
    ),
  'directions turned round': (p) =>
    html(articlePage(p, { title: '\u202eff tup etoV\u202c \u2066\u2067x', before: `<p>\u202e${UMLAUTS}</p>` })),
  'directions nested 5,000 deep': (p) => html(articlePage(p, { before: `<p>${times('\u202a\u2067', 5000)}x</p>` })),
  'letters of no width': (p) => html(articlePage(p, { title: [...headline(p.number)].join('\u200b\u200d\u2060') })),
  'a letter with 10,000 accents': (p) =>
    html(articlePage(p, { title: `Vote ${times('e\u0301\u0327', 5000)}`, before: `<p>${times('a\u0300', 100_000)}` })),
  'noncharacters and private use': (p) =>
    html(articlePage(p, { before: `<p>\ufdd0\ufffe\uffff${times('\ue000\ue001', 5000)}\u{10ffff}` })),
  'tags of Unicode': (p) =>
    html(
      articlePage(p, {
        title: `Vote${[...'put off'].map((c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join('')}`,
      }),
    ),
  'letters that look like others': (p) =>
    html(
      articlePage(p, {
        title: 'Сouncil оf Роrt Vеritу',
        before: '<script type="application/ld+json">{"@type":"NewsArticle","author":{"name":"Аnn"}}</script>',
      }),
    ),
  'compatibility letters that grow': (p) =>
    html(articlePage(p, { title: times('ﷺ', 5000), before: `<p>${times('ﷺ', 100_000)}` })),
};

const feedText = (p: Place) => rss(p, [itemOf(p, STORY, `<title>${UMLAUTS} ${paragraphs(p.number, 1)}</title>`)]);
const FEEDS: Record<string, (p: Place) => Page> = {
  'said to be Latin-1': (p) => ({ headers: { 'content-type': 'text/xml; charset=iso-8859-1' }, body: feedText(p) }),
  'said to be UTF-16 by its declaration': (p) => feedText(p).replace('utf-8', 'utf-16'),
  'UTF-16 without a mark': (p) => bytes(feedText(p), 'utf16le'),
  'UTF-16, big end first': (p) => big(feedText(p)),
  'an encoding that nobody knows': (p) => feedText(p).replace('utf-8', 'klingon'),
  'an encoding never closed': (p) => feedText(p).replace('encoding="utf-8"', `encoding="${times('u', 1500)}`),
  'Latin-1 said to be UTF-8': (p) => bytes(feedText(p), 'latin1'),
  'cut inside a letter': (p) => bytes(`${feedText(p)}日`, 'utf8').subarray(0, -1),
  'every byte there is': (p) =>
    Buffer.concat([
      bytes(feedText(p).replace('</channel></rss>', '<x>'), 'latin1'),
      Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
    ]),
  'NUL in titles and GUIDs': (p) =>
    rss(p, [
      itemOf(p, STORY, '<title>Vote\0 put off</title><guid>a\0b</guid><category>c\0</category><author>An\0n</author>'),
    ]),
  'directions, halves and NUL by number': (p) =>
    rss(p, [
      itemOf(
        p,
        STORY,
        '<title>&#0;&#x202e;Vote&#xD800;&#xDFFF;</title><guid>&#0;&#xD800;</guid><author>&#xDC00; Ann Lee</author>',
      ),
    ]),
};

const of = (what: string, on: typeof onPage, list: Record<string, (p: Place) => Page>): Input[] =>
  Object.entries(list).map(([name, make]): Input => ({ kind: 'charsets', name: `${what}: ${name}`, visit: on(make) }));

export const charsets: Input[] = [...of('page', onPage, PAGES), ...of('feed', onFeed, FEEDS)];
