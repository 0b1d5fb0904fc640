import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** A pseudo-random sequence in [0, 1) that a seed repeats (mulberry32). */
export function seeded(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const SYLLABLES = 'ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu bran cor del fen gar hol'.split(' ');

export type FaultOutlets = {
  port: number;
  articles: number;
  sourcesYaml: string;
  /** Of the first outlet, what its feed does not list. */
  archive: { url: string; title: string; publishedAt: Date }[];
  close(): Promise<void>;
};

/**
 * Invented outlets whose articles all differ, on one loopback port, told apart by path; answers come slowly enough
 * that a fault finds every stage at work.
 */
export async function startOutlets(options: {
  seed: number;
  outlets: number;
  articlesEach: number;
  /** How many of the first outlet's articles its feed lists; all when not given. */
  listed?: number;
}): Promise<FaultOutlets> {
  const random = seeded(options.seed);
  const word = () =>
    Array.from({ length: 2 + Math.floor(random() * 2) }, () => SYLLABLES[Math.floor(random() * SYLLABLES.length)]).join(
      '',
    );
  const sentence = () => {
    const words = Array.from({ length: 9 + Math.floor(random() * 9) }, word).join(' ');
    return `${words[0]?.toUpperCase()}${words.slice(1)}.`;
  };
  const pages = new Map<string, string>();
  const feeds = new Map<string, string>();
  const unlisted: { path: string; title: string; publishedAt: Date }[] = [];
  const now = Date.now();
  for (let o = 0; o < options.outlets; o++) {
    const items: string[] = [];
    for (let i = 0; i < options.articlesEach; i++) {
      const title = sentence().slice(0, -1);
      const path = `/outlet-${o}/${i}-${word()}.html`;
      const date = new Date(now - i * 600_000);
      const body = Array.from({ length: 6 }, () => `<p>${Array.from({ length: 4 }, sentence).join(' ')}</p>`).join(
        '\n',
      );
      pages.set(
        path,
        `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta property="article:published_time" content="${date.toISOString()}"></head>
<body><main><article><h1>${title}</h1>${body}</article></main></body></html>`,
      );
      if (o === 0 && i >= (options.listed ?? options.articlesEach)) {
        unlisted.push({ path, title, publishedAt: date });
        continue;
      }
      items.push(
        `<item><title>${title}</title><link>{origin}${path}</link><guid>${path}</guid><pubDate>${date.toUTCString()}</pubDate></item>`,
      );
    }
    feeds.set(
      `/outlet-${o}/feed.xml`,
      `<?xml version="1.0"?><rss version="2.0"><channel><title>Outlet ${o}</title><link>{origin}/outlet-${o}/</link>${items.join('')}</channel></rss>`,
    );
  }
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/';
    const origin = `http://${request.headers.host}`;
    const feed = feeds.get(path);
    const page = pages.get(path);
    await delay(15);
    if (feed)
      response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(feed.replaceAll('{origin}', origin));
    else if (page) response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
    else response.writeHead(404, { 'content-type': 'text/plain' }).end('not here');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const origin = `http://127.0.0.1:${address.port}`;
  const sources = Array.from({ length: options.outlets }, (_, o) =>
    [
      `  - id: outlet-${o}`,
      `    name: Outlet ${o}`,
      `    url: ${origin}/outlet-${o}/`,
      `    feeds: [${origin}/outlet-${o}/feed.xml]`,
      '    render: never',
      '    republish: full',
      '    concurrency: 4',
      '    delay: 0ms',
    ].join('\n'),
  );
  return {
    port: address.port,
    articles: pages.size,
    archive: unlisted.map(({ path, ...rest }) => ({ url: `${origin}${path}`, ...rest })),
    sourcesYaml: `sources:\n${sources.join('\n')}\n`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
