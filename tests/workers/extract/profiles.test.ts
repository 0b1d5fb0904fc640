import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { extract as readPage } from '../../../extractors/extract.js';
import { violations } from '../../../ledger/invariant.js';
import { insertPage, packPage } from '../../../ledger/pages.js';
import { activeProfiles, countDigests, forgetProfile, KEPT_DIGESTS, readProfile } from '../../../ledger/profiles.js';
import { listSources } from '../../../ledger/read/views.js';
import { registerSources } from '../../../ledger/sources.js';
import { extract } from '../../../workers/extract/extract.js';
import { due } from '../../../workers/extract/profiles.js';
import { BACKENDS, type Backend } from '../../setup/backends.js';
import { type Desk, openDesk, outlet } from '../../setup/desk.js';
import { CLOSING, outletPage } from '../../setup/outlet-pages.js';

const SOURCES = [
  outlet('lantern', 'The Lantern', { republish: 'full' }),
  outlet('beacon', 'The Beacon', { republish: 'full' }),
  outlet('ruled', 'Ruled', { republish: 'full', extract: { body: '.story-copy' } }),
];

const HINTS = {
  guid: null,
  title: null,
  authors: [],
  publishedAt: null,
  updatedAt: null,
  summary: null,
  image: null,
  language: null,
  tags: [],
  via: 'https://lantern.example/feed',
};

describe.each(BACKENDS.filter((b) => b.available && !b.name.includes('Redis')))('profiles on $name', ({ open }) => {
  let backend: Backend;
  let desk: Desk;
  let clock: Date;

  async function start(): Promise<void> {
    desk = await openDesk(backend, SOURCES, { now: () => clock });
    desk.ctx.extractor = { extract: async (page) => readPage(page), close: async () => undefined };
    await registerSources(desk.db, SOURCES);
  }

  beforeAll(async () => {
    backend = await open();
  });
  beforeEach(async () => {
    clock = new Date('2026-03-02T12:00:00Z');
    await start();
    for (const { id } of SOURCES) await forgetProfile(desk.db, id);
  });
  afterEach(() => desk.ledger.close());
  afterAll(() => backend.drop());

  /** Reads pages of a source, one job each, as they would come over time. @returns the articles' texts */
  async function reads(source: string, pages: string[]): Promise<string[]> {
    const texts: string[] = [];
    for (const html of pages) texts.push((await readOne(source, html)).text);
    return texts;
  }

  async function readOne(source: string, html: string, again?: number): Promise<{ id: number; text: string }> {
    const url = `https://${source}.example/${randomUUID()}`;
    const { id } =
      again === undefined
        ? await desk.db
            .insertInto('sourcelink.candidate')
            .values({ sourceId: source, url, urlKey: url, hints: JSON.stringify(HINTS) as never })
            .returning('id')
            .executeTakeFirstOrThrow()
        : { id: again };
    const page = { url, via: 'http' as const, headers: { 'content-type': 'text/html' }, bytes: Buffer.from(html) };
    const pageId = await insertPage(desk.db, id, await packPage(page, clock));
    await desk.db
      .updateTable('sourcelink.candidate')
      .set({ stage: 'extract', pageId: pageId, nextTryAt: new Date(), leaseOwner: null, leaseUntil: null })
      .where('id', '=', id)
      .execute();
    await extract(desk.ctx, { ids: [id] });
    const { text } = await desk.db
      .selectFrom('sourcelink.article')
      .select('text')
      .where('candidateId', '=', id)
      .executeTakeFirstOrThrow();
    return { id, text };
  }

  const pagesOf = (seeds: number[], options: Parameters<typeof outletPage>[1] = {}): string[] =>
    seeds.map((seed) => outletPage(seed, options));
  const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

  it('learns from three articles and reads the fourth by them, also after a restart', async () => {
    const texts = await reads('lantern', pagesOf([1, 2, 3]));
    expect(texts.every((t) => t.includes(CLOSING))).toBe(true);
    expect(await readProfile(desk.db, 'lantern')).toMatchObject({
      state: 'active',
      profile: { version: 1, pages: 3 },
      figures: { pages: 3, lost: { lines: 0 } },
    });
    await desk.ledger.close();
    await start();
    const [fourth] = await reads('lantern', pagesOf([4]));
    expect(fourth).not.toContain(CLOSING);
    expect(fourth).not.toBe('');
    expect(await violations(desk.db, ['articles'])).toEqual([]);
  });

  it('never reads one source by the pages of another', async () => {
    await reads('lantern', pagesOf([1, 2, 3]));
    const [other] = await reads('beacon', pagesOf([4]));
    expect(other).toContain(CLOSING);
    expect(await readProfile(desk.db, 'beacon')).toBeNull();
    expect([...(await activeProfiles(desk.db, ['lantern', 'beacon'])).keys()]).toEqual(['lantern']);
  });

  it('lets the operator’s body rule go before it', async () => {
    const texts = await reads('ruled', pagesOf([1, 2, 3, 4]));
    expect(texts[3]).toContain(CLOSING);
  });

  it('keeps one digest of an article, however often it is read', async () => {
    const { id } = await readOne('lantern', outletPage(1));
    await readOne('lantern', outletPage(1), id);
    await readOne('lantern', outletPage(1), id);
    expect(await countDigests(desk.db, 'lantern')).toMatchObject({ all: 1, fresh: 1 });
    expect(await readProfile(desk.db, 'lantern')).toBeNull();
  });

  it('keeps a bounded number of digests, and the version while nothing new is learned', async () => {
    await reads('lantern', pagesOf(upTo(KEPT_DIGESTS + 12)));
    const { all } = await countDigests(desk.db, 'lantern');
    expect(all).toBeGreaterThanOrEqual(KEPT_DIGESTS);
    expect(all).toBeLessThan(KEPT_DIGESTS + 5);
    expect((await readProfile(desk.db, 'lantern'))?.profile).toMatchObject({ version: 1, pages: KEPT_DIGESTS });
  }, 60_000);

  it('does not use what brings nothing, and says so', async () => {
    const body = (seed: number): string =>
      outletPage(seed, { closing: '' }).replaceAll('story-copy', `copy-${'abc'.charAt(seed % 3)}`);
    await reads('lantern', [1, 2, 3].map(body));
    expect(await readProfile(desk.db, 'lantern')).toMatchObject({
      state: 'unused',
      reason: 'it changes nothing, and no element holds most paragraphs of most articles',
    });
    expect(await activeProfiles(desk.db, ['lantern'])).toEqual(new Map());
  });

  it('notices a change of template, says so, and learns from the new pages alone', async () => {
    const warn = vi.spyOn(desk.ctx.log, 'warn');
    await reads('lantern', pagesOf(upTo(8)));
    await reads('lantern', pagesOf([11, 12, 13, 14, 15], { template: 'new' }));
    const aside = await readProfile(desk.db, 'lantern');
    expect(aside).toMatchObject({ state: 'set aside', reason: expect.stringContaining('newest 5 pages') });
    expect(warn).toHaveBeenCalledWith(
      expect.objectContaining({ source: 'lantern', hint: expect.stringContaining('learned anew') }),
      expect.stringMatching(/^lantern: its newest 5 pages are not like those before: \d+ % of the text/),
    );
    expect(await activeProfiles(desk.db, ['lantern'])).toEqual(new Map());
    expect((await listSources(desk.db)).find((s) => s.id === 'lantern')?.profile?.state).toBe('set aside');
    await reads('lantern', pagesOf([16, 17, 18], { template: 'new' }));
    const anew = await readProfile(desk.db, 'lantern');
    expect(anew).toMatchObject({ state: 'active', profile: { version: 2, pages: 8 } });
    expect(anew?.profile?.bodyPaths[0]).toContain('grid');
    expect(anew?.profile?.boilerplate).toEqual([]);
  }, 60_000);

  it('forgets on demand', async () => {
    await reads('lantern', pagesOf([1, 2, 3]));
    expect(await forgetProfile(desk.db, 'lantern')).toEqual({ digests: 3, profile: true });
    const [next] = await reads('lantern', pagesOf([4]));
    expect(next).toContain(CLOSING);
  });

  it('loses no article when learning fails', async () => {
    const warn = vi.spyOn(desk.ctx.log, 'warn');
    await reads('lantern', pagesOf([1, 2]));
    await desk.db
      .updateTable('sourcelink.digest')
      .set({ digest: '{"lines": 1}' as never })
      .execute();
    expect(await reads('lantern', pagesOf([3]))).toHaveLength(1);
    expect(warn).toHaveBeenCalledWith(
      expect.objectContaining({ source: 'lantern' }),
      'lantern: the profile could not be updated from its pages',
    );
  });
});

describe('when a source is learned from', () => {
  const record = (state: 'active' | 'set aside', hoursAgo: number) => ({
    sourceId: 'lantern',
    state,
    reason: '',
    upTo: 0,
    profile: null,
    figures: null,
    learnedAt: new Date(Date.parse('2026-03-02T12:00:00Z') - hoursAgo * 3_600_000),
  });
  const at = new Date('2026-03-02T12:00:00Z');

  it.each([
    [{ all: 2, fresh: 2 }, null, false],
    [{ all: 3, fresh: 3 }, null, true],
    [{ all: 4, fresh: 1 }, record('active', 1), false],
    [{ all: 5, fresh: 2 }, record('active', 1), true],
    [{ all: 30, fresh: 4 }, record('active', 1), false],
    [{ all: 30, fresh: 5 }, record('active', 1), true],
    [{ all: 30, fresh: 1 }, record('active', 25), true],
    [{ all: 30, fresh: 0 }, record('active', 25), false],
    [{ all: 7, fresh: 2 }, record('set aside', 25), false],
    [{ all: 8, fresh: 3 }, record('set aside', 1), true],
  ])('%j after %j: %s', (count, known, wanted) => {
    expect(due({ sourceId: 'lantern', ...count }, known, at)).toBe(wanted);
  });
});
