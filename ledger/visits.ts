import { sql } from 'kysely';
import { MEMORY_DAYS, type Published } from '../analysis/rhythm.js';
import { isFree } from './db/leases.js';
import type { Db } from './schema.js';

/** A visit that was asked for and has not come about is asked for again after so many seconds. */
const ASK_AGAIN_SECONDS = 120;

export type Due = {
  id: string;
  /** Null before the first visit. */
  nextVisitAt: Date | null;
  /** It was asked for before, and nothing came of it. */
  again: boolean;
};

/**
 * Takes the sources among `ids` whose time has come, most overdue first. Each is given out once, however many processes
 * ask; those that are being visited are left out.
 */
export async function takeDue(db: Db, ids: string[], now: Date): Promise<Due[]> {
  const { rows } = await sql<Due>`
    UPDATE sourcelink.source_state s SET asked_at = ${now}::timestamptz
    FROM (
      SELECT source_id, next_visit_at, asked_at >= coalesce(next_visit_at, '-infinity') AS again FROM sourcelink.source_state
      WHERE source_id = ANY(${ids}::text[]) AND NOT paused
        AND (next_visit_at <= ${now}::timestamptz OR (next_visit_at IS NULL AND planned_by IS NULL))
        AND (asked_at IS NULL OR asked_at < next_visit_at
          OR asked_at <= ${now}::timestamptz - make_interval(secs => ${ASK_AGAIN_SECONDS}))
        AND ${isFree()}
      ORDER BY next_visit_at NULLS FIRST FOR UPDATE SKIP LOCKED
    ) d WHERE s.source_id = d.source_id
    RETURNING s.source_id AS id, d.next_visit_at, coalesce(d.again, false) AS again`.execute(db);
  return rows.sort((a, b) => (a.nextVisitAt?.getTime() ?? 0) - (b.nextVisitAt?.getTime() ?? 0));
}

/** The sources among `ids` whose time has come; none is taken. */
export async function dueSources(db: Db, ids: string[], now: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('sourcelink.source_state')
    .select('sourceId')
    .where('sourceId', 'in', ids.length > 0 ? ids : [''])
    .where('paused', '=', false)
    .where((eb) =>
      eb.or([eb('nextVisitAt', '<=', now), eb.and([eb('nextVisitAt', 'is', null), eb('plannedBy', 'is', null)])]),
    )
    .orderBy('sourceId')
    .execute();
  return rows.map((r) => r.sourceId);
}

export type VisitPlan = { at: Date | null; why: string | null; by: string };

/** Sources that were visited, with what was planned for them. */
export async function visitPlans(
  db: Db,
): Promise<{ id: string; at: Date | null; by: string | null; lastVisitAt: Date; failures: number }[]> {
  const rows = await db
    .selectFrom('sourcelink.source_state')
    .select(['sourceId', 'nextVisitAt', 'plannedBy', 'lastVisitAt', 'failures'])
    .where('lastVisitAt', 'is not', null)
    .execute();
  return rows.map((r) => ({
    id: r.sourceId,
    at: r.nextVisitAt,
    by: r.plannedBy,
    lastVisitAt: r.lastVisitAt ?? new Date(0),
    failures: r.failures,
  }));
}

export async function writePlan(db: Db, id: string, plan: VisitPlan): Promise<void> {
  await db
    .updateTable('sourcelink.source_state')
    .set({ nextVisitAt: plan.at, nextVisitWhy: plan.why, plannedBy: plan.by })
    .where('sourceId', '=', id)
    .execute();
}

/**
 * How many articles a source published in each hour of the last days. What tells no date counts when it was found, but
 * not what the first visit found: that may be of any age.
 */
export async function publishedByHour(db: Db, sourceId: string, now: Date): Promise<Published> {
  const { rows } = await sql<{ hour: number; n: number }>`
    SELECT floor(extract(epoch FROM at) / 3600)::int AS hour, count(*)::int AS n FROM (
      SELECT coalesce((c.hints->>'publishedAt')::timestamptz, a.published_at,
        CASE WHEN c.discovered_at > (SELECT min(r.finished_at) FROM sourcelink.visit r WHERE r.source_id = ${sourceId} AND r.discovering)
          THEN c.discovered_at END) AS at
      FROM sourcelink.candidate c LEFT JOIN sourcelink.article a ON a.candidate_id = c.id
      WHERE c.source_id = ${sourceId} AND c.discovered_at > ${now}::timestamptz - make_interval(days => ${MEMORY_DAYS})
        AND (c.code IS NULL OR NOT starts_with(c.code, 'FILTER_'))
    ) t WHERE at > ${now}::timestamptz - make_interval(days => ${MEMORY_DAYS}) AND at <= ${now}::timestamptz
    GROUP BY 1`.execute(db);
  return new Map(rows.map((r) => [r.hour, r.n]));
}
