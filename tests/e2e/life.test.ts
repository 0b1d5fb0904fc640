import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../config/logger.js';
import { Settings } from '../../config/settings.js';
import { resolveSource, SourceEntry } from '../../config/sources.js';
import { violations } from '../../ledger/invariant.js';
import { revisionChanges } from '../../workers/editorial/revisions.js';
import { openPipeline, type Pipeline } from '../../workers/main.js';
import { runPass } from '../../workers/pass.js';
import { QUEUE_NAMES } from '../../workers/queues.js';
import { reconcile } from '../../workers/reconcile.js';
import { article, feed, HEADLINES, type Outlet, openOutlet, pathOf } from '../cli/outlet.js';
import { BACKENDS, type Backend } from '../setup/backends.js';

const DAY = 86_400_000;
const where = BACKENDS.filter((b) => b.available && !b.name.includes('Redis')).at(-1);

describe.skipIf(!where)('the life of an article after it was published', () => {
  let outlet: Outlet;
  let backend: Backend;
  let pipeline: Pipeline;
  let ahead = 0;

  beforeAll(async () => {
    if (!where) throw new Error('no backend');
    backend = await where.open();
    outlet = await openOutlet(() => '');
    outlet.pages.set('/feed', feed(outlet.origin));
    HEADLINES.forEach((_, i) => void outlet.pages.set(pathOf(i), article(i)));
    const entry = {
      id: 'quay',
      name: 'The Quay',
      url: outlet.origin,
      feeds: [`${outlet.origin}/feed`],
      republish: 'full',
    };
    pipeline = await openPipeline({
      ...backend,
      sources: [resolveSource(SourceEntry.parse({ ...entry, render: 'never', delay: '0ms' }))],
      categories: [],
      settings: Settings.parse({
        fetch: { allowHosts: [new URL(outlet.origin).host], attempts: 1 },
        extract: { threads: 1, deadline: '60s' },
        publish: { sinks: { articles: { type: 'queue' } } },
      }),
      browser: null,
      log: createLogger(process.env['SOURCELINK_LOG_LEVEL'] ?? 'silent'),
      now: () => new Date(Date.now() + ahead),
    });
    pipeline.work(QUEUE_NAMES);
    pipeline.watch(500);
    await pass();
  }, 240_000);
  afterAll(async () => {
    await pipeline?.close();
    await outlet?.close();
    await backend?.drop();
  });

  const pass = async () => {
    await reconcile(pipeline.ctx);
    return runPass(pipeline.ctx, { sources: ['quay'], signal: AbortSignal.timeout(200_000) });
  };
  const rewrite = (i: number, change: (html: string) => string) =>
    outlet.pages.set(pathOf(i), { body: change(article(i).body ?? '') });
  const stateOf = async (i: number) => {
    const row = await pipeline.ctx.db
      .selectFrom('sourcelink.candidate')
      .innerJoin('sourcelink.article', 'sourcelink.article.candidateId', 'sourcelink.candidate.id')
      .select(['outcome', 'code', 'reason', 'sourcelink.article.id as id'])
      .where('url', '=', `${outlet.origin}${pathOf(i)}`)
      .executeTakeFirstOrThrow();
    const revisions = await revisionChanges(pipeline.ctx.db, row.id);
    return { ...row, types: revisions.map((r) => r.type), revisions };
  };

  it('goes on as its page does: an update where a reader would notice, a retraction where the page says so or is gone', async () => {
    rewrite(0, (html) =>
      html
        .replace(
          '<p>',
          '<p class="meta">1,204 views</p><p class="meta">3 min read</p><p class="meta">Updated: 5 March 2026, 10:14</p><p>',
        )
        .replaceAll('</p><p>', '</p>\n\n  <div class="ad">Advertisement 17</div>\n <p>')
        .replace('T08:00:00-05:00', 'T09:30:00-05:00'),
    );
    rewrite(1, (html) => html.replace('<p>The ', '<p>Correction: the '));
    outlet.pages.set(pathOf(2), { status: 410 });
    outlet.pages.set(pathOf(3), {
      body: `<html lang="en"><title>${HEADLINES[3]}</title><article><h1>${HEADLINES[3]}</h1><p>This article has been removed at the request of its author.</p></article></html>`,
    });
    outlet.pages.set(pathOf(4), { status: 404 });
    ahead += DAY + 60_000;
    const { updated, retracted, published } = await pass();
    expect({ updated, retracted, published }).toEqual({ updated: 1, retracted: 2, published: 0 });

    const [same, corrected, gone, removed, missing] = await Promise.all([0, 1, 2, 3, 4].map(stateOf));
    expect(same).toMatchObject({ outcome: 'published', types: ['article.published'] });
    expect(corrected).toMatchObject({ outcome: 'published', types: ['article.published', 'article.updated'] });
    const changes = corrected?.revisions[1]?.changes ?? [];
    expect(changes.map((c) => c.what)).toEqual(['text']);
    expect(changes[0]?.runs.slice(0, 2)).toEqual([
      { kind: 'gone', text: 'The' },
      { kind: 'new', text: 'Correction: the' },
    ]);
    expect(gone).toMatchObject({ outcome: 'retracted', types: ['article.published', 'article.retracted'] });
    expect(gone?.reason).toBe('the source took its page down (410)');
    expect(removed).toMatchObject({ outcome: 'retracted', types: ['article.published', 'article.retracted'] });
    expect(removed?.reason).toMatch(/This article has been removed at the request of its author/);
    expect(missing).toMatchObject({ outcome: 'published', code: 'FETCH_NOT_FOUND', types: ['article.published'] });
  }, 240_000);

  it('ends when its page is still not found two days later, and does not begin again when it is back', async () => {
    ahead += DAY + 60_000;
    await pass();
    expect(await stateOf(4)).toMatchObject({ outcome: 'published' });
    ahead += DAY + 60_000;
    expect(await pass()).toMatchObject({ retracted: 1 });
    expect(await stateOf(4)).toMatchObject({
      outcome: 'retracted',
      reason: expect.stringMatching(/not been found \(404\) since/),
    });
    for (const i of [2, 3, 4]) outlet.pages.set(pathOf(i), article(i));
    outlet.pages.set('/moved', {
      body: (article(2).body ?? '').replaceAll(HEADLINES[2] ?? '', 'New words for the library'),
    });
    const more = `<item><title>New words for the library</title><link>${outlet.origin}/moved</link></item></channel>`;
    outlet.pages.set('/feed', {
      ...feed(outlet.origin),
      body: (feed(outlet.origin).body ?? '').replace('</channel>', more),
    });
    ahead += DAY;
    expect(await pass()).toMatchObject({ discovered: 1, published: 0, updated: 0, rejected: 1 });
    expect(await violations(pipeline.ctx.db, ['articles'])).toEqual([]);
  }, 240_000);
});
