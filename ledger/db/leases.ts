import { sql } from 'kysely';
import type { Db } from '../schema.js';
import { LEASE_SECONDS } from './lease-time.js';

/** Tables whose rows a process may hold for a while. */
const LEASED = ['candidate', 'delivery', 'source_state', 'sink_state', 'backfill', 'notice'] as const;

/**
 * Keeps what these hold; to be called well within LEASE_SECONDS, for as long as they work. What a job is writing just then has its
 * turn the next time: whoever waited for many rows in an order of its own would, now and then, wait for ever (deadlock).
 */
export async function renewLeases(db: Db, owners: string[]): Promise<void> {
  if (owners.length === 0) return;
  for (const table of LEASED) {
    const rows = sql.table(`sourcelink.${table}`);
    await sql`
      WITH held AS (SELECT ctid AS place FROM ${rows} WHERE lease_owner = ANY(${owners}::uuid[]) FOR UPDATE SKIP LOCKED)
      UPDATE ${rows} r SET lease_until = now() + make_interval(secs => ${LEASE_SECONDS}) FROM held WHERE r.ctid = held.place`.execute(
      db,
    );
  }
}

/** Gives back everything that this one still holds. */
export async function dropLeases(db: Db, owner: string): Promise<void> {
  for (const table of LEASED) {
    await sql`UPDATE ${sql.table(`sourcelink.${table}`)} SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = ${owner}`.execute(
      db,
    );
  }
}

/** Frees everything, whoever held it: only where nobody else can be alive, as on PGlite after its lock was taken. */
export async function freeAllLeases(db: Db): Promise<void> {
  for (const table of LEASED) {
    await sql`UPDATE ${sql.table(`sourcelink.${table}`)} SET lease_owner = NULL, lease_until = NULL WHERE lease_owner IS NOT NULL`.execute(
      db,
    );
  }
}
