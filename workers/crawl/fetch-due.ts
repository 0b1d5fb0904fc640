import type { Source } from '../../config/sources.js';
import { claimForFetch } from '../../ledger/candidates.js';
import { fetchedToday, waitForTomorrow, waitsForExtraction } from '../../ledger/limits.js';
import type { Db } from '../../ledger/schema.js';
import type { Context } from '../context.js';
import { fetchChunk } from './fetch-chunk.js';
import { type Health, unhealthy } from './health.js';
import { watchHost } from './host-trouble.js';
import { NO_PAGES, type PageCounts, sum } from './page-verdict.js';

/** Pages taken at a time, so that few are held when a process dies. */
const CHUNK = 40;
/** Pages waiting for extraction beyond which crawling waits. */
const BACKLOG = 2000;
/** For so long after a look that found room none of this process's visits looks again, in milliseconds. */
const ROOM_MS = 1000;
/** When a process last found room, by its connection. */
const lastRoom = new WeakMap<Db, number>();

/**
 * Fetches what is due of a source, in chunks, until the host fails several times in a row: the rest then waits, at no page's
 * cost. @returns what came of the pages, and the source's health when its host is in trouble or refused everything, else null
 */
export async function fetchDue(
  ctx: Context,
  source: Source,
  signal: AbortSignal,
): Promise<{ counts: PageCounts; health: Health | null }> {
  let counts = NO_PAGES;
  let left = await allowance(ctx, source);
  const host = watchHost();
  let last: unknown = null;
  while (left > 0 && !signal.aborted) {
    await whileBehind(ctx, signal);
    const claimed = await claimForFetch(ctx.db, source.id, ctx.owner, Math.min(CHUNK, left));
    if (claimed.length === 0) break;
    left -= claimed.length;
    const chunk = await fetchChunk(ctx, source, claimed, { signal, host });
    counts = sum(counts, chunk.counts);
    last = chunk.problem ?? last;
    if (chunk.down) return { counts, health: unhealthy(last) };
  }
  const refusedAll = counts.fetched === 0 && counts.failed > 2 && last !== null;
  return { counts, health: refusedAll ? unhealthy(last) : null };
}

/** How many pages this visit may still fetch, by the source's limits. What is over the day's waits for tomorrow. */
async function allowance(ctx: Context, source: Source): Promise<number> {
  const { perVisit, perDay } = source.limits;
  const most = perVisit ?? ctx.settings.fetch.maxArticlesPerVisit;
  if (perDay === null) return most;
  const today = perDay - (await fetchedToday(ctx.db, source.id));
  if (today > 0) return Math.min(most, today);
  const waiting = await waitForTomorrow(ctx.db, source.id);
  if (waiting > 0)
    ctx.log.info(
      { source: source.id, perDay, waiting },
      'limits.perDay is reached; the remaining pages wait until tomorrow',
    );
  return 0;
}

/** Crawling waits while extraction is far behind: pages are cheap to ask for and dear to keep. */
async function whileBehind(ctx: Context, signal: AbortSignal): Promise<void> {
  const looked = lastRoom.get(ctx.db);
  if (looked !== undefined && performance.now() - looked < ROOM_MS) return;
  while (!signal.aborted && (await waitsForExtraction(ctx.db, BACKLOG))) await new Promise((go) => setTimeout(go, 500));
  if (!signal.aborted) lastRoom.set(ctx.db, performance.now());
}
