import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ArticleMessage } from '../../../contract/contract.js';
import { violations } from '../../../ledger/invariant.js';
import { forgetStories } from '../../../ledger/stories.js';
import { categorize } from '../../../workers/categorize/categorize.js';
import { dedupe } from '../../../workers/dedupe/dedupe.js';
import { refreshCoverage } from '../../../workers/publish/coverage.js';
import { publish } from '../../../workers/publish/publish.js';
import { BACKENDS, type Backend } from '../../setup/backends.js';
import { type Desk, openDesk, outlet, prose } from '../../setup/desk.js';
import { empty } from '../../setup/empty.js';

const HOUR = 3_600_000;
const LEDE = 'Flood water entered Port Verity on Monday and hundreds left their homes.';

for (const { name, available, open } of BACKENDS.filter((b) => !b.name.includes('Redis'))) {
  describe.skipIf(!available)(`coverage on ${name}`, () => {
    let backend: Backend;
    let desk: Desk;
    const sent: ArticleMessage[] = [];
    beforeAll(async () => {
      backend = await open();
      desk = await openDesk(backend, [
        outlet('herald', 'The Herald'),
        outlet('gazette', 'The Gazette'),
        outlet('courier', 'The Courier'),
      ]);
      desk.ctx.sinks.set('articles', {
        name: 'articles',
        deliver: async (batch) => {
          for (const { message } of batch) sent.push(message);
          return batch.map(() => null);
        },
        close: async () => undefined,
      });
    });
    afterAll(async () => {
      await desk.ledger.close();
      await backend.drop();
    });
    beforeEach(async () => {
      sent.length = 0;
      forgetStories(desk.db);
      await empty(desk.db, 'candidate', 'article', 'sketch', 'band', 'revision', 'delivery', 'story', 'story_log');
    });
    const report = async (
      source: string,
      seed: number,
      title = 'Flood in Port Verity drives hundreds from their homes',
    ) => {
      const a = await desk.put({ source, title, text: `${LEDE}\n${prose(seed)}` });
      await dedupe(desk.ctx, { ids: [a.candidateId] });
      await categorize(desk.ctx, { ids: [a.candidateId] });
      return a;
    };
    const deliver = () => publish(desk.ctx, { sink: 'articles' });
    const coverageOf = (m: ArticleMessage | undefined) =>
      m === undefined || m.type === 'article.retracted'
        ? null
        : (m.article.story?.coverage.map((c) => c.source) ?? null);

    it('sends what was published before anew when its story grew, once for all that came', async () => {
      const a = await report('herald', 1);
      await report('gazette', 2);
      await report('courier', 3);
      await deliver();
      expect(sent.map((m) => [m.type, coverageOf(m)])).toEqual([
        ['article.published', null],
        ['article.published', ['The Herald']],
        ['article.published', ['The Herald', 'The Gazette']],
      ]);
      expect(await refreshCoverage(desk.ctx, 0)).toBe(2);
      await deliver();
      const news = sent.slice(3);
      expect(news.map((m) => m.type)).toEqual(['article.updated', 'article.updated']);
      expect(coverageOf(news.find((m) => m.id === a.id))).toEqual(['The Gazette', 'The Courier']);
      expect(await violations(desk.db, ['articles'])).toEqual([]);
      // Nothing follows from a message that only says who else has the story.
      expect(await refreshCoverage(desk.ctx, 0)).toBe(0);
    });

    it('counts a copy in, whose original is of the story', async () => {
      const a = await report('herald', 1);
      await report('courier', 1);
      expect(await refreshCoverage(desk.ctx, 0)).toBe(1);
      await deliver();
      expect(coverageOf(sent.at(-1))).toEqual(['The Courier']);
      expect(sent.at(-1)?.id).toBe(a.id);
    });

    it('waits for the time set, and for a tenth of the age of an old story', async () => {
      await report('herald', 1);
      await report('gazette', 2);
      expect(await refreshCoverage(desk.ctx, HOUR)).toBe(0);
      await sql`UPDATE sourcelink.story SET stale_since = now() - interval '2 hours', first_seen_at = last_seen_at - interval '2 days'`.execute(
        desk.db,
      );
      expect(await refreshCoverage(desk.ctx, HOUR)).toBe(0);
      await sql`UPDATE sourcelink.story SET stale_since = now() - interval '5 hours'`.execute(desk.db);
      expect(await refreshCoverage(desk.ctx, HOUR)).toBe(1);
    });

    it('leaves an article that is looked at again just now for the next time', async () => {
      const a = await report('herald', 1);
      await report('gazette', 2);
      await sql`UPDATE sourcelink.candidate SET stage = 'extract', outcome = NULL WHERE id = ${a.candidateId}`.execute(
        desk.db,
      );
      expect(await refreshCoverage(desk.ctx, 0)).toBe(0);
      await sql`UPDATE sourcelink.candidate SET stage = 'publish' WHERE id = ${a.candidateId}`.execute(desk.db);
      expect(await refreshCoverage(desk.ctx, 0)).toBe(1);
    });

    it('sends nothing for a story of one, nor of what is not published', async () => {
      await report('herald', 1);
      expect(await refreshCoverage(desk.ctx, 0)).toBe(0);
      const b = await desk.put({ source: 'gazette', title: 'Flood in Port Verity', text: `${LEDE}\n${prose(2)}` });
      await dedupe(desk.ctx, { ids: [b.candidateId] });
      expect(await refreshCoverage(desk.ctx, 0)).toBe(1);
    });
  });
}
