import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flattenCategories } from '../../../config/categories.js';
import { categorize } from '../../../workers/categorize/categorize.js';
import { BACKENDS, type Backend } from '../../setup/backends.js';
import { type Desk, openDesk, outlet, prose } from '../../setup/desk.js';

const CATEGORIES = flattenCategories([
  {
    id: 'sea',
    label: 'Sea',
    keywords: ['harbour', 'lighthouse', 'ferry'],
    examples: ['Ferry timetable changes in spring'],
  },
  {
    id: 'fields',
    label: 'Fields',
    keywords: ['harvest', 'tractor', 'barley'],
    examples: ['Barley harvest ends early'],
  },
]);

for (const { name, available, open } of BACKENDS.filter((b) => !b.name.includes('Redis'))) {
  describe.skipIf(!available)(`categorize on ${name}`, () => {
    let backend: Backend;
    let desk: Desk;
    beforeAll(async () => {
      backend = await open();
      desk = await openDesk(
        backend,
        [outlet('herald', 'The Herald'), outlet('navy', 'The Navy', { category: 'sea' })],
        {
          categories: CATEGORIES,
        },
      );
    });
    afterAll(async () => {
      await desk.ledger.close();
      await backend.drop();
    });
    const barley = 'The barley harvest is in. Every tractor is back in its shed, and the barley is dry.';
    const rowOf = (id: string) =>
      desk.db.selectFrom('sourcelink.article').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    const messagesOf = (id: string) =>
      desk.db.selectFrom('sourcelink.revision').selectAll().where('articleId', '=', id).orderBy('revision').execute();

    it('files an article and writes its first revision with a delivery for each sink', async () => {
      const a = await desk.put({ source: 'herald', text: barley, stage: 'categorize' });
      await categorize(desk.ctx, { ids: [a.candidateId] });
      expect(await desk.outcome(a.candidateId)).toMatchObject({ stage: 'publish', outcome: null });
      expect((await rowOf(a.id)).categories[0]).toMatchObject({ path: 'fields', label: 'Fields' });
      const [first] = await messagesOf(a.id);
      expect(first?.message).toMatchObject({
        type: 'article.published',
        article: { categories: [{ path: 'fields' }] },
      });
      const deliveries = await desk.db
        .selectFrom('sourcelink.delivery')
        .selectAll()
        .where('articleId', '=', a.id)
        .execute();
      expect(deliveries.map((d) => [d.sink, d.revision, d.state])).toEqual([['articles', 1, 'pending']]);
      expect(desk.jobs.at(-1)).toEqual({ queue: 'publish', data: { sink: 'articles' } });
    });

    it('puts the pin of the source first, with full confidence', async () => {
      const a = await desk.put({ source: 'navy', text: barley, stage: 'categorize' });
      await categorize(desk.ctx, { ids: [a.candidateId] });
      const { categories } = await rowOf(a.id);
      expect(categories[0]).toEqual({ path: 'sea', label: 'Sea', confidence: 1, by: 'pin' });
      expect(categories.slice(1).map((c) => c.path)).toEqual(['fields']);
    });

    it('publishes a changed article as the next revision, and an unchanged one not again', async () => {
      const url = 'https://herald.example/live';
      const a = await desk.put({ source: 'herald', text: barley, url, stage: 'categorize' });
      await categorize(desk.ctx, { ids: [a.candidateId] });
      await desk.put({ source: 'herald', text: barley, url, stage: 'categorize' });
      desk.jobs.length = 0;
      await categorize(desk.ctx, { ids: [a.candidateId] });
      expect(await desk.outcome(a.candidateId)).toMatchObject({ stage: 'done', outcome: 'published' });
      expect(desk.jobs).toEqual([]);
      await desk.put({ source: 'herald', text: `${barley} It rained later.`, url, stage: 'categorize' });
      await categorize(desk.ctx, { ids: [a.candidateId] });
      expect((await messagesOf(a.id)).map((m) => m.type)).toEqual(['article.published', 'article.updated']);
    });

    it('keeps what a person decided', async () => {
      const a = await desk.put({ source: 'herald', text: barley, stage: 'categorize' });
      const decided = [{ path: 'sea', label: 'Sea', confidence: 1, by: 'person' as const }];
      await desk.db
        .updateTable('sourcelink.article')
        .set({ categories: JSON.stringify(decided) as never })
        .where('id', '=', a.id)
        .execute();
      await categorize(desk.ctx, { ids: [a.candidateId] });
      expect((await rowOf(a.id)).categories).toEqual(decided);
    });

    it('lets one article that cannot be attributed hinder no other', async () => {
      const bad = await desk.put({ source: 'herald', text: prose(3), stage: 'categorize' });
      const good = await desk.put({ source: 'herald', text: prose(4), stage: 'categorize' });
      await desk.db.updateTable('sourcelink.article').set({ canonicalUrl: '' }).where('id', '=', bad.id).execute();
      await categorize(desk.ctx, { ids: [bad.candidateId, good.candidateId] });
      expect(await desk.outcome(bad.candidateId)).toMatchObject({ outcome: 'dead' });
      expect(await desk.outcome(good.candidateId)).toMatchObject({ stage: 'publish' });
    });

    it('ends an article whose source was removed from the configuration', async () => {
      const a = await desk.put({ source: 'gone', text: prose(5), stage: 'categorize' });
      await categorize(desk.ctx, { ids: [a.candidateId] });
      expect(await desk.outcome(a.candidateId)).toMatchObject({
        outcome: 'rejected',
        reason: expect.stringContaining('gone'),
      });
    });
  });
}
