import { sql } from 'kysely';
import type { Db } from '../schema.js';

/**
 * Gives the space of deleted and rewritten rows back to the tables of an embedded ledger, and tells its planner how large they are:
 * PGlite has no autovacuum, and without this its tables grow by every job and every visit. The thresholds are
 * autovacuum's own (https://www.postgresql.org/docs/current/routine-vacuuming.html#AUTOVACUUM). @returns how many tables
 */
export async function vacuum(db: Db): Promise<number> {
  // What was changed is counted a second later otherwise.
  await sql`SELECT pg_stat_force_next_flush()`.execute(db);
  const { rows } = await sql<{ name: string }>`
    SELECT format('%I.%I', schemaname, relname) AS name FROM pg_stat_user_tables
    WHERE n_dead_tup > 50 + 0.2 * n_live_tup OR n_mod_since_analyze > 50 + 0.1 * n_live_tup`.execute(db);
  for (const { name } of rows) await sql`VACUUM (ANALYZE) ${sql.raw(name)}`.execute(db);
  return rows.length;
}
