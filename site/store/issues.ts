import { CARD, type Card } from './cards.js';
import type { SiteDb } from './database.js';

export type IssueText = { subject: string; text: string; html: string; articles: number };

/** When the latest issue was written; null before the first. */
export async function lastIssueAt(db: SiteDb): Promise<Date | null> {
  const { rows } = await db.query<{ at: Date | null }>('SELECT max(at) AS at FROM site.issue');
  return rows[0]?.at ?? null;
}

/**
 * Writes an issue and a message to each subscriber, in one statement. If several processes try, only the first succeeds.
 * An issue without articles (such as the starting mark of the first one) is sent to nobody.
 * @returns how many messages wait; null when another process was first
 */
export async function writeIssue(db: SiteDb, at: Date, issue: IssueText): Promise<number | null> {
  const { rows } = await db.query<{ written: boolean; mails: number }>(
    `WITH issue AS (
       INSERT INTO site.issue (at, subject, text, html, articles) VALUES ($1::timestamptz, $2, $3, $4, $5::int)
       ON CONFLICT DO NOTHING RETURNING at, articles
     ), mails AS (
       INSERT INTO site.mail (id, subscriber_id, issue_at, next_try_at)
       SELECT gen_random_uuid(), s.id, issue.at, $1::timestamptz FROM issue, site.subscriber s
       WHERE s.confirmed_at IS NOT NULL AND issue.articles > 0 RETURNING id
     )
     SELECT EXISTS (SELECT FROM issue) AS written, (SELECT count(*)::int FROM mails) AS mails`,
    [at.toISOString(), issue.subject, issue.text, issue.html, issue.articles],
  );
  return rows[0]?.written ? rows[0].mails : null;
}

/** An article that is older than this when it arrives comes from an archive, in milliseconds. */
const OLD_MS = 2 * 86_400_000;

/** The articles that arrived between two issues: pinned ones first, then those that most outlets report; each story once. */
export async function articlesBetween(db: SiteDb, after: Date, until: Date, count: number): Promise<Card[]> {
  const { rows } = await db.query<Card>(
    `SELECT * FROM (
       SELECT DISTINCT ON (COALESCE(a.story_id, a.id::text)) ${CARD}, p.pinned_at
       FROM site.article a LEFT JOIN site.pin p ON p.article_id = a.id
       WHERE a.first_sent_at > $1::timestamptz AND a.first_sent_at <= $2::timestamptz AND a.sort_at > $4::timestamptz
       ORDER BY COALESCE(a.story_id, a.id::text), p.pinned_at DESC NULLS LAST, a.sort_at DESC, a.id
     ) x ORDER BY pinned_at DESC NULLS LAST, "storySize" DESC, "sortAt" DESC, id LIMIT $3::int`,
    [after.toISOString(), until.toISOString(), count, new Date(after.getTime() - OLD_MS).toISOString()],
  );
  return rows;
}
