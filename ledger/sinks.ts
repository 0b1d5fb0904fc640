import { sql } from 'kysely';
import { observe } from './conditions.js';
import { isFree, LEASE_SECONDS, withLease } from './db/leases.js';
import type { Db } from './schema.js';

/** Failures in a row from which a sink counts as down: it is asked again with one delivery at a time, at growing pauses. */
export const DOWN_AFTER = 5;

/** Makes the configured sinks known, before anything is published. */
export async function registerSinks(db: Db, sinks: string[]): Promise<void> {
  if (sinks.length === 0) return;
  await db
    .insertInto('sourcelink.sink_state')
    .values(sinks.map((sink) => ({ sink })))
    .onConflict((c) => c.doNothing())
    .execute();
}

/** Delivers to a sink while no other process does. Does nothing when it is paused or left alone for now. */
export const withSink = <T>(
  db: Db,
  of: { sink: string; owner: string; now: Date },
  work: (state: { failures: number }) => Promise<T>,
): Promise<T | null> =>
  withLease(
    db,
    {
      table: 'sink_state',
      key: of.sink,
      owner: of.owner,
      take: () => leaseSink(db, of.sink, of.owner, of.now),
    },
    work,
  );

async function leaseSink(db: Db, sink: string, owner: string, now: Date): Promise<{ failures: number } | null> {
  const { rows } = await sql<{ failures: number }>`
    INSERT INTO sourcelink.sink_state AS s (sink, lease_owner, lease_until) VALUES (${sink}, ${owner}, now() + make_interval(secs => ${LEASE_SECONDS}))
    ON CONFLICT (sink) DO UPDATE SET lease_owner = excluded.lease_owner, lease_until = excluded.lease_until
      WHERE NOT s.paused AND ${isFree('s')} AND (s.retry_at IS NULL OR s.retry_at <= ${now})
    RETURNING s.failures`.execute(db);
  return rows[0] ?? null;
}

/** How often and how long a sink must fail before that is told: a restart of its machine is no news. */
const TELLING = { times: 3, seconds: 120 };

/** Writes that a sink took nothing, leaves it alone for `waitSeconds`, and tells `channels` when that has lasted. */
export async function sinkFailed(
  db: Db,
  sink: string,
  fault: { code: string; reason: string; hint: string | null; waitSeconds: number },
  { now, channels }: { now: Date; channels: string[] },
): Promise<void> {
  const { code, reason, hint, waitSeconds } = fault;
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('sourcelink.sink_state')
      .set({
        failures: sql`failures + 1`,
        failedSince: sql`coalesce(failed_since, ${now})`,
        code,
        reason,
        retryAt: new Date(now.getTime() + waitSeconds * 1000),
      })
      .where('sink', '=', sink)
      .execute();
    const seen = { kind: 'sink', name: sink, topic: 'deliveries', state: 'failing', code, reason, hint } as const;
    await observe(tx, seen, { ...TELLING, channels });
  });
}

/** Writes that a sink that had failed answers again, and tells `channels` if they were told of the failure. */
export async function sinkAnswered(db: Db, sink: string, channels: string[]): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const none = { code: null, reason: null };
    await tx
      .updateTable('sourcelink.sink_state')
      .set({ failures: 0, failedSince: null, retryAt: null, ...none })
      .where('sink', '=', sink)
      .execute();
    const seen = { kind: 'sink', name: sink, topic: 'deliveries', state: 'ok', hint: null, ...none } as const;
    await observe(tx, seen, { times: 1, seconds: 0, channels });
  });
}

/** Stops or resumes the deliveries to a sink; what waits is kept. A resumed sink is asked at once, whatever failed before. */
export async function setSinkPaused(db: Db, sink: string, paused: boolean): Promise<void> {
  await registerSinks(db, [sink]);
  const again = paused ? {} : { retryAt: null };
  await db
    .updateTable('sourcelink.sink_state')
    .set({ paused, ...again })
    .where('sink', '=', sink)
    .execute();
}

/** One sink as the ledger knows it. */
export type SinkView = {
  name: string;
  paused: boolean;
  /** Times in a row that it took nothing. */
  failures: number;
  failedSince: Date | null;
  code: string | null;
  reason: string | null;
  lastDeliveredAt: Date | null;
  /** When it is asked again: null when nothing waits for it, or it is asked at once. */
  nextTryAt: Date | null;
  waiting: number;
  dead: number;
  /** When the oldest delivery that waits was written. */
  oldestAt: Date | null;
  /** Its age in whole seconds, 0 when nothing waits. */
  lagSeconds: number;
};

/** All sinks that were ever configured, by name, with what they are owed. */
export async function listSinks(db: Db, now: Date): Promise<SinkView[]> {
  const { rows } = await sql<SinkView>`
    SELECT s.sink AS name, s.paused, s.failures, s.failed_since, s.code, s.reason, s.last_delivered_at,
      CASE WHEN w.waiting > 0 AND greatest(w.next_try_at, s.retry_at) > ${now} THEN greatest(w.next_try_at, s.retry_at) END AS "nextTryAt",
      coalesce(w.waiting, 0)::int AS waiting, coalesce(x.dead, 0)::int AS dead,
      w.oldest_at, coalesce(floor(extract(epoch FROM ${now}::timestamptz - w.oldest_at)), 0)::int AS "lagSeconds"
    FROM sourcelink.sink_state s
    LEFT JOIN (SELECT sink, count(*) AS waiting, min(created_at) AS oldest_at, min(next_try_at) AS next_try_at
      FROM sourcelink.delivery WHERE state = 'pending' GROUP BY 1) w USING (sink)
    LEFT JOIN (SELECT sink, count(*) AS dead FROM sourcelink.delivery WHERE state = 'dead' GROUP BY 1) x USING (sink)
    ORDER BY s.sink`.execute(db);
  return rows;
}
