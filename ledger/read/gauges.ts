import { sql } from 'kysely';
import type { Db, Lane, Stage } from '../schema.js';

/** Failing sources that are named one by one. */
const MAX_NAMED = 100;

export type LedgerGauges = {
  sources: { state: string; n: number }[];
  /** The worst first. */
  failing: { source: string; failures: number }[];
  overdueSeconds: number;
  /** Null before the first visit. */
  lastVisitSeconds: number | null;
  /** `oldestSeconds`: how long the one that is due for longest has been; 0 when none is. */
  waiting: { stage: Stage; lane: Lane; n: number; oldestSeconds: number }[];
  dead: { stage: Stage; n: number }[];
};

/** How the ledger stands, from indexes alone; `ids` are the sources that are switched on. */
export async function readGauges(db: Db, ids: string[], now: Date): Promise<LedgerGauges> {
  const known = sql`source_id = ANY(${ids}::text[])`;
  const [sources, failing, visits, waiting, dead] = [
    await sql<LedgerGauges['sources'][number]>`
      SELECT CASE WHEN paused THEN 'paused' ELSE state END AS state, count(*)::int AS n
      FROM sourcelink.source_state WHERE ${known} GROUP BY 1 ORDER BY 1`.execute(db),
    await sql<LedgerGauges['failing'][number]>`
      SELECT source_id AS source, failures FROM sourcelink.source_state WHERE ${known} AND NOT paused AND failures > 0
      ORDER BY failures DESC, source_id LIMIT ${MAX_NAMED}`.execute(db),
    await sql<{ overdue: number | null; last: number | null }>`
      SELECT extract(epoch FROM ${now}::timestamptz - min(next_visit_at) FILTER (WHERE NOT paused))::float8 AS overdue,
        extract(epoch FROM ${now}::timestamptz - max(last_visit_at))::float8 AS last
      FROM sourcelink.source_state WHERE ${known}`.execute(db),
    await sql<LedgerGauges['waiting'][number]>`
      SELECT stage, lane, count(*)::int AS n,
        greatest(0, coalesce(extract(epoch FROM ${now}::timestamptz - min(next_try_at)), 0))::float8 AS "oldestSeconds"
      FROM sourcelink.candidate WHERE outcome IS NULL GROUP BY 1, 2`.execute(db),
    await sql<LedgerGauges['dead'][number]>`
      SELECT dead_stage AS stage, count(*)::int AS n FROM sourcelink.candidate WHERE outcome = 'dead' GROUP BY 1`.execute(
      db,
    ),
  ];
  const { overdue = null, last = null } = visits.rows[0] ?? {};
  return {
    sources: sources.rows,
    failing: failing.rows,
    waiting: waiting.rows,
    dead: dead.rows,
    overdueSeconds: Math.max(0, overdue ?? 0),
    lastVisitSeconds: last === null ? null : Math.max(0, last),
  };
}
