import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Source } from '../../../config/sources.js';
import { saveEndpoints } from '../../../ledger/endpoints.js';
import { recordFound } from '../../../ledger/found.js';
import { violations } from '../../../ledger/invariant.js';
import { finishVisit, registerSources, withSource } from '../../../ledger/sources.js';
import { dueSources, publishedByHour } from '../../../ledger/visits.js';
import { alignPlans, askDue, planAfter } from '../../../workers/planning/planner.js';
import { BACKENDS, type Backend } from '../../setup/backends.js';
import { type Desk, openDesk, outlet } from '../../setup/desk.js';

const MINUTE = 60_000;
const START = Date.parse('2026-03-02T12:00:00Z');

describe.each(BACKENDS.filter((b) => b.available && !b.name.includes('Redis')))('visits on $name', ({ open }) => {
  let backend: Backend;
  let desk: Desk;
  let now: number;
  let warned: string[];
  const sources = [
    outlet('fixed', 'Fixed', { every: '30m' }),
    outlet('auto', 'Auto'),
    outlet('cron', 'Cron', { cron: '0 6 * * *' }),
    outlet('off', 'Off', { enabled: false }),
  ];

  const asked = async (): Promise<string[]> => {
    desk.jobs.length = 0;
    await askDue(desk.ctx);
    return desk.jobs.map((j) => (j.data as { source: string }).source);
  };
  /** As crawl() ends a visit. */
  const visit = async (source: Source, failures = 0): Promise<void> => {
    const run = { id: randomUUID(), sourceId: source.id, discovering: true, startedAt: new Date(now) };
    const counts = { requests: 1, notModified: 0, discovered: 0, fetched: 0, rendered: 0, failed: 0 };
    const at = new Date(now);
    const plan = await planAfter(desk.ctx, source, { now: at, lookedAt: at, failures, retryAfterMs: null });
    const health = { state: 'ok' as const, code: null, reason: null, how: null, answered: failures === 0 };
    await finishVisit(desk.db, { ...run, ...counts }, health, plan, { channels: [], times: 2, seconds: 0 });
  };
  const planOf = (id: string) =>
    desk.db
      .selectFrom('sourcelink.source_state')
      .select(['nextVisitAt as at', 'nextVisitWhy as why'])
      .where('sourceId', '=', id)
      .executeTakeFirstOrThrow();

  beforeAll(async () => {
    backend = await open();
    desk = await openDesk(backend, sources, { now: () => new Date(now) });
    desk.ctx.log.warn = ((facts: { source: string }) => void warned.push(facts.source)) as typeof desk.ctx.log.warn;
  });
  beforeEach(async () => {
    now = START;
    warned = [];
    for (const table of ['source_state', 'visit', 'endpoint'] as const)
      await desk.db.deleteFrom(`sourcelink.${table}`).execute();
    await registerSources(desk.db, sources);
  });
  afterAll(async () => {
    expect(await violations(desk.db, [])).toEqual([]);
    await desk.ledger.close();
    await backend.drop();
  });

  it('are asked for at once where there was none, but not of what is switched off', async () => {
    expect((await asked()).sort()).toEqual(['auto', 'cron', 'fixed']);
    expect(await asked()).toEqual([]);
  });

  it('are asked for once when they are due, however many processes plan', async () => {
    for (const s of sources) await visit(s);
    expect(await asked()).toEqual([]);
    now += 31 * MINUTE;
    desk.jobs.length = 0;
    const counts = await Promise.all(Array.from({ length: 6 }, () => askDue(desk.ctx)));
    expect(counts.reduce((a, b) => a + b)).toBe(1);
    expect(desk.jobs).toEqual([{ queue: 'crawl', data: { source: 'fixed', discover: true } }]);
  });

  it('are asked for again when the queue was wiped, and told of when they are long overdue', async () => {
    for (const s of sources) await visit(s);
    now = (await planOf('fixed')).at?.getTime() ?? 0;
    expect(await asked()).toEqual(['fixed']);
    now += MINUTE;
    expect(await asked()).toEqual([]);
    now += 2 * MINUTE;
    expect(await asked()).toEqual(['fixed']);
    expect(warned).toEqual([]);
    now += 40 * MINUTE;
    expect(await asked()).toContain('fixed');
    expect(warned).toEqual(['fixed']);
  });

  it('are not asked for while one is under way, nor of a source that is paused', async () => {
    await desk.db.updateTable('sourcelink.source_state').set({ paused: true }).where('sourceId', '=', 'cron').execute();
    await withSource(desk.db, 'fixed', desk.ctx.owner, async () => expect(await asked()).toEqual(['auto']));
    expect(await asked()).toEqual(['fixed']);
  });

  it('are planned anew when sources.yaml gives another schedule, and only then', async () => {
    for (const s of sources) await visit(s);
    const before = await planOf('auto');
    await alignPlans(desk.ctx);
    expect(await planOf('auto')).toEqual(before);
    const changed = new Map([...desk.ctx.sources, ['auto', outlet('auto', 'Auto', { every: '10m' })]]);
    expect(await alignPlans({ ...desk.ctx, sources: changed })).toBe(3);
    const after = await planOf('auto');
    expect(after.why).toBe('every');
    expect(await planOf('fixed')).toMatchObject({ why: 'every' });
  });

  it('are found by `run --due` without being taken', async () => {
    const ids = ['fixed', 'auto', 'cron'];
    expect(await dueSources(desk.db, ids, new Date(now))).toEqual(['auto', 'cron', 'fixed']);
    for (const s of sources) await visit(s);
    expect(await dueSources(desk.db, ids, new Date(now))).toEqual([]);
    now += 31 * MINUTE;
    expect(await dueSources(desk.db, ids, new Date(now))).toEqual(['fixed']);
    expect(await dueSources(desk.db, [], new Date(now))).toEqual([]);
  });

  it('follow what the ledger knows of an outlet: the hours of its articles, and what its lists ask for', async () => {
    const [, auto] = sources;
    if (!auto) throw new Error('no source');
    const hints = { guid: null, title: 't', authors: [], updatedAt: null, summary: null, image: null, language: null };
    const at = (ago: number): string => new Date(START - ago * MINUTE).toISOString();
    const found = (
      name: string,
      publishedAt: string | null,
      rejected: { code: string; reason: string } | null = null,
    ) => {
      const url = `https://auto.example/${name}`;
      return { url, urlKey: url.slice(8), hints: { ...hints, tags: [], via: 'feed', publishedAt }, rejected };
    };
    await recordFound(desk.db, 'auto', [
      ...Array.from({ length: 200 }, (_, i) => found(`a${i}`, at(6 * i + 1))),
      found('undated', null),
      found('old', at(30 * 24 * 60)),
      found('advertisement', at(2), { code: 'FILTER_EXCLUDE', reason: 'r' }),
    ]);
    await desk.db
      .updateTable('sourcelink.candidate')
      .set({ discoveredAt: new Date(START) })
      .execute();
    const hours = await publishedByHour(desk.db, 'auto', new Date(START));
    expect([...hours.values()].reduce((a, b) => a + b, 0)).toBe(200);
    expect(hours.get(START / (60 * MINUTE) - 1)).toBe(10);
    const look = { now: new Date(START), lookedAt: new Date(START), failures: 0, retryAfterMs: null };
    const busy = await planAfter(desk.ctx, auto, look);
    expect(busy.why).toBe('rhythm');
    expect((busy.at?.getTime() ?? 0) - START).toBeLessThan(10 * MINUTE);
    const endpoint = {
      links: null,
      etag: null,
      lastModified: null,
      bodyHash: null,
      format: null,
      movedTo: null,
      push: null,
    };
    const place = {
      ...endpoint,
      kind: 'feed' as const,
      origin: 'found' as const,
      checkedAt: null,
      error: null,
      failures: 0,
    };
    await saveEndpoints(desk.db, 'auto', [{ ...place, url: 'https://auto.example/rss', restMs: 25 * MINUTE }]);
    expect(await planAfter(desk.ctx, auto, look)).toMatchObject({
      at: new Date(START + 25 * MINUTE),
      why: 'publisher',
    });
  });
});
