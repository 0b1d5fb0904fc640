import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import { createLogger } from '../../config/logger.js';
import { Settings } from '../../config/settings.js';
import { resolveSource, type Source, SourcesFile } from '../../config/sources.js';
import { type DemoOutlets, startDemoOutlets } from '../../demo/server.js';
import { violations } from '../../ledger/invariant.js';
import { listSources } from '../../ledger/read/views.js';
import { readRenderings } from '../../ledger/renderings.js';
import { openPipeline, type Pipeline } from '../../workers/main.js';
import { QUEUE_NAMES } from '../../workers/queues.js';
import { BACKENDS, type Backend } from '../setup/backends.js';

const browser = inject('browser');
/** Pages of each source in one visit, so that there is something left for the next ones. */
const PAGES = 3;

describe.skipIf(!browser)('what visits learn of the browser, on the outlets of the demo', () => {
  let demo: DemoOutlets;
  let backend: Backend;
  let pipeline: Pipeline;
  let sources: Source[];
  let hoursOn = 0;
  /** Pages opened in the browser in the visit that goes on, by source. */
  let opened: Record<string, number> = {};

  beforeAll(async () => {
    demo = await startDemoOutlets();
    const file = SourcesFile.parse(parse(demo.sourcesYaml()));
    sources = file.sources.map((s) => resolveSource(s, file.defaults));
    const where = BACKENDS[0];
    if (!where) throw new Error('no backend');
    backend = await where.open();
    pipeline = await openPipeline({
      ...backend,
      sources,
      categories: [],
      settings: Settings.parse({
        fetch: { allowHosts: demo.allowHosts, maxArticlesPerVisit: PAGES, timeout: '60s' },
        extract: { threads: 1 },
      }),
      browser,
      log: createLogger(process.env['SOURCELINK_LOG_LEVEL'] ?? 'silent'),
      now: () => new Date(Date.now() + hoursOn * 3_600_000),
    });
    const real = pipeline.ctx.browser;
    if (!real) throw new Error('no browser');
    pipeline.ctx.browser = {
      ...real,
      render: (source, ...rest) => {
        opened[source.id] = (opened[source.id] ?? 0) + 1;
        return real.render(source, ...rest);
      },
    };
    pipeline.work(QUEUE_NAMES);
  }, 300_000);

  afterAll(async () => {
    expect(await violations(pipeline.ctx.db, [...pipeline.ctx.sinks.keys()])).toEqual([]);
    await pipeline?.close();
    await demo?.close();
    await backend?.drop();
  });

  /** One visit to each source. @returns pages fetched, and of them in the browser, by source */
  async function visit(): Promise<{ fetched: Record<string, number>; opened: Record<string, number> }> {
    const { db, queues } = pipeline.ctx;
    opened = {};
    const before = new Set((await db.selectFrom('sourcelink.visit').select('id').execute()).map((r) => r.id));
    for (const { id } of sources) await queues.add('crawl', { source: id, discover: true });
    for (;;) {
      await delay(250);
      const runs = (await db.selectFrom('sourcelink.visit').selectAll().execute()).filter((r) => !before.has(r.id));
      const busy = await db
        .selectFrom('sourcelink.candidate')
        .select('id')
        .where((eb) => eb.or([eb('stage', '=', 'extract'), eb('leaseOwner', 'is not', null)]))
        .execute();
      if (runs.length < sources.length || busy.length > 0) continue;
      const fetched = Object.fromEntries(runs.map((r) => [r.sourceId, r.fetched]));
      const rendered = Object.fromEntries(runs.filter((r) => r.rendered > 0).map((r) => [r.sourceId, r.rendered]));
      expect(rendered).toEqual(opened);
      console.log(
        `visit: ${sources.map(({ id }) => `${id} ${fetched[id]} pages, ${opened[id] ?? 0} in the browser`).join('; ')}`,
      );
      return { fetched, opened };
    }
  }

  const waysNow = async (): Promise<Record<string, string>> => {
    const known = await readRenderings(
      pipeline.ctx.db,
      sources.map((s) => s.id),
    );
    return Object.fromEntries([...known].map(([id, { way }]) => [id, way]));
  };
  const others = () => sources.map((s) => s.id).filter((id) => id !== 'signalworks');

  it('opens at first only pages that are empty without it', async () => {
    const first = await visit();
    expect(first.opened).toEqual({ signalworks: PAGES });
    expect(Object.values(first.fetched)).toEqual(sources.map(() => PAGES));
    expect(await waysNow()).toEqual({
      signalworks: 'browser',
      ...Object.fromEntries(others().map((id) => [id, 'static'])),
    });
  }, 400_000);

  it('then goes straight to the browser where it is needed, and never elsewhere', async () => {
    const second = await visit();
    expect(second.opened).toEqual({ signalworks: PAGES });
    const pages = await pipeline.ctx.db
      .selectFrom('sourcelink.candidate as c')
      .innerJoin('sourcelink.page as p', 'p.id', 'c.pageId')
      .select(['c.render', 'p.via', 'c.sourceId as source'])
      .orderBy('c.id')
      .execute();
    // `render` is set where a static page came first.
    const scripted = pages.filter((p) => p.source === 'signalworks');
    expect(scripted.map((p) => p.via)).toEqual(Array(2 * PAGES).fill('browser'));
    expect(scripted.filter((p) => p.render)).toHaveLength(PAGES);
    expect(pages.filter((p) => p.source !== 'signalworks' && p.via === 'browser')).toEqual([]);
  }, 400_000);

  it('looks at one page of each source both ways when a check is due, and finds the same', async () => {
    hoursOn = 2;
    const before = await waysNow();
    const third = await visit();
    const checked = Object.keys(third.fetched).filter((id) => (third.fetched[id] ?? 0) > 0);
    expect(third.opened).toEqual(Object.fromEntries(checked.map((id) => [id, 1])));
    expect(await waysNow()).toEqual(before);
    const views = await listSources(pipeline.ctx.db);
    expect(views.find((v) => v.id === 'signalworks')?.rendering).toMatchObject({
      way: 'browser',
      rendered: 2 * PAGES + 1,
    });
  }, 400_000);
});
