import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../config/logger.js';
import { Settings } from '../../config/settings.js';
import { resolveSource, SourceEntry } from '../../config/sources.js';
import { violations } from '../../ledger/invariant.js';
import { openPipeline, type Pipeline } from '../../workers/main.js';
import { type PassSummary, runPass } from '../../workers/pass.js';
import { QUEUE_NAMES } from '../../workers/queues.js';
import { BACKENDS, type Backend } from '../setup/backends.js';
import { freePort } from '../setup/servers.js';

const PARAGRAPH =
  'The council of Port Verity voted on Tuesday to repair the eastern breakwater before the winter storms arrive, after engineers had warned for years that the stone had moved. ';
const article = (title: string) =>
  `<!doctype html><html lang="en"><head><title>${title}</title></head><body><article><h1>${title}</h1>${`<p>${PARAGRAPH.repeat(3)}</p>`.repeat(4)}</article></body></html>`;
const feed = (origin: string, path: string) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><link>${origin}/</link><item><title>Breakwater</title><link>${origin}${path}</link></item></channel></rss>`;

/** More than the limit for a day, and than pages are fetched at a time. */
const PRIVATE = 300;

type Answer = (request: IncomingMessage, response: ServerResponse, origin: string) => void;

/** An outlet with one article in its feed; `page` answers for the article, `list` for the feed where it is the trap. */
function outlet(traps: { page?: Answer; list?: Answer }): Promise<{ server: Server; origin: string; host: string }> {
  const server = createServer((request, response) => {
    const origin = `http://${request.headers.host}`;
    if (request.url === '/robots.txt') return void response.writeHead(404).end();
    if (request.url === '/feed.xml') {
      if (traps.list) return traps.list(request, response, origin);
      return void response
        .writeHead(200, { 'content-type': 'application/rss+xml' })
        .end(feed(origin, '/news/breakwater'));
    }
    if (traps.page) return traps.page(request, response, origin);
    response.writeHead(200, { 'content-type': 'text/html' }).end(article('Breakwater to be repaired before winter'));
  });
  return new Promise((done) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const host = `127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
      done({ server, origin: `http://${host}`, host });
    }),
  );
}

const TRAPS: Record<string, { page?: Answer; list?: Answer }> = {
  healthy: {},
  hanging: { list: () => undefined },
  'slow-drip': {
    list: (_, response) => {
      response.writeHead(200, { 'content-type': 'application/rss+xml' });
      const drip = setInterval(() => response.write(' '), 100);
      response.on('close', () => clearInterval(drip));
    },
  },
  'redirect-loop': {
    page: (request, response) =>
      void response.writeHead(302, { location: request.url === '/news/a' ? '/news/b' : '/news/a' }).end(),
  },
  'gzip-bomb': {
    list: (_, response) =>
      void response
        .writeHead(200, { 'content-type': 'application/rss+xml', 'content-encoding': 'gzip' })
        .end(gzipSync(Buffer.alloc(64 * 1024 * 1024, 32))),
  },
  'endless-page': {
    page: (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      const chunk = `<p>${'endless '.repeat(8000)}</p>`;
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    },
  },
  'private-addresses': {
    list: (_, response, origin) => {
      const urls = Array.from({ length: PRIVATE }, (_, i) => `http://127.0.0.1:1/a-${i}.html`).concat(`${origin}/own`);
      const entries = urls.map((url) => `<item><title>Breakwater</title><link>${url}</link></item>`).join('');
      response
        .writeHead(200, { 'content-type': 'application/rss+xml' })
        .end(`<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>${entries}</channel></rss>`);
    },
  },
  'nested-elements': {
    page: (_, response) =>
      void response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<!doctype html><title>Deep</title>${'<div>'.repeat(1000)}${PARAGRAPH.repeat(20)}`),
  },
};

/** What each ends in: the code of the source's own trouble, or how its one article ended. */
const EXPECTED: Record<string, { state?: string; code?: string; article?: string }> = {
  healthy: { state: 'ok', article: 'published -' },
  'dead-host': { state: 'failing', code: 'FETCH_CONNECT' },
  hanging: { state: 'failing', code: 'FETCH_TIMEOUT' },
  'slow-drip': { state: 'failing', code: 'FETCH_TIMEOUT' },
  'redirect-loop': { article: 'dead FETCH_REDIRECT_LOOP' },
  'gzip-bomb': { state: 'failing', code: 'FETCH_TOO_LARGE' },
  'endless-page': { article: 'dead FETCH_TOO_LARGE' },
  'nested-elements': { article: 'dead EXTRACT_TOO_DEEP' },
};

for (const { name, available, open } of BACKENDS.slice(0, 1)) {
  describe.skipIf(!available)(`hostile outlets on ${name}`, () => {
    const servers: Server[] = [];
    let backend: Backend;
    let pipeline: Pipeline;
    let summary: PassSummary;
    beforeAll(async () => {
      const urls: [string, string][] = [];
      for (const [id, traps] of Object.entries(TRAPS)) {
        const { server, origin } = await outlet(traps);
        servers.push(server);
        urls.push([id, origin]);
      }
      urls.push(['dead-host', `http://127.0.0.1:${await freePort()}`]);
      backend = await open();
      pipeline = await openPipeline({
        ...backend,
        sources: urls.map(([id, origin]) =>
          resolveSource(
            SourceEntry.parse({
              id,
              name: id,
              url: `${origin}/`,
              feeds: [`${origin}/feed.xml`],
              render: 'never',
              limits: { perDay: 5 },
              delay: '0ms',
            }),
          ),
        ),
        categories: [],
        settings: Settings.parse({
          fetch: {
            timeout: '6s',
            attempts: 2,
            retryDelay: '100ms',
            maxBytes: '4MB',
            allowHosts: urls.map(([, origin]) => new URL(origin).host),
          },
          extract: { threads: 1 },
        }),
        browser: null,
        log: createLogger('silent'),
      });
      pipeline.work(QUEUE_NAMES);
      pipeline.watch(300);
      summary = await runPass(pipeline.ctx, { sources: urls.map(([id]) => id), signal: AbortSignal.timeout(90_000) });
    }, 120_000);
    afterAll(async () => {
      await pipeline?.close();
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
      await backend?.drop();
    });

    it.each(Object.entries(EXPECTED))('%s ends as it should', async (id, { state, code, article: how }) => {
      const source = await pipeline.ctx.db
        .selectFrom('sourcelink.source_state')
        .selectAll()
        .where('sourceId', '=', id)
        .executeTakeFirstOrThrow();
      if (state) expect(source.state).toBe(state);
      if (code) expect(source.code).toBe(code);
      // What a person reads names the place.
      if (code) expect(source.reason).toContain('http://127.0.0.1:');
      const candidates = await pipeline.ctx.db
        .selectFrom('sourcelink.candidate')
        .selectAll()
        .where('sourceId', '=', id)
        .execute();
      expect(candidates.map((c) => `${c.outcome} ${c.code ?? '-'}`)).toEqual(how ? [how] : []);
      for (const c of candidates) if (c.outcome === 'dead') expect(c.reason).toContain('http://127.0.0.1:');
    });

    it('asks for no private address, and lets it take up nothing of the day', async () => {
      const { bySource } = summary;
      expect(bySource['private-addresses']).toMatchObject({ fetched: 1, dead: PRIVATE, state: 'ok' });
      const ends = await pipeline.ctx.db
        .selectFrom('sourcelink.candidate')
        .select(['outcome', 'deadStage', 'code', 'attempts', sql<number>`count(*)::int`.as('count')])
        .where('sourceId', '=', 'private-addresses')
        .groupBy(['outcome', 'deadStage', 'code', 'attempts'])
        .orderBy('count', 'desc')
        .execute();
      expect(ends).toEqual([
        { outcome: 'dead', deadStage: 'fetch', code: 'FETCH_BLOCKED_ADDRESS', attempts: 0, count: PRIVATE },
        { outcome: expect.stringMatching(/published|duplicate/), deadStage: null, code: null, attempts: 0, count: 1 },
      ]);
    });

    it('lets no outlet wait for another', () => {
      expect(summary.waiting).toBe(0);
      expect(summary.seconds).toBeLessThan(60);
    });

    it('keeps the law', async () => {
      expect(await violations(pipeline.ctx.db, [...pipeline.ctx.sinks.keys()])).toEqual([]);
    });
  });
}
