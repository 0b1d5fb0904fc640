import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clearStoryLog, forgetStories } from '../../../ledger/stories.js';
import { mergeStoriesOf, moveBeside } from '../../../ledger/story-rulings.js';
import { categorize } from '../../../workers/categorize/categorize.js';
import { dedupe } from '../../../workers/dedupe/dedupe.js';
import { BACKENDS, type Backend } from '../../setup/backends.js';
import { type Desk, openDesk, outlet, prose } from '../../setup/desk.js';
import { empty } from '../../setup/empty.js';

const FLOOD = 'Flood in Port Verity drives hundreds from their homes';

for (const { name, available, open } of BACKENDS.filter((b) => !b.name.includes('Redis'))) {
  describe.skipIf(!available)(`stories on ${name}`, () => {
    let backend: Backend;
    let desk: Desk;
    beforeAll(async () => {
      backend = await open();
      desk = await openDesk(backend, [
        outlet('herald', 'The Herald'),
        outlet('gazette', 'The Gazette'),
        outlet('courier', 'The Courier'),
      ]);
    });
    afterAll(async () => {
      await desk.ledger.close();
      await backend.drop();
    });
    beforeEach(async () => {
      forgetStories(desk.db);
      await empty(desk.db, 'candidate', 'article', 'sketch', 'band', 'revision', 'delivery', 'story', 'story_log');
    });
    const storyOf = async (id: string) =>
      (await desk.db.selectFrom('sourcelink.article').select('storyId').where('id', '=', id).executeTakeFirstOrThrow())
        .storyId;
    /** Reports of the same event in words of their own. */
    const report = (
      source: string,
      title: string,
      seed: number,
      lede = 'Flood water entered Port Verity on Monday and hundreds left their homes.',
    ) => desk.put({ source, title, text: `${lede}\n${prose(seed)}` });

    it('puts reports of one event into one story, also when another process takes over', async () => {
      const a = await report('herald', FLOOD, 1);
      await dedupe(desk.ctx, { ids: [a.candidateId] });
      forgetStories(desk.db);
      const b = await report('gazette', 'Hundreds leave their homes as flood reaches Port Verity', 2);
      const c = await report(
        'courier',
        'Orchestra names a new conductor',
        3,
        'The city orchestra has chosen Mira Lund to lead it.',
      );
      await dedupe(desk.ctx, { ids: [b.candidateId, c.candidateId] });
      expect(await storyOf(b.id)).toBe(await storyOf(a.id));
      expect(await storyOf(c.id)).not.toBe(await storyOf(a.id));
      const stories = await desk.db.selectFrom('sourcelink.story').selectAll().orderBy('id').execute();
      expect(new Set(stories.map((s) => s.headlineId))).toEqual(new Set([a.id, c.id]));
    });

    it('take in no report that comes later than the settings say', async () => {
      const lede = 'Flood water entered Port Verity on Monday and hundreds left their homes.';
      const at = (hour: number, source: string, seed: number) =>
        desk.put({
          source,
          title: FLOOD,
          text: `${lede}\n${prose(seed)}`,
          publishedAt: `2026-03-02T0${hour}:00:00Z`,
        });
      const ctx = { ...desk.ctx, settings: { ...desk.ctx.settings, stories: { open: 2 * 3_600_000 } } };
      const [a, b, c] = [await at(1, 'herald', 1), await at(3, 'gazette', 2), await at(6, 'courier', 3)];
      await dedupe(ctx, { ids: [a.candidateId, b.candidateId, c.candidateId] });
      expect(await storyOf(b.id)).toBe(await storyOf(a.id));
      expect(await storyOf(c.id)).not.toBe(await storyOf(a.id));
    });

    it('are corrected by naming articles, as the site does, whatever became of their stories meanwhile', async () => {
      const a = await report('herald', FLOOD, 1);
      const copy = await report('courier', FLOOD, 1);
      const b = await report(
        'gazette',
        'Orchestra names a new conductor',
        3,
        'The city orchestra has chosen Mira Lund.',
      );
      await dedupe(desk.ctx, { ids: [a.candidateId, copy.candidateId, b.candidateId] });
      const [of, own] = [await storyOf(a.id), await storyOf(b.id)];
      expect(await moveBeside(desk.db, b.id, copy.id)).toBe(of);
      expect(await moveBeside(desk.db, b.id, a.id)).toBe(of);
      expect(await storyOf(b.id)).toBe(of);
      expect(await moveBeside(desk.db, b.id, null)).not.toBe(of);
      expect(await mergeStoriesOf(desk.db, b.id, a.id)).toBe(of);
      expect(await mergeStoriesOf(desk.db, b.id, a.id)).toBe(of);
      expect([await storyOf(a.id), await storyOf(copy.id), await storyOf(b.id)]).toEqual([of, of, of]);
      expect(own).not.toBe(of);
      await expect(mergeStoriesOf(desk.db, randomUUID(), a.id)).rejects.toMatchObject({ code: 'USAGE' });
    });

    it('tells readers of an article who else has its story, copies too', async () => {
      const a = await report('herald', FLOOD, 1);
      const copy = await report('courier', FLOOD, 1);
      const b = await report('gazette', 'Hundreds leave their homes as flood reaches Port Verity', 2);
      await dedupe(desk.ctx, { ids: [a.candidateId, copy.candidateId, b.candidateId] });
      expect(await storyOf(copy.id)).toBe(await storyOf(a.id));
      await categorize(desk.ctx, { ids: [b.candidateId] });
      const { message } = await desk.db
        .selectFrom('sourcelink.revision')
        .select('message')
        .where('articleId', '=', b.id)
        .executeTakeFirstOrThrow();
      expect(message).toMatchObject({
        article: {
          story: {
            id: await storyOf(a.id),
            size: 3,
            coverage: [
              { source: 'The Herald', title: FLOOD },
              { source: 'The Courier', title: FLOOD },
            ],
          },
        },
      });
    });

    it('says nothing of a story that nobody else has', async () => {
      const a = await report('herald', FLOOD, 1);
      await dedupe(desk.ctx, { ids: [a.candidateId] });
      await categorize(desk.ctx, { ids: [a.candidateId] });
      const { message } = await desk.db.selectFrom('sourcelink.revision').select('message').executeTakeFirstOrThrow();
      expect(message).toMatchObject({ article: { story: null } });
    });

    it('keeps an article in its story when its page changes', async () => {
      const a = await report('herald', FLOOD, 1);
      await dedupe(desk.ctx, { ids: [a.candidateId] });
      const before = await storyOf(a.id);
      await desk.db
        .updateTable('sourcelink.candidate')
        .set({ stage: 'dedupe' })
        .where('id', '=', a.candidateId)
        .execute();
      await desk.db
        .updateTable('sourcelink.article')
        .set({ title: 'Calm after the flood', text: prose(8) })
        .execute();
      await dedupe(desk.ctx, { ids: [a.candidateId] });
      expect(await storyOf(a.id)).toBe(before);
    });

    it('forgets the log of what is long over', async () => {
      const a = await report('herald', FLOOD, 1);
      await dedupe(desk.ctx, { ids: [a.candidateId] });
      expect(await clearStoryLog(desk.db, 86_400_000 * 3650)).toBe(0);
      expect(await clearStoryLog(desk.db, -86_400_000 * 3650)).toBe(1);
    });
  });
}
