import { type Input, lazily, onFeed, onListing, onPage, onSitemap, times } from './input.js';

const MB = 1_000_000;
const line = (n: number) => () => Buffer.alloc(n * MB, 'x');
const SIZES: [string, () => string | Uint8Array][] = [
  // As the settings read it: 8 × 1024 × 1024.
  ['8 MB and one byte', () => times('x', 8 * 1_048_576 + 1)],
  ['one line of 100 MB', line(100)],
  ['400 MB', line(400)],
  ['100 MB of NUL', () => Buffer.alloc(100 * MB)],
  ['7.9 MB of elements never closed', () => times('<b>', 2_600_000)],
  ['7.9 MB of an element’s name', () => `<${times('a', 7_900_000)}`],
  ['7.9 MB of a comment', () => `<!--${times('-', 7_900_000)}`],
  [
    '7.9 MB of inline JSON-LD',
    () => `<script type="application/ld+json">[${times('{"@type":"NewsArticle"},', 320_000)}{}]</script>`,
  ],
  ['7.9 MB of inline data', () => `<title>x</title><script>window.__STATE__=${times('[', 7_900_000)}</script>`],
  ['7.9 MB of a picture in the page', () => `<p><img src="data:image/png;base64,${times('AAAA', 1_950_000)}">`],
  ['7.9 MB of styles', () => `<style>${times('a{color:red}', 650_000)}</style>`],
  ['7.9 MB of blank lines', () => times('\n', 7_900_000)],
  ['7.9 MB of letters of four bytes', () => times('😀', 1_970_000)],
];
const over = /TOO_LARGE/;

export const huge: Input[] = SIZES.flatMap(([name, make], i): Input[] => {
  const ends = i < 4 ? { ends: over } : {};
  const readers = [
    ['page', onPage],
    ['feed', onFeed],
    ['sitemap', onSitemap],
    ['section page', onListing],
  ] as const;
  return readers.map(([what, on]) => ({
    kind: 'huge',
    name: `${what}: ${name}`,
    visit: on(() => lazily(make)),
    ...ends,
  }));
});
