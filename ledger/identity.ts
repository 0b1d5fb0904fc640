import { sql } from 'kysely';
import type { Db, Identity } from './schema.js';

/** What the ledger has of an entry that may be known: by its link's key or by its GUID. */
export type KnownEntry = { urlKey: string; guid: string; title: string | null };

export async function identityOf(db: Db, sourceId: string): Promise<Identity> {
  const row = await db
    .selectFrom('sourcelink.source_state')
    .select('identity')
    .where('sourceId', '=', sourceId)
    .executeTakeFirst();
  return row?.identity ?? 'link';
}

/** @param reason for a person; null when it is by link, as usual */
export async function setIdentity(db: Db, sourceId: string, identity: Identity, reason: string | null): Promise<void> {
  await db
    .updateTable('sourcelink.source_state')
    .set({ identity, identityReason: reason })
    .where('sourceId', '=', sourceId)
    .execute();
}

/** Candidates of a source with a GUID that have one of these keys or GUIDs, oldest first. */
export async function knownEntries(
  db: Db,
  sourceId: string,
  entries: { urlKey: string; guid: string }[],
): Promise<KnownEntry[]> {
  const { rows } = await sql<KnownEntry>`
    SELECT url_key, hints->>'guid' AS guid, hints->>'title' AS title FROM sourcelink.candidate
    WHERE source_id = ${sourceId} AND hints->>'guid' IS NOT NULL AND (url_key = ANY(${entries.map((e) => e.urlKey)}::text[])
      OR md5(hints->>'guid') IN (SELECT md5(g) FROM unnest(${entries.map((e) => e.guid)}::text[]) AS g))
    ORDER BY id`.execute(db);
  return rows;
}

/** What is fetched from now on is fetched where it is listed now. */
export async function followLinks(db: Db, sourceId: string, moved: { urlKey: string; url: string }[]): Promise<void> {
  await sql`
    UPDATE sourcelink.candidate c SET url = m.url
    FROM jsonb_to_recordset(${JSON.stringify(moved)}::jsonb) AS m("urlKey" text, url text)
    WHERE c.source_id = ${sourceId} AND c.url_key = m."urlKey" AND c.url <> m.url`.execute(db);
}
