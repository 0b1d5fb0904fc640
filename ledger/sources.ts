import { sql } from 'kysely';
import type { Source } from '../config/sources.js';
import { observe, type Telling } from './conditions.js';
import type { Db, Lane, SourceHealth, Tx } from './schema.js';
import type { VisitPlan } from './visits.js';

/** Makes the configured sources known to the ledger; what a source was before stays. */
export async function registerSources(db: Db, sources: Source[]): Promise<void> {
  for (let i = 0; i < sources.length; i += 500) {
    const rows = sources.slice(i, i + 500).map((s) => ({ source_id: s.id, name: s.name, homepage: s.url }));
    await db
      .insertInto('sourcelink.source_state')
      .values(rows)
      .onConflict((c) =>
        c.column('source_id').doUpdateSet({ name: sql`excluded.name`, homepage: sql`excluded.homepage` }),
      )
      .execute();
  }
}

export async function isPaused(db: Db, sourceId: string): Promise<boolean> {
  const row = await db
    .selectFrom('sourcelink.source_state')
    .select('paused')
    .where('source_id', '=', sourceId)
    .executeTakeFirst();
  return row?.paused ?? false;
}

/** Visits in a row that failed. */
export async function failuresOf(db: Db, sourceId: string): Promise<number> {
  const row = await db
    .selectFrom('sourcelink.source_state')
    .select('failures')
    .where('source_id', '=', sourceId)
    .executeTakeFirst();
  return row?.failures ?? 0;
}

/** Takes the source for one run; false when a living process has it. `seconds` is how long the lease holds unless renewed. */
export async function leaseSource(db: Db, sourceId: string, owner: string, seconds: number): Promise<boolean> {
  const result = await db
    .updateTable('sourcelink.source_state')
    .set({ lease_owner: owner, lease_until: sql`now() + make_interval(secs => ${seconds})` })
    .where('source_id', '=', sourceId)
    .where((eb) => eb.or([eb('lease_until', 'is', null), eb('lease_until', '<', sql<Date>`now()`)]))
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function releaseSource(db: Db, sourceId: string, owner: string): Promise<void> {
  await db
    .updateTable('sourcelink.source_state')
    .set({ lease_owner: null, lease_until: null })
    .where('source_id', '=', sourceId)
    .where('lease_owner', '=', owner)
    .execute();
}

/** What a visit did, in counts. */
export type RunCounts = {
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
export async function recordRun(
  db: Db | Tx,
  run: RunCounts,
  lane: Lane,
  ended: { code: string | null; reason: string | null } = { code: null, reason: null },
): Promise<void> {
  await db
    .insertInto('sourcelink.visit')
    .values({
      id: run.id,
      source_id: run.sourceId,
      started_at: run.startedAt,
      discovering: run.discovering,
      lane,
      finished_at: sql`clock_timestamp()`,
      requests: run.requests,
      not_modified: run.notModified,
      discovered: run.discovered,
      fetched: run.fetched,
      rendered: run.rendered,
      failed: run.failed,
      code: ended.code,
      reason: ended.reason,
    })
    .execute();
}

/**
 * Writes how a visit ended: the source's health, the run's counts, the next visit, and an alert when a change has lasted, in
 * one step.
 */
export async function finishVisit(
  db: Db,
  run: RunCounts,
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
    await recordRun(tx, run, 'fresh', health);
    // A visit that only fetched what was due says nothing of the source's lists, unless the host refused it.
    const judged = run.discovering || !ok;
    await tx
      .updateTable('sourcelink.source_state')
      .set({
        last_visit_at: sql`now()`,
        ...(judged ? { state: health.state, code: health.code, reason: health.reason } : {}),
        ...(judged ? { failures: ok ? 0 : sql<number>`failures + 1` } : {}),
        ...(health.how === null ? {} : { how: health.how }),
        ...(judged && ok ? { last_ok_at: sql`now()` } : {}),
        ...(plan === null ? {} : { next_visit_at: plan.at, next_visit_why: plan.why, planned_by: plan.by }),
        ...(run.fetched > 0 ? { last_article_at: sql`now()` } : {}),
      })
      .where('source_id', '=', run.sourceId)
      .execute();
    const { state, code, reason } = health;
    // Only visits by the source's own schedule count: what comes between them is soon repeated.
    if (run.discovering)
      await observe(
        tx,
        { kind: 'source', name: run.sourceId, topic: 'visits', state, code, reason, hint: null },
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
