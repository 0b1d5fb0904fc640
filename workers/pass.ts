import { setTimeout as delay } from 'node:timers/promises';
import { ledgerTime, type PassCounts, passRows, pausedOf, standing, visitedSince } from '../ledger/read/pass.js';
import type { Context } from './context.js';
import { refreshCoverage } from './publish/coverage.js';

/** What one pass did, as `run --json` prints it. */
export type PassSummary = PassCounts & {
  seconds: number;
  /** Left for a later pass: hosts that asked for patience, sinks that are down. */
  waiting: number;
  bySource: Record<string, PassCounts & { state: string; reason: string | null }>;
};

export type Progress = { sources: { done: number; all: number }; waiting: number; settled: number };

/** Tries that are due later than this are left to the next pass. */
const PATIENCE_SECONDS = 45;
const LOOK_MS = 250;
/** A visit whose job was lost is asked for again after this. */
const ASK_AGAIN_MS = 30_000;

/**
 * Visits each source once and drives what it yields to its end: what `sourcelink run` does. Needs workers for all
 * stages and a watch, here or in other processes. `settle`: whose waiting pages are driven as well, else the visited ones.
 */
export async function runPass(
  ctx: Context,
  options: { sources: string[]; settle?: string[]; signal: AbortSignal; onProgress?: (p: Progress) => void },
): Promise<PassSummary> {
  const began = performance.now();
  const since = await ledgerTime(ctx.db);
  const ids = options.sources;
  let askedAt = Number.NEGATIVE_INFINITY;
  let newsEndedAt: number | null = null;
  for (;;) {
    const visited = await visitedSince(ctx.db, ids, since);
    const paused = await pausedOf(ctx.db, ids);
    const open = ids.filter((id) => !visited.has(id) && !paused.has(id));
    if (open.length > 0 && performance.now() - askedAt > ASK_AGAIN_MS) {
      for (const id of open) await ctx.queues.add('crawl', { source: id, discover: true }, { deduplicate: id });
      askedAt = performance.now();
    }
    const { soon, behind, settled } = await standing(ctx.db, {
      ids: options.settle ?? ids,
      sinks: [...ctx.sinks.keys()],
      since,
      now: ctx.now(),
      patienceSeconds: PATIENCE_SECONDS,
    });
    options.onProgress?.({
      sources: { done: visited.size, all: ids.length },
      waiting: soon + behind,
      settled,
    });
    if (options.signal.aborted) break;
    // What a pass found of a story goes along at its end, in one message an article.
    const newsEnded = open.length === 0 && soon === 0 && (await refreshCoverage(ctx, 0)) === 0;
    if (newsEnded) newsEndedAt ??= performance.now();
    if (newsEnded && (behind === 0 || performance.now() - (newsEndedAt ?? 0) > ctx.settings.backfill.perPass)) break;
    await delay(LOOK_MS);
  }
  return { ...(await summarise(ctx, ids, since)), seconds: (performance.now() - began) / 1000 };
}

const ZERO: PassCounts = {
  discovered: 0,
  fetched: 0,
  rendered: 0,
  notModified: 0,
  extracted: 0,
  published: 0,
  updated: 0,
  retracted: 0,
  duplicates: 0,
  rejected: 0,
  dead: 0,
};

async function summarise(ctx: Context, ids: string[], since: Date): Promise<Omit<PassSummary, 'seconds'>> {
  const rows = await passRows(ctx.db, ids, since);
  const total = { ...ZERO, waiting: 0 };
  const bySource: PassSummary['bySource'] = {};
  for (const { sourceId, waiting, ...one } of rows) {
    bySource[sourceId] = one;
    total.waiting += waiting;
    for (const key of Object.keys(ZERO) as (keyof PassCounts)[]) total[key] += one[key];
  }
  return { ...total, bySource };
}
