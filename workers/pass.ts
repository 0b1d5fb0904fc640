import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Context } from './context.js';
import { refreshCoverage } from './publish/coverage.js';

export type PassCounts = {
  discovered: number;
  fetched: number;
  /** Of the pages, those that were opened in the browser. */
  rendered: number;
  notModified: number;
  extracted: number;
  published: number;
  updated: number;
  retracted: number;
  duplicates: number;
  rejected: number;
  dead: number;
};

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
  const since = await now(ctx);
  const ids = options.sources;
  let askedAt = Number.NEGATIVE_INFINITY;
  let newsEndedAt: number | null = null;
  for (;;) {
    const visited = await visitedSince(ctx, ids, since);
    const paused = await pausedOf(ctx, ids);
    const open = ids.filter((id) => !visited.has(id) && !paused.has(id));
    if (open.length > 0 && performance.now() - askedAt > ASK_AGAIN_MS) {
      for (const id of open) await ctx.queues.add('crawl', { source: id, discover: true }, { deduplicate: id });
      askedAt = performance.now();
    }
    const { soon, behind, settled } = await standing(ctx, options.settle ?? ids, since);
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

async function now(ctx: Context): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(ctx.db);
  return rows[0]?.now ?? new Date();
}

async function visitedSince(ctx: Context, ids: string[], since: Date): Promise<Set<string>> {
  const { rows } = await sql<{ sourceId: string }>`
    SELECT DISTINCT source_id FROM sourcelink.visit
    WHERE discovering AND finished_at >= ${since} AND source_id = ANY(${ids}::text[])`.execute(ctx.db);
  return new Set(rows.map((r) => r.sourceId));
}

/** Sources that an operator paused, perhaps while the pass was under way: nobody visits them. */
async function pausedOf(ctx: Context, ids: string[]): Promise<Set<string>> {
  const rows = await ctx.db
    .selectFrom('sourcelink.source_state')
    .select('sourceId')
    .where(sql<boolean>`source_id = ANY(${ids}::text[])`)
    .where('paused', '=', true)
    .execute();
  return new Set(rows.map((r) => r.sourceId));
}

/** How many candidates of these sources will be driven soon, news and archive, and how many have been settled since. */
async function standing(
  ctx: Context,
  ids: string[],
  since: Date,
): Promise<{ soon: number; behind: number; settled: number }> {
  const sinks = [...ctx.sinks.keys()];
  const { rows } = await sql<{ soon: number; behind: number; settled: number }>`
    SELECT
      count(*) FILTER (WHERE c.outcome IS NULL AND c.lane = 'fresh' AND w.soon)::int AS soon,
      count(*) FILTER (WHERE c.outcome IS NULL AND c.lane = 'backfill' AND w.soon
        AND NOT (c.stage = 'fetch' AND coalesce(b.rest_until > now(), false)))::int AS behind,
      count(*) FILTER (WHERE c.outcome IS NOT NULL AND c.changed_at >= ${since})::int AS settled
    FROM sourcelink.candidate c JOIN sourcelink.source_state s USING (source_id)
      LEFT JOIN sourcelink.backfill b USING (source_id), LATERAL (SELECT
      CASE WHEN c.stage = 'publish' THEN EXISTS (
        SELECT 1 FROM sourcelink.delivery d JOIN sourcelink.sink_state k USING (sink)
        WHERE d.candidate_id = c.id AND d.state = 'pending' AND d.sink = ANY(${sinks}::text[]) AND NOT k.paused
          AND coalesce(greatest(d.next_try_at, k.retry_at), ${ctx.now()}) <= ${ctx.now()}::timestamptz + make_interval(secs => ${PATIENCE_SECONDS}))
      ELSE c.next_try_at <= now() + make_interval(secs => ${PATIENCE_SECONDS}) AND NOT (c.stage = 'fetch' AND s.paused) END AS soon) w
    WHERE c.source_id = ANY(${ids}::text[]) AND (c.outcome IS NULL OR c.changed_at >= ${since})`.execute(ctx.db);
  return rows[0] ?? { soon: 0, behind: 0, settled: 0 };
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
  const { rows } = await sql<PassCounts & { sourceId: string; state: string; reason: string | null; waiting: number }>`
    SELECT s.source_id, s.state, s.reason,
      coalesce(r.discovered, 0)::int AS discovered, coalesce(r.fetched, 0)::int AS fetched, coalesce(r.rendered, 0)::int AS rendered, coalesce(r.not_modified, 0)::int AS "notModified",
      coalesce(c.extracted, 0)::int AS extracted, coalesce(v.published, 0)::int AS published, coalesce(v.updated, 0)::int AS updated,
      coalesce(v.retracted, 0)::int AS retracted,
      coalesce(c.duplicates, 0)::int AS duplicates, coalesce(c.rejected, 0)::int AS rejected, coalesce(c.dead, 0)::int AS dead,
      coalesce(c.waiting, 0)::int AS waiting
    FROM sourcelink.source_state s
    LEFT JOIN (SELECT source_id, sum(discovered) AS discovered, sum(fetched) AS fetched, sum(rendered) AS rendered, sum(not_modified) AS not_modified
      FROM sourcelink.visit WHERE finished_at >= ${since} GROUP BY 1) r USING (source_id)
    LEFT JOIN (SELECT k.source_id, count(*) FILTER (WHERE k.outcome = 'duplicate' AND k.changed_at >= ${since}) AS duplicates,
        count(*) FILTER (WHERE k.outcome = 'rejected' AND k.changed_at >= ${since}) AS rejected,
        count(*) FILTER (WHERE k.outcome = 'dead' AND k.changed_at >= ${since}) AS dead,
        count(*) FILTER (WHERE a.fetched_at >= ${since} AND k.changed_at >= ${since}) AS extracted,
        count(*) FILTER (WHERE k.outcome IS NULL) AS waiting
      FROM sourcelink.candidate k LEFT JOIN sourcelink.article a ON a.candidate_id = k.id
      WHERE k.changed_at >= ${since} OR k.outcome IS NULL GROUP BY 1) c USING (source_id)
    LEFT JOIN (SELECT a.source_id, count(*) FILTER (WHERE w.type = 'article.published') AS published,
        count(*) FILTER (WHERE w.type = 'article.updated' AND w.because IS NULL) AS updated,
        count(*) FILTER (WHERE w.type = 'article.retracted') AS retracted
      FROM sourcelink.revision w JOIN sourcelink.article a ON a.id = w.article_id WHERE w.created_at >= ${since} GROUP BY 1) v USING (source_id)
    WHERE s.source_id = ANY(${ids}::text[]) ORDER BY s.source_id`.execute(ctx.db);
  const total = { ...ZERO, waiting: 0 };
  const bySource: PassSummary['bySource'] = {};
  for (const { sourceId, waiting, ...one } of rows) {
    bySource[sourceId] = one;
    total.waiting += waiting;
    for (const key of Object.keys(ZERO) as (keyof PassCounts)[]) total[key] += one[key];
  }
  return { ...total, bySource };
}
