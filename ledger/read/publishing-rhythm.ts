import { sql } from 'kysely';
import type { Db, Identity } from '../schema.js';

/** How a source publishes and how soon that is seen, of the last days. */
export type Rhythm = {
  /** When its newest article came in; null before the first. */
  lastArticleAt: Date | null;
  /** Articles that came in since its first visit; null until that is a day ago. */
  perDay: number | null;
  /** Median of the seconds from publication to discovery; null while nothing was published since the first visit. */
  lagSeconds: number | null;
  /** Articles that the lag was measured on. */
  measured: number;
  identity: Identity;
  identityReason: string | null;
};

/** Days that are counted: a whole week, since newsrooms rest at its end. */
const DAYS = 7;

/**
 * The rhythm of all sources, by id. What an outlet had listed before its first visit says nothing of how soon its articles
 * are seen, so only what was published since counts.
 */
export async function readRhythms(db: Db, now: Date): Promise<Map<string, Rhythm>> {
  const { rows } = await sql<Rhythm & { id: string }>`
    WITH since AS (
      SELECT source_id, greatest(min(finished_at), ${now}::timestamptz - make_interval(days => ${DAYS})) AS at,
        min(finished_at) AS first FROM sourcelink.visit WHERE discovering GROUP BY 1
    )
    SELECT s.source_id AS id, s.identity, s.identity_reason,
      (SELECT a.first_seen_at FROM sourcelink.article a JOIN sourcelink.candidate k ON k.id = a.candidate_id
        WHERE a.source_id = s.source_id AND k.lane = 'fresh' ORDER BY a.first_seen_at DESC LIMIT 1) AS "lastArticleAt",
      CASE WHEN since.first <= ${now}::timestamptz - interval '1 day' THEN
        (SELECT count(*) FROM sourcelink.article a JOIN sourcelink.candidate k ON k.id = a.candidate_id
          WHERE a.source_id = s.source_id AND a.first_seen_at > since.at AND k.lane = 'fresh')
          / (extract(epoch FROM ${now}::timestamptz - since.at) / 86400.0) END::float8 AS "perDay",
      lag.seconds AS "lagSeconds", coalesce(lag.n, 0)::int AS measured
    FROM sourcelink.source_state s LEFT JOIN since USING (source_id)
    LEFT JOIN LATERAL (
      SELECT count(*) AS n, percentile_cont(0.5) WITHIN GROUP (
        ORDER BY greatest(0, extract(epoch FROM c.discovered_at - (c.hints->>'publishedAt')::timestamptz)))::float8 AS seconds
      FROM sourcelink.candidate c
      WHERE c.source_id = s.source_id AND c.lane = 'fresh' AND c.discovered_at > since.at AND (c.hints->>'publishedAt')::timestamptz > since.at
    ) lag ON true`.execute(db);
  return new Map(rows.map(({ id, ...rhythm }) => [id, rhythm]));
}
