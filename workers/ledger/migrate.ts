import { type Kysely, sql } from 'kysely';
import { SourcelinkError } from '../../config/errors.js';
import { MIGRATIONS, type Migration } from './migrations.js';
import type { Database } from './schema.js';

/** Any number that only Sourcelink's migrations use, so that many processes may start at once. */
const MIGRATION_LOCK = 0x51_0c_e1_1c;

/**
 * Brings the ledger's schema to `target` (default: the newest), each migration in a transaction of its own.
 * @throws LEDGER_MIGRATION when the ledger is newer than this program
 */
export async function migrate(db: Kysely<Database>, target: number = MIGRATIONS.at(-1)?.version ?? 0): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(tx);
    await sql`CREATE SCHEMA IF NOT EXISTS sourcelink`.execute(tx);
    await sql`CREATE TABLE IF NOT EXISTS sourcelink.migration (version int PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`.execute(
      tx,
    );
    const { at } = await tx
      .selectFrom('sourcelink.migration')
      .select(({ fn }) => fn.max('version').as('at'))
      .executeTakeFirstOrThrow();
    const now = at ?? 0;
    const newest = MIGRATIONS.at(-1)?.version ?? 0;
    if (now > newest)
      throw new SourcelinkError(
        'LEDGER_MIGRATION',
        `the ledger has schema version ${now}, this program knows up to ${newest}`,
      );
    const forward = MIGRATIONS.filter((m) => m.version > now && m.version <= target);
    const back = MIGRATIONS.filter((m) => m.version <= now && m.version > target).reverse();
    for (const m of forward) await apply(tx, m, m.up);
    for (const m of back) {
      await run(tx, m.down);
      await tx.deleteFrom('sourcelink.migration').where('version', '=', m.version).execute();
    }
  });
}

async function apply(tx: Kysely<Database>, m: Migration, text: string): Promise<void> {
  await run(tx, text);
  await tx
    .insertInto('sourcelink.migration')
    .values({ version: m.version, name: m.name, applied_at: new Date() })
    .execute();
}

async function run(tx: Kysely<Database>, text: string): Promise<void> {
  await sql.raw(text).execute(tx);
}
