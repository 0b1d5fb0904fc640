import type { SiteDb } from './database.js';
import { MIGRATIONS } from './schema.js';

/** Migrates schema `site` to the version of this code. Throws when a newer version of the code wrote it. */
export async function migrateSite(db: SiteDb, now: Date): Promise<void> {
  // Two processes that start at once may both find the schema missing; one of them then gets an error that it exists.
  await db
    .query(
      `CREATE SCHEMA IF NOT EXISTS site;
       CREATE TABLE IF NOT EXISTS site.migration (version int PRIMARY KEY, applied_at timestamptz NOT NULL)`,
    )
    .catch(() => undefined);
  const version = await versionOf(db);
  if (version > MIGRATIONS.length)
    throw new Error(
      `The site's tables have version ${version}, but this program knows only ${MIGRATIONS.length}. Use the newer Sourcelink.`,
    );
  for (const [index, text] of MIGRATIONS.entries()) {
    if (index < version) continue;
    // The version number is inserted first, so that a second process waits at that key and then fails there.
    const stamp = `INSERT INTO site.migration VALUES (${index + 1}, '${now.toISOString()}')`;
    try {
      await db.query(`${stamp}; ${text}`);
    } catch (error) {
      if ((await versionOf(db)) <= index) throw error;
    }
  }
}

async function versionOf(db: SiteDb): Promise<number> {
  const { rows } = await db.query<{ version: number | null }>('SELECT max(version) AS version FROM site.migration');
  return rows[0]?.version ?? 0;
}
