import { sql } from 'kysely';
import { isFree } from './db/leases.js';
import type { Db, Lane, Stage } from './schema.js';

/** Takes waiting candidates of a stage that are due, that nobody holds, and that no job has driven for `staleSeconds`; news first. */
export async function takeUndriven(
  db: Db,
  stage: Stage,
  staleSeconds: number,
  limit: number,
): Promise<{ id: number; lane: Lane }[]> {
  const { rows } = await sql<{ id: number; lane: Lane }>`
    UPDATE sourcelink.candidate c SET driven_at = now()
    FROM (SELECT k.id FROM sourcelink.candidate k
          WHERE k.outcome IS NULL AND k.stage = ${stage} AND k.next_try_at <= now()
            AND ${isFree('k')}
            AND (k.driven_at IS NULL OR k.driven_at < now() - make_interval(secs => ${staleSeconds}))
          ORDER BY (k.lane = 'backfill'), k.id LIMIT ${limit} FOR UPDATE SKIP LOCKED) p
    WHERE c.id = p.id RETURNING c.id, c.lane`.execute(db);
  return rows;
}

/** Sources with pages of news that are due and that nobody visits now. */
export async function sourcesWithDuePages(db: Db, limit: number): Promise<string[]> {
  const { rows } = await sql<{ sourceId: string }>`
    SELECT DISTINCT k.source_id FROM sourcelink.candidate k JOIN sourcelink.source_state s USING (source_id)
    WHERE k.outcome IS NULL AND k.stage = 'fetch' AND k.lane = 'fresh' AND k.next_try_at <= now()
      AND ${isFree('k')}
      AND NOT s.paused AND ${isFree('s')}
    LIMIT ${limit}`.execute(db);
  return rows.map((r) => r.sourceId);
}
