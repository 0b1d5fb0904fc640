import { sql } from 'kysely';
import type { Source } from '../config/sources.js';
import { observe, type Telling } from './conditions.js';
import { isFree, leasedTo, withLease } from './db/leases.js';
import type { Db, Lane, SourceHealth, Tx } from './schema.js';
import type { VisitPlan } from './visits.js';

/** Makes the configured sources known to the ledger; what a source was before stays. */
export async function registerSources(db: Db, sources: Source[]): Promise<void> {
  for (let i = 0; i < sources.length; i += 500) {
    const rows = sources.slice(i, i + 500).map((s) => ({ sourceId: s.id, name: s.name, homepage: s.url }));
    await db
      .insertInto('sourcelink.source_state')
      .values(rows)
      .onConflict((c) =>
        c.column('sourceId').doUpdateSet({ name: sql`excluded.name`, homepage: sql`excluded.homepage` }),
      )
      .execute();
  }
}

/** Whether the ledger has had a source of this id. */
export async function isKnown(db: Db, sourceId: string): Promise<boolean> {
  const row = await db
    .selectFrom('sourcelink.source_state')
    .select('sourceId')
    .where('sourceId', '=', sourceId)
    .executeTakeFirst();
  return row !== undefined;
}

export async function isPaused(db: Db, sourceId: string): Promise<boolean> {
  const row = await db
    .selectFrom('sourcelink.source_state')
    .select('paused')
    .where('sourceId', '=', sourceId)
    .executeTakeFirst();
  return row?.paused ?? false;
}

/** Visits in a row that failed. */
export async function failuresOf(db: Db, sourceId: string): Promise<number> {
  const row = await db
    .selectFrom('sourcelink.source_state')
    .select('failures')
    .where('sourceId', '=', sourceId)
    .executeTakeFirst();
  return row?.failures ?? 0;
}

/** Visits a source while no other process does. @returns null when one does, or what `work` gave */
export const withSource = <T>(db: Db, sourceId: string, owner: string, work: () => Promise<T>): Promise<T | null> =>
  withLease(db, { table: 'source_state', key: sourceId, owner, take: () => leaseSource(db, sourceId, owner) }, work);

async function leaseSource(db: Db, sourceId: string, owner: string): Promise<true | null> {
  const { numAffectedRows } = await sql`
    UPDATE sourcelink.source_state SET ${leasedTo(owner)} WHERE source_id = ${sourceId} AND ${isFree()}`.execute(db);
  return numAffectedRows === 1n ? true : null;
}

/** What a visit did, in counts. */
export type VisitCounts = {
  id: string;
  sourceId: string;
  discovering: boolean;
  startedAt: Date;
  requests: number;
  notModified: number;
  discovered: number;
  fetched: number;
  /** Of the pages, those that were opened in the browser. */
  rendered: number;
  failed: number;
};

/** Writes what a visit did; of one to the archive, that is all there is to say. */
export async function recordVisit(
  db: Db | Tx,
  visit: VisitCounts,
  lane: Lane,
  ended: { code: string | null; reason: string | null } = { code: null, reason: null },
): Promise<void> {
  await db
    .insertInto('sourcelink.visit')
    .values({
      id: visit.id,
      sourceId: visit.sourceId,
      startedAt: visit.startedAt,
      discovering: visit.discovering,
      lane,
      finishedAt: sql`clock_timestamp()`,
      requests: visit.requests,
      notModified: visit.notModified,
      discovered: visit.discovered,
      fetched: visit.fetched,
      rendered: visit.rendered,
      failed: visit.failed,
      code: ended.code,
      reason: ended.reason,
    })
    .execute();
}

/**
 * Writes how a visit ended: the source's health, the visit's counts, the next visit, and an alert when a change has lasted, in
 * one step.
 */
export async function finishVisit(
  db: Db,
  visit: VisitCounts,
  health: {
    state: SourceHealth;
    code: string | null;
    reason: string | null;
    how: string | null;
    answered: boolean;
  },
  plan: VisitPlan | null,
  telling: Telling,
): Promise<void> {
  const ok = health.answered;
  await db.transaction().execute(async (tx) => {
    await recordVisit(tx, visit, 'fresh', health);
    // A visit that only fetched what was due says nothing of the source's lists, unless the host refused it.
    const judged = visit.discovering || !ok;
    await tx
      .updateTable('sourcelink.source_state')
      .set({
        lastVisitAt: sql`now()`,
        ...(judged ? { state: health.state, code: health.code, reason: health.reason } : {}),
        ...(judged ? { failures: ok ? 0 : sql<number>`failures + 1` } : {}),
        ...(health.how === null ? {} : { how: health.how }),
        ...(judged && ok ? { lastOkAt: sql`now()` } : {}),
        ...(plan === null ? {} : { nextVisitAt: plan.at, nextVisitWhy: plan.why, plannedBy: plan.by }),
        ...(visit.fetched > 0 ? { lastArticleAt: sql`now()` } : {}),
      })
      .where('sourceId', '=', visit.sourceId)
      .execute();
    const { state, code, reason } = health;
    // Only visits by the source's own schedule count: what comes between them is soon repeated.
    if (visit.discovering)
      await observe(
        tx,
        { kind: 'source', name: visit.sourceId, topic: 'visits', state, code, reason, hint: null },
        telling,
      );
  });
}

/** Deletes the records of visits that began more than `keepMs` ago. @returns how many */
export async function clearVisits(db: Db, keepMs: number): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM sourcelink.visit WHERE started_at < now() - make_interval(secs => ${keepMs / 1000})`.execute(db);
  return Number(numAffectedRows ?? 0n);
}
