import { sql } from 'kysely';
import { codeOf, messageOf, SourcelinkError } from '../config/errors.js';
import type { ArticleMessage } from '../contract/contract.js';
import { isFree, leasedTo, RELEASED } from './db/leases.js';
import type { Db, Tx } from './schema.js';
import { DOWN_AFTER } from './sinks.js';

/** Failed tries after which a sink that is down is asked with another delivery first: this one may be what it stumbles over. */
const PATIENCE = 24;

export type ClaimedDelivery = {
  id: number;
  articleId: string;
  candidateId: number;
  revision: number;
  replay: number;
  priority: number;
  attempts: number;
  message: ArticleMessage;
};

/** What makes a delivery unique for its sink; one that is sent again on purpose says so, and which time it is. */
export const keyOf = (d: Pick<ClaimedDelivery, 'articleId' | 'revision' | 'replay'>): string =>
  `${d.articleId}-${d.revision}${d.replay > 0 ? `-replay-${d.replay}` : ''}`;

/** What came before `k` of the same article for the same sink. */
const EARLIER = sql.raw('e.article_id = k.article_id AND e.sink = k.sink AND e.revision < k.revision');
const LATER = sql.raw('e.article_id = k.article_id AND e.sink = k.sink AND e.revision > k.revision');

/** Of a dead delivery `k`: nothing newer of the article reached the sink, so it is still missing there. */
export const STILL_MISSING = sql`NOT EXISTS (SELECT 1 FROM sourcelink.delivery e WHERE ${LATER} AND e.state = 'delivered')`;

/**
 * Takes due deliveries of one sink: retractions first, then news, then what is filled in later, each oldest first, and never
 * a revision before the earlier ones of its article are through. With `probe` one delivery, due or not.
 */
export async function claimDeliveries(
  db: Db,
  sink: string,
  owner: string,
  take: { most: number } | 'probe',
  now: Date,
): Promise<ClaimedDelivery[]> {
  const probe = take === 'probe';
  const { rows } = await sql<ClaimedDelivery>`
    UPDATE sourcelink.delivery d SET ${leasedTo(owner)},
      driven_at = now()
    FROM (SELECT k.id FROM sourcelink.delivery k
          WHERE k.sink = ${sink} AND k.state = 'pending' AND ${isFree('k')}
            ${probe ? sql`` : sql`AND k.next_try_at <= ${now}`}
            AND NOT EXISTS (SELECT 1 FROM sourcelink.delivery e WHERE ${EARLIER} AND e.state = 'pending')
            AND NOT EXISTS (SELECT 1 FROM sourcelink.sink_state s WHERE s.sink = ${sink} AND s.paused)
          ORDER BY ${probe ? sql`greatest(k.attempts, ${PATIENCE}::int),` : sql``} k.priority, k.id
          LIMIT ${probe ? 1 : take.most} FOR UPDATE SKIP LOCKED) p, sourcelink.revision r
    WHERE d.id = p.id AND r.article_id = d.article_id AND r.revision = d.revision
    RETURNING d.id, d.article_id, d.candidate_id, d.revision, d.replay, d.priority, d.attempts, r.message`.execute(db);
  return rows.sort((a, b) => a.priority - b.priority || a.id - b.id);
}

/** Marks deliveries as done and settles the candidates whose sinks have all been served. */
export async function delivered(db: Db, rows: ClaimedDelivery[], owner: string, now: Date): Promise<void> {
  if (rows.length === 0) return;
  await db.transaction().execute(async (tx) => {
    await lockCandidates(tx, rows);
    await sql`
      WITH done AS (
        UPDATE sourcelink.delivery SET state = 'delivered', delivered_at = ${now}, ${RELEASED}, code = NULL, reason = NULL
        WHERE id = ANY(${rows.map((r) => r.id)}::bigint[]) AND lease_owner = ${owner} RETURNING sink
      )
      UPDATE sourcelink.sink_state SET last_delivered_at = ${now} WHERE sink IN (SELECT sink FROM done)`.execute(tx);
    await settlePublished(
      tx,
      rows.map((r) => r.candidateId),
    );
  });
}

export type FailedDelivery = { row: ClaimedDelivery; error: Error };

/**
 * Deliveries that failed: another try after a growing pause (at most an hour), or dead when the sink will never take it.
 * `sinkDown`: the fault is the sink's, and its own pause is what they wait for, so that they keep their order.
 */
export async function deliveriesFailed(
  db: Db,
  failed: FailedDelivery[],
  owner: string,
  sinkDown: boolean,
  now: Date,
): Promise<void> {
  if (failed.length === 0) return;
  const rows = failed.map(({ row, error }) => ({
    id: row.id,
    state: isFinal(error) ? 'dead' : 'pending',
    code: codeOf(error),
    reason: messageOf(error),
    wait: sinkDown ? 0 : waitSeconds(row.attempts, error),
  }));
  const dead = failed.filter((f) => isFinal(f.error)).map((f) => f.row);
  await db.transaction().execute(async (tx) => {
    if (dead.length > 0) await lockCandidates(tx, dead);
    await sql`
      UPDATE sourcelink.delivery d SET state = f.state, attempts = d.attempts + 1, code = f.code, reason = f.reason,
        next_try_at = ${now}::timestamptz + make_interval(secs => f.wait), ${RELEASED}
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS f(id bigint, state text, code text, reason text, wait float8)
      WHERE d.id = f.id AND d.lease_owner = ${owner}`.execute(tx);
    if (dead.length > 0)
      await settlePublished(
        tx,
        dead.map((d) => d.candidateId),
      );
  });
}

/** Whether trying the same delivery again can never help. */
export const isFinal = (error: unknown): boolean => error instanceof SourcelinkError && !error.retryable;

const waitSeconds = (attempts: number, error: unknown): number =>
  Math.max(retryAfterSeconds(error), Math.min(3600, 2 ** Math.min(attempts, 12)));

/** As long as the other side asked to be left alone, in seconds; 0 when it did not ask. */
export const retryAfterSeconds = (error: unknown): number =>
  error instanceof SourcelinkError ? (error.retryAfterMs ?? 0) / 1000 : 0;

/** Two sinks that finish at once must not each see the other as pending and leave the candidate to nobody. */
async function lockCandidates(tx: Tx, rows: ClaimedDelivery[]): Promise<void> {
  const ids = [...new Set(rows.map((r) => r.candidateId))];
  await tx.selectFrom('sourcelink.candidate').select('id').where('id', 'in', ids).orderBy('id').forUpdate().execute();
}

/**
 * A candidate is published, or retracted, when every delivery of it is through; dead when one can never be, and nothing newer
 * reached that sink.
 */
export async function settlePublished(tx: Db | Tx, candidateIds: number[]): Promise<void> {
  await sql`
    UPDATE sourcelink.candidate c SET
      stage = 'done', next_try_at = NULL, ${RELEASED}, changed_at = now(),
      outcome = CASE WHEN d.dead > 0 THEN 'dead' WHEN t.candidate_id IS NOT NULL THEN 'retracted' ELSE 'published' END,
      dead_stage = CASE WHEN d.dead > 0 THEN 'publish' END,
      code = CASE WHEN d.dead > 0 THEN d.code WHEN t.candidate_id IS NOT NULL THEN 'RETRACTED' END,
      reason = CASE WHEN d.dead > 0 THEN d.reason ELSE t.reason END
    FROM (SELECT k.candidate_id, count(*) FILTER (WHERE k.state = 'dead') AS dead, count(*) FILTER (WHERE k.state = 'pending') AS pending,
            max(k.code) FILTER (WHERE k.state = 'dead') AS code, max(k.sink || ': ' || k.reason) FILTER (WHERE k.state = 'dead') AS reason
          FROM sourcelink.delivery k WHERE k.candidate_id = ANY(${[...new Set(candidateIds)]}::bigint[])
            AND (k.state <> 'dead' OR ${STILL_MISSING}) GROUP BY 1) d
    LEFT JOIN sourcelink.tombstone t USING (candidate_id)
    WHERE c.id = d.candidate_id AND c.stage = 'publish' AND d.pending = 0`.execute(tx);
}

/**
 * Sinks that may be asked now, that nobody delivers to, and for which something is due. A sink that is down may be asked
 * with whatever waits.
 */
export async function sinksToServe(db: Db, now: Date): Promise<string[]> {
  const { rows } = await sql<{ sink: string }>`
    SELECT s.sink FROM sourcelink.sink_state s
    WHERE NOT s.paused AND (s.retry_at IS NULL OR s.retry_at <= ${now}) AND ${isFree('s')}
      AND EXISTS (SELECT 1 FROM sourcelink.delivery d WHERE d.sink = s.sink AND d.state = 'pending'
        AND (d.next_try_at <= ${now} OR s.failures >= ${DOWN_AFTER}) AND ${isFree('d')})`.execute(db);
  return rows.map((r) => r.sink);
}
