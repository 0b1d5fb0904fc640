import { createServer, type Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../../config/logger.js';
import { Settings } from '../../../config/settings.js';
import { resolveSource, type Source, SourceEntry } from '../../../config/sources.js';
import type { ArticleMessage } from '../../../contract/contract.js';
import {
  beginBackfill,
  claimBackfill,
  dueBackfills,
  endPlan,
  knownKeys,
  listBackfills,
  recordArchive,
} from '../../../ledger/backfill.js';
import { claimForFetch } from '../../../ledger/candidates.js';
import { recordFound } from '../../../ledger/found.js';
import { violations } from '../../../ledger/invariant.js';
import { fetchedToday } from '../../../ledger/limits.js';
import { backfill } from '../../../workers/crawl/backfill.js';
import { planBackfill } from '../../../workers/crawl/backfill-plan.js';
import { fetcherFor } from '../../../workers/crawl/discover-source.js';
import { toCandidates } from '../../../workers/crawl/to-candidates.js';
import { openPipeline, type Pipeline } from '../../../workers/main.js';
import { runPass } from '../../../workers/pass.js';
import { QUEUE_NAMES } from '../../../workers/queues.js';
import { BACKENDS, type Backend } from '../../setup/backends.js';
import { prose } from '../../setup/desk.js';

const OWNER = '00000000-0000-4000-8000-000000000001';
const RANGE = { since: new Date('2026-01-01'), until: new Date('2026-05-31') };

for (const { name, available, open } of BACKENDS) {
  describe.skipIf(!available)(`back-fills on ${name}`, () => {
    // The order is proven everywhere; all else is the same SQL.
    const isDefault = name === 'PGlite';
    let backend: Backend;
    let outlet: Server;
    let origin: string;
    let fed: number[];
    let archive: number;
    let isDown: boolean;
    let asked: string[];
    let source: Source;
    let pipeline: Pipeline;
    let sent: ArticleMessage[];

    beforeEach(async () => {
      fed = [];
      archive = 0;
      isDown = false;
      asked = [];
      outlet = createServer((request, response) => {
        asked.push(request.url ?? '/');
        const [type, body] = answer(request.url ?? '/');
        response.writeHead(isDown ? 503 : body === null ? 404 : 200, { 'content-type': `${type}; charset=utf-8` });
        response.end(body ?? '');
      });
      await new Promise<void>((done) => outlet.listen(0, '127.0.0.1', done));
      const address = outlet.address();
      origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
      backend = await open();
      await start();
    }, 120_000);
    afterEach(async () => {
      await pipeline.close();
      await new Promise((done) => outlet.close(done));
      await backend.drop();
    }, 60_000);

    async function start(entry: Record<string, unknown> = {}): Promise<void> {
      source = resolveSource(
        SourceEntry.parse({
          id: 'quay',
          name: 'The Quay',
          url: `${origin}/`,
          feeds: [`${origin}/feed.xml`],
          delay: '0ms',
          render: 'never',
          ...entry,
        }),
      );
      sent = [];
      pipeline = await openPipeline({
        ...backend,
        sources: [source],
        categories: [],
        browser: null,
        log: createLogger('silent'),
        settings: Settings.parse({
          fetch: { allowHosts: [new URL(origin).host] },
          extract: { threads: 1, deadline: '60s' },
          backfill: { share: 1 },
          publish: { sinks: { articles: { type: 'queue' } } },
        }),
      });
      pipeline.ctx.sinks.set('articles', {
        name: 'articles',
        deliver: async (batch) => {
          sent.push(...batch.map((b) => b.message));
          return batch.map(() => null);
        },
        close: async () => undefined,
      });
    }
    async function restart(entry: Record<string, unknown> = {}): Promise<void> {
      await pipeline.close();
      await start(entry);
    }

    /** Number `n` of the archive appeared so many hours after the new year; number 9000 and up are news. */
    const pathOf = (n: number) =>
      n >= 9000 ? `/2026/06/01/news-${n}-of-the-quay` : `/${dayOf(n)}/report-${n}-of-the-quay`;
    const dateOf = (n: number) =>
      n >= 9000 ? '2026-06-01T08:00:00.000Z' : new Date(Date.UTC(2026, 0, 1, n)).toISOString();
    const dayOf = (n: number) => dateOf(n).slice(0, 10).replaceAll('-', '/');

    function answer(path: string): [string, string | null] {
      if (path === '/robots.txt') return ['text/plain', `User-agent: *\nAllow: /\nSitemap: ${origin}/sitemap.xml`];
      if (path === '/feed.xml') {
        const items = fed.map(
          (n) =>
            `<item><title>Number ${n}</title><link>${origin}${pathOf(n)}</link><pubDate>${new Date(dateOf(n)).toUTCString()}</pubDate></item>`,
        );
        return ['application/rss+xml', `<rss version="2.0"><channel><title>Q</title>${items.join('')}</channel></rss>`];
      }
      if (path === '/sitemap.xml') {
        const months = ['01', '02', '03', '04', '05'].map(
          (m) => `<sitemap><loc>${origin}/posts-2026-${m}.xml</loc></sitemap>`,
        );
        return ['application/xml', `<sitemapindex>${months.join('')}</sitemapindex>`];
      }
      const month = /^\/posts-(2026)-(\d\d)\.xml$/.exec(path);
      if (month) {
        const urls = Array.from({ length: archive }, (_, n) => n).filter((n) =>
          dateOf(n).startsWith(`${month[1]}-${month[2]}`),
        );
        return [
          'application/xml',
          `<urlset>${urls.map((n) => `<url><loc>${origin}${pathOf(n)}</loc></url>`).join('')}</urlset>`,
        ];
      }
      const n = Number(/(?:report|news)-(\d+)-of-the-quay$/.exec(path)?.[1] ?? Number.NaN);
      if (Number.isNaN(n)) return ['text/html', null];
      const text = prose(n + 1, 12)
        .split('\n')
        .map((p) => `<p>${p}</p>`)
        .join('');
      return [
        'text/html',
        `<!doctype html><html lang="en"><head><title>Number ${n} of the quay</title>
<meta property="article:published_time" content="${dateOf(n)}"></head><body><article><h1>Number ${n} of the quay</h1>${text}</article></body></html>`,
      ];
    }

    async function plan(more: { limit?: number; range?: typeof RANGE; signal?: AbortSignal } = {}) {
      const { db } = pipeline.ctx;
      const range = more.range ?? RANGE;
      const made = await planBackfill(
        source,
        [],
        range,
        {
          skip: await beginBackfill(db, source.id, range),
          known: (keys) => knownKeys(db, source.id, keys),
          record: (place, found) => recordArchive(db, source.id, place, found),
        },
        {
          fetcher: fetcherFor(pipeline.ctx, source),
          now: () => new Date('2026-06-01T09:00:00Z'),
          signal: more.signal ?? new AbortController().signal,
          undated: false,
          limit: more.limit ?? null,
        },
      );
      if (made.complete) await endPlan(db, source.id);
      return made;
    }
    /** Looks once each time: what has come may be gone again at the next look. */
    async function until(what: () => boolean | Promise<boolean>): Promise<void> {
      for (let i = 0; i < 1200; i++, await delay(100)) if (await what()) return;
      throw new Error('what was waited for never came');
    }
    const waiting = async () => (await listBackfills(pipeline.ctx.db)).get('quay')?.waiting ?? 0;

    it('let news past a thousand articles that wait at every stage', async () => {
      archive = 1000;
      expect((await plan()).added).toBe(1000);
      pipeline.work(QUEUE_NAMES);
      pipeline.watch(500);
      await until(() => sent.length >= 10);
      // Half of those left stand before the extractor, in its queue, as after a night without one.
      const { db } = pipeline.ctx;
      await sql`INSERT INTO sourcelink.page (candidate_id, url, via, headers, body, body_bytes, body_hash, fetched_at)
        SELECT c.id, c.url, 'http', p.headers, p.body, p.body_bytes, p.body_hash, p.fetched_at FROM sourcelink.candidate c,
          (SELECT * FROM sourcelink.page LIMIT 1) p WHERE c.stage = 'fetch' AND c.lease_owner IS NULL ORDER BY c.id LIMIT 400`.execute(
        db,
      );
      await sql`UPDATE sourcelink.candidate c SET stage = 'extract', page_id = p.id, driven_at = NULL FROM sourcelink.page p
        WHERE p.candidate_id = c.id AND c.stage = 'fetch' AND c.lease_owner IS NULL`.execute(db);
      await until(
        async () => (await pipeline.ctx.queues.stage('extract').getJobCounts('prioritized'))['prioritized'] !== 0,
      );
      fed = [9000];
      const before = sent.length;
      await pipeline.ctx.queues.add('crawl', { source: 'quay', discover: true }, { deduplicate: 'quay' });
      await until(() => sent.some((m) => 'article' in m && m.article.canonicalUrl.endsWith(pathOf(9000))));
      const at = sent.findIndex((m) => 'article' in m && m.article.canonicalUrl.endsWith(pathOf(9000)));
      const still = await waiting();
      // What was being read or delivered when the news came may go out before it; nothing else does.
      expect(at - before).toBeLessThan(100);
      expect(still).toBeGreaterThan(800);
      expect(await violations(db, ['articles'])).toEqual([]);
    }, 240_000);

    it.runIf(isDefault)(
      'are fetched by a pass behind the news, and publish with their own dates',
      async () => {
        archive = 6;
        fed = [9000];
        await plan();
        pipeline.work(QUEUE_NAMES);
        pipeline.watch(500);
        const summary = await runPass(pipeline.ctx, { sources: ['quay'], signal: new AbortController().signal });
        expect(summary).toMatchObject({ published: 7, waiting: 0 });
        const dates = sent.flatMap((m) => (m.type === 'article.published' ? m.article.publishedAt : [])).sort();
        expect(dates).toEqual([...[0, 1, 2, 3, 4, 5].map(dateOf), dateOf(9000)]);
        expect(await violations(pipeline.ctx.db, ['articles'])).toEqual([]);
        // The second time there is nothing left to do.
        expect((await plan()).added).toBe(0);
      },
      120_000,
    );

    it.runIf(isDefault)(
      'are planned once, however often they are asked for, and go on where they were',
      async () => {
        archive = 3000;
        const stop = new AbortController();
        const first = await plan({ limit: 700 });
        expect(first).toMatchObject({ added: 700, complete: false });
        await restart();
        const second = await plan({ signal: stop.signal });
        expect(second).toMatchObject({
          added: 2300,
          complete: true,
          byMonth: { '2026-04': expect.any(Number), '2026-01': 744 },
        });
        expect(await waiting()).toBe(3000);
        expect((await plan()).added).toBe(0);
        const { db } = pipeline.ctx;
        expect(await db.selectFrom('sourcelink.backfill_place').selectAll().execute()).toEqual([]);
        expect(await violations(db, ['articles'])).toEqual([]);
      },
      120_000,
    );

    it.runIf(isDefault)(
      'take what a filter left out for its age alone, and leave what the pages say is of other days',
      async () => {
        await restart({ filters: { maxAge: '7d' } });
        const { ctx } = pipeline;
        archive = 48;
        const found = [1, 30].map((n) => ({ ...toCandidates(source, [], null), url: `${origin}${pathOf(n)}`, n }));
        const told = found.map(({ url, n }) => ({
          url,
          guid: null,
          title: `Number ${n}`,
          authors: [],
          publishedAt: dateOf(n),
          updatedAt: null,
          summary: null,
          image: null,
          language: null,
          tags: [],
          via: `${origin}/feed.xml`,
        }));
        await recordFound(ctx.db, 'quay', toCandidates(source, told, new Date('2026-06-01')));
        const range = { since: new Date('2026-01-02'), until: RANGE.until };
        await plan({ range });
        pipeline.work(QUEUE_NAMES);
        pipeline.watch(500);
        await until(async () => (await waiting()) === 0);
        const codes = await ctx.db
          .selectFrom('sourcelink.candidate')
          .select(({ fn }) => ['outcome', 'code', fn.countAll<number>().as('n')])
          .groupBy(['outcome', 'code'])
          .execute();
        // The day before is fetched, since days of an outlet are not those of UTC, and its pages say that it is not meant.
        expect(codes.map((c) => [c.outcome, c.code, Number(c.n)]).sort()).toEqual([
          ['published', null, 24],
          ['rejected', 'FILTER_BACKFILL', 24],
        ]);
        expect((await plan({ range: RANGE })).added).toBe(24);
      },
      120_000,
    );

    it.runIf(isDefault)('rest for the day when their share of it is used up', async () => {
      archive = 5;
      await plan();
      const { db } = pipeline.ctx;
      expect(await dueBackfills(db)).toEqual(['quay']);
      for (let i = 0; i < 3; i++) expect(await claimBackfill(db, 'quay', OWNER, 3)).not.toBeNull();
      expect(await claimBackfill(db, 'quay', OWNER, 3)).toBeNull();
      expect(await dueBackfills(db)).toEqual([]);
      const view = (await listBackfills(db)).get('quay');
      expect(view).toMatchObject({ today: 3, planned: true, waiting: 5 });
      expect(view?.restsUntil?.toISOString()).toMatch(/T00:00:00.000Z$/);
      await sql`UPDATE sourcelink.backfill SET day = day - 1, rest_until = rest_until - interval '1 day'`.execute(db);
      expect(await dueBackfills(db)).toEqual(['quay']);
      expect(await claimBackfill(db, 'quay', OWNER, 3)).not.toBeNull();
    });

    it.runIf(isDefault)('leave a host alone that fails one page after the other', async () => {
      archive = 20;
      await plan();
      isDown = true;
      asked = [];
      await backfill(pipeline.ctx, { source: 'quay' });
      expect(asked.filter((path) => path.includes('/report-'))).toHaveLength(4);
      const { db } = pipeline.ctx;
      expect(await dueBackfills(db)).toEqual([]);
      expect(await waiting()).toBe(20);
      expect(await violations(db, ['articles'])).toEqual([]);
    });

    it.runIf(isDefault)('lose an article to the news when a feed lists it', async () => {
      archive = 3;
      await plan();
      const { db } = pipeline.ctx;
      expect(await claimForFetch(db, 'quay', OWNER, 10)).toEqual([]);
      const [c] = toCandidates(
        source,
        [
          {
            url: `${origin}${pathOf(1)}`,
            guid: null,
            title: 'One',
            authors: [],
            publishedAt: null,
            updatedAt: null,
            summary: null,
            image: null,
            language: null,
            tags: [],
            via: `${origin}/feed.xml`,
          },
        ],
        null,
      );
      if (!c) throw new Error('no candidate');
      expect(await recordFound(db, 'quay', [c])).toEqual({ added: 0, revisits: 0 });
      expect((await claimForFetch(db, 'quay', OWNER, 10)).map((r) => [r.url, r.lane])).toEqual([[c.url, 'fresh']]);
    });

    it.runIf(isDefault)(
      'leave room for a limit of news a day',
      async () => {
        await restart({ limits: { perDay: 2 } });
        fed = [9000, 9001, 9002];
        pipeline.work(QUEUE_NAMES);
        pipeline.watch(500);
        const summary = await runPass(pipeline.ctx, { sources: ['quay'], signal: new AbortController().signal });
        expect(summary).toMatchObject({ discovered: 3, published: 2, waiting: 1 });
        expect(await fetchedToday(pipeline.ctx.db, 'quay')).toBe(2);
        expect(await violations(pipeline.ctx.db, ['articles'])).toEqual([]);
      },
      120_000,
    );
  });
}
