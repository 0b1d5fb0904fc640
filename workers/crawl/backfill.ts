import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { claimBackfill, leaseBackfill, newsWaits, releaseBackfill, unreadArchive } from '../../ledger/backfill.js';
import { isPaused, recordRun } from '../../ledger/sources.js';
import type { Context } from '../context.js';
import type { BackfillJob } from '../queues.js';
import { fetchChunk } from './fetch-due.js';
import { watchHost } from './host-trouble.js';

/** After this, in milliseconds, another source's archive has its turn. */
const VISIT_MS = 60_000;
/** Fetched pages of archives that wait to be read, beyond which no more are fetched: so many may stand in the way of news. */
const UNREAD = 24;

/**
 * Fetches pages of a source's archive, one after the other and never more than its share of the time, until news of the
 * source is there to be fetched. It holds another lease than a visit does, so no visit waits for it.
 */
export async function backfill(ctx: Context, job: BackfillJob): Promise<void> {
  const source = ctx.sources.get(job.source);
  if (!source?.enabled || (await isPaused(ctx.db, source.id))) return;
  if (!(await leaseBackfill(ctx.db, source.id, ctx.owner))) return;
  const counts = { requests: 0, notModified: 0, discovered: 0, fetched: 0, rendered: 0, failed: 0 };
  const run = { id: randomUUID(), sourceId: source.id, discovering: false, startedAt: ctx.now(), ...counts };
  const host = watchHost();
  const began = performance.now();
  try {
    while (!ctx.signal.aborted && performance.now() - began < VISIT_MS) {
      if ((await newsWaits(ctx.db, source.id)) || (await unreadArchive(ctx.db)) >= UNREAD) break;
      const claimed = await claimBackfill(ctx.db, source.id, ctx.owner, source.limits.backfillPerDay);
      if (claimed === null) break;
      const started = performance.now();
      const { down } = await fetchChunk(ctx, source, [claimed], run, ctx.signal, host);
      if (down) break;
      await pause((performance.now() - started) * (1 / ctx.settings.backfill.share - 1), ctx.signal);
    }
    if (run.requests > 0) {
      await recordRun(ctx.db, run, 'backfill');
      ctx.log.info({ source: source.id, fetched: run.fetched, failed: run.failed }, 'fetched from the archive');
    }
  } finally {
    await releaseBackfill(ctx.db, source.id, ctx.owner);
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}
