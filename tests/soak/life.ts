import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { sql } from 'kysely';
import { loadConfig } from '../../config/load.js';
import type { Logger } from '../../config/logger.js';
import { type Violation, violations } from '../../ledger/invariant.js';
import type { Context } from '../../workers/context.js';
import { openPipeline } from '../../workers/main.js';
import { watchSources } from '../../workers/monitoring/watch-sources.js';
import { alignPlans, askDue } from '../../workers/planning/planner.js';
import { QUEUE_NAMES } from '../../workers/queues.js';
import { reconcile, tidy } from '../../workers/reconcile.js';
import { shiftLedger, shiftServer, startClock } from './clock.js';
import type { Stores } from './sample.js';

const HOUR_MS = 3_600_000;
const LOOK_MS = 100;
/** So long the work of one step may take, in wall time: a busy machine or a process that was held is no fault. */
const PATIENCE_MS = 20 * 60_000;
const WATCH_MS = 5000;

export type LifeOptions = {
  configDir: string;
  dataDir: string;
  databaseUrl: string | null;
  queueUrl: string | null;
  hours: number;
  /** From one look at what is due to the next, in simulated time; a part of an hour. */
  stepMs: number;
};

export type Life = {
  visits: number;
  /** Messages taken from the queue `articles`. */
  messages: number;
  violations: Violation[];
  /** What still kept the process alive when all was closed, by kind. */
  leftOpen: string[];
};

/**
 * The whole pipeline in this process, through simulated hours: the clock is set forward whenever nothing is under way, what is due
 * then is done in its own time, and so on.
 * @param outside.time is told how far the clock is ahead of the wall's, before anything is done; `hour` has come, and nothing is under way
 */
export async function live(
  options: LifeOptions,
  log: Logger,
  outside: { time(ahead: number): Promise<void>; hour(hour: number, stores: Stores): Promise<void> },
): Promise<Life> {
  const clock = startClock();
  if (options.databaseUrl !== null) await shiftServer(options.databaseUrl);
  const config = loadConfig(options);
  const pipeline = await openPipeline({ ...config, ...options, browser: null, log, now: clock.now });
  const { ctx, ledger } = pipeline;
  const redis = ctx.queues.kind === 'redis' ? new Redis(options.queueUrl ?? '', { maxRetriesPerRequest: null }) : null;
  const life: Life = { visits: 0, messages: 0, violations: [], leftOpen: [] };
  try {
    await shiftLedger(ledger.db, ledger.kind);
    clock.attach(ledger.db);
    pipeline.work(QUEUE_NAMES);
    ctx.queues.consume(4, async () => void life.messages++);
    await alignPlans(ctx);
    pipeline.watch(WATCH_MS);
    const start = clock.now().getTime();
    const steps = Math.round((options.hours * HOUR_MS) / options.stepMs);
    for (let step = 0; step <= steps; step++) {
      await clock.forward(Math.max(0, start + step * options.stepMs - clock.now().getTime()));
      await outside.time(clock.ahead());
      life.visits += await askDue(ctx);
      await reconcile(ctx);
      await watchSources(ctx);
      await rest(ctx);
      const hour = (step * options.stepMs) / HOUR_MS;
      if (!Number.isInteger(hour)) continue;
      await tidy(ctx, ledger);
      await outside.hour(hour, { db: ledger.db, queues: ctx.queues, redis, dataDir: options.dataDir });
    }
    life.violations = await violations(ledger.db, [...ctx.sinks.keys()]);
  } finally {
    await pipeline.close();
    redis?.disconnect();
  }
  await delay(LOOK_MS);
  life.leftOpen = process.getActiveResourcesInfo();
  return life;
}

/** Waits until nothing is under way and nothing is due. */
async function rest(ctx: Context): Promise<void> {
  const began = performance.now();
  for (;;) {
    const busy = await underWay(ctx);
    if (busy === null) return;
    if (performance.now() - began > PATIENCE_MS) throw new Error(`it does not come to rest: ${busy}`);
    await delay(LOOK_MS);
  }
}

/** What is under way or due, in words; null when nothing is. */
async function underWay(ctx: Context): Promise<string | null> {
  for (const queue of [...QUEUE_NAMES.map((name) => ctx.queues.stage(name)), ctx.queues.articles]) {
    const { active = 0, waiting = 0, prioritized = 0 } = await queue.getJobCounts('active', 'waiting', 'prioritized');
    if (active + waiting + prioritized > 0) return `${active + waiting + prioritized} jobs of ${queue.name}`;
  }
  const { rows } = await sql<{ visits: number; candidates: number; deliveries: number }>`
    SELECT
      (SELECT count(*)::int FROM sourcelink.source_state WHERE lease_until >= now()) AS visits,
      (SELECT count(*)::int FROM sourcelink.candidate c WHERE outcome IS NULL AND stage <> 'publish'
        AND (lease_until >= now() OR next_try_at <= now())) AS candidates,
      (SELECT count(*)::int FROM sourcelink.delivery d JOIN sourcelink.sink_state s USING (sink) WHERE d.state = 'pending'
        AND (d.lease_until >= now() OR coalesce(greatest(d.next_try_at, s.retry_at), now()) <= now())) AS deliveries`.execute(
    ctx.db,
  );
  const due = rows[0] ?? { visits: 0, candidates: 0, deliveries: 0 };
  return due.visits + due.candidates + due.deliveries === 0 ? null : JSON.stringify(due);
}
