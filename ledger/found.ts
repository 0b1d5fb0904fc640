import { sql } from 'kysely';
import { json } from './articles.js';
import { type KnownCandidate, type NewCandidate, type Relisting, relist } from './revisits.js';
import type { Db } from './schema.js';

/** URLs that are read and written at a time. */
const CHUNK = 200;

/**
 * Writes what discovery found: new URLs as candidates, and of known ones what `relist` decides.
 * @returns how many were new, and how many are to be looked at again
 */
export async function recordFound(
  db: Db,
  sourceId: string,
  found: NewCandidate[],
): Promise<{ added: number; revisits: number }> {
  let added = 0;
  let revisits = 0;
  for (let i = 0; i < found.length; i += CHUNK) {
    const chunk = found.slice(i, i + CHUNK);
    const { known, now } = await readKnown(db, sourceId, chunk);
    const relisted = chunk.flatMap((listed) => {
      const had = known.get(listed.urlKey);
      return had === undefined ? [] : { id: had.id, ...relist(had, listed, now) };
    });
    added += await insertNew(
      db,
      sourceId,
      chunk.filter((f) => !known.has(f.urlKey)),
    );
    revisits += await writeRelisted(db, relisted);
  }
  return { added, revisits };
}

/** What is known of the listed URLs, by key, at the ledger's own time. */
async function readKnown(
  db: Db,
  sourceId: string,
  listed: NewCandidate[],
): Promise<{ known: Map<string, KnownCandidate>; now: Date }> {
  const rows = await db
    .selectFrom('sourcelink.candidate')
    .select(['id', 'urlKey', 'hintedAt', 'fetchedAt', 'lane', 'outcome', 'unchanged', 'listedAt'])
    .select(sql<Date>`now()`.as('now'))
    .where('sourceId', '=', sourceId)
    .where('urlKey', 'in', [...new Set(listed.map((f) => f.urlKey))])
    .execute();
  return { known: new Map(rows.map((r) => [r.urlKey, r])), now: rows[0]?.now ?? new Date(0) };
}

async function insertNew(db: Db, sourceId: string, fresh: NewCandidate[]): Promise<number> {
  if (fresh.length === 0) return 0;
  const rows = await db
    .insertInto('sourcelink.candidate')
    .values(
      fresh.map(({ url, urlKey, hints, rejected }) => ({
        sourceId,
        url,
        urlKey,
        hints: json(hints),
        hintedAt: hints.updatedAt === null ? null : new Date(hints.updatedAt),
        stage: rejected === null ? ('fetch' as const) : ('done' as const),
        outcome: rejected === null ? null : rejected.dead ? ('dead' as const) : ('rejected' as const),
        deadStage: rejected?.dead ? ('fetch' as const) : null,
        code: rejected?.code ?? null,
        reason: rejected?.reason ?? null,
        drivenAt: sql<Date>`now()`,
      })),
    )
    .onConflict((c) => c.columns(['sourceId', 'urlKey']).doNothing())
    .returning('id')
    .execute();
  return rows.length;
}

/** @returns how many are to be looked at again */
async function writeRelisted(db: Db, all: (Relisting & { id: number })[]): Promise<number> {
  const hinted = all.flatMap(({ id, promote, revisit, hints }) =>
    hints === null ? [] : { id, isNews: promote || revisit, ...hints },
  );
  const revisited = all.flatMap((r) => (r.revisit ? r.id : []));
  const noted = all.flatMap((r) => (r.note || r.hints !== null ? r.id : []));
  if (hinted.length > 0)
    await sql`
      UPDATE sourcelink.candidate c SET hints = h.hints, hinted_at = h."hintedAt",
        lane = CASE WHEN h."isNews" THEN 'fresh' ELSE c.lane END
      FROM jsonb_to_recordset(${json(hinted)}) AS h(id bigint, hints jsonb, "hintedAt" timestamptz, "isNews" boolean)
      WHERE c.id = h.id`.execute(db);
  if (noted.length > 0)
    await db.updateTable('sourcelink.candidate').set({ listedAt: sql<Date>`now()` }).where('id', 'in', noted).execute();
  if (revisited.length === 0) return 0;
  const now = sql<Date>`now()`;
  const result = await db
    .updateTable('sourcelink.candidate')
    .set({ stage: 'fetch', outcome: null, attempts: 0, nextTryAt: now, drivenAt: now, changedAt: now })
    .where('id', 'in', revisited)
    .where('outcome', 'in', ['published', 'duplicate'])
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}
