import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, messageOf, SourcelinkError } from '../config/errors.js';
import type { Context } from './context.js';
import {
  type ClaimedDelivery,
  claimDeliveries,
  delivered,
  deliveryFailed,
  hasDueDeliveries,
  leaseSink,
  releaseSink,
} from './ledger/deliveries.js';
import type { PublishJob } from './queues.js';
import type { Sink } from './sinks/sink.js';

/** Waited before the outbox is looked at, in milliseconds: what arrives meanwhile goes along, in one batch for one job. */
const GATHER_MS = 400;
/** Deliveries taken at a time. */
const BATCH = 50;

/**
 * Brings what waits in the outbox to one sink, oldest first, until nothing is due. One process at a time delivers to a
 * sink, so an article's revisions arrive in order.
 */
export async function publish(ctx: Context, job: PublishJob): Promise<void> {
  const sink = ctx.sinks.get(job.sink);
  if (!sink) return void ctx.log.warn({ sink: job.sink }, 'deliveries wait for a sink that is not configured here');
  await delay(GATHER_MS);
  // What arrives between the last look and the release of the lease would wait for nobody: look once more after it.
  do {
    if (!(await leaseSink(ctx.db, sink.name, ctx.owner))) return;
    let outcome: { error: Error | null } | null = null;
    try {
      while (!ctx.signal.aborted && !outcome?.error) {
        const batch = await claimDeliveries(ctx.db, sink.name, ctx.owner, BATCH);
        if (batch.length === 0) break;
        outcome = { error: await deliver(ctx, sink, batch) };
      }
    } finally {
      await releaseSink(ctx.db, sink.name, ctx.owner, outcome, [...ctx.channels.keys()]);
    }
    if (outcome?.error) return;
  } while (!ctx.signal.aborted && (await hasDueDeliveries(ctx.db, sink.name)));
}

/** @returns why the sink took nothing, so that it is left alone until the next try is due; null when it took anything */
async function deliver(ctx: Context, sink: Sink, batch: ClaimedDelivery[]): Promise<Error | null> {
  let results: (Error | null)[];
  try {
    results = await sink.deliver(batch.map((d) => ({ key: `${d.article_id}-${d.revision}`, message: d.message })));
  } catch (cause) {
    const error =
      cause instanceof SourcelinkError
        ? cause
        : new SourcelinkError('SINK_FAILED', `sink ${sink.name} took nothing`, { cause });
    results = batch.map(() => error);
  }
  await delivered(
    ctx.db,
    batch.filter((_, i) => results[i] === null),
    ctx.owner,
  );
  for (const [i, d] of batch.entries()) {
    const error = results[i];
    if (!error) continue;
    const how = await deliveryFailed(ctx.db, d, ctx.owner, error);
    ctx.log.warn(
      { sink: sink.name, article: d.article_id, revision: d.revision, code: codeOf(error), how },
      messageOf(error),
    );
  }
  return results.some((r) => r === null) ? null : (results[0] ?? null);
}
