import { sql } from 'kysely';
import { isFree } from './db/leases.js';
import type { Db } from './schema.js';

const DAY = sql`date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'`;

/** Midnight in UTC that ends the present day. */
export const TOMORROW = sql<Date>`(${DAY} + interval '1 day')`;

/** Pages of news that were fetched from a source since midnight in UTC. */
export async function fetchedToday(db: Db, sourceId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT coalesce(sum(fetched), 0)::int AS n FROM sourcelink.visit
    WHERE source_id = ${sourceId} AND lane = 'fresh' AND started_at >= ${DAY}`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Puts off what is due of a source's news until the next day in UTC. @returns how many pages */
export async function waitForTomorrow(db: Db, sourceId: string): Promise<number> {
  const { numAffectedRows } = await sql`
    UPDATE sourcelink.candidate SET next_try_at = ${TOMORROW}
    WHERE source_id = ${sourceId} AND lane = 'fresh' AND stage = 'fetch' AND outcome IS NULL AND next_try_at <= now()
      AND ${isFree()}`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

/** Whether more than `most` pages wait to be read. */
export async function waitsForExtraction(db: Db, most: number): Promise<boolean> {
  const { rows } = await sql`
    SELECT 1 FROM sourcelink.candidate WHERE outcome IS NULL AND stage = 'extract' OFFSET ${most} LIMIT 1`.execute(db);
  return rows.length > 0;
}
