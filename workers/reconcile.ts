import { clearAlerts } from '../ledger/alerts.js';
import { dueBackfills } from '../ledger/backfill.js';
import type { Ledger } from '../ledger/db/connect.js';
import { vacuum } from '../ledger/db/vacuum.js';
import { sinksToServe } from '../ledger/deliveries.js';
import { reopenOrphans } from '../ledger/duplicates.js';
import { takeLooks } from '../ledger/looks.js';
import { clearPages } from '../ledger/pages.js';
import { forget } from '../ledger/retention.js';
import type { Stage } from '../ledger/schema.js';
import { clearSketches } from '../ledger/sketches.js';
import { clearVisits } from '../ledger/sources.js';
import { clearStoryLog } from '../ledger/stories.js';
import { sourcesWithDuePages, takeUndriven } from '../ledger/undriven.js';
import type { Context } from './context.js';
import { driveSinks } from './drive-sinks.js';
import { lowerUnavailable } from './editorial/unavailable-after.js';
import { addByLane } from './lanes.js';
import { refreshCoverage } from './publish/coverage.js';

/** How long a row may wait for a job that should be on its way, in seconds: little when the stage's queue is empty. */
const STALE_SECONDS = { emptyQueue: 10, busyQueue: 600 };
/** Rows driven again at a time, and ids in one job. */
const LIMIT = 2000;
const BATCH = 8;

const BATCHED = ['extract', 'dedupe', 'categorize'] as const satisfies Stage[];

/**
 * Writes the jobs that the ledger says there should be: for a queue that was wiped, for a process that died between
 * row and job, for a try whose time has come. Driving a row twice does no harm, since a row is claimed before it is
 * worked on. @returns how many jobs were written
 */
export async function reconcile(ctx: Context): Promise<number> {
  let jobs = 0;
  // Copies whose original came to nothing are judged again.
  await reopenOrphans(ctx.db);
  const enabled = [...ctx.sources.values()].filter((s) => s.enabled).map((s) => s.id);
  await takeLooks(ctx.db, enabled, ctx.settings.retract.look, ctx.now());
  for (const stage of BATCHED) jobs += await driveStage(ctx, stage);
  jobs += await driveFetch(ctx);
  jobs += await driveBackfill(ctx);
  await lowerUnavailable(ctx);
  await refreshCoverage(ctx, ctx.settings.publish.coverageDelay);
  jobs += await drivePublish(ctx);
  if (jobs > 0) ctx.log.debug({ jobs }, 'reconciled');
  return jobs;
}

async function driveStage(ctx: Context, stage: (typeof BATCHED)[number]): Promise<number> {
  const counts = await ctx.queues.stage(stage).getJobCounts('waiting', 'active', 'delayed', 'prioritized');
  const queued = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const stale = queued === 0 ? STALE_SECONDS.emptyQueue : STALE_SECONDS.busyQueue;
  const rows = await takeUndriven(ctx.db, stage, stale, LIMIT);
  return addByLane(ctx, stage, rows, BATCH);
}

/** Sources with pages that are due and that nobody visits now. */
async function driveFetch(ctx: Context): Promise<number> {
  const due = (await sourcesWithDuePages(ctx.db, LIMIT)).filter((id) => ctx.sources.get(id)?.enabled);
  for (const source of due)
    await ctx.queues.add('crawl', { source, discover: false }, { deduplicate: `${source}:due` });
  return due.length;
}

/** Sources whose archive waits, and that nobody fetches from now. */
async function driveBackfill(ctx: Context): Promise<number> {
  const due = (await dueBackfills(ctx.db)).filter((id) => ctx.sources.get(id)?.enabled);
  for (const source of due) await ctx.queues.add('backfill', { source }, { deduplicate: source });
  return due.length;
}

async function drivePublish(ctx: Context): Promise<number> {
  const due = (await sinksToServe(ctx.db, ctx.now())).filter((sink) => ctx.sinks.has(sink));
  await driveSinks(ctx, due);
  return due.length;
}

/** Deletes what has been kept long enough, and says how much of each. */
export async function tidy(ctx: Context, { kind }: Pick<Ledger, 'kind'>): Promise<void> {
  const pages = await clearPages(ctx.db, ctx.settings.keep.pages);
  const visits = await clearVisits(ctx.db, ctx.settings.keep.visits);
  const cleared = { pages, visits, ...(await forget(ctx.db, ctx.settings.keep, ctx.signal)) };
  // Longer than copies and stories are looked for, so that the last look still finds its peers.
  await clearSketches(ctx.db, 3 * ctx.settings.dedupe.window);
  await clearStoryLog(ctx.db, 3 * ctx.settings.stories.open);
  await clearAlerts(ctx.db, ctx.settings.keep.visits);
  if (kind === 'pglite') await vacuum(ctx.db);
  for (const [what, n] of Object.entries(cleared)) ctx.meter.add('sourcelink_cleared_total', { what }, n);
  if (Object.values(cleared).some((n) => n > 0))
    ctx.log.info(cleared, 'deleted rows that reached the end of their retention period');
}
