import { sql } from 'kysely';
import { isFree, leasedTo } from './db/leases.js';
import type { AlertTable, Db } from './schema.js';

/** A change of state as people are told of it. */
export type Alert = {
  /** The same with every repeat. */
  id: string;
  kind: AlertTable['kind'];
  name: string;
  /** Of the outlet, where there is one. */
  title: string | null;
  topic: AlertTable['topic'];
  was: string;
  wasSince: Date | null;
  state: string;
  since: Date;
  code: string | null;
  reason: string | null;
  hint: string | null;
  at: Date;
};

export type Notice = { channel: string; attempts: number; alert: Alert };

const ALERT = sql<Alert>`jsonb_build_object('id', a.id, 'kind', a.kind, 'name', a.name, 'title', s.name, 'topic', a.topic, 'was', a.was,
  'wasSince', a.was_since, 'state', a.state, 'since', a.since, 'code', a.code, 'reason', a.reason, 'hint', a.hint, 'at', a.created_at)`;
const JOINED = sql`sourcelink.alert a LEFT JOIN sourcelink.source_state s ON a.kind = 'source' AND s.source_id = a.name`;

/** Takes notices of these channels that are due, oldest first. */
export async function claimNotices(db: Db, owner: string, channels: string[], limit: number): Promise<Notice[]> {
  const { rows } = await sql<Notice>`
    WITH taken AS (
      UPDATE sourcelink.notice n SET ${leasedTo(owner)}
      FROM (SELECT k.alert_id, k.channel FROM sourcelink.notice k JOIN sourcelink.alert o ON o.id = k.alert_id
            WHERE k.state = 'pending' AND k.channel = ANY(${channels}::text[]) AND k.next_try_at <= now()
              AND ${isFree('k')}
            ORDER BY o.created_at LIMIT ${limit} FOR UPDATE OF k SKIP LOCKED) p
      WHERE n.alert_id = p.alert_id AND n.channel = p.channel RETURNING n.alert_id, n.channel, n.attempts
    )
    SELECT t.channel, t.attempts, ${ALERT} AS alert FROM taken t JOIN ${JOINED} ON a.id = t.alert_id ORDER BY a.created_at, a.name`.execute(
    db,
  );
  return rows.map((r) => ({ ...r, alert: dated(r.alert) }));
}

/** A notice that went out. */
export async function noticeSent(db: Db, notice: Notice, owner: string): Promise<void> {
  await end(db, notice, owner, { state: 'sent', sentAt: sql`now()`, reason: null });
}

/** A notice that did not: another try after `waitSeconds`, or none when that is null. */
export async function noticeFailed(
  db: Db,
  notice: Notice,
  owner: string,
  reason: string,
  waitSeconds: number | null,
): Promise<void> {
  await end(db, notice, owner, {
    reason,
    attempts: sql`attempts + 1`,
    ...(waitSeconds === null ? { state: 'dead' } : { nextTryAt: sql`now() + make_interval(secs => ${waitSeconds})` }),
  });
}

async function end(db: Db, { alert, channel }: Notice, owner: string, set: Record<string, unknown>): Promise<void> {
  await db
    .updateTable('sourcelink.notice')
    .set({ ...set, leaseOwner: null, leaseUntil: null })
    .where('alertId', '=', alert.id)
    .where('channel', '=', channel)
    .where('leaseOwner', '=', owner)
    .execute();
}

/** One line of a list of alerts, with where it went and where it still has to go. */
export type AlertLine = Alert & {
  sent: string[];
  waiting: { channel: string; reason: string | null; gaveUp: boolean }[];
};

/** The newest alerts first. */
export async function listAlerts(db: Db, limit: number): Promise<AlertLine[]> {
  const { rows } = await sql<{ alert: Alert; sent: string[]; waiting: AlertLine['waiting'] }>`
    SELECT ${ALERT} AS alert,
      ARRAY(SELECT n.channel FROM sourcelink.notice n WHERE n.alert_id = a.id AND n.state = 'sent' ORDER BY 1) AS sent,
      coalesce((SELECT jsonb_agg(jsonb_build_object('channel', n.channel, 'reason', n.reason, 'gaveUp', n.state = 'dead') ORDER BY n.channel)
        FROM sourcelink.notice n WHERE n.alert_id = a.id AND n.state <> 'sent'), '[]') AS waiting
    FROM ${JOINED} ORDER BY a.created_at DESC, a.name LIMIT ${limit}`.execute(db);
  return rows.map(({ alert, ...more }) => ({ ...dated(alert), ...more }));
}

/** Deletes alerts older than `keepMs`, sent or not. @returns how many */
export async function clearAlerts(db: Db, keepMs: number): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM sourcelink.alert WHERE created_at < now() - make_interval(secs => ${keepMs / 1000})`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

/** Dates come out of JSON as text. */
function dated(alert: Alert): Alert {
  const { wasSince, since, at } = alert;
  return {
    ...alert,
    wasSince: wasSince === null ? null : new Date(wasSince),
    since: new Date(since),
    at: new Date(at),
  };
}
