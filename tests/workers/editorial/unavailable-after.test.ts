import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArticleMessage } from '../../../contract/contract.js';
import { claimDeliveries, delivered } from '../../../ledger/deliveries.js';
import { violations } from '../../../ledger/invariant.js';
import { categorize } from '../../../workers/categorize/categorize.js';
import { retractArticle } from '../../../workers/editorial/editing.js';
import { lowerUnavailable } from '../../../workers/editorial/unavailable-after.js';
import { BACKENDS, type Backend } from '../../setup/backends.js';
import { type Desk, openDesk, outlet } from '../../setup/desk.js';

for (const { name, available, open } of BACKENDS.filter((b) => !b.name.includes('Redis'))) {
  describe.skipIf(!available)(`an article whose time is over, on ${name}`, () => {
    let backend: Backend;
    let desk: Desk;
    let now = new Date('2026-03-02T12:00:00Z');
    beforeAll(async () => {
      backend = await open();
      desk = await openDesk(backend, [outlet('herald', 'The Herald')], { now: () => now });
    });
    afterAll(async () => {
      expect(await violations(desk.db, ['articles'])).toEqual([]);
      await desk.ledger.close();
      await backend.drop();
    });

    const send = async (): Promise<ArticleMessage[]> => {
      const due = await claimDeliveries(desk.db, 'articles', desk.ctx.owner, { most: 50 }, desk.ctx.now());
      await delivered(desk.db, due, desk.ctx.owner, desk.ctx.now());
      return due.map((d) => ArticleMessage.parse(d.message));
    };
    async function publish(until: string | null) {
      const put = await desk.put({ source: 'herald', text: `Harbour news until ${until}.`, stage: 'categorize' });
      const end = JSON.stringify({ until });
      await sql`UPDATE sourcelink.article SET rights = rights || ${end}::jsonb WHERE id = ${put.id}`.execute(desk.db);
      await categorize(desk.ctx, { ids: [put.candidateId] });
      await send();
      return put;
    }

    it('is lowered to a link once, and not before', async () => {
      const { id } = await publish('2026-03-03T00:00:00.000Z');
      await publish(null);
      await lowerUnavailable(desk.ctx);
      expect(await send()).toEqual([]);
      now = new Date('2026-03-03T00:00:01Z');
      await lowerUnavailable(desk.ctx);
      const [message, ...others] = await send();
      expect(others).toEqual([]);
      expect(message).toMatchObject({
        type: 'article.updated',
        id,
        revision: 2,
        article: { excerpt: '', image: null, rights: { level: 'link', reason: expect.stringContaining('2026-03-03') } },
      });
      const html = message?.type === 'article.updated' ? message.article.html : '';
      expect(html).toMatch(/^<p>The Herald — <a [^>]*>Source link<\/a><\/p>$/);
      await lowerUnavailable(desk.ctx);
      expect(await send()).toEqual([]);
    });

    it('stays withdrawn when it was', async () => {
      const { id } = await publish('2026-03-04T00:00:00.000Z');
      await retractArticle(desk.ctx, id, 'its owner asked for it');
      expect(await send()).toMatchObject([{ type: 'article.retracted' }]);
      now = new Date('2026-03-05T00:00:00Z');
      await lowerUnavailable(desk.ctx);
      expect(await send()).toEqual([]);
    });
  });
}
