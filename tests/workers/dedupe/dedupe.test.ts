import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reopenOrphans } from '../../../ledger/duplicates.js';
import { violations } from '../../../ledger/invariant.js';
import { clearSketches } from '../../../ledger/sketches.js';
import { dedupe } from '../../../workers/dedupe/dedupe.js';
import { BACKENDS, type Backend } from '../../setup/backends.js';
import { type Desk, openDesk, outlet, prose } from '../../setup/desk.js';
import { empty } from '../../setup/empty.js';

const OUTLETS = [
  outlet('herald', 'The Herald'),
  outlet('gazette', 'The Gazette'),
  outlet('courier', 'The Courier'),
  outlet('agency', 'Reuters'),
];

for (const { name, available, open } of BACKENDS.filter((b) => !b.name.includes('Redis'))) {
  describe.skipIf(!available)(`dedupe on ${name}`, () => {
    let backend: Backend;
    let desk: Desk;
    beforeAll(async () => {
      backend = await open();
      desk = await openDesk(backend, OUTLETS);
    });
    afterAll(async () => {
      await desk.ledger.close();
      await backend.drop();
    });
    beforeEach(async () => {
      desk.jobs.length = 0;
      await empty(desk.db, 'candidate', 'article', 'sketch', 'band', 'revision', 'delivery');
    });
    const judge = (...ids: number[]) => dedupe(desk.ctx, { ids });
    const articleOf = (id: string) =>
      desk.db.selectFrom('sourcelink.article').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

    it('sends an article of its own on to be filed', async () => {
      const a = await desk.put({ source: 'herald', text: prose(1) });
      await judge(a.candidateId);
      expect(await desk.outcome(a.candidateId)).toMatchObject({
        stage: 'categorize',
        outcome: null,
        duplicateOf: null,
      });
      expect(desk.jobs).toEqual([{ queue: 'categorize', data: { ids: [a.candidateId] } }]);
    });

    it('finds the same text at another outlet, in a later batch and in the same one', async () => {
      const a = await desk.put({ source: 'herald', text: prose(1), title: 'The bridge is open' });
      await judge(a.candidateId);
      const b = await desk.put({ source: 'gazette', text: prose(1).toUpperCase() });
      const c = await desk.put({ source: 'courier', text: `By our desk.\n${prose(1)}\nRead more on our site.` });
      await judge(b.candidateId, c.candidateId);
      for (const copy of [b, c])
        expect(await desk.outcome(copy.candidateId)).toMatchObject({
          stage: 'done',
          outcome: 'duplicate',
          duplicateOf: a.id,
        });
      const row = await articleOf(c.id);
      expect(row.duplicateOf).toBe(a.id);
      expect(row.duplicateWhy).toMatchObject({
        by: 'near',
        original: { id: a.id, source: 'herald', title: 'The bridge is open' },
        passage: expect.stringContaining('the '),
      });
      expect((await desk.outcome(c.candidateId)).reason).toMatch(/copy of "The bridge is open" at The Herald: \d+ %/);
    });

    it('follows a copy of a copy to the one original', async () => {
      const [x, y, z] = [prose(1, 20), prose(2, 20), prose(3, 30)];
      const a = await desk.put({ source: 'herald', text: x });
      const b = await desk.put({ source: 'gazette', text: `${x}\n${y}` });
      const c = await desk.put({ source: 'courier', text: `${y}\n${z.slice(0, 600)}` });
      for (const p of [a, b, c]) await judge(p.candidateId);
      expect((await desk.outcome(b.candidateId)).duplicateOf).toBe(a.id);
      expect((await desk.outcome(c.candidateId)).duplicateOf).toBe(a.id);
      expect((await articleOf(c.id)).duplicateWhy).toMatchObject({ comparedWith: b.id });
    });

    it('keeps apart what only shares a passage, and names it related', async () => {
      const a = await desk.put({ source: 'herald', text: `${prose(1, 12)}\n${prose(2, 18)}` });
      const b = await desk.put({ source: 'gazette', text: `${prose(1, 12)}\n${prose(3, 18)}` });
      await judge(a.candidateId, b.candidateId);
      expect(await desk.outcome(b.candidateId)).toMatchObject({ stage: 'categorize' });
      expect((await articleOf(b.id)).related).toEqual([{ id: a.id, score: expect.closeTo(0.4, 1) }]);
    });

    it('looks no further back than the window', async () => {
      const a = await desk.put({ source: 'herald', text: prose(1), publishedAt: '2026-02-20T00:00:00Z' });
      const b = await desk.put({ source: 'gazette', text: prose(1), publishedAt: '2026-02-24T00:00:00Z' });
      const c = await desk.put({ source: 'courier', text: prose(1), publishedAt: '2026-02-22T00:00:00Z' });
      await judge(a.candidateId);
      await judge(b.candidateId);
      await judge(c.candidateId);
      expect(await desk.outcome(b.candidateId)).toMatchObject({ stage: 'categorize' });
      expect((await desk.outcome(c.candidateId)).duplicateOf).toBe(a.id);
    });

    it('believes a canonical link to a known article where the headline agrees', async () => {
      const a = await desk.put({ source: 'herald', text: prose(1), title: 'Harbour reopens after storm' });
      const b = await desk.put({
        source: 'gazette',
        text: prose(2, 8),
        canonical: await urlOf(a.id),
        title: 'Harbour reopens after the storm',
      });
      const c = await desk.put({
        source: 'gazette',
        text: prose(3, 8),
        canonical: await urlOf(a.id),
        title: 'Something else',
      });
      await judge(a.candidateId, b.candidateId, c.candidateId);
      expect(await desk.outcome(b.candidateId)).toMatchObject({ outcome: 'duplicate', duplicateOf: a.id });
      expect((await articleOf(b.id)).duplicateWhy).toMatchObject({ by: 'url' });
      expect(await desk.outcome(c.candidateId)).toMatchObject({ stage: 'categorize' });
    });
    const urlOf = async (id: string) => (await articleOf(id)).canonicalUrl;

    it('lets the agency itself be the original while nobody has seen the other', async () => {
      const a = await desk.put({ source: 'herald', text: prose(1), agency: 'Reuters' });
      const b = await desk.put({ source: 'gazette', text: prose(1), agency: 'Reuters' });
      await judge(a.candidateId, b.candidateId);
      const own = await desk.put({ source: 'agency', text: prose(1), agency: 'Reuters' });
      await judge(own.candidateId);
      expect(await desk.outcome(own.candidateId)).toMatchObject({ stage: 'categorize' });
      for (const copy of [a, b])
        expect(await desk.outcome(copy.candidateId)).toMatchObject({ outcome: 'duplicate', duplicateOf: own.id });
      expect(await violations(desk.db, [])).toEqual([]);
    });

    it('never makes a published article a copy of a later one', async () => {
      const a = await desk.put({ source: 'herald', text: prose(1), url: 'https://herald.example/live' });
      const b = await desk.put({ source: 'gazette', text: prose(2) });
      await judge(a.candidateId, b.candidateId);
      await desk.db
        .updateTable('sourcelink.article')
        .set({ revision: 1, publishedHash: 'seen' })
        .where('id', '=', a.id)
        .execute();
      const again = await desk.put({ source: 'herald', text: prose(2), url: 'https://herald.example/live' });
      expect(again.id).toBe(a.id);
      await judge(a.candidateId);
      expect(await desk.outcome(a.candidateId)).toMatchObject({ stage: 'categorize', duplicateOf: null });
      const late = await desk.put({ source: 'agency', text: prose(2), agency: 'Reuters' });
      await desk.db
        .updateTable('sourcelink.article')
        .set({ revision: 1, publishedHash: 'seen' })
        .where('id', '=', b.id)
        .execute();
      await judge(late.candidateId);
      expect(await desk.outcome(late.candidateId)).toMatchObject({ outcome: 'duplicate' });
    });

    it('judges a copy anew when its page changed, and keeps one sketch of it', async () => {
      const a = await desk.put({ source: 'herald', text: prose(1) });
      const b = await desk.put({ source: 'gazette', text: prose(1), url: 'https://gazette.example/b' });
      await judge(a.candidateId, b.candidateId);
      await desk.put({ source: 'gazette', text: prose(9), url: 'https://gazette.example/b' });
      await judge(b.candidateId);
      expect(await desk.outcome(b.candidateId)).toMatchObject({ stage: 'categorize', duplicateOf: null });
      expect((await articleOf(b.id)).duplicateOf).toBeNull();
      const c = await desk.put({ source: 'courier', text: prose(9) });
      await judge(c.candidateId);
      expect((await desk.outcome(c.candidateId)).duplicateOf).toBe(b.id);
    });

    it('publishes exactly one of many copies, however many workers judge them at once', async () => {
      const copies = await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          desk.put({ source: OUTLETS[i % 3]?.id ?? '', text: `${prose(5)} Number ${i}.` }),
        ),
      );
      const workers = copies.map(() => ({ ...desk.ctx, owner: randomUUID() }));
      await Promise.all(copies.map((c, i) => dedupe(workers[i] ?? desk.ctx, { ids: [c.candidateId] })));
      const ends = await Promise.all(copies.map((c) => desk.outcome(c.candidateId)));
      const own = copies.filter((_, i) => ends[i]?.stage === 'categorize');
      expect(own.length).toBe(1);
      expect(ends.filter((e) => e.outcome === 'duplicate').every((e) => e.duplicateOf === own[0]?.id)).toBe(true);
      expect(await violations(desk.db, [])).toEqual([]);
    });

    it('judges copies again when their original will never be published', async () => {
      const a = await desk.put({ source: 'herald', text: prose(1) });
      const b = await desk.put({ source: 'gazette', text: prose(1) });
      await judge(a.candidateId, b.candidateId);
      await sql`UPDATE sourcelink.candidate SET stage = 'done', outcome = 'dead', dead_stage = 'categorize', code = 'X', reason = 'x' WHERE id = ${a.candidateId}`.execute(
        desk.db,
      );
      expect(await reopenOrphans(desk.db)).toBe(1);
      await judge(b.candidateId);
      expect(await desk.outcome(b.candidateId)).toMatchObject({ stage: 'categorize', duplicateOf: null });
    });

    it('leaves rows alone that another worker holds', async () => {
      const a = await desk.put({ source: 'herald', text: prose(1) });
      await sql`UPDATE sourcelink.candidate SET lease_owner = ${randomUUID()}, lease_until = now() + interval '1 minute'`.execute(
        desk.db,
      );
      await judge(a.candidateId);
      expect(await desk.outcome(a.candidateId)).toMatchObject({ stage: 'dedupe' });
      expect(desk.jobs).toEqual([]);
    });

    it('forgets what was judged long ago', async () => {
      const a = await desk.put({ source: 'herald', text: prose(1) });
      await judge(a.candidateId);
      expect(await clearSketches(desk.db, 60_000)).toBe(0);
      expect(await clearSketches(desk.db, -1000)).toBe(1);
      const { rows } = await sql`SELECT FROM sourcelink.band`.execute(desk.db);
      expect(rows.length).toBe(0);
    });
  });
}
