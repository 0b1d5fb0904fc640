import { sql } from 'kysely';
import type { Db } from '../schema.js';

/** What a pass did at one source. */
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

/** The ledger's own time, which the marks of visits and candidates are written in. */
export async function ledgerTime(db: Db): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(db);
  return rows[0]?.now ?? new Date();
}

/** Which of these sources a visit to their lists has ended at since. */
export async function visitedSince(db: Db, ids: string[], since: Date): Promise<Set<string>> {
  const { rows } = await sql<{ sourceId: string }>`
    SELECT DISTINCT source_id FROM sourcelink.visit
    WHERE discovering AND finished_at >= ${since} AND source_id = ANY(${ids}::text[])`.execute(db);
  return new Set(rows.map((r) => r.sourceId));
}

/** Which of these sources are paused. */
export async function pausedOf(db: Db, ids: string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('sourcelink.source_state')
    .select('sourceId')
    .where(sql<boolean>`source_id = ANY(${ids}::text[])`)
    .where('paused', '=', true)
    .execute();
  return new Set(rows.map((r) => r.sourceId));
}

/** How far the candidates of some sources are. */
export type Standing = {
  /** News that will be driven within `patienceSeconds`, and pages of archives likewise. */
  soon: number;
  behind: number;
  /** Candidates that got their outcome since. */
  settled: number;
};

export async function standing(
  db: Db,
  of: { ids: string[]; sinks: string[]; since: Date; now: Date; patienceSeconds: number },
): Promise<Standing> {
  const { ids, sinks, since, now } = of;
  const patience = sql`make_interval(secs => ${of.patienceSeconds})`;
  const { rows } = await sql<Standing>`
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
          AND coalesce(greatest(d.next_try_at, k.retry_at), ${now}) <= ${now}::timestamptz + ${patience})
      ELSE c.next_try_at <= now() + ${patience} AND NOT (c.stage = 'fetch' AND s.paused) END AS soon) w
    WHERE c.source_id = ANY(${ids}::text[]) AND (c.outcome IS NULL OR c.changed_at >= ${since})`.execute(db);
  return rows[0] ?? { soon: 0, behind: 0, settled: 0 };
}

/** What a pass left behind at one source. */
export type PassRow = PassCounts & { sourceId: string; state: string; reason: string | null; waiting: number };

/** What was done at each of these sources since, by source. */
export async function passRows(db: Db, ids: string[], since: Date): Promise<PassRow[]> {
  const { rows } = await sql<PassRow>`
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
    WHERE s.source_id = ANY(${ids}::text[]) ORDER BY s.source_id`.execute(db);
  return rows;
}
