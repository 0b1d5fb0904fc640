import type { SiteDb } from './database.js';

/** One thing that an editor did. */
export type Entry = { at: Date; editor: string; did: string; about: string };

export async function writeEntry(db: SiteDb, e: Entry): Promise<void> {
  await db.query('INSERT INTO site.journal (at, editor, did, about) VALUES ($1::timestamptz, $2, $3, $4)', [
    e.at.toISOString(),
    e.editor,
    e.did,
    e.about,
  ]);
}

/** What editors did, newest first. */
export async function entries(db: SiteDb, limit: number): Promise<Entry[]> {
  const { rows } = await db.query<Entry>(
    'SELECT at, editor, did, about FROM site.journal ORDER BY id DESC LIMIT $1::int',
    [limit],
  );
  return rows;
}
