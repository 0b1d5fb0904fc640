import { sql } from 'kysely';
import type { Db, Tx } from './schema.js';

/** Notes that the page of a published article is to be asked for again, `waitMs` from now. */
export async function lookAgain(tx: Db | Tx, candidateId: number, waitMs: number): Promise<void> {
  await tx
    .updateTable('sourcelink.candidate')
    .set({ look_at: sql`now() + make_interval(secs => ${waitMs / 1000})` })
    .where('id', '=', candidateId)
    .execute();
}

/** Sends the published articles of these sources whose time has come back to be fetched. @returns how many */
export async function takeLooks(db: Db, sources: string[]): Promise<number> {
  const { numAffectedRows } = await sql`
    UPDATE sourcelink.candidate c SET stage = 'fetch', outcome = NULL, code = NULL, reason = NULL, attempts = 0,
      next_try_at = now(), driven_at = NULL, changed_at = now(), look_at = NULL
    FROM sourcelink.source_state s
    WHERE c.look_at <= now() AND c.outcome = 'published' AND c.source_id = ANY(${sources}::text[]) AND s.source_id = c.source_id AND NOT s.paused`.execute(
    db,
  );
  return Number(numAffectedRows ?? 0n);
}

/** Writes since when a page is gone; null when it is there (again). */
export async function setGone(db: Db | Tx, candidateId: number, since: Date | null): Promise<void> {
  await db.updateTable('sourcelink.candidate').set({ gone_at: since }).where('id', '=', candidateId).execute();
}
