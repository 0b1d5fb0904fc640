import { sql } from 'kysely';
import type { Db } from './schema.js';

/** Stops or resumes the visits to a source; what waits is kept. @returns false when the ledger does not know it */
export async function setPaused(db: Db, sourceId: string, paused: boolean): Promise<boolean> {
  const result = await db
    .updateTable('sourcelink.source_state')
    .set({ paused })
    .where('source_id', '=', sourceId)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/**
 * Gives dead candidates another chance: each goes back to the stage where it died, with all its tries, and its dead
 * deliveries wait again. Whatever runs next drives them. @returns the candidates that were put back
 */
export async function reviveDead(
  db: Db,
  which: { ids: number[] } | { sources: string[] } | 'all',
): Promise<{ id: number; source_id: string; url: string; stage: string }[]> {
  const chosen =
    which === 'all'
      ? sql`true`
      : 'ids' in which
        ? sql`c.id = ANY(${which.ids}::bigint[])`
        : sql`c.source_id = ANY(${which.sources}::text[])`;
  return db.transaction().execute(async (tx) => {
    // Locked first: a worker that settles a delivery of the same candidate waits for its end.
    const dead = await sql<{ id: number }>`
      SELECT c.id FROM sourcelink.candidate c WHERE c.outcome = 'dead' AND ${chosen} ORDER BY c.id FOR UPDATE`.execute(
      tx,
    );
    const ids = dead.rows.map((r) => r.id);
    if (ids.length === 0) return [];
    await sql`
      UPDATE sourcelink.delivery d SET state = 'pending', attempts = 0, next_try_at = now(), driven_at = NULL,
        lease_owner = NULL, lease_until = NULL, code = NULL, reason = NULL
      WHERE d.state = 'dead' AND d.candidate_id = ANY(${ids}::bigint[])`.execute(tx);
    // Without a delivery nothing would drive the last stage: the one before writes the outbox anew.
    const { rows } = await sql<{ id: number; source_id: string; url: string; stage: string }>`
      UPDATE sourcelink.candidate c SET outcome = NULL, code = NULL, reason = NULL, dead_stage = NULL, attempts = 0,
        next_try_at = now(), driven_at = NULL, lease_owner = NULL, lease_until = NULL, changed_at = now(),
        stage = CASE
          WHEN c.dead_stage <> 'publish' THEN c.dead_stage
          WHEN EXISTS (SELECT 1 FROM sourcelink.delivery d WHERE d.candidate_id = c.id AND d.state = 'pending') THEN 'publish'
          ELSE 'categorize' END
      WHERE c.id = ANY(${ids}::bigint[])
      RETURNING c.id, c.source_id, c.url, c.stage`.execute(tx);
    return rows.sort((a, b) => a.id - b.id);
  });
}
