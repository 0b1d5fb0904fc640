import { sql } from 'kysely';
import type { Db, Tx } from './schema.js';

/** Notes when the page of a published article is to be asked for again. */
export async function lookAgain(tx: Db | Tx, candidateId: number, at: Date): Promise<void> {
  await tx.updateTable('sourcelink.candidate').set({ lookAt: at }).where('id', '=', candidateId).execute();
}

/** The first look at an article found at `since` that is still to come, at one of `ages` in milliseconds; null after the last. */
export function nextLook(since: Date, ages: number[], now: Date): Date | null {
  const times = ages.map((age) => since.getTime() + age).filter((t) => t > now.getTime());
  return times.length === 0 ? null : new Date(Math.min(...times));
}

/**
 * Sends the published articles of these sources whose time has come back to be fetched, and notes the next time.
 * @returns how many
 */
export async function takeLooks(db: Db, sources: string[], ages: number[], now: Date): Promise<number> {
  const seconds = ages.map((age) => age / 1000);
  const { numAffectedRows } = await sql`
    UPDATE sourcelink.candidate c SET stage = 'fetch', lane = 'fresh', outcome = NULL, code = NULL, reason = NULL, attempts = 0,
      next_try_at = now(), driven_at = NULL, changed_at = now(),
      look_at = (SELECT min(c.discovered_at + make_interval(secs => a.age)) FROM unnest(${seconds}::float8[]) AS a(age)
        WHERE c.discovered_at + make_interval(secs => a.age) > ${now})
    FROM sourcelink.source_state s
    WHERE c.look_at <= ${now} AND c.outcome = 'published' AND c.source_id = ANY(${sources}::text[]) AND s.source_id = c.source_id AND NOT s.paused`.execute(
    db,
  );
  return Number(numAffectedRows ?? 0n);
}

/** Writes since when a page is missing (404); null when it is there again. */
export async function setMissing(db: Db | Tx, candidateId: number, since: Date | null): Promise<void> {
  await db.updateTable('sourcelink.candidate').set({ missingSince: since }).where('id', '=', candidateId).execute();
}
