import { type Selectable, sql } from 'kysely';
import type { Db, SubscriptionTable } from './schema.js';

export type Subscription = Selectable<SubscriptionTable>;

export type Wanted = { sourceId: string; topic: string; hub: string };

/** What the feeds of these sources say of hubs. */
export async function hubsOf(db: Db, sourceIds: string[]): Promise<Wanted[]> {
  const { rows } = await sql<Wanted>`
    SELECT DISTINCT source_id, topic, hub FROM sourcelink.endpoint
    WHERE hub IS NOT NULL AND topic IS NOT NULL AND source_id = ANY(${sourceIds}::text[])`.execute(db);
  return rows;
}

/**
 * Brings the subscriptions in line with what is wanted: new ones are to be asked for, those that are not wanted any more to
 * be ended, and those that no hub ever granted are forgotten.
 * @param fresh makes what only hub and subscriber know
 */
export async function alignSubscriptions(
  db: Db,
  wanted: Wanted[],
  now: Date,
  fresh: () => { token: string; secret: string },
): Promise<void> {
  const rows = JSON.stringify(wanted.map((w) => ({ ...w, ...fresh() })));
  await db.transaction().execute(async (tx) => {
    await sql`
      INSERT INTO sourcelink.subscription AS s (source_id, topic, hub, token, secret, next_try_at)
      SELECT "sourceId", topic, hub, token, secret, ${now}
      FROM jsonb_to_recordset(${rows}::jsonb) AS r("sourceId" text, topic text, hub text, token text, secret text)
      ON CONFLICT (source_id, topic, hub) DO UPDATE SET state = 'asked', failures = 0, next_try_at = ${now} WHERE s.state = 'ending'`.execute(
      tx,
    );
    const kept = sql`EXISTS (SELECT 1 FROM jsonb_to_recordset(${rows}::jsonb) AS r("sourceId" text, topic text, hub text)
      WHERE r."sourceId" = s.source_id AND r.topic = s.topic AND r.hub = s.hub)`;
    await sql`DELETE FROM sourcelink.subscription s WHERE verified_at IS NULL AND state <> 'ending' AND NOT ${kept}`.execute(
      tx,
    );
    await sql`UPDATE sourcelink.subscription s SET state = 'ending', failures = 0, next_try_at = ${now}
      WHERE state <> 'ending' AND NOT ${kept}`.execute(tx);
  });
}

/** Takes the subscriptions whose hub is to be asked now; each is due again after a growing pause unless the hub is heard of. */
export async function claimSubscriptions(
  db: Db,
  now: Date,
  firstPauseMs: number,
  limit: number,
): Promise<Subscription[]> {
  const { rows } = await sql<Subscription>`
    UPDATE sourcelink.subscription s SET failures = s.failures + 1,
      next_try_at = ${now}::timestamptz + least(interval '12 hours', make_interval(secs => ${firstPauseMs / 1000}) * power(2, least(s.failures, 10)))
    FROM (SELECT id FROM sourcelink.subscription WHERE next_try_at <= ${now} ORDER BY next_try_at LIMIT ${limit} FOR UPDATE SKIP LOCKED) p
    WHERE s.id = p.id RETURNING s.*`.execute(db);
  return rows;
}

export async function subscriptionOf(db: Db, token: string): Promise<Subscription | null> {
  const row = await db.selectFrom('sourcelink.subscription').selectAll().where('token', '=', token).executeTakeFirst();
  return row ?? null;
}

/** The hub has confirmed it, for `leaseMs`; it is asked again when four fifths of that have passed. */
export async function grant(db: Db, id: number, now: Date, leaseMs: number): Promise<void> {
  await db
    .updateTable('sourcelink.subscription')
    .set({
      state: 'active',
      verifiedAt: now,
      failures: 0,
      code: null,
      reason: null,
      expiresAt: new Date(now.getTime() + leaseMs),
      nextTryAt: new Date(now.getTime() + leaseMs * 0.8),
    })
    .where('id', '=', id)
    .execute();
}

/** The hub refuses, or does not answer as it should. `again` null: when it was due anyway. */
export async function refused(
  db: Db,
  id: number,
  said: { code: string; reason: string; denied: boolean; again: Date | null },
): Promise<void> {
  const { code, reason, denied, again } = said;
  await db
    .updateTable('sourcelink.subscription')
    .set({
      code,
      reason,
      ...(denied ? { state: 'denied' as const, expiresAt: null } : {}),
      ...(again === null ? {} : { nextTryAt: again }),
    })
    .where('id', '=', id)
    .execute();
}

export async function forget(db: Db, id: number): Promise<void> {
  await db.deleteFrom('sourcelink.subscription').where('id', '=', id).execute();
}

export async function noteDelivery(db: Db, id: number, now: Date): Promise<void> {
  await db.updateTable('sourcelink.subscription').set({ deliveredAt: now }).where('id', '=', id).execute();
}

/** Sources whose every feed is brought by a hub that has shown that it does: these may be asked less often. */
export async function pushedSources(db: Db, now: Date): Promise<Set<string>> {
  const { rows } = await sql<{ sourceId: string }>`
    SELECT e.source_id FROM sourcelink.endpoint e LEFT JOIN sourcelink.subscription s
      ON s.source_id = e.source_id AND s.topic = e.topic AND s.hub = e.hub AND s.state = 'active' AND s.expires_at > ${now}
        AND s.delivered_at > ${now}::timestamptz - interval '7 days'
    WHERE e.kind = 'feed' GROUP BY 1 HAVING bool_and(s.id IS NOT NULL)`.execute(db);
  return new Set(rows.map((r) => r.sourceId));
}
