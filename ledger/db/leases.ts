import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../schema.js';

/** Seconds that a claimed row stays with its worker. A living process renews them, a dead one's run out. */
export const LEASE_SECONDS = 30;

/** Whether nobody holds the row of this alias. */
export const isFree = (of?: string): RawBuilder<boolean> => {
  const until = sql.ref(of === undefined ? 'leaseUntil' : `${of}.leaseUntil`);
  return sql`(${until} IS NULL OR ${until} < now())`;
};

/** In SET: the row is this one's from now on. */
export const leasedTo = (owner: string): RawBuilder<unknown> =>
  sql`lease_owner = ${owner}, lease_until = now() + make_interval(secs => ${LEASE_SECONDS})`;

/** In SET: nobody holds the row any more. */
export const RELEASED = sql`lease_owner = NULL, lease_until = NULL`;

/** Tables whose rows a process may hold for a while. */
const LEASED = ['candidate', 'delivery', 'source_state', 'sink_state', 'backfill', 'notice'] as const;
/** Of these, the tables of things that one process works on at a time, by their key. */
const KEYS = { source_state: 'source_id', backfill: 'source_id', sink_state: 'sink' } as const;

/**
 * Works on a row while this one holds it, and gives it back whatever comes of the work.
 * @param take leases the row; null when another holds it or it is not to be worked on now
 * @returns what the work gave; null when the row was not to be had
 */
export async function withLease<L, T>(
  db: Db,
  row: { table: keyof typeof KEYS; key: string; owner: string; take: () => Promise<L | null> },
  work: (lease: L) => Promise<T>,
): Promise<T | null> {
  const lease = await row.take();
  if (lease === null) return null;
  try {
    return await work(lease);
  } finally {
    await sql`
      UPDATE ${sql.table(`sourcelink.${row.table}`)} SET ${RELEASED}
      WHERE ${sql.ref(KEYS[row.table])} = ${row.key} AND lease_owner = ${row.owner}`.execute(db);
  }
}

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
    await sql`UPDATE ${sql.table(`sourcelink.${table}`)} SET ${RELEASED} WHERE lease_owner = ${owner}`.execute(db);
  }
}

/** Frees everything, whoever held it: only where nobody else can be alive, as on PGlite after its lock was taken. */
export async function freeAllLeases(db: Db): Promise<void> {
  for (const table of LEASED) {
    await sql`UPDATE ${sql.table(`sourcelink.${table}`)} SET ${RELEASED} WHERE lease_owner IS NOT NULL`.execute(db);
  }
}
