import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, messageOf, SourcelinkError } from '../../config/errors.js';
import {
  type ClaimedDelivery,
  claimDeliveries,
  delivered,
  deliveriesFailed,
  type FailedDelivery,
  isFinal,
  keyOf,
  retryAfterSeconds,
  sinksToServe,
} from '../../ledger/deliveries.js';
import { DOWN_AFTER, sinkAnswered, sinkFailed, withSink } from '../../ledger/sinks.js';
import type { Context } from '../context.js';
import type { PublishJob } from '../queues.js';
import type { Sink } from '../sink.js';

/** Waited before the outbox is looked at, in milliseconds: what arrives meanwhile goes along, in one batch for one job. */
const GATHER_MS = 400;
/** Deliveries taken at a time. */
const BATCH = 50;
/** Between two tries of a sink that is down, in seconds: the first pause, and the longest that it grows to. */
const PROBE_PAUSE = { first: 30, longest: 300 };

/**
 * Brings what waits in the outbox to one sink until nothing is due. One process at a time delivers to a sink, so an
 * article's revisions arrive in order. A sink that takes nothing is left alone for a growing pause; other sinks go on.
 */
export async function publish(ctx: Context, job: PublishJob): Promise<void> {
  const sink = ctx.sinks.get(job.sink);
  if (!sink)
    return void ctx.log.warn({ sink: job.sink }, 'deliveries are waiting for a sink that is not configured here');
  await delay(GATHER_MS);
  // What arrives between the last look and the release of the lease would wait for nobody: look once more after it.
  do {
    const of = { sink: sink.name, owner: ctx.owner, now: ctx.now() };
    const drained = await withSink(ctx.db, of, async ({ failures }) => {
      await drain(ctx, sink, failures);
      return true;
    });
    if (drained === null) return;
  } while (!ctx.signal.aborted && (await sinksToServe(ctx.db, ctx.now())).includes(sink.name));
}

/** Delivers until nothing is due or the sink takes nothing; `failures` is how often in a row it has done so before. */
async function drain(ctx: Context, sink: Sink, failures: number): Promise<void> {
  let before = failures;
  while (!ctx.signal.aborted) {
    const take = before >= DOWN_AFTER ? 'probe' : { most: BATCH };
    const batch = await claimDeliveries(ctx.db, sink.name, ctx.owner, take, ctx.now());
    if (batch.length === 0) return;
    const fault = await deliver(ctx, sink, batch);
    if (fault !== null) {
      const waitSeconds = Math.max(pauseAfter(before + 1), retryAfterSeconds(fault));
      const hint = fault instanceof SourcelinkError ? (fault.hint ?? null) : null;
      const said = { code: codeOf(fault), reason: messageOf(fault), hint, waitSeconds };
      await sinkFailed(ctx.db, sink.name, said, { now: ctx.now(), channels: [...ctx.channels.keys()] });
      ctx.log.warn({ sink: sink.name, failures: before + 1, waitSeconds, code: codeOf(fault) }, messageOf(fault));
      return;
    }
    if (before > 0) {
      await sinkAnswered(ctx.db, sink.name, [...ctx.channels.keys()]);
      ctx.log.info({ sink: sink.name, failures: before }, 'the sink accepts deliveries again');
      before = 0;
    }
  }
}

/** Seconds that a sink is left alone after so many failures in a row: 1, 2, 4, 8, then as one that is down. */
function pauseAfter(failures: number): number {
  if (failures < DOWN_AFTER) return 2 ** (failures - 1);
  return Math.min(PROBE_PAUSE.longest, PROBE_PAUSE.first * 2 ** (failures - DOWN_AFTER));
}

/** Hands a batch over and writes what came of each. @returns the sink's fault when it took and refused nothing, else null */
async function deliver(ctx: Context, sink: Sink, batch: ClaimedDelivery[]): Promise<Error | null> {
  const end = ctx.meter.start('sourcelink_delivery_duration_seconds', { sink: sink.name });
  const results = await handOver(sink, batch);
  end();
  const count = (outcome: string, n: number) =>
    ctx.meter.add('sourcelink_deliveries_total', { sink: sink.name, outcome }, n);
  await delivered(
    ctx.db,
    batch.filter((_, i) => results[i] === null),
    ctx.owner,
    ctx.now(),
  );
  const failed = batch.flatMap((row, i): FailedDelivery[] => (results[i] ? [{ row, error: results[i] }] : []));
  const dead = failed.filter((f) => isFinal(f.error)).length;
  count('delivered', batch.length - failed.length);
  count('retry', failed.length - dead);
  count('dead', dead);
  const down = failed.length === batch.length && dead === 0;
  await deliveriesFailed(ctx.db, failed, ctx.owner, down, ctx.now());
  if (down) return failed[0]?.error ?? null;
  for (const { row: d, error } of failed)
    ctx.log.warn(
      { sink: sink.name, article: d.articleId, revision: d.revision, code: codeOf(error), dead: isFinal(error) },
      messageOf(error),
    );
  return null;
}

async function handOver(sink: Sink, batch: ClaimedDelivery[]): Promise<(Error | null)[]> {
  try {
    return await sink.deliver(batch.map((d) => ({ key: keyOf(d), message: d.message })));
  } catch (cause) {
    const error =
      cause instanceof SourcelinkError
        ? cause
        : new SourcelinkError('SINK_FAILED', `sink ${sink.name} accepted none of the articles`, { cause });
    return batch.map(() => error);
  }
}
