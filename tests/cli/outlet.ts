import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { prose } from '../setup/desk.js';
import { operatorFolder } from './command-line.js';

type Answer = { status?: number; type?: string; body?: string; location?: string };

/** A fictional outlet on loopback whose pages a test changes as it likes, and an operator's folder that may ask it. */
export type Outlet = {
  origin: string;
  pages: Map<string, Answer>;
  /** Paths in the order in which they were asked for. */
  asked: string[];
  place: ReturnType<typeof operatorFolder>;
  close(): Promise<void>;
};

/** @param sources of the operator's file, by the outlet's origin */
export async function openOutlet(sources: (origin: string) => string): Promise<Outlet> {
  const pages = new Map<string, Answer>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    asked.push(path);
    const { status = 200, type = 'text/html', body = '', location } = pages.get(path) ?? { status: 404 };
    response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, ...(location && { location }) });
    response.end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const place = operatorFolder(sources(`http://${host}`));
  const settings = `fetch: { allowHosts: ["${host}"], attempts: 1, connectTimeout: 2s }\nextract: { deadline: 60s, threads: 1 }\n`;
  writeFileSync(join(place.folder, 'sourcelink.yaml'), settings);
  return {
    origin: `http://${host}`,
    pages,
    asked,
    place,
    async close() {
      await new Promise((done) => server.close(done));
      place.drop();
    },
  };
}

export const HEADLINES = [
  'Harbour opens after the long storm',
  'Council repairs the old river bridge',
  'Teacher praises the new town library',
  'Ferry stops for a week of repairs',
  'Mayor opens the market on the quay',
];

export const pathOf = (i: number): string =>
  `/2026/03/0${i + 1}/${(HEADLINES[i] ?? '').toLowerCase().replace(/\W+/g, '-')}`;

/** One of the outlet's articles. */
export function article(i: number): Answer {
  const paragraphs = prose(i + 1, 24).split('\n');
  return {
    body: `<!doctype html><html lang="en"><head><title>${HEADLINES[i]}</title><meta property="og:site_name" content="The Quay &amp; Tide">
<meta property="article:published_time" content="2026-03-0${i + 1}T08:00:00-05:00"><meta name="author" content="Ada Byline"></head>
<body><article><h1>${HEADLINES[i]}</h1>${paragraphs.map((p) => `<p>${p}</p>`).join('')}</article></body></html>`,
  };
}

export function feed(origin: string): Answer {
  const items = HEADLINES.map(
    (title, i) =>
      `<item><title>${title}</title><link>${origin}${pathOf(i)}</link><pubDate>Sun, 0${i + 1} Mar 2026 13:00:00 GMT</pubDate></item>`,
  );
  return {
    type: 'application/rss+xml',
    body: `<rss version="2.0"><channel><title>T</title>${items.join('')}</channel></rss>`,
  };
}

/** The home page, with headlines and, when it has one, its feed. */
export function home(feedPath: string | null): Answer {
  const link = feedPath === null ? '' : `<link rel="alternate" type="application/rss+xml" href="${feedPath}">`;
  const teasers = HEADLINES.map((title, i) => `<article><h2><a href="${pathOf(i)}">${title}</a></h2></article>`);
  return {
    body: `<!doctype html><html lang="en"><head><title>Home</title>${link}</head><body><main>${teasers.join('')}</main></body></html>`,
  };
}
