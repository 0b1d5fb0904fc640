import { sql } from 'kysely';
import pg from 'pg';
import type { Db } from '../../ledger/schema.js';

/**
 * A clock that the simulation sets forward while nothing is under way, for the program and for its ledger alike: `now()` in the
 * ledger's statements becomes one that lies as far ahead. Between two such steps it goes on as clocks do.
 */
export type Clock = {
  now(): Date;
  /** How far it is ahead of the wall's, in milliseconds. */
  ahead(): number;
  /** For `shiftLedger`. */
  attach(db: Db): void;
  forward(milliseconds: number): Promise<void>;
};

export function startClock(): Clock {
  let ahead = 0;
  let ledger: Db | null = null;
  return {
    now: () => new Date(Date.now() + ahead),
    ahead: () => ahead,
    attach: (db) => {
      ledger = db;
    },
    async forward(milliseconds) {
      ahead += milliseconds;
      if (ledger) await sql`UPDATE soak.clock SET ahead = make_interval(secs => ${ahead / 1000})`.execute(ledger);
    },
  };
}

const CLOCK = [
  'CREATE SCHEMA soak',
  `CREATE TABLE soak.clock AS SELECT interval '0' AS ahead`,
  `CREATE FUNCTION soak.now() RETURNS timestamptz LANGUAGE plpgsql STABLE AS
    'BEGIN RETURN pg_catalog.now() + (SELECT ahead FROM soak.clock); END'`,
];

/** Lets every connection to this database that is opened from now on read the simulation's clock, the queue's own excepted. */
export async function shiftServer(databaseUrl: string): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    for (const text of CLOCK) await client.query(text);
    const name = new URL(databaseUrl).pathname.slice(1);
    await client.query(`ALTER DATABASE ${name} SET search_path = soak, pg_catalog, public`);
  } finally {
    await client.end();
  }
}

/** The same for an open ledger: what is written by default as now, and, on PGlite, its one session. */
export async function shiftLedger(db: Db, kind: 'pglite' | 'postgres'): Promise<void> {
  if (kind === 'pglite')
    for (const text of [...CLOCK, 'SET search_path = bullmq, soak, pg_catalog']) await sql.raw(text).execute(db);
  const { rows } = await sql<{ place: string }>`
    SELECT format('ALTER TABLE sourcelink.%I ALTER COLUMN %I SET DEFAULT soak.now()', table_name, column_name) AS place
    FROM information_schema.columns WHERE table_schema = 'sourcelink' AND column_default LIKE '%now()%'`.execute(db);
  for (const { place } of rows) await sql.raw(place).execute(db);
}
