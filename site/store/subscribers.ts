import { randomUUID } from 'node:crypto';
import type { SiteDb } from './database.js';

/** An address that is not confirmed within this time is deleted, in milliseconds. */
export const CONFIRM_MS = 7 * 86_400_000;
/** Minimum time between two confirmation messages to one address, in milliseconds. */
const ASK_AGAIN_MS = 3_600_000;

/**
 * Stores an address and queues a message that asks its owner to confirm. Nothing is queued for an address that is
 * subscribed already, or was asked within the last hour.
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

/** Confirms a subscription. @returns false when the address is unknown or was deleted */
export async function confirmSubscriber(db: SiteDb, id: string, now: Date): Promise<boolean> {
  const { rows } = await db.query(
    `UPDATE site.subscriber SET confirmed_at = COALESCE(confirmed_at, $2::timestamptz)
     WHERE id = $1::uuid AND (confirmed_at IS NOT NULL OR asked_at > $3::timestamptz) RETURNING id`,
    [id, now.toISOString(), new Date(now.getTime() - CONFIRM_MS).toISOString()],
  );
  return rows.length > 0;
}

/** Deletes an address and the messages that wait for it. */
export async function removeSubscriber(db: SiteDb, id: string): Promise<void> {
  await db.query('DELETE FROM site.subscriber WHERE id = $1::uuid', [id]);
}

/** What the desk shows about the newsletter. */
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
