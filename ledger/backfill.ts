import { sql } from 'kysely';
import { json } from './articles.js';
import { type Claimed, claimForFetch } from './candidates.js';
import { isFree, leasedTo, withLease } from './db/leases.js';
import { TOMORROW } from './limits.js';
import type { NewCandidate } from './revisits.js';
import type { Db } from './schema.js';

/** The days that a back-fill is about: published since, and until; null for no end. */
export type Range = { since: Date; until: Date | null };

/** Left out because its own page says that it is of other days than those asked for. */
export const OUTSIDE = 'FILTER_BACKFILL';

/**
 * Begins a back-fill, or goes on with one of the same days that was not planned to its end.
 * @returns the sitemaps that need not be read again
 */
export async function beginBackfill(db: Db, sourceId: string, range: Range): Promise<Set<string>> {
  return db.transaction().execute(async (tx) => {
    const had = await tx
      .selectFrom('sourcelink.backfill')
      .select(['since', 'until', 'plannedAt'])
      .where('sourceId', '=', sourceId)
      .forUpdate()
      .executeTakeFirst();
    const same = had && +had.since === +range.since && (had.until && +had.until) === (range.until && +range.until);
    if (same && had.plannedAt === null) {
      const places = await tx
        .selectFrom('sourcelink.backfill_place')
        .select('url')
        .where('sourceId', '=', sourceId)
        .execute();
      return new Set(places.map((p) => p.url));
    }
    const fresh = { ...range, askedAt: sql<Date>`now()`, plannedAt: null };
    await tx
      .insertInto('sourcelink.backfill')
      .values({ sourceId: sourceId, ...fresh })
      .onConflict((c) => c.column('sourceId').doUpdateSet(fresh))
      .execute();
    await tx.deleteFrom('sourcelink.backfill_place').where('sourceId', '=', sourceId).execute();
    // What was outside of the days asked for before may lie within these.
    await tx
      .updateTable('sourcelink.candidate')
      .set({ code: 'FILTER_MAX_AGE' })
      .where('sourceId', '=', sourceId)
      .where('outcome', '=', 'rejected')
      .where('code', '=', OUTSIDE)
      .execute();
    return new Set<string>();
  });
}

/** The archive has been looked through. */
export async function endPlan(db: Db, sourceId: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('sourcelink.backfill')
      .set({ plannedAt: sql<Date>`now()` })
      .where('sourceId', '=', sourceId)
      .execute();
    await tx.deleteFrom('sourcelink.backfill_place').where('sourceId', '=', sourceId).execute();
  });
}

/**
 * Writes what a place of the archive lists, behind the news. What is known stays as it is, but for what was left out for
 * its age alone. @param readWhole the place need not be read again @returns how many were added
 */
export async function recordArchive(
  db: Db,
  sourceId: string,
  place: { url: string; readWhole: boolean },
  found: NewCandidate[],
): Promise<number> {
  const rows = found.map((f) => ({
    url: f.url,
    urlKey: f.urlKey,
    hints: f.hints,
    hintedAt: f.hints.updatedAt,
    code: f.rejected?.code ?? null,
    reason: f.rejected?.reason ?? null,
  }));
  return db.transaction().execute(async (tx) => {
    let added = 0;
    for (let i = 0; i < rows.length; i += 500) {
      const { rows: written } = await sql<{ code: string | null }>`
        INSERT INTO sourcelink.candidate AS c (source_id, url, url_key, hints, hinted_at, lane, stage, outcome, code, reason)
        SELECT ${sourceId}, url, "urlKey", hints, "hintedAt", 'backfill',
          CASE WHEN code IS NULL THEN 'fetch' ELSE 'done' END, CASE WHEN code IS NULL THEN NULL ELSE 'rejected' END, code, reason
        FROM jsonb_to_recordset(${json(rows.slice(i, i + 500))})
          AS r(url text, "urlKey" text, hints jsonb, "hintedAt" timestamptz, code text, reason text)
        ON CONFLICT (source_id, url_key) DO UPDATE SET lane = 'backfill', stage = 'fetch', outcome = NULL, code = NULL, reason = NULL,
          attempts = 0, next_try_at = now(), changed_at = now()
          WHERE c.outcome = 'rejected' AND c.code = 'FILTER_MAX_AGE' AND excluded.outcome IS NULL
        RETURNING code`.execute(tx);
      added += written.filter((w) => w.code === null).length;
    }
    if (place.readWhole)
      await tx
        .insertInto('sourcelink.backfill_place')
        .values({ sourceId: sourceId, url: place.url })
        .onConflict((c) => c.doNothing())
        .execute();
    return added;
  });
}

/** Of these keys, those that the ledger has, but for what it left out for its age alone. */
export async function knownKeys(db: Db, sourceId: string, keys: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ urlKey: string }>`
    SELECT url_key FROM sourcelink.candidate WHERE source_id = ${sourceId} AND url_key = ANY(${keys}::text[])
      AND (outcome IS DISTINCT FROM 'rejected' OR code NOT IN ('FILTER_MAX_AGE', ${OUTSIDE}))`.execute(db);
  return new Set(rows.map((r) => r.urlKey));
}

/** Sources whose archive waits, that may be asked today, and that nobody fetches from now. */
export async function dueBackfills(db: Db): Promise<string[]> {
  const { rows } = await sql<{ sourceId: string }>`
    SELECT b.source_id FROM sourcelink.backfill b JOIN sourcelink.source_state s USING (source_id)
    WHERE NOT s.paused AND (b.rest_until IS NULL OR b.rest_until <= now()) AND ${isFree('b')}
      AND EXISTS (SELECT 1 FROM sourcelink.candidate k WHERE k.source_id = b.source_id AND k.lane = 'backfill' AND k.stage = 'fetch'
        AND k.outcome IS NULL AND k.next_try_at <= now() AND ${isFree('k')})`.execute(db);
  return rows.map((r) => r.sourceId);
}

/** Fills back from a source's archive while no other process does. @returns null when one does, or it rests until tomorrow */
export const withBackfill = <T>(db: Db, sourceId: string, owner: string, work: () => Promise<T>): Promise<T | null> =>
  withLease(db, { table: 'backfill', key: sourceId, owner, take: () => leaseBackfill(db, sourceId, owner) }, work);

async function leaseBackfill(db: Db, sourceId: string, owner: string): Promise<true | null> {
  const { numAffectedRows } = await sql`
    UPDATE sourcelink.backfill SET ${leasedTo(owner)}
    WHERE source_id = ${sourceId} AND ${isFree()}
      AND (rest_until IS NULL OR rest_until <= now())`.execute(db);
  return numAffectedRows === 1n ? true : null;
}

/** Whether news of this source wants to be fetched, or is being fetched. */
export async function newsWaits(db: Db, sourceId: string): Promise<boolean> {
  const { rows } = await sql`
    SELECT 1 FROM sourcelink.source_state WHERE source_id = ${sourceId} AND lease_until >= now()
    UNION ALL (SELECT 1 FROM sourcelink.candidate WHERE source_id = ${sourceId} AND lane = 'fresh' AND stage = 'fetch' AND outcome IS NULL
      AND next_try_at <= now() LIMIT 1)`.execute(db);
  return rows.length > 0;
}

/** Fetched pages of all archives that nobody has read yet. */
export async function unreadArchive(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM sourcelink.candidate WHERE outcome IS NULL AND stage = 'extract' AND lane = 'backfill'`.execute(
    db,
  );
  return rows[0]?.n ?? 0;
}

/** Takes the next page of an archive within the day's share; null when none is due, or when it is used up, and it rests until tomorrow. */
export async function claimBackfill(db: Db, sourceId: string, owner: string, perDay: number): Promise<Claimed | null> {
  const { rows } = await sql<{ taken: number }>`
    UPDATE sourcelink.backfill SET day = (now() AT TIME ZONE 'UTC')::date,
      taken = CASE WHEN day = (now() AT TIME ZONE 'UTC')::date THEN taken ELSE 0 END
    WHERE source_id = ${sourceId} RETURNING taken`.execute(db);
  if ((rows[0]?.taken ?? 0) >= perDay) {
    await db.updateTable('sourcelink.backfill').set({ restUntil: TOMORROW }).where('sourceId', '=', sourceId).execute();
    return null;
  }
  const [claimed] = await claimForFetch(db, sourceId, owner, 1, 'backfill');
  if (!claimed) return null;
  await sql`UPDATE sourcelink.backfill SET taken = taken + 1 WHERE source_id = ${sourceId}`.execute(db);
  return claimed;
}

/** The days asked for of these sources. */
export async function rangesOf(db: Db, sourceIds: string[]): Promise<Map<string, Range>> {
  if (sourceIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('sourcelink.backfill')
    .select(['sourceId', 'since', 'until'])
    .where('sourceId', 'in', sourceIds)
    .execute();
  return new Map(rows.map(({ sourceId, ...range }) => [sourceId, range]));
}

/** How a source's back-fill stands. */
export type BackfillView = {
  since: Date;
  until: Date | null;
  /** False while the archive has not been looked through to its end. */
  planned: boolean;
  /** Articles that are not through yet. */
  waiting: number;
  published: number;
  /** Pages taken today. */
  today: number;
  /** When it goes on, after the day's share was used up. */
  restsUntil: Date | null;
};

/** The back-fills of all sources that were ever asked for one, by id. */
export async function listBackfills(db: Db): Promise<Map<string, BackfillView>> {
  const { rows } = await sql<BackfillView & { id: string }>`
    SELECT b.source_id AS id, b.since, b.until, b.planned_at IS NOT NULL AS planned,
      coalesce(c.waiting, 0)::int AS waiting, coalesce(c.published, 0)::int AS published,
      CASE WHEN b.day = (now() AT TIME ZONE 'UTC')::date THEN b.taken ELSE 0 END AS today,
      CASE WHEN b.rest_until > now() THEN b.rest_until END AS "restsUntil"
    FROM sourcelink.backfill b LEFT JOIN (
      SELECT source_id, count(*) FILTER (WHERE outcome IS NULL) AS waiting, count(*) FILTER (WHERE outcome = 'published') AS published
      FROM sourcelink.candidate WHERE lane = 'backfill' GROUP BY 1) c USING (source_id)`.execute(db);
  return new Map(rows.map(({ id, ...view }) => [id, view]));
}
