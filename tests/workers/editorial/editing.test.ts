import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flattenCategories } from '../../../config/categories.js';
import { ArticleMessage } from '../../../contract/contract.js';
import { correctedArticles } from '../../../ledger/corrections.js';
import { claimDeliveries, delivered } from '../../../ledger/deliveries.js';
import { violations } from '../../../ledger/invariant.js';
import { categorize } from '../../../workers/categorize/categorize.js';
import { refileArticle, retractArticle } from '../../../workers/editorial/editing.js';
import { BACKENDS, type Backend } from '../../setup/backends.js';
import { type Desk, openDesk, outlet } from '../../setup/desk.js';

const CATEGORIES = flattenCategories([
  { id: 'sea', label: 'Sea', keywords: ['harbour'], examples: ['Ferry timetable changes in spring'] },
  { id: 'fields', label: 'Fields', keywords: ['barley'], examples: ['Barley harvest ends early'] },
]);
const barley = 'The barley harvest is in. Every tractor is back in its shed, and the barley is dry.';

for (const { name, available, open } of BACKENDS.filter((b) => !b.name.includes('Redis'))) {
  describe.skipIf(!available)(`what an editor decides on ${name}`, () => {
    let backend: Backend;
    let desk: Desk;
    beforeAll(async () => {
      backend = await open();
      desk = await openDesk(backend, [outlet('herald', 'The Herald')], { categories: CATEGORIES });
    });
    afterAll(async () => {
      expect(await violations(desk.db, ['articles'])).toEqual([]);
      await desk.ledger.close();
      await backend.drop();
    });

    /** Brings what is due to the sink, as `publish` does. */
    const send = async (): Promise<ArticleMessage[]> => {
      const due = await claimDeliveries(desk.db, 'articles', desk.ctx.owner, { most: 50 }, desk.ctx.now());
      await delivered(desk.db, due, desk.ctx.owner, desk.ctx.now());
      return due.map((d) => ArticleMessage.parse(d.message));
    };
    const publish = async (text = barley, url = `https://herald.example/${randomUUID()}`) => {
      const put = await desk.put({ source: 'herald', text, url, stage: 'categorize' });
      await categorize(desk.ctx, { ids: [put.candidateId] });
      await send();
      return { ...put, url };
    };
    const rowOf = (id: string) =>
      desk.db.selectFrom('sourcelink.article').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

    it('withdraws an article everywhere, once, and no later look brings it back', async () => {
      const { id, candidateId, url } = await publish();
      desk.jobs.length = 0;
      await retractArticle(desk.ctx, id, 'its owner asked for it');
      expect(desk.jobs).toEqual([{ queue: 'publish', data: { sink: 'articles' } }]);
      expect(await desk.outcome(candidateId)).toMatchObject({ stage: 'publish', outcome: null });
      expect(await send()).toMatchObject([
        {
          type: 'article.retracted',
          id,
          revision: 2,
          reason: 'its owner asked for it',
          article: { id, canonicalUrl: url, source: { id: 'herald', name: 'The Herald' } },
        },
      ]);
      expect(await desk.outcome(candidateId)).toMatchObject({ stage: 'done', outcome: 'retracted' });
      await retractArticle(desk.ctx, id, 'again');
      expect(await send()).toEqual([]);
    });

    it('files an article elsewhere, tells the sinks, teaches the classifier and keeps it there', async () => {
      const { id, candidateId, url } = await publish();
      expect((await rowOf(id)).categories[0]).toMatchObject({ path: 'fields' });
      await refileArticle(desk.ctx, id, 'sea');
      const categories = [{ path: 'sea', label: 'Sea', confidence: 1, by: 'person' }];
      expect(await send()).toMatchObject([{ type: 'article.updated', id, revision: 2, article: { id, categories } }]);
      expect((await correctedArticles(desk.db)).map((c) => c.path)).toContain('sea');
      await desk.put({ source: 'herald', text: `Corrected. ${barley}`, url, stage: 'categorize' });
      await categorize(desk.ctx, { ids: [candidateId] });
      expect(await send()).toMatchObject([{ type: 'article.updated', revision: 3, article: { categories } }]);
    });

    it('drops what still waits for a sink, and tells it all the same', async () => {
      const put = await desk.put({ source: 'herald', text: barley, stage: 'categorize' });
      await categorize(desk.ctx, { ids: [put.candidateId] });
      await retractArticle(desk.ctx, put.id, 'too early');
      expect((await send()).map((m) => m.type)).toEqual(['article.retracted']);
      expect(await send()).toEqual([]);
      expect(await desk.outcome(put.candidateId)).toMatchObject({ stage: 'done', outcome: 'retracted' });
    });

    it('refuses what it cannot do, and changes nothing then', async () => {
      await expect(retractArticle(desk.ctx, randomUUID(), 'x')).rejects.toMatchObject({ code: 'USAGE' });
      const { id, candidateId, url } = await publish();
      await expect(refileArticle(desk.ctx, id, 'nowhere')).rejects.toThrow(/no category `nowhere`/);
      await desk.put({ source: 'herald', text: barley, url, stage: 'dedupe' });
      await expect(refileArticle(desk.ctx, id, 'sea')).rejects.toMatchObject({ code: 'PUBLISH_BUSY', retryable: true });
      await desk.put({ source: 'herald', text: barley, url, stage: 'categorize' });
      await categorize(desk.ctx, { ids: [candidateId] });
      await retractArticle(desk.ctx, id, 'now it rests');
      await expect(refileArticle(desk.ctx, id, 'sea')).rejects.toThrow(/was retracted/);
      expect((await send()).map((m) => m.type)).toEqual(['article.retracted']);
    });
  });
}
