import zlib from 'node:zlib';
import {
  articlePage,
  type Input,
  lazily,
  onFeed,
  onPage,
  onSitemap,
  type Page,
  type Place,
  rss,
  times,
} from './input.js';

type Pack = (bytes: Buffer) => Buffer;
// Not in Node 20.
const zstd = (zlib as { zstdCompressSync?: Pack }).zstdCompressSync;
const PACKS: Record<string, Pack> = {
  gzip: (b) => zlib.gzipSync(b),
  deflate: (b) => zlib.deflateSync(b),
  'deflate without a header': (b) => zlib.deflateRawSync(b),
  br: (b) => zlib.brotliCompressSync(b, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } }),
  ...(zstd && { zstd }),
};
const nameOf = (pack: string) => pack.split(' ', 1)[0] ?? '';

type Spoil = (bytes: Buffer, pack: Pack) => Buffer;
/** What is sent in place of a packed page, and how it may end. */
const SPOILT: Record<string, [Spoil, RegExp]> = {
  'as it should be': [(b, pack) => pack(b), /published/],
  'a bomb of 64 MB': [(_, pack) => pack(Buffer.alloc(64_000_000, 32)), /FETCH_TOO_LARGE/],
  'a bomb behind a page': [(b, pack) => pack(Buffer.concat([b, Buffer.alloc(32_000_000, 65)])), /FETCH_TOO_LARGE/],
  'cut in the middle': [(b, pack) => half(pack(b)), /FETCH_BAD_ENCODING/],
  'one byte short': [(b, pack) => pack(b).subarray(0, -1), /FETCH_BAD_ENCODING|published/],
  'one byte wrong': [(b, pack) => flip(pack(b)), /FETCH_BAD_ENCODING|published|EXTRACT/],
  'with a megabyte behind it': [
    (b, pack) => Buffer.concat([pack(b), Buffer.alloc(1_000_000, 7)]),
    /FETCH_BAD_ENCODING|published|TOO_LARGE/,
  ],
  'twice in one': [(b, pack) => Buffer.concat([pack(b), pack(b)]), /FETCH_BAD_ENCODING|published|duplicate/],
  'nothing at all': [() => Buffer.alloc(0), /EXTRACT_EMPTY|FETCH/],
  'the first byte alone': [(b, pack) => pack(b).subarray(0, 1), /FETCH_BAD_ENCODING|EXTRACT_EMPTY/],
  'not packed': [(b) => b, /FETCH_BAD_ENCODING|published/],
  'packed by another': [
    (b, pack) => (pack === PACKS['br'] ? zlib.gzipSync(b) : zlib.brotliCompressSync(b)),
    /FETCH_BAD_ENCODING|EXTRACT/,
  ],
  noise: [
    () => Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7919 + (i >> 5)) % 256)),
    /FETCH_BAD_ENCODING|EXTRACT/,
  ],
};
const half = (b: Buffer) => b.subarray(0, b.length >> 1);
const flip = (b: Buffer) => Buffer.from(b.map((byte, i) => (i === b.length >> 1 ? byte ^ 0xff : byte)));

const single: Input[] = Object.entries(PACKS).flatMap(([packed, pack]) =>
  Object.entries(SPOILT).map(
    ([name, [spoil, ends]]): Input => ({
      kind: 'compression',
      name: `${packed}: ${name}`,
      visit: onPage((p) => sent(nameOf(packed), () => spoil(Buffer.from(articlePage(p)), pack))),
      ends,
    }),
  ),
);

function sent(encoding: string, make: () => Buffer, type = 'text/html'): Page {
  return lazily(make, { 'content-type': type, 'content-encoding': encoding });
}

const gzipTimes = (bytes: Buffer, n: number): Buffer => (n === 0 ? bytes : gzipTimes(zlib.gzipSync(bytes), n - 1));
const feed = (p: Place) => Buffer.from(rss(p, []));
const bomb = () => zlib.gzipSync(Buffer.alloc(64_000_000, 32));

export const compression: Input[] = [
  ...single,
  ...(
    [
      ['gzip in gzip in gzip', 'gzip, gzip, gzip', (p) => gzipTimes(Buffer.from(articlePage(p)), 3), /published/],
      ['a bomb of three layers', 'gzip, gzip, gzip', () => gzipTimes(Buffer.alloc(100_000_000), 3), /FETCH_TOO_LARGE/],
      ['twenty layers', times('gzip,', 20), (p) => gzipTimes(Buffer.from(articlePage(p)), 20), /FETCH_BAD_ENCODING/],
      ['60 KB of layers', times('gzip,', 12_000), (p) => Buffer.from(articlePage(p)), /FETCH_BAD_ENCODING/],
      ['an encoding that nobody knows', 'x-evil', (p) => Buffer.from(articlePage(p)), /FETCH_BAD_ENCODING/],
      ['an encoding of the prototype', 'constructor', (p) => Buffer.from(articlePage(p)), /FETCH_BAD_ENCODING/],
      ['compress', 'compress', (p) => Buffer.from(articlePage(p)), /FETCH_BAD_ENCODING/],
    ] as [string, string, (p: Place) => Buffer, RegExp][]
  ).map(
    ([name, encoding, make, ends]): Input => ({
      kind: 'compression',
      name,
      visit: onPage((p) => sent(encoding, () => make(p))),
      ends,
    }),
  ),
  {
    kind: 'compression',
    name: 'a feed that is a bomb',
    visit: onFeed(() => sent('gzip', bomb, 'application/rss+xml')),
    ends: /FETCH_TOO_LARGE/,
  },
  {
    kind: 'compression',
    name: 'a feed that is a file of gzip, a bomb',
    visit: onFeed(() => lazily(bomb, { 'content-type': 'application/gzip' })),
    ends: /FETCH_TOO_LARGE/,
  },
  {
    kind: 'compression',
    name: 'a sitemap that is a file of gzip, a bomb',
    visit: onSitemap(() => lazily(bomb, { 'content-type': 'application/gzip' })),
    ends: /FETCH_TOO_LARGE/,
  },
  {
    kind: 'compression',
    name: 'a sitemap that is a file of gzip in gzip',
    visit: onSitemap((p) => lazily(() => gzipTimes(feed(p), 2))),
  },
  {
    kind: 'compression',
    name: 'a sitemap that is a bomb in a bomb',
    visit: onSitemap(() => sent('gzip', () => zlib.gzipSync(bomb()), 'application/xml')),
  },
  {
    kind: 'compression',
    name: 'a feed cut in the middle',
    visit: onFeed((p) => sent('gzip', () => half(zlib.gzipSync(feed(p))))),
    ends: /FETCH_BAD_ENCODING/,
  },
];
