import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request that an outlet of the corpus is asked; what is not answered stays open. */
export type Ask = { request: IncomingMessage; response: ServerResponse };

/** What lies under one path. A function answers as it likes, down to the bytes on the socket, and makes large bodies when they are asked for. */
export type Page =
  | string
  | Uint8Array
  | { status?: number; headers?: Record<string, string>; body?: string | Uint8Array }
  | ((ask: Ask) => void);

/** Where an input is served, and a number of its own, which makes its text unlike all others. */
export type Place = { origin: string; number: number; trapPort: number };

/** An outlet as its entry lists it; paths and addresses as they are to be asked for. */
export type Outlet = {
  feeds?: string[];
  sitemaps?: string[];
  listings?: string[];
  /** By path and query. */
  pages: Record<string, Page>;
  /** Under any other path; 404 without it. */
  other?: Page;
};

/** One hostile thing, what reads it, and how it may end: `published`, `duplicate`, or codes, each by itself. */
export type Input = { kind: Kind; name: string; ends?: RegExp } & (
  | { visit: (place: Place) => Outlet }
  | { opml: () => string }
  | { consumer: Page }
);

/** Titles of the kinds, in the order in which they are run. */
export const KINDS = {
  scripts: 'Scripts (XSS) in pages and feeds',
  xml: 'XML of feeds, sitemaps and OPML',
  json: 'JSON of feeds and pages',
  compression: 'Compression',
  addresses: 'Private addresses',
  charsets: 'Charsets',
  dates: 'Dates',
  traps: 'Traps',
  patterns: 'Bait for regular expressions',
  structure: 'Deep, wide and broken pages',
  huge: 'Huge answers',
  slow: 'Slow and lying answers',
  robots: 'robots.txt and tdmrep.json',
  consumers: 'Answers of consumers',
} as const;
export type Kind = keyof typeof KINDS;

export const FEED = '/feed.xml';
export const STORY = '/2026/03/01/council-puts-off-vote-on-the-northern-quay.html';
const HTML = { 'content-type': 'text/html; charset=utf-8' };
const RSS = { 'content-type': 'application/rss+xml' };

/** A good feed that lists one page, which is the hostile one. */
export function onPage(page: (place: Place) => Page, item: (place: Place) => string = () => ''): (p: Place) => Outlet {
  return (place) => ({
    feeds: [FEED],
    pages: { [FEED]: { headers: RSS, body: rss(place, [itemOf(place, STORY, item(place))]) }, [STORY]: page(place) },
  });
}

/** A hostile feed; whatever it lists is a good article. */
export function onFeed(feed: (place: Place) => Page): (place: Place) => Outlet {
  return (place) => ({ feeds: [FEED], pages: { [FEED]: feed(place) }, other: html(articlePage(place)) });
}

export function onSitemap(map: (place: Place) => Page): (place: Place) => Outlet {
  return (place) => ({
    sitemaps: ['/sitemap.xml'],
    pages: { '/sitemap.xml': map(place) },
    other: html(articlePage(place)),
  });
}

export function onListing(list: (place: Place) => Page): (place: Place) => Outlet {
  return (place) => ({ listings: ['/news'], pages: { '/news': list(place) }, other: html(articlePage(place)) });
}

/** Good feed and page, with other files of the host being hostile. */
export function beside(pages: (place: Place) => Record<string, Page>): (place: Place) => Outlet {
  return (place) => {
    const { feeds = [], pages: good } = onPage(() => html(articlePage(place)))(place);
    return { feeds, pages: { ...good, ...pages(place) } };
  };
}

export const html = (body: string | Uint8Array): Page => ({ headers: HTML, body });
export const xml = (body: string | Uint8Array): Page => ({ headers: RSS, body });

/** A large body, made each time it is asked for. */
export function lazily(make: () => string | Uint8Array, headers: Record<string, string> = HTML): Page {
  return ({ response }) => void response.writeHead(200, headers).end(make());
}

/** Bytes straight to the socket, HTTP or not. */
export function raw(write: (socket: NonNullable<ServerResponse['socket']>) => void): Page {
  return ({ response }) => {
    if (response.socket) write(response.socket);
  };
}

export const times = (text: string, n: number): string => text.repeat(n);

export function rss(place: Place, items: string[], before = ''): string {
  return `<?xml version="1.0" encoding="utf-8"?>${before}<rss version="2.0"><channel><title>The Quay</title><link>${place.origin}/</link>${items.join('')}</channel></rss>`;
}

/** @param more elements of the item; one without a title gets one */
export function itemOf({ origin, number }: Place, path: string, more = ''): string {
  const title = more.includes('<title>') ? '' : `<title>${headline(number)}</title>`;
  return `<item>${title}<link>${escapeXml(path.startsWith('/') ? origin + path : path)}</link>${more}</item>`;
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

const WORDS =
  'harbour council ferry quay storm stone budget vote mayor engineer crane fisher market bridge winter lantern ticket school nurse teacher doctor river dike flood pump grant audit letter hearing permit tunnel orchard bakery museum archive choir festival tram depot signal fence roof window garden library bench statue clock tower bell'.split(
    ' ',
  );
const VERBS =
  'repaired counted closed opened measured refused praised visited moved painted sold rented heard delayed'.split(' ');

/** Words that follow from a number, so that no two articles of the corpus are one report. */
function wordsFrom(seed: number): (list: string[]) => string {
  let state = (seed + 1) * 2654435761;
  return (list) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return list[(state >>> 8) % list.length] ?? '';
  };
}

export function headline(number: number): string {
  const word = wordsFrom(number);
  return `The ${word(WORDS)} near the ${word(WORDS)} was ${word(VERBS)} in week ${number}`;
}

export function paragraphs(number: number, count = 6): string[] {
  const word = wordsFrom(number + 7919);
  const sentence = () =>
    `On Tuesday the ${word(WORDS)} of the ${word(WORDS)} ${word(VERBS)} a ${word(WORDS)}, and the ${word(WORDS)} ${word(VERBS)} the ${word(WORDS)} before the ${word(WORDS)} was ${word(VERBS)} again.`;
  return Array.from({ length: count }, () => `${sentence()} ${sentence()} ${sentence()}`);
}

/** A plain article page with something in its head, before or behind its text. */
export function articlePage(
  { number }: Place,
  more: { head?: string; before?: string; after?: string; title?: string; heading?: string } = {},
): string {
  const { head = '', before = '', after = '', title = headline(number), heading = title } = more;
  const text = paragraphs(number)
    .map((p) => `<p>${p}</p>`)
    .join('\n');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>${head}</head><body>
<header><nav><a href="/">Home</a> <a href="/politics">Politics</a></nav></header>
<main><article><h1>${heading}</h1>${before}<div class="article-body">${text}</div>${after}</article></main>
<footer><p>© 2026 The Quay</p></footer></body></html>`;
}

/** Letters without any repetition that a database could fold. */
export function unlike(length: number): string {
  let [text, state] = ['', 88172645];
  while (text.length < length) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    text += state.toString(36);
  }
  return text.slice(0, length);
}
