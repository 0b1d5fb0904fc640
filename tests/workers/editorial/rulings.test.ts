import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { violations } from '../../../ledger/invariant.js';
import { categorize } from '../../../workers/categorize/categorize.js';
import { dedupe } from '../../../workers/dedupe/dedupe.js';
import { mergeArticle, splitArticle } from '../../../workers/editorial/rulings.js';
import { publish } from '../../../workers/publish/publish.js';
import type { Sink } from '../../../workers/sink.js';
import { BACKENDS, type Backend } from '../../setup/backends.js';
import { type Desk, openDesk, outlet, prose } from '../../setup/desk.js';
import { empty } from '../../setup/empty.js';

for (const { name, available, open } of BACKENDS.filter((b) => !b.name.includes('Redis'))) {
  describe.skipIf(!available)(`rulings on ${name}`, () => {
    let backend: Backend;
    let desk: Desk;
    const sent: { type: string; id: string; revision: number }[] = [];
    beforeAll(async () => {
      backend = await open();
      desk = await openDesk(backend, [outlet('herald', 'The Herald'), outlet('gazette', 'The Gazette')]);
      const sink: Sink = {
        name: 'articles',
        deliver: async (batch) => {
          for (const { message: m } of batch) sent.push({ type: m.type, id: m.id, revision: m.revision });
          return batch.map(() => null);
        },
        close: async () => undefined,
      };
      desk.ctx.sinks.set('articles', sink);
    });
    afterAll(async () => {
      await desk.ledger.close();
      await backend.drop();
    });
    beforeEach(async () => {
      sent.length = 0;
      await empty(desk.db, 'candidate', 'article', 'sketch', 'band', 'revision', 'delivery', 'story', 'story_log');
    });
    type Put = { id: string; candidateId: number };
    const through = async (...articles: Put[]) => {
      const ids = articles.map((a) => a.candidateId);
      await dedupe(desk.ctx, { ids });
      await categorize(desk.ctx, { ids });
      await publish(desk.ctx, { sink: 'articles' });
    };
    const lookAgain = async (a: Put) => {
      await sql`UPDATE sourcelink.candidate SET stage = 'dedupe', outcome = NULL, next_try_at = now() WHERE id = ${a.candidateId}`.execute(
        desk.db,
      );
      await through(a);
    };
    const outcome = async (a: Put) => (await desk.outcome(a.candidateId)).outcome;
    it('publishes a copy that a person split off, and keeps it so however often it is read', async () => {
      const a = await desk.put({ source: 'herald', text: prose(1) });
      const b = await desk.put({ source: 'gazette', text: prose(1) });
      await through(a, b);
      expect(await outcome(b)).toBe('duplicate');
      await splitArticle(desk.db, b.id);
      await through(b);
      await lookAgain(b);
      await lookAgain(a);
      expect(await outcome(b)).toBe('published');
      expect(sent).toEqual([
        { type: 'article.published', id: a.id, revision: 1 },
        { type: 'article.published', id: b.id, revision: 1 },
      ]);
      const row = await desk.db.selectFrom('sourcelink.article').selectAll().where('id', '=', b.id).executeTakeFirst();
      expect(row).toMatchObject({ duplicateOf: null, related: [{ id: a.id, score: 1 }] });
      expect(await violations(desk.db, ['articles'])).toEqual([]);
    });

    it('withdraws a published article that a person merged into another, with its copies, and publishes it anew when split', async () => {
      const a = await desk.put({ source: 'herald', text: prose(1), title: 'Harbour opens' });
      const b = await desk.put({ source: 'gazette', text: prose(2) });
      const c = await desk.put({ source: 'herald', text: prose(2) });
      await through(a, b, c);
      await mergeArticle(desk.db, b.id, a.id);
      await through(b);
      expect(sent.at(-1)).toEqual({ type: 'article.retracted', id: b.id, revision: 2 });
      for (const copy of [b, c])
        expect(await desk.outcome(copy.candidateId)).toMatchObject({ outcome: 'duplicate', duplicateOf: a.id });
      expect((await desk.outcome(b.candidateId)).reason).toBe(
        'copy of "Harbour opens" at The Herald: decided by a person',
      );
      const told = sent.length;
      await lookAgain(b);
      expect(await outcome(b)).toBe('duplicate');
      expect(sent.length).toBe(told);
      await splitArticle(desk.db, b.id);
      await through(b);
      expect(sent.at(-1)).toEqual({ type: 'article.published', id: b.id, revision: 3 });
      expect(await outcome(b)).toBe('published');
      expect(await violations(desk.db, ['articles'])).toEqual([]);
    });

    it('merges into the original where the named one is a copy itself', async () => {
      const a = await desk.put({ source: 'herald', text: prose(1) });
      const copy = await desk.put({ source: 'gazette', text: prose(1) });
      const b = await desk.put({ source: 'gazette', text: prose(2) });
      await through(a, copy, b);
      expect((await mergeArticle(desk.db, b.id, copy.id)).original.id).toBe(a.id);
      await through(b);
      expect((await desk.outcome(b.candidateId)).duplicateOf).toBe(a.id);
    });

    it('judges by the text again where the named original came to nothing', async () => {
      const a = await desk.put({ source: 'herald', text: prose(1) });
      const b = await desk.put({ source: 'gazette', text: prose(2) });
      await through(a);
      await dedupe(desk.ctx, { ids: [b.candidateId] });
      await mergeArticle(desk.db, b.id, a.id);
      await sql`UPDATE sourcelink.candidate SET outcome = 'dead', dead_stage = 'publish', code = 'X', reason = 'x' WHERE id = ${a.candidateId}`.execute(
        desk.db,
      );
      await through(b);
      expect(await outcome(b)).toBe('published');
    });

    it('refuses what makes no sense, in words', async () => {
      const a = await desk.put({ source: 'herald', text: prose(1), title: 'Harbour opens' });
      const b = await desk.put({ source: 'gazette', text: prose(1) });
      await through(a, b);
      await expect(splitArticle(desk.db, a.id)).rejects.toThrow('"Harbour opens" is not a copy of another article.');
      await expect(splitArticle(desk.db, randomUUID())).rejects.toThrow(/There is no article/);
      await expect(mergeArticle(desk.db, a.id, b.id)).rejects.toThrow(
        /is the same article, or the original that it is a copy of/,
      );
      expect(await outcome(b)).toBe('duplicate');
    });
  });
}
