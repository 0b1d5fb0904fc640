import { type RawBuilder, sql, type Updateable } from 'kysely';
import { codeOf, messageOf, SourcelinkError } from '../config/errors.js';
import { isFree, leasedTo } from './db/leases.js';
import type { CandidateTable, Db, Hints, Lane, Outcome, Stage, Tx } from './schema.js';

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
    UPDATE sourcelink.candidate c SET ${leasedTo(owner)}, driven_at = now()
    FROM (SELECT k.id FROM sourcelink.candidate k
          WHERE ${which} AND k.outcome IS NULL AND ${isFree('k')}
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
