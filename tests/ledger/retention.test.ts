import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { violations } from '../../ledger/invariant.js';
import { forget } from '../../ledger/retention.js';
import { restore, retract } from '../../ledger/retractions.js';
import { forgetStories } from '../../ledger/stories.js';
import { categorize } from '../../workers/categorize/categorize.js';
import { dedupe } from '../../workers/dedupe/dedupe.js';
import { publish } from '../../workers/publish/publish.js';
import { tidy } from '../../workers/reconcile.js';
import type { Sink } from '../../workers/sink.js';
import { BACKENDS, type Backend } from '../setup/backends.js';
import { type Desk, type Draft, openDesk, outlet, prose } from '../setup/desk.js';
import { empty } from '../setup/empty.js';
import { openQuay } from '../setup/quay.js';

const DAY = 86_400_000;
const YEAR = { articles: 365 * DAY, rejected: 90 * DAY };
const sink: Sink = { name: 'articles', deliver: async (b) => b.map(() => null), close: async () => undefined };

for (const { name, available, open } of BACKENDS.filter((b) => !b.name.includes('Redis'))) {
  describe.skipIf(!available)(`retention on ${name}`, () => {
    let backend: Backend;
    let desk: Desk;
    let seed = 0;
    beforeAll(async () => {
      backend = await open();
      desk = await openDesk(backend, [outlet('herald', 'The Herald'), outlet('gazette', 'The Gazette')]);
      desk.ctx.sinks.set('articles', sink);
    }, 240_000);
    afterAll(async () => {
      await desk.ledger.close();
      await backend.drop();
    });
    beforeEach(async () => {
      forgetStories(desk.db);
      await empty(
        desk.db,
        'candidate',
        'article',
        'sketch',
        'band',
        'revision',
        'delivery',
        'story',
        'story_log',
        'endpoint',
      );
    });

    const judged = async (draft: Partial<Draft> = {}) => {
      const put = await desk.put({ source: 'herald', title: `Report ${++seed}`, text: prose(seed), ...draft });
      await dedupe(desk.ctx, { ids: [put.candidateId] });
      await categorize(desk.ctx, { ids: [put.candidateId] });
      return put;
    };
    const published = async (draft: Partial<Draft> = {}) => {
      const put = await judged(draft);
      await publish(desk.ctx, { sink: 'articles' });
      return put;
    };
    /** As if everything had happened so much earlier. */
    const later = async (days: number, ids?: number[]) => {
      const which = ids === undefined ? sql`true` : sql`id = ANY(${ids}::bigint[])`;
      await sql`UPDATE sourcelink.candidate SET discovered_at = discovered_at - make_interval(days => ${days}),
        changed_at = changed_at - make_interval(days => ${days}), listed_at = listed_at - make_interval(days => ${days}) WHERE ${which}`.execute(
        desk.db,
      );
      await sql`UPDATE sourcelink.endpoint SET read_at = read_at - make_interval(days => ${days})`.execute(desk.db);
    };
    /** A list of the herald that was read so many days ago, and said the same at each look since. */
    const read = (daysAgo: number, source = 'herald') =>
      sql`INSERT INTO sourcelink.endpoint (source_id, url, kind, origin, read_at)
        VALUES (${source}, ${`list-${++seed}`}, 'feed', 'configured', now() - make_interval(days => ${daysAgo}))`.execute(
        desk.db,
      );
    const refused = async (more: { outcome?: 'rejected' | 'dead'; days: number; unlisted?: number }) => {
      const url = `herald.example/refused-${++seed}`;
      const { rows } = await sql<{ id: number }>`
        INSERT INTO sourcelink.candidate (source_id, url, url_key, stage, outcome, code, reason, dead_stage, discovered_at, changed_at, listed_at)
        VALUES ('herald', ${url}, ${url}, 'done', ${more.outcome ?? 'rejected'}, 'FETCH_GONE', 'gone', 'fetch', now() - make_interval(days => ${more.days}),
          now() - make_interval(days => ${more.days}), now() - make_interval(days => ${more.unlisted ?? more.days})) RETURNING id`.execute(
        desk.db,
      );
      return rows[0]?.id ?? 0;
    };
    const count = async (table: string) =>
      (await sql<{ n: number }>`SELECT count(*)::int AS n FROM ${sql.table(`sourcelink.${table}`)}`.execute(desk.db))
        .rows[0]?.n;
    const counts = async (...tables: string[]) =>
      Object.fromEntries(await Promise.all(tables.map(async (t) => [t, await count(t)] as const)));
    const holds = async () => expect(await violations(desk.db, ['articles'])).toEqual([]);

    it('keeps an article to its day, and then forgets all of it', async () => {
      await published();
      await later(364);
      expect(await forget(desk.db, YEAR)).toEqual({ articles: 0, candidates: 0 });
      await later(1);
      expect(await forget(desk.db, YEAR)).toEqual({ articles: 1, candidates: 0 });
      const tables = ['article', 'revision', 'delivery', 'sketch', 'band', 'story', 'digest', 'page'];
      expect(await counts(...tables)).toEqual(Object.fromEntries(tables.map((t) => [t, 0])));
      await holds();
    });

    it('keeps everything where it says forever', async () => {
      await published();
      await refused({ days: 4000 });
      await read(0);
      await later(4000);
      expect(await forget(desk.db, { articles: null, rejected: null })).toEqual({ articles: 0, candidates: 0 });
      expect(await forget(desk.db, { articles: null, rejected: 90 * DAY })).toEqual({ articles: 0, candidates: 1 });
      expect(await counts('article', 'delivery')).toEqual({ article: 1, delivery: 1 });
    });

    it('keeps an article that waits for a sink, or to be read again, however old it is', async () => {
      const owed = await judged();
      const again = await published();
      await sql`UPDATE sourcelink.delivery SET state = 'pending' WHERE article_id = ${owed.id}`.execute(desk.db);
      await sql`UPDATE sourcelink.candidate SET stage = 'publish', outcome = NULL, next_try_at = now() WHERE id = ${owed.candidateId}`.execute(
        desk.db,
      );
      await sql`UPDATE sourcelink.candidate SET stage = 'fetch', outcome = NULL, next_try_at = now() WHERE id = ${again.candidateId}`.execute(
        desk.db,
      );
      await later(4000);
      expect(await forget(desk.db, YEAR)).toEqual({ articles: 0, candidates: 0 });
      await publish(desk.ctx, { sink: 'articles' });
      expect(await desk.outcome(owed.candidateId)).toMatchObject({ outcome: 'published' });
      await holds();
    });

    it('keeps an original as long as a copy of it stays', async () => {
      const text = prose(++seed);
      const original = await published({ text, title: 'Harbour opens' });
      const copy = await published({ text, title: 'Harbour opens', source: 'gazette' });
      expect(await desk.outcome(copy.candidateId)).toMatchObject({ duplicateOf: original.id });
      await later(400, [original.candidateId]);
      expect((await forget(desk.db, YEAR)).articles).toBe(0);
      await later(400, [copy.candidateId]);
      expect((await forget(desk.db, YEAR)).articles).toBe(2);
      await holds();
    });

    it('lets the next article stand for a story whose headline goes, and no story without articles', async () => {
      const flood = (title: string, lede: string) => published({ title, text: `${lede}\n${prose(++seed)}` });
      const lede = 'Flood water entered Port Verity on Monday and hundreds left their homes.';
      const first = await flood('Flood in Port Verity drives hundreds from their homes', lede);
      const second = await flood('Hundreds leave their homes as flood reaches Port Verity', lede);
      expect(await counts('story')).toEqual({ story: 1 });
      await later(400, [first.candidateId]);
      expect((await forget(desk.db, YEAR)).articles).toBe(1);
      const stories = await desk.db.selectFrom('sourcelink.story').select('headlineId').execute();
      expect(stories).toEqual([{ headlineId: second.id }]);
      await later(400, [second.candidateId]);
      expect((await forget(desk.db, YEAR)).articles).toBe(1);
      expect(await counts('story')).toEqual({ story: 0 });
      await holds();
    });

    it('forgets the text of a retracted article, and keeps it from coming back', async () => {
      const text = prose(++seed);
      const a = await published({ text, url: 'https://herald.example/withdrawn' });
      const why = { reason: 'court order', by: 'operator' as const, everywhere: true, now: desk.ctx.now() };
      await retract(desk.db, [a.candidateId], why);
      await publish(desk.ctx, { sink: 'articles' });
      await read(0);
      await later(4000);
      await read(0);
      expect(await forget(desk.db, YEAR)).toEqual({ articles: 1, candidates: 0 });
      await holds();
      expect(await desk.outcome(a.candidateId)).toMatchObject({ outcome: 'retracted', reason: 'court order' });
      const copy = await judged({ text, source: 'gazette' });
      expect(await desk.outcome(copy.candidateId)).toMatchObject({ outcome: 'rejected' });
      expect(await restore(desk.db, [a.candidateId])).toMatchObject([{ candidate: a.candidateId, stage: 'fetch' }]);
    });

    it('forgets a retraction that a sink refused for good without losing its tombstone', async () => {
      const a = await published();
      const why = { reason: 'court order', by: 'operator' as const, everywhere: true, now: desk.ctx.now() };
      await retract(desk.db, [a.candidateId], why);
      await sql`UPDATE sourcelink.delivery SET state = 'dead' WHERE state = 'pending'`.execute(desk.db);
      await sql`UPDATE sourcelink.candidate SET stage = 'done', outcome = 'dead', dead_stage = 'publish', code = 'SINK_REFUSED', reason = 'no'`.execute(
        desk.db,
      );
      await later(400);
      expect((await forget(desk.db, YEAR)).articles).toBe(1);
      expect(await desk.outcome(a.candidateId)).toMatchObject({ outcome: 'retracted', reason: 'court order' });
      await holds();
    });

    it('clears what was rejected or died after its own time, with the text that was read of it', async () => {
      const { id, candidateId } = await judged();
      await empty(desk.db, 'delivery', 'revision');
      await sql`UPDATE sourcelink.article SET revision = 0 WHERE id = ${id}`.execute(desk.db);
      await sql`UPDATE sourcelink.candidate SET stage = 'done', outcome = 'rejected', code = 'X', reason = 'x' WHERE id = ${candidateId}`.execute(
        desk.db,
      );
      await later(90, [candidateId]);
      await refused({ days: 89 });
      await refused({ days: 90, outcome: 'dead' });
      await read(0);
      expect(await forget(desk.db, YEAR)).toEqual({ articles: 1, candidates: 2 });
      expect(await counts('article', 'candidate')).toEqual({ article: 0, candidate: 1 });
      await holds();
    });

    describe('an address', () => {
      it('stays as long as a list names it', async () => {
        await read(0);
        const listed = await refused({ days: 500, unlisted: 1 });
        await refused({ days: 500, unlisted: 100 });
        expect((await forget(desk.db, YEAR)).candidates).toBe(1);
        const left = await desk.db.selectFrom('sourcelink.candidate').select('id').execute();
        expect(left).toEqual([{ id: listed }]);
      });

      it('stays while a list that named it at its last reading says the same, or cannot be read', async () => {
        await read(200);
        await read(0);
        await refused({ days: 500, unlisted: 199 });
        await refused({ days: 500, unlisted: 201 });
        expect((await forget(desk.db, YEAR)).candidates).toBe(0);
        // Found after that reading, so it cannot have been in it; and gone from all lists before it.
        await refused({ days: 190, unlisted: 189 });
        await refused({ days: 500, unlisted: 210 });
        expect((await forget(desk.db, YEAR)).candidates).toBe(2);
      });

      it('stays while none of its source is read: a source that was paused for long publishes nothing twice', async () => {
        await refused({ days: 500 });
        await read(0, 'gazette');
        expect((await forget(desk.db, YEAR)).candidates).toBe(0);
        await read(501);
        expect((await forget(desk.db, YEAR)).candidates).toBe(0);
      });
    });

    it('begins no batch after it was told to end', async () => {
      await published();
      await later(400);
      expect((await forget(desk.db, YEAR, AbortSignal.abort())).articles).toBe(0);
      expect((await forget(desk.db, YEAR)).articles).toBe(1);
    });

    it('clears more articles than a batch holds, and says how many', async () => {
      await sql`
        INSERT INTO sourcelink.candidate (source_id, url, url_key, stage, outcome, article_id, discovered_at, changed_at, listed_at)
        SELECT 'herald', 'u' || n, 'u' || n, 'done', 'published', gen_random_uuid(), now() - interval '2 years', now() - interval '2 years',
          now() - interval '2 years' FROM generate_series(1, 1200) n`.execute(desk.db);
      await sql`
        INSERT INTO sourcelink.article (id, candidate_id, source_id, url_key, canonical_url, slug, title, authors, fetched_at, first_seen_at, excerpt,
          text, html, tags, word_count, rights, noindex, provenance, content_hash, revision, published_hash)
        SELECT article_id, id, source_id, url_key, url, url, url, '[]', now(), now(), '', '', '', '[]', 0, '{}', false, '{}', '', 1, ''
        FROM sourcelink.candidate`.execute(desk.db);
      await sql`INSERT INTO sourcelink.revision (article_id, revision, type, message) SELECT id, 1, 'article.published', '{}' FROM sourcelink.article`.execute(
        desk.db,
      );
      await sql`INSERT INTO sourcelink.delivery (article_id, revision, sink, candidate_id, state)
        SELECT id, 1, 'articles', candidate_id, 'delivered' FROM sourcelink.article`.execute(desk.db);
      await read(0);
      const told: unknown[] = [];
      const keep = { ...desk.ctx.settings.keep, ...YEAR };
      const log = Object.assign(Object.create(desk.ctx.log), { info: (counts: unknown) => told.push(counts) });
      await tidy({ ...desk.ctx, log, settings: { ...desk.ctx.settings, keep } }, desk.ledger);
      expect(told).toEqual([{ pages: 0, visits: 0, articles: 1200, candidates: 1200 }]);
      expect(await counts('candidate', 'article', 'revision', 'delivery')).toEqual({
        candidate: 0,
        article: 0,
        revision: 0,
        delivery: 0,
      });
    }, 120_000);

    it('publishes nothing again that an outlet still lists, and knows nothing of what it has not listed for long', async () => {
      const quay = await openQuay(await open(), { settings: { keep: { articles: '365d' } } });
      const { ctx } = quay.pipeline;
      const feed = quay.outlet.pages.get('/feed') ?? {};
      const lists = (body = '') => quay.outlet.pages.set('/feed', { ...feed, body });
      const years = async (n: number) => {
        await sql`UPDATE sourcelink.candidate SET changed_at = changed_at - make_interval(years => ${n}), look_at = NULL,
          discovered_at = discovered_at - make_interval(years => ${n}), listed_at = listed_at - make_interval(years => ${n})`.execute(
          ctx.db,
        );
        await sql`UPDATE sourcelink.endpoint SET read_at = read_at - make_interval(years => ${n})`.execute(ctx.db);
      };
      const left = async () =>
        (await ctx.db.selectFrom('sourcelink.candidate').select(['outcome', 'code']).orderBy('id').execute()).map(
          (c) => c.code ?? c.outcome,
        );
      try {
        expect(await quay.pass()).toMatchObject({ published: 5, dead: 1 });
        await years(2);
        await tidy(ctx, quay.pipeline.ledger);
        expect(await left()).toEqual([...Array(5).fill('CLEARED'), 'FETCH_NOT_FOUND']);
        expect((await ctx.db.selectFrom('sourcelink.article').select('id').execute()).length).toBe(0);
        // The feed says the same: nobody reads it again, and its articles stay known.
        expect(await quay.pass()).toMatchObject({ discovered: 0, published: 0, updated: 0 });
        // It says something else, of the same articles.
        lists(feed.body?.replace('<title>T</title>', '<title>The Quay</title>'));
        expect(await quay.pass()).toMatchObject({ discovered: 0, published: 0, updated: 0 });
        await tidy(ctx, quay.pipeline.ledger);
        expect((await left()).length).toBe(6);
        expect(await violations(ctx.db, ['articles'])).toEqual([]);
        // It lists the first alone: two years on, only that one is known, with the page that was just looked at again.
        const [head = '', first = ''] = (feed.body ?? '').split(/(?=<item>)/);
        lists(`${head}${first}</channel></rss>`);
        await years(2);
        await quay.pass();
        await tidy(ctx, quay.pipeline.ledger);
        expect(await left()).toEqual(['CLEARED', 'FETCH_NOT_FOUND']);
        // What comes back after that is news.
        lists(`${feed.body}<!-- again -->`);
        expect(await quay.pass()).toMatchObject({ discovered: 4, published: 4 });
        expect(await violations(ctx.db, ['articles'])).toEqual([]);
      } finally {
        await quay.close();
      }
    }, 240_000);
  });
}
