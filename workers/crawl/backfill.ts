import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Source } from '../../config/sources.js';
import { claimBackfill, newsWaits, unreadArchive, withBackfill } from '../../ledger/backfill.js';
import { isPaused, recordVisit } from '../../ledger/sources.js';
import type { Context } from '../context.js';
import type { BackfillJob } from '../queues.js';
import { fetchChunk } from './fetch-chunk.js';
import { watchHost } from './host-trouble.js';
import { NO_PAGES, sum } from './page-verdict.js';

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
  await withBackfill(ctx.db, source.id, ctx.owner, () => fillBack(ctx, source));
}

async function fillBack(ctx: Context, source: Source): Promise<void> {
  const startedAt = ctx.now();
  let counts = NO_PAGES;
  const host = watchHost();
  const began = performance.now();
  while (!ctx.signal.aborted && performance.now() - began < VISIT_MS) {
    if ((await newsWaits(ctx.db, source.id)) || (await unreadArchive(ctx.db)) >= UNREAD) break;
    const claimed = await claimBackfill(ctx.db, source.id, ctx.owner, source.limits.backfillPerDay);
    if (claimed === null) break;
    const started = performance.now();
    const chunk = await fetchChunk(ctx, source, [claimed], { signal: ctx.signal, host });
    counts = sum(counts, chunk.counts);
    if (chunk.down) break;
    await pause((performance.now() - started) * (1 / ctx.settings.backfill.share - 1), ctx.signal);
  }
  if (counts.requests > 0) {
    const visit = { id: randomUUID(), sourceId: source.id, discovering: false, startedAt, discovered: 0, ...counts };
    await recordVisit(ctx.db, visit, 'backfill');
    const { fetched, failed } = counts;
    ctx.log.info({ source: source.id, fetched, failed }, 'fetched pages from the archive');
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}
