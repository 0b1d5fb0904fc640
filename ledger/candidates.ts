import { type RawBuilder, sql, type Updateable } from 'kysely';
import { codeOf, messageOf, SourcelinkError } from '../config/errors.js';
import { LEASE_SECONDS } from './db/lease-time.js';
import type { CandidateTable, Db, Hints, Lane, Outcome, Stage, Tx } from './schema.js';

export type NewCandidate = {
  url: string;
  urlKey: string;
  hints: Hints;
  /** Why it is not fetched: left out by a filter, or `dead` as what failed, which `dead retry` tries again. */
  rejected: { code: string; reason: string; dead?: boolean } | null;
};

/**
 * Writes what discovery found. A URL seen before is fetched again when its source says that it changed since; the more
 * often that turned out to be untrue, the longer it waits (10 min · n², at most a day). What waits in the back-fill's lane
 * is news from now on. That a URL is listed still is noted once a day.
 * @returns how many were new, and how many are to be looked at again
 */
export async function recordFound(
  db: Db,
  sourceId: string,
  found: NewCandidate[],
): Promise<{ added: number; revisits: number }> {
  let added = 0;
  let revisits = 0;
  for (let i = 0; i < found.length; i += 200) {
    const rows = found.slice(i, i + 200).map((f) => ({
      url: f.url,
      urlKey: f.urlKey,
      hints: f.hints,
      hintedAt: f.hints.updatedAt,
      code: f.rejected?.code ?? null,
      reason: f.rejected?.reason ?? null,
      outcome: f.rejected && (f.rejected.dead ? 'dead' : 'rejected'),
      deadStage: f.rejected?.dead ? 'fetch' : null,
    }));
    const { rows: written } = await sql<{ inserted: boolean; revisit: boolean }>`
      WITH incoming AS (
        SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          AS r(url text, "urlKey" text, hints jsonb, "hintedAt" timestamptz, code text, reason text, outcome text, "deadStage" text)
      ), known AS (
        UPDATE sourcelink.candidate c SET
          listed_at = now(),
          hints = CASE WHEN v.revisit OR v.promoted OR v.hinted THEN i.hints ELSE c.hints END,
          hinted_at = CASE WHEN v.revisit OR v.promoted OR v.hinted THEN coalesce(greatest(c.hinted_at, i."hintedAt"), i."hintedAt") ELSE c.hinted_at END,
          stage = CASE WHEN v.revisit THEN 'fetch' ELSE c.stage END,
          outcome = CASE WHEN v.revisit THEN NULL ELSE c.outcome END,
          attempts = CASE WHEN v.revisit THEN 0 ELSE c.attempts END,
          lane = CASE WHEN v.revisit OR v.promoted THEN 'fresh' ELSE c.lane END,
          next_try_at = CASE WHEN v.revisit THEN now() ELSE c.next_try_at END,
          driven_at = CASE WHEN v.revisit THEN now() ELSE c.driven_at END,
          changed_at = CASE WHEN v.revisit THEN now() ELSE c.changed_at END
        FROM incoming i, LATERAL (
          SELECT (k.outcome IN ('published', 'duplicate') AND i."hintedAt" > coalesce(k.hinted_at, k.fetched_at)
              AND k.fetched_at + least(interval '1 day', interval '10 minutes' * k.unchanged * k.unchanged) <= now()) AS revisit,
            (k.outcome IS NULL AND k.lane = 'backfill' AND i.code IS NULL) AS promoted,
            (i."hintedAt" IS NOT NULL AND k.hinted_at IS DISTINCT FROM greatest(k.hinted_at, i."hintedAt") AND k.unchanged = 0) AS hinted
          FROM sourcelink.candidate k WHERE k.source_id = ${sourceId} AND k.url_key = i."urlKey"
        ) v
        WHERE c.source_id = ${sourceId} AND c.url_key = i."urlKey"
          AND (v.revisit OR v.promoted OR v.hinted OR c.listed_at < now() - interval '1 day')
        RETURNING v.revisit
      ), fresh AS (
        INSERT INTO sourcelink.candidate (source_id, url, url_key, hints, hinted_at, stage, outcome, dead_stage, code, reason, driven_at)
        SELECT ${sourceId}, url, "urlKey", hints, "hintedAt",
          CASE WHEN outcome IS NULL THEN 'fetch' ELSE 'done' END, outcome, "deadStage", code, reason, now()
        FROM incoming
        ON CONFLICT (source_id, url_key) DO NOTHING
        RETURNING true
      )
      SELECT true AS inserted, false AS revisit FROM fresh UNION ALL SELECT false, coalesce(revisit, false) FROM known`.execute(
      db,
    );
    added += written.filter((w) => w.inserted).length;
    revisits += written.filter((w) => w.revisit).length;
  }
  return { added, revisits };
}

export type Claimed = {
  id: number;
  sourceId: string;
  url: string;
  hints: Hints;
  attempts: number;
  articleId: string | null;
  pageId: number | null;
  etag: string | null;
  lastModified: string | null;
  discoveredAt: Date;
  render: boolean;
  missingSince: Date | null;
  lane: Lane;
};

const CLAIMED = sql.raw(
  `c.id, c.source_id, c.url, c.hints, c.attempts, c.article_id, c.page_id, c.etag, c.last_modified, c.discovered_at, c.render,
   c.missing_since, c.lane`,
);

/** Takes the waiting rows among `ids` for this worker; rows that another worker holds or that moved on are left out. */
export async function claim(db: Db, stage: Stage, ids: number[], owner: string): Promise<Claimed[]> {
  return take(db, owner, sql`k.id = ANY(${ids}::bigint[]) AND k.stage = ${stage}`, ids.length);
}

/** Takes waiting pages of one source and lane that are due, oldest first. */
export async function claimForFetch(
  db: Db,
  sourceId: string,
  owner: string,
  limit: number,
  lane: Lane = 'fresh',
): Promise<Claimed[]> {
  const due = sql`k.source_id = ${sourceId} AND k.lane = ${lane} AND k.stage = 'fetch' AND k.next_try_at <= now()`;
  return take(db, owner, due, limit);
}

async function take(db: Db, owner: string, which: RawBuilder<unknown>, limit: number): Promise<Claimed[]> {
  const { rows } = await sql<Claimed>`
    UPDATE sourcelink.candidate c SET lease_owner = ${owner}, lease_until = now() + make_interval(secs => ${LEASE_SECONDS}), driven_at = now()
    FROM (SELECT k.id FROM sourcelink.candidate k
          WHERE ${which} AND k.outcome IS NULL AND (k.lease_until IS NULL OR k.lease_until < now())
          ORDER BY k.id LIMIT ${limit} FOR UPDATE SKIP LOCKED) p
    WHERE c.id = p.id RETURNING ${CLAIMED}`.execute(db);
  return rows.sort((a, b) => a.id - b.id);
}

const FREE = { leaseOwner: null, leaseUntil: null, changedAt: sql<Date>`now()` };

/** Thrown inside a step's transaction when another worker took the row over: the step is undone, the other one drives on. */
export class LostLease extends Error {
  constructor(id: number) {
    super(`candidate ${id} is another worker's now`);
  }
}

/** A row that this worker holds. */
export type Held = { id: number; owner: string };

/** Moves a claimed row to the next stage. @throws LostLease */
export async function advance(
  tx: Db | Tx,
  held: Held,
  stage: Stage,
  more: Partial<
    Pick<Updateable<CandidateTable>, 'articleId' | 'pageId' | 'etag' | 'lastModified' | 'fetchedAt' | 'render'>
  > = {},
): Promise<void> {
  await change(tx, held, {
    ...more,
    ...FREE,
    stage,
    outcome: null,
    code: null,
    reason: null,
    deadStage: null,
    attempts: 0,
    nextTryAt: sql`now()`,
    drivenAt: sql`now()`,
  });
}

/** Gives a claimed row its outcome. @throws LostLease */
export async function settle(
  tx: Db | Tx,
  held: Held,
  end: {
    outcome: Outcome;
    code?: string | null;
    reason?: string | null;
    stage?: Stage | null;
    duplicateOf?: string | null;
    articleId?: string | null;
  },
): Promise<void> {
  await change(tx, held, {
    ...FREE,
    stage: 'done',
    outcome: end.outcome,
    code: end.code ?? null,
    reason: end.reason ?? null,
    deadStage: end.outcome === 'dead' ? (end.stage ?? null) : null,
    duplicateOf: end.duplicateOf ?? null,
    ...(end.articleId === undefined ? {} : { articleId: end.articleId }),
    nextTryAt: null,
  });
}

/** After a look that found nothing new: back to the outcome it had. @throws LostLease */
export async function unchanged(
  tx: Db | Tx,
  held: Held,
  more: { fetchedAt: Date; note?: { code: string; reason: string } | null },
): Promise<void> {
  await change(tx, held, {
    ...FREE,
    stage: 'done',
    outcome: sql`CASE WHEN duplicate_of IS NULL THEN 'published' ELSE 'duplicate' END`,
    code: more.note?.code ?? null,
    reason: more.note?.reason ?? sql`CASE WHEN duplicate_of IS NULL THEN NULL ELSE reason END`,
    fetchedAt: more.fetchedAt,
    unchanged: sql`unchanged + 1`,
    attempts: 0,
    nextTryAt: null,
  });
}

/** Puts a claimed row back for a later try. @throws LostLease */
export async function retryLater(tx: Db | Tx, held: Held, waitMs: number, error: unknown): Promise<void> {
  await change(tx, held, {
    ...FREE,
    attempts: sql`attempts + 1`,
    code: codeOf(error),
    reason: messageOf(error),
    nextTryAt: sql`now() + make_interval(secs => ${waitMs / 1000})`,
  });
}

async function change(tx: Db | Tx, held: Held, set: Record<string, unknown>): Promise<void> {
  const result = await tx
    .updateTable('sourcelink.candidate')
    .set(set)
    .where('id', '=', held.id)
    .where('leaseOwner', '=', held.owner)
    .executeTakeFirst();
  if (result.numUpdatedRows === 0n) throw new LostLease(held.id);
}

/** Gives claimed rows back untouched, as on a graceful stop. */
export async function giveBack(db: Db, ids: number[], owner: string): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable('sourcelink.candidate')
    .set({ leaseOwner: null, leaseUntil: null, drivenAt: null })
    .where('id', 'in', ids)
    .where('leaseOwner', '=', owner)
    .execute();
}

/** A host that does not let us ask says nothing of the page: that costs no try, up to this many times. */
const REFUSED_TURN = new Set<string>(['FETCH_RATE_LIMITED', 'FETCH_ROBOTS_UNREACHABLE']);
const MAX_REFUSED = 100;
const LONGEST_WAIT_MS = 3_600_000;

/** How a failed step goes on: another try after a growing pause, or dead. A candidate that was published before keeps that outcome. */
export async function failed(
  db: Db | Tx,
  held: Held & { attempts: number; published: boolean },
  stage: Stage,
  error: unknown,
  policy: { attempts: number; retryDelayMs: number },
): Promise<'retry' | 'dead' | 'kept'> {
  const known = error instanceof SourcelinkError ? error : null;
  const retryable = known?.retryable ?? true;
  const most = known && REFUSED_TURN.has(known.code) ? Math.max(MAX_REFUSED, policy.attempts) : policy.attempts;
  if (retryable && held.attempts + 1 < most) {
    const pause = Math.min(policy.retryDelayMs * 2 ** Math.min(held.attempts, 20), LONGEST_WAIT_MS);
    await retryLater(db, held, Math.max(known?.retryAfterMs ?? 0, pause), error);
    return 'retry';
  }
  if (held.published) {
    await unchanged(db, held, { fetchedAt: new Date(), note: { code: codeOf(error), reason: messageOf(error) } });
    return 'kept';
  }
  await settle(db, held, { outcome: 'dead', code: codeOf(error), reason: messageOf(error), stage });
  return 'dead';
}
