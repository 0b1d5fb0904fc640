import { sql } from 'kysely';
import { codeOf, messageOf, SourcelinkError } from '../../config/errors.js';
import type { ArticleMessage } from '../contract.js';
import { observe } from './conditions.js';
import { LEASE_SECONDS } from './lease-time.js';
import type { Db, Lane, Tx } from './schema.js';

/** Makes the configured sinks known, before anything is published. */
export async function registerSinks(db: Db, sinks: string[]): Promise<void> {
  if (sinks.length === 0) return;
  await db
    .insertInto('sourcelink.sink_state')
    .values(sinks.map((sink) => ({ sink })))
    .onConflict((c) => c.doNothing())
    .execute();
}

/** Takes a sink for delivering; false when it is paused or another process delivers. */
export async function leaseSink(db: Db, sink: string, owner: string): Promise<boolean> {
  const { rows } = await sql`
    INSERT INTO sourcelink.sink_state AS s (sink, lease_owner, lease_until) VALUES (${sink}, ${owner}, now() + make_interval(secs => ${LEASE_SECONDS}))
    ON CONFLICT (sink) DO UPDATE SET lease_owner = excluded.lease_owner, lease_until = excluded.lease_until
      WHERE NOT s.paused AND (s.lease_until IS NULL OR s.lease_until < now())
    RETURNING true`.execute(db);
  return rows.length > 0;
}

/** How often and how long a sink must fail before that is told: a restart of its machine is no news. */
const SINK_TELLING = { times: 3, seconds: 120 };
const AT_ONCE = { times: 1, seconds: 0 };

/** Gives a sink back. `outcome`: null when nothing was due, else what it did with the last it was given. */
export async function releaseSink(
  db: Db,
  sink: string,
  owner: string,
  outcome: { error: Error | null } | null,
  channels: string[],
): Promise<void> {
  const error = outcome?.error ?? null;
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('sourcelink.sink_state')
      .set({
        ...{ lease_owner: null, lease_until: null },
        ...(outcome === null ? {} : { failures: error === null ? 0 : sql<number>`failures + 1` }),
        ...(outcome === null || error !== null ? {} : { last_delivered_at: sql`now()` }),
      })
      .where('sink', '=', sink)
      .where('lease_owner', '=', owner)
      .execute();
    if (outcome === null) return;
    const said = error === null ? { code: null, reason: null } : { code: codeOf(error), reason: messageOf(error) };
    const mend = error instanceof SourcelinkError ? (error.mend ?? null) : null;
    const state = error === null ? 'ok' : 'failing';
    const seen = { kind: 'sink', name: sink, topic: 'deliveries', state, ...said, mend } as const;
    await observe(tx, seen, { ...(error === null ? AT_ONCE : SINK_TELLING), channels });
  });
}

export type ClaimedDelivery = {
  id: number;
  article_id: string;
  candidate_id: number;
  revision: number;
  attempts: number;
  lane: Lane;
  message: ArticleMessage;
};

/** Takes due deliveries of one sink, the news before the archive and then oldest first; never a revision before the earlier ones of its article are through. */
export async function claimDeliveries(db: Db, sink: string, owner: string, limit: number): Promise<ClaimedDelivery[]> {
  const { rows } = await sql<ClaimedDelivery>`
    UPDATE sourcelink.delivery d SET lease_owner = ${owner}, lease_until = now() + make_interval(secs => ${LEASE_SECONDS}), driven_at = now()
    FROM (SELECT k.id FROM sourcelink.delivery k
          WHERE k.sink = ${sink} AND k.state = 'pending' AND k.next_try_at <= now() AND (k.lease_until IS NULL OR k.lease_until < now())
            AND NOT EXISTS (SELECT 1 FROM sourcelink.delivery e WHERE e.article_id = k.article_id AND e.sink = k.sink AND e.revision < k.revision AND e.state = 'pending')
          ORDER BY (k.lane = 'backfill'), k.id LIMIT ${limit} FOR UPDATE SKIP LOCKED) p, sourcelink.revision r
    WHERE d.id = p.id AND r.article_id = d.article_id AND r.revision = d.revision
    RETURNING d.id, d.article_id, d.candidate_id, d.revision, d.attempts, d.lane, r.message`.execute(db);
  const behind = (d: ClaimedDelivery): number => Number(d.lane === 'backfill');
  return rows.sort((a, b) => behind(a) - behind(b) || a.id - b.id);
}

/** Marks deliveries as done and settles the candidates whose sinks have all been served. */
export async function delivered(db: Db, rows: ClaimedDelivery[], owner: string): Promise<void> {
  if (rows.length === 0) return;
  await db.transaction().execute(async (tx) => {
    await lockCandidates(tx, rows);
    await tx
      .updateTable('sourcelink.delivery')
      .set({
        state: 'delivered',
        delivered_at: sql`now()`,
        lease_owner: null,
        lease_until: null,
        code: null,
        reason: null,
      })
      .where(
        'id',
        'in',
        rows.map((r) => r.id),
      )
      .where('lease_owner', '=', owner)
      .execute();
    await settlePublished(
      tx,
      rows.map((r) => r.candidate_id),
    );
  });
}

/** A delivery that failed: another try after a growing pause (at most an hour), or dead when the sink will never take it. */
export async function deliveryFailed(
  db: Db,
  row: ClaimedDelivery,
  owner: string,
  error: unknown,
): Promise<'retry' | 'dead'> {
  const known = error instanceof SourcelinkError ? error : null;
  const dead = known !== null && !known.retryable;
  const waitSeconds = Math.max((known?.retryAfterMs ?? 0) / 1000, Math.min(3600, 2 ** Math.min(row.attempts, 12)));
  await db.transaction().execute(async (tx) => {
    await lockCandidates(tx, [row]);
    await tx
      .updateTable('sourcelink.delivery')
      .set({
        state: dead ? 'dead' : 'pending',
        attempts: sql`attempts + 1`,
        code: codeOf(error),
        reason: messageOf(error),
        next_try_at: sql`now() + make_interval(secs => ${waitSeconds})`,
        lease_owner: null,
        lease_until: null,
      })
      .where('id', '=', row.id)
      .where('lease_owner', '=', owner)
      .execute();
    if (dead) await settlePublished(tx, [row.candidate_id]);
  });
  return dead ? 'dead' : 'retry';
}

/** Two sinks that finish at once must not each see the other as pending and leave the candidate to nobody. */
async function lockCandidates(tx: Tx, rows: ClaimedDelivery[]): Promise<void> {
  const ids = [...new Set(rows.map((r) => r.candidate_id))];
  await tx.selectFrom('sourcelink.candidate').select('id').where('id', 'in', ids).orderBy('id').forUpdate().execute();
}

/** A candidate is published when every delivery of it is through, dead when one can never be. */
export async function settlePublished(tx: Db | Tx, candidateIds: number[]): Promise<void> {
  await sql`
    UPDATE sourcelink.candidate c SET
      stage = 'done', next_try_at = NULL, lease_owner = NULL, lease_until = NULL, changed_at = now(),
      outcome = CASE WHEN d.dead > 0 THEN 'dead' ELSE 'published' END,
      dead_stage = CASE WHEN d.dead > 0 THEN 'publish' END, code = d.code, reason = d.reason
    FROM (SELECT k.candidate_id, count(*) FILTER (WHERE k.state = 'dead') AS dead, count(*) FILTER (WHERE k.state = 'pending') AS pending,
            max(k.code) FILTER (WHERE k.state = 'dead') AS code, max(k.sink || ': ' || k.reason) FILTER (WHERE k.state = 'dead') AS reason
          FROM sourcelink.delivery k WHERE k.candidate_id = ANY(${[...new Set(candidateIds)]}::bigint[]) GROUP BY 1) d
    WHERE c.id = d.candidate_id AND c.stage = 'publish' AND d.pending = 0`.execute(tx);
}

/** Whether something waits for this sink that could go now. */
export async function hasDueDeliveries(db: Db, sink: string): Promise<boolean> {
  const row = await db
    .selectFrom('sourcelink.delivery')
    .select('id')
    .where('sink', '=', sink)
    .where('state', '=', 'pending')
    .where('next_try_at', '<=', sql<Date>`now()`)
    .where((eb) => eb.or([eb('lease_until', 'is', null), eb('lease_until', '<', sql<Date>`now()`)]))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
