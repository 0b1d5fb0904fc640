import {
  articlePage,
  html,
  type Input,
  onFeed,
  onListing,
  onPage,
  type Page,
  type Place,
  raw,
  rss,
  times,
} from './input.js';
import { after, all, block, closing, drip, flood, HEAD } from './senders.js';

/** Told by the page alone, so that each is one answer. */
const ANSWERS: Record<string, [(p: Place) => Page, RegExp?]> = {
  'never answered': [() => () => undefined, /FETCH_TIMEOUT/],
  'headers, letter by letter': [() => raw((s) => drip(s, 'x', 100)), /FETCH_(TIMEOUT|CONNECT)/],
  'a header line every tenth of a second': [
    () => after('HTTP/1.1 200 OK\r\n', (s) => drip(s, 'x: y\r\n', 100)),
    /FETCH_(TIMEOUT|TOO_LARGE)/,
  ],
  'a body, letter by letter': [() => after(`${HEAD}\r\n`, (s) => drip(s, 'x', 50)), /FETCH_TIMEOUT/],
  'chunks of one letter': [
    () => after(`${HEAD}transfer-encoding: chunked\r\n\r\n`, (s) => drip(s, '1\r\nx\r\n', 50)),
    /FETCH_TIMEOUT/,
  ],
  'a body that stops': [
    (p) => after(`${HEAD}content-length: 999999\r\n\r\n`, (s) => s.write(articlePage(p))),
    /FETCH_TIMEOUT/,
  ],
  'early hints without end': [() => raw((s) => drip(s, 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n', 5)), /FETCH/],
  'continue without end': [() => raw((s) => drip(s, 'HTTP/1.1 100 Continue\r\n\r\n', 5)), /FETCH/],
  'a flood of early hints': [() => raw((s) => flood(s, times('HTTP/1.1 103 Early Hints\r\n\r\n', 5000))), /FETCH/],
  'a body without end': [() => after(closing, (s) => flood(s, block)), /FETCH_TOO_LARGE/],
  'chunks without end': [
    () => after(`${HEAD}transfer-encoding: chunked\r\n\r\n`, (s) => flood(s, `10000\r\n${times('x', 65_536)}\r\n`)),
    /FETCH_TOO_LARGE/,
  ],
  'empty chunks with long extensions': [
    () => after(`${HEAD}transfer-encoding: chunked\r\n\r\n`, (s) => flood(s, `1;${times('e', 60_000)}\r\nx\r\n`)),
    /FETCH/,
  ],
  'one chunk extension without end': [
    () =>
      after(`${HEAD}transfer-encoding: chunked\r\n\r\n1;`, (s) =>
        flood(s, block.toString().replaceAll('<', 'a').replaceAll('>', 'b')),
      ),
    /FETCH/,
  ],
  'trailers without end': [
    () => after(`${HEAD}transfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n`, (s) => flood(s, times('x-t: y\r\n', 5000))),
    /FETCH|published/,
  ],
  'a chunk of a size that there is not': [
    () => after(`${HEAD}transfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\nx`, () => {}),
    /FETCH/,
  ],
  'a chunk of a size below nothing': [
    () => all(`${HEAD}transfer-encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n`),
    /FETCH/,
  ],
  'a header of 10 MB': [() => after('HTTP/1.1 200 OK\r\nx: ', (s) => s.end(times('x', 10_000_000))), /FETCH/],
  'a million headers': [
    () => after('HTTP/1.1 200 OK\r\n', (s) => s.end(`${times('a: b\r\n', 1_000_000)}\r\n`)),
    /FETCH/,
  ],
  'headers without end': [() => after('HTTP/1.1 200 OK\r\n', (s) => flood(s, times('a: b\r\n', 5000))), /FETCH/],
  'a reason of 1 MB': [() => all(`HTTP/1.1 200 ${times('O', 1_000_000)}\r\n\r\n`), /FETCH|EXTRACT/],
  'a body longer than it says': [(p) => all(`${HEAD}content-length: 100\r\n\r\n${articlePage(p)}`)],
  'a body shorter than it says': [
    (p) => all(`${HEAD}content-length: 1000000\r\n\r\n${articlePage(p)}`),
    /FETCH_BAD_ENCODING|FETCH_CONNECT/,
  ],
  'a length of 10^30': [(p) => all(`${HEAD}content-length: 1${times('0', 30)}\r\n\r\n${articlePage(p)}`), /FETCH/],
  'a length below nothing': [(p) => all(`${HEAD}content-length: -1\r\n\r\n${articlePage(p)}`), /FETCH/],
  'two lengths': [(p) => all(`${HEAD}content-length: 10\r\ncontent-length: 20\r\n\r\n${articlePage(p)}`), /FETCH/],
  'a length and chunks': [
    (p) => all(`${HEAD}content-length: 10\r\ntransfer-encoding: chunked\r\n\r\n${articlePage(p)}`),
    /FETCH/,
  ],
  'a second answer behind the first': [
    (p) => all(`${HEAD}content-length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n\r\n${articlePage(p)}`),
  ],
  'no HTTP': [() => all('SSH-2.0-OpenSSH_9.9\r\n'), /FETCH_CONNECT/],
  'HTTP 0.9': [(p) => all(articlePage(p)), /FETCH_CONNECT/],
  'another protocol': [
    () => all('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n'),
    /FETCH/,
  ],
  'a connection closed at once': [() => raw((s) => s.destroy()), /FETCH_CONNECT/],
  'a connection reset within the body': [
    () => after(`${HEAD}content-length: 99999\r\n\r\n<p>x`, (s) => setTimeout(() => s.resetAndDestroy(), 50)),
    /FETCH/,
  ],
  'a connection closed within the body, unread': [
    () => after(`${HEAD}content-length: 99999999\r\n\r\n`, (s) => s.end(block)),
    /FETCH/,
  ],
  'a status of 0': [() => all('HTTP/1.1 000 X\r\n\r\n'), /FETCH/],
  'a status of 999': [() => all('HTTP/1.1 999 X\r\ncontent-length: 0\r\n\r\n'), /FETCH/],
  'no content, with a content': [(p) => all(`HTTP/1.1 204 No\r\ncontent-type: text/html\r\n\r\n${articlePage(p)}`)],
  'not modified, unasked': [() => all('HTTP/1.1 304 Not Modified\r\n\r\n'), /FETCH/],
  'a part': [
    (p) => ({
      status: 206,
      headers: { 'content-type': 'text/html', 'content-range': 'bytes 0-9/99999' },
      body: articlePage(p),
    }),
  ],
  'a page of the type of a picture': [
    (p) => ({ headers: { 'content-type': 'image/png' }, body: articlePage(p) }),
    /FETCH_NOT_HTML/,
  ],
  'a type of 60 KB': [
    (p) => ({ headers: { 'content-type': `text/html;${times('a="b";', 10_000)}` }, body: articlePage(p) }),
  ],
  'too many requests, for a year': [
    () => ({ status: 429, headers: { 'retry-after': '31536000' } }),
    /FETCH_RATE_LIMITED/,
  ],
  'too many requests, since a year': [
    () => ({ status: 429, headers: { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' } }),
    /FETCH_RATE_LIMITED/,
  ],
  'gone, with an endless page': [
    () => after('HTTP/1.1 410 Gone\r\n\r\n', (s) => flood(s, block)),
    /FETCH_GONE|RETRACTED/,
  ],
  'forbidden, with a dripping page': [
    () => after('HTTP/1.1 403 No\r\ncontent-type: text/html\r\n\r\n', (s) => drip(s, 'x', 100)),
    /FETCH_FORBIDDEN/,
  ],
};

export const slow: Input[] = [
  ...Object.entries(ANSWERS).map(
    ([name, [make, ends]]): Input => ({
      kind: 'slow',
      name: `page: ${name}`,
      visit: onPage(make),
      ...(ends && { ends }),
    }),
  ),
  ...Object.entries(ANSWERS)
    .filter((_, i) => i % 3 === 0)
    .map(([name, [make]]): Input => ({ kind: 'slow', name: `feed: ${name}`, visit: onFeed(make) })),
  {
    kind: 'slow',
    name: 'feed: a good one, dripping',
    visit: onFeed((p) => after(closing, (s) => drip(s, rss(p, []).slice(0, 3), 100))),
    ends: /FETCH_TIMEOUT/,
  },
  {
    kind: 'slow',
    name: 'section page: without end',
    visit: onListing(() => after(closing, (s) => flood(s, block))),
    ends: /FETCH_TOO_LARGE/,
  },
  {
    kind: 'slow',
    name: 'section page: never answered',
    visit: onListing(() => () => undefined),
    ends: /FETCH_TIMEOUT/,
  },
  {
    kind: 'slow',
    name: 'home page: never answered',
    visit: () => ({ pages: { '/': () => undefined } }),
    ends: /FETCH_TIMEOUT/,
  },
  {
    kind: 'slow',
    name: 'every place of a search: never found',
    visit: () => ({ pages: { '/': html('<p>Nothing here') } }),
    ends: /DISCOVER_NOTHING/,
  },
];
