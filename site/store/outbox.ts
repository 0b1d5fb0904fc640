import type { SiteDb } from './database.js';

/** Tries before a message is given up. */
export const MAIL_TRIES = 8;
/** How long a message being sent is reserved for its process, in milliseconds. */
const HELD_MS = 10 * 60_000;

/** A message that is due: a request to confirm if `subject` is null, else an issue of the newsletter. */
export type DueMail = {
  id: string;
  subscriberId: string;
  to: string;
  tries: number;
  subject: string | null;
  text: string | null;
  html: string | null;
};

/** Takes messages that are due. One that is neither sent nor failed is due again later. */
export async function takeMail(db: SiteDb, now: Date, limit: number): Promise<DueMail[]> {
  const { rows } = await db.query<DueMail>(
    `WITH due AS (
       SELECT id FROM site.mail WHERE NOT dead AND next_try_at <= $1::timestamptz
       ORDER BY next_try_at, id LIMIT $3::int FOR UPDATE SKIP LOCKED
     ), taken AS (
       UPDATE site.mail m SET next_try_at = $2::timestamptz, tries = m.tries + 1 FROM due WHERE m.id = due.id
       RETURNING m.id, m.subscriber_id, m.issue_at, m.tries
     )
     SELECT t.id, t.subscriber_id AS "subscriberId", s.email AS "to", t.tries, i.subject, i.text, i.html
     FROM taken t JOIN site.subscriber s ON s.id = t.subscriber_id LEFT JOIN site.issue i ON i.at = t.issue_at`,
    [now.toISOString(), new Date(now.getTime() + HELD_MS).toISOString(), limit],
  );
  return rows;
}

export async function mailSent(db: SiteDb, id: string): Promise<void> {
  await db.query('DELETE FROM site.mail WHERE id = $1::uuid', [id]);
}

/** Schedules another try after a growing pause (from one minute to six hours), or gives up after the last. */
export async function mailFailed(db: SiteDb, mail: DueMail, fault: string, now: Date): Promise<'later' | 'dead'> {
  const dead = mail.tries >= MAIL_TRIES;
  const pause = Math.min(6 * 3_600_000, 60_000 * 3 ** (mail.tries - 1));
  await db.query(
    'UPDATE site.mail SET dead = $2::boolean, fault = $3, next_try_at = $4::timestamptz WHERE id = $1::uuid',
    [mail.id, dead, fault, new Date(now.getTime() + pause).toISOString()],
  );
  return dead ? 'dead' : 'later';
}
