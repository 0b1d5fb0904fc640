import { type Kysely, sql } from 'kysely';
import { SourcelinkError } from '../../config/errors.js';
import type { Database, Db } from '../schema.js';
import { MIGRATIONS, type Migration } from './migrations/migrations.js';

/** Any number that only Sourcelink's migrations use, so that many processes may start at once. */
const MIGRATION_LOCK = 0x51_0c_e1_1c;

type Known = readonly Migration[];
const newestOf = (known: Known): number => known.at(-1)?.version ?? 0;

/**
 * Brings the ledger's schema to `target` (default: the newest), all in one transaction. A ledger that is newer than this
 * program stays as it is, if this program can still work with it.
 * @throws LEDGER_MIGRATION when it cannot
 */
export async function migrate(db: Kysely<Database>, target?: number, known: Known = MIGRATIONS): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(tx);
    await sql`CREATE SCHEMA IF NOT EXISTS sourcelink`.execute(tx);
    await sql`CREATE TABLE IF NOT EXISTS sourcelink.migration (version int PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`.execute(
      tx,
    );
    await sql`ALTER TABLE sourcelink.migration ADD COLUMN IF NOT EXISTS additive boolean NOT NULL DEFAULT false`.execute(
      tx,
    );
    const { at, least } = await readVersion(tx);
    if (at > newestOf(known)) {
      if (target === undefined && least <= newestOf(known)) return;
      throw tooNew(at, known);
    }
    const to = target ?? newestOf(known);
    for (const m of known.filter((k) => k.version > at && k.version <= to)) {
      await sql.raw(m.up).execute(tx);
      const { version, name, additive = false } = m;
      await tx.insertInto('sourcelink.migration').values({ version, name, additive, appliedAt: new Date() }).execute();
    }
    for (const m of [...known].reverse().filter((k) => k.version <= at && k.version > to)) {
      await sql.raw(m.down).execute(tx);
      await tx.deleteFrom('sourcelink.migration').where('version', '=', m.version).execute();
    }
  });
}

/** `least`: the oldest schema whose programs can still work with this one. */
async function readVersion(db: Db): Promise<{ at: number; least: number }> {
  const rows = await db.selectFrom('sourcelink.migration').select(['version', 'additive']).orderBy('version').execute();
  const breaking = rows.findLast((r) => !r.additive)?.version ?? 0;
  return { at: rows.at(-1)?.version ?? 0, least: breaking };
}

/** Of the ledger as it is now. */
export const schemaVersion = async (db: Db): Promise<number> => (await readVersion(db)).at;

const tooNew = (at: number, known: Known): SourcelinkError =>
  new SourcelinkError(
    'LEDGER_MIGRATION',
    `the ledger has schema version ${at}, but this program only supports versions up to ${newestOf(known)}`,
  );

/** Why this program cannot go on with the ledger, which others may have changed since it was opened; null when it can. */
export async function outdated(db: Db, known: Known = MIGRATIONS): Promise<SourcelinkError | null> {
  const { at, least } = await readVersion(db);
  if (least > newestOf(known)) return tooNew(at, known);
  if (at >= newestOf(known)) return null;
  return new SourcelinkError(
    'LEDGER_MIGRATION',
    `the ledger was migrated back to schema version ${at}, but this program needs ${newestOf(known)}`,
    { hint: 'Start the older version, or run `sourcelink migrate`.' },
  );
}

export type MigrationState = { version: number; name: string; appliedAt: Date | null; additive: boolean };

/** All migrations, those of a newer program too, with when each was made; none on a database without a ledger. */
export async function migrationStates(db: Db): Promise<MigrationState[]> {
  const { rows: tables } = await sql<{ made: boolean }>`
    SELECT to_regclass('sourcelink.migration') IS NOT NULL AS made`.execute(db);
  const rows = tables[0]?.made
    ? await db.selectFrom('sourcelink.migration').select(['version', 'name', 'appliedAt']).execute()
    : [];
  const versions = new Set([...MIGRATIONS.map((m) => m.version), ...rows.map((r) => r.version)]);
  return [...versions]
    .sort((a, b) => a - b)
    .map((version) => {
      const known = MIGRATIONS.find((m) => m.version === version);
      const row = rows.find((r) => r.version === version);
      const name = known?.name ?? row?.name ?? '';
      return { version, name, appliedAt: row?.appliedAt ?? null, additive: known?.additive ?? false };
    });
}
