import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reopenOrphans } from '../../../ledger/duplicates.js';
import { violations } from '../../../ledger/invariant.js';
import { findRetractable, restore, retract } from '../../../ledger/retractions.js';
import { categorize } from '../../../workers/categorize/categorize.js';
import { dedupe } from '../../../workers/dedupe/dedupe.js';
import { publish } from '../../../workers/publish/publish.js';

import type { Outgoing, Sink } from '../../../workers/sink.js';
import { BACKENDS, type Backend } from '../../setup/backends.js';
import { type Desk, type Draft, openDesk, outlet, prose } from '../../setup/desk.js';

const operator = { reason: 'court order 17/26', by: 'operator' as const, everywhere: true };
const gone = { reason: 'the source took its page down (410)', by: 'source' as const, everywhere: false };

for (const { name, available, open } of BACKENDS.filter((b) => !b.name.includes('Redis'))) {
  describe.skipIf(!available)(`retractions on ${name}`, () => {
    let backend: Backend;
    let desk: Desk;
    let seed = 100;
    const got: Outgoing[] = [];
    const sink = (sinkName: string, take = true): Sink => ({
      name: sinkName,
      deliver: async (batch) => {
        if (!take) throw new Error('down');
        got.push(...batch.map((b) => ({ ...b, key: `${sinkName} ${b.key}` })));
        return batch.map(() => null);
      },
      close: async () => undefined,
    });

    beforeAll(async () => {
      backend = await open();
      desk = await openDesk(backend, [outlet('herald', 'The Herald'), outlet('gazette', 'Gazette')]);
      desk.ctx.sinks.set('articles', sink('articles'));
    }, 240_000);
    afterAll(async () => {
      expect(await violations(desk.db, ['articles'])).toEqual([]);
      await desk.ledger.close();
      await backend.drop();
    });

    const judge = async (draft: Draft) => {
      const put = await desk.put(draft);
      await dedupe(desk.ctx, { ids: [put.candidateId] });
      await categorize(desk.ctx, { ids: [put.candidateId] });
      return { ...put, ...draft };
    };
    const send = async (): Promise<string[]> => {
      got.length = 0;
      await publish(desk.ctx, { sink: 'articles' });
      return got.map((g) => `${g.message.type} ${g.message.revision}`);
    };
    const published = async (more: Partial<Draft> = {}) => {
      const text = more.text ?? prose(++seed);
      const draft = await judge({
        source: 'herald',
        url: `https://herald.example/${++seed}`,
        title: `Report ${seed}`,
        ...more,
        text,
      });
      await send();
      return draft;
    };
    const take = (id: number, why: typeof operator | typeof gone = operator) =>
      retract(desk.db, [id], { ...why, now: desk.ctx.now() });

    it('tell every sink why, once, and stand in the ledger', async () => {
      const a = await published();
      expect(await take(a.candidateId)).toEqual([a.candidateId]);
      expect(await send()).toEqual(['article.retracted 2']);
      expect(got[0]?.message).toMatchObject({
        id: a.id,
        reason: 'court order 17/26',
        article: { source: { id: 'herald' } },
      });
      expect(await desk.outcome(a.candidateId)).toMatchObject({
        stage: 'done',
        outcome: 'retracted',
        reason: 'court order 17/26',
      });
      expect(await take(a.candidateId)).toEqual([]);
      expect(await send()).toEqual([]);
    }, 60_000);

    it('drop what a sink was not served yet, and tell it all the same', async () => {
      const a = await judge({ source: 'herald', text: prose(++seed) });
      await take(a.candidateId);
      expect(await send()).toEqual(['article.retracted 2']);
    }, 60_000);

    it('keep the same text out under another address, with another title, and however late', async () => {
      const a = await published();
      await take(a.candidateId);
      await send();
      const again = await judge({
        source: 'herald',
        text: `${a.text} One more line.`,
        title: 'Quite another headline',
        publishedAt: '2026-03-01T00:00:00Z',
      });
      expect(await desk.outcome(again.candidateId)).toMatchObject({
        outcome: 'rejected',
        reason: `"${a.title}" of The Herald was retracted: court order 17/26`,
      });
      expect(await send()).toEqual([]);
    }, 60_000);

    it('keep out another page that names the article by its canonical link and title, with a new text', async () => {
      const a = await published();
      await take(a.candidateId);
      await send();
      const amp = await judge({ source: 'herald', text: prose(++seed), canonical: a.url ?? '', title: a.title ?? '' });
      expect(await desk.outcome(amp.candidateId)).toMatchObject({ outcome: 'rejected' });
    }, 60_000);

    it('of an operator hold for copies at other sources', async () => {
      const a = await published();
      await take(a.candidateId);
      await send();
      const copy = await judge({ source: 'gazette', text: a.text });
      expect(await desk.outcome(copy.candidateId)).toMatchObject({ outcome: 'rejected' });
    }, 60_000);

    it('of a page that is gone leave the copy of another source, which takes its place', async () => {
      const a = await published();
      const copy = await judge({ source: 'gazette', text: a.text });
      expect(await desk.outcome(copy.candidateId)).toMatchObject({ outcome: 'duplicate', duplicateOf: a.id });
      await take(a.candidateId, gone);
      expect(await send()).toEqual(['article.retracted 2']);
      expect(await reopenOrphans(desk.db)).toBe(1);
      await dedupe(desk.ctx, { ids: [copy.candidateId] });
      await categorize(desk.ctx, { ids: [copy.candidateId] });
      expect(await send()).toEqual(['article.published 1']);
      const back = await judge({ source: 'herald', text: a.text });
      expect(await desk.outcome(back.candidateId)).toMatchObject({ outcome: 'rejected' });
    }, 60_000);

    it('are undone: the article is published again as its next revision, and so is what it kept out', async () => {
      const a = await published();
      await take(a.candidateId);
      await send();
      const kept = await judge({ source: 'gazette', text: a.text });
      expect(await restore(desk.db, [a.candidateId])).toMatchObject([
        { candidate: a.candidateId, id: a.id, stage: 'dedupe' },
      ]);
      await dedupe(desk.ctx, { ids: [a.candidateId, kept.candidateId] });
      await categorize(desk.ctx, { ids: [a.candidateId, kept.candidateId] });
      expect(await send()).toEqual(['article.published 3']);
      expect(await desk.outcome(kept.candidateId)).toMatchObject({ outcome: 'duplicate', duplicateOf: a.id });
      expect(await restore(desk.db, [a.candidateId])).toEqual([]);
    }, 60_000);

    it('take a page that was not even read, and leave an unrelated article of the source alone', async () => {
      const { id } = await desk.db
        .insertInto('sourcelink.candidate')
        .values({
          sourceId: 'herald',
          url: 'https://herald.example/unread',
          urlKey: 'herald.example/unread',
          hints: JSON.stringify({}) as never,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      const found = await findRetractable(desk.db, { urls: ['http://www.herald.example/unread?utm_source=x'] });
      expect(found).toMatchObject([{ candidate: id, id: null, standing: 'waiting' }]);
      await take(id);
      expect(await desk.outcome(id)).toMatchObject({ stage: 'done', outcome: 'retracted' });
      const other = await published();
      expect(await desk.outcome(other.candidateId)).toMatchObject({ outcome: 'published' });
    }, 60_000);

    it('win over a worker that has the article in hand', async () => {
      const a = await published();
      await desk.put({ source: 'herald', text: `New start. ${a.text}`, url: a.url ?? '', stage: 'categorize' });
      await desk.db
        .updateTable('sourcelink.candidate')
        .set({ leaseOwner: desk.ctx.owner, leaseUntil: new Date(Date.now() + 60_000) })
        .where('id', '=', a.candidateId)
        .execute();
      await take(a.candidateId);
      await categorize(desk.ctx, { ids: [a.candidateId] });
      expect(await send()).toEqual(['article.retracted 2']);
    }, 60_000);
  });
}
