import { messageOf } from '../../config/errors.js';
import { readGauges } from '../../ledger/read/gauges.js';
import { STAGES } from '../../ledger/schema.js';
import { listSinks } from '../../ledger/sinks.js';
import type { Context } from '../context.js';
import { QUEUE_NAMES, type QueueName, type Queues } from '../queues.js';

/** A ledger that does not answer within this is not up; in milliseconds. */
const PATIENCE_MS = 5000;
const STATES = ['new', 'ok', 'empty', 'failing', 'blocked', 'moved', 'paused'] as const;
/** Without labels a gauge is never missing: what is not known is NaN. */
const UNLABELLED = ['sourcelink_visit_overdue_seconds', 'sourcelink_last_visit_seconds'] as const;
const LANES = ['fresh', 'backfill'] as const;

type Measured = Pick<Context, 'db' | 'queues' | 'sources' | 'sinks' | 'meter' | 'log' | 'now'>;

/** What sets the metrics of the whole installation anew, from ledger and queues. Several askers at once share one look. */
export function ledgerGauges(ctx: Measured): () => Promise<void> {
  let under: Promise<void> | null = null;
  return () => {
    under ??= refresh(ctx).finally(() => {
      under = null;
    });
    return under;
  };
}

async function refresh(ctx: Measured): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  try {
    const seen = await Promise.race([look(ctx), late]);
    ctx.meter.clearGauges();
    ctx.meter.set('sourcelink_ledger_up', {}, 1);
    seen();
  } catch (error) {
    ctx.log.warn({ err: messageOf(error) }, 'the metrics of the ledger could not be read');
    ctx.meter.clearGauges();
    ctx.meter.set('sourcelink_ledger_up', {}, 0);
    for (const name of UNLABELLED) ctx.meter.set(name, {}, Number.NaN);
  } finally {
    clearTimeout(timer);
  }
}

/** @returns what writes the values, so that a look which fails half-way changes nothing */
async function look({ db, queues, sources, sinks, meter, now }: Measured): Promise<() => void> {
  const on = [...sources.values()].flatMap((s) => (s.enabled ? s.id : []));
  const seen = await readGauges(db, on, now());
  const outbox = (await listSinks(db, now())).filter((s) => sinks.has(s.name));
  const jobs = await countJobs(queues);
  return () => {
    const unseen = on.length - seen.sources.reduce((sum, s) => sum + s.n, 0);
    for (const state of STATES) {
      const n = seen.sources.find((s) => s.state === state)?.n ?? 0;
      meter.set('sourcelink_sources', { state }, state === 'new' ? n + unseen : n);
    }
    for (const { source, failures } of seen.failing) meter.set('sourcelink_source_failures', { source }, failures);
    meter.set('sourcelink_visit_overdue_seconds', {}, seen.overdueSeconds);
    meter.set('sourcelink_last_visit_seconds', {}, seen.lastVisitSeconds ?? Number.NaN);
    for (const stage of STAGES) {
      const here = seen.waiting.filter((w) => w.stage === stage);
      for (const lane of LANES)
        meter.set('sourcelink_candidates_waiting', { stage, lane }, here.find((w) => w.lane === lane)?.n ?? 0);
      const oldest = Math.max(0, ...here.map((w) => w.oldestSeconds));
      meter.set('sourcelink_candidate_oldest_due_seconds', { stage }, oldest);
      meter.set('sourcelink_candidates_dead', { stage }, seen.dead.find((d) => d.stage === stage)?.n ?? 0);
    }
    for (const s of outbox) {
      const sink = { sink: s.name };
      meter.set('sourcelink_outbox_waiting', sink, s.waiting);
      meter.set('sourcelink_outbox_lag_seconds', sink, s.lagSeconds);
      meter.set('sourcelink_outbox_dead', sink, s.dead);
      meter.set('sourcelink_sink_failures', sink, s.failures);
      meter.set('sourcelink_sink_paused', sink, s.paused ? 1 : 0);
    }
    for (const { queue, ...by } of jobs) {
      for (const [state, n] of Object.entries(by)) meter.set('sourcelink_queue_jobs', { queue, state }, n);
    }
  };
}

export type QueueCounts = { queue: QueueName; waiting: number; active: number; delayed: number; failed: number };

/** The jobs of each stage's queue; `waiting` has those of lower priority too. */
export function countJobs(queues: Pick<Queues, 'stage'>): Promise<QueueCounts[]> {
  return Promise.all(
    QUEUE_NAMES.map(async (queue) => {
      const counts = await queues.stage(queue).getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed');
      const { waiting = 0, prioritized = 0, active = 0, delayed = 0, failed = 0 } = counts;
      return { queue, waiting: waiting + prioritized, active, delayed, failed };
    }),
  );
}
