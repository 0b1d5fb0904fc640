import { randomUUID } from 'node:crypto';
import type { SiteDb } from './database.js';

/** After this long an address that did not confirm is forgotten, in milliseconds. */
export const CONFIRM_MS = 7 * 86_400_000;
/** Within this long nobody is written to twice because somebody typed the address again, in milliseconds. */
const ASK_AGAIN_MS = 3_600_000;

/**
 * Keeps an address that somebody typed, and lets a message wait that asks its owner. An address that is subscribed, or
 * was asked a moment ago, is left in peace.
 */
export async function askSubscriber(db: SiteDb, email: string, now: Date): Promise<void> {
  await db.query(
    `WITH old AS (
       DELETE FROM site.subscriber WHERE confirmed_at IS NULL AND asked_at < $3::timestamptz AND email <> $2
     ), asked AS (
       INSERT INTO site.subscriber AS s (id, email, asked_at) VALUES ($1::uuid, $2, $4::timestamptz)
       ON CONFLICT (email) DO UPDATE SET asked_at = EXCLUDED.asked_at
       WHERE s.confirmed_at IS NULL AND s.asked_at < $5::timestamptz
       RETURNING id
     )
     INSERT INTO site.mail (id, subscriber_id, issue_at, next_try_at)
     SELECT $6::uuid, id, NULL, $4::timestamptz FROM asked`,
    [
      randomUUID(),
      email.toLowerCase(),
      new Date(now.getTime() - CONFIRM_MS).toISOString(),
      now.toISOString(),
      new Date(now.getTime() - ASK_AGAIN_MS).toISOString(),
      randomUUID(),
    ],
  );
}

/** The owner of the address agreed. @returns false when the address is not (or no longer) known */
export async function confirmSubscriber(db: SiteDb, id: string, now: Date): Promise<boolean> {
  const { rows } = await db.query(
    `UPDATE site.subscriber SET confirmed_at = COALESCE(confirmed_at, $2::timestamptz)
     WHERE id = $1::uuid AND (confirmed_at IS NOT NULL OR asked_at > $3::timestamptz) RETURNING id`,
    [id, now.toISOString(), new Date(now.getTime() - CONFIRM_MS).toISOString()],
  );
  return rows.length > 0;
}

/** Forgets an address and what waits for it. */
export async function removeSubscriber(db: SiteDb, id: string): Promise<void> {
  await db.query('DELETE FROM site.subscriber WHERE id = $1::uuid', [id]);
}

/** What the desk shows of the newsletter. */
export type NewsletterFacts = {
  subscribers: number;
  unconfirmed: number;
  waiting: number;
  dead: number;
  lastFault: string | null;
  lastIssue: Date | null;
};

export async function newsletterFacts(db: SiteDb): Promise<NewsletterFacts> {
  const { rows } = await db.query<NewsletterFacts>(
    `SELECT (SELECT count(*)::int FROM site.subscriber WHERE confirmed_at IS NOT NULL) AS subscribers,
       (SELECT count(*)::int FROM site.subscriber WHERE confirmed_at IS NULL) AS unconfirmed,
       (SELECT count(*)::int FROM site.mail WHERE NOT dead) AS waiting,
       (SELECT count(*)::int FROM site.mail WHERE dead) AS dead,
       (SELECT fault FROM site.mail WHERE fault IS NOT NULL ORDER BY next_try_at DESC LIMIT 1) AS "lastFault",
       (SELECT max(at) FROM site.issue WHERE articles > 0) AS "lastIssue"`,
  );
  const [facts] = rows;
  if (!facts) throw new Error('the database gave no row for its own counts');
  return facts;
}
