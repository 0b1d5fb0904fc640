import type { SiteDb } from './database.js';

/** A message to the operator. */
export type Notice = { id: string; name: string; email: string; url: string | null; message: string; receivedAt: Date };

export async function addNotice(db: SiteDb, n: Notice): Promise<void> {
  await db.query(
    `INSERT INTO site.notice (id, kind, name, email, url, message, received_at)
     VALUES ($1::uuid, 'contact', $2, $3, $4, $5, $6::timestamptz) ON CONFLICT DO NOTHING`,
    [n.id, n.name, n.email, n.url, n.message, n.receivedAt.toISOString()],
  );
}

/** The messages that wait for a person, oldest first. */
export async function openNotices(db: SiteDb, limit = 500): Promise<Notice[]> {
  const { rows } = await db.query<Notice>(
    `SELECT id, name, email, url, message, received_at AS "receivedAt"
     FROM site.notice WHERE kind = 'contact' AND state = 'new' ORDER BY received_at, id LIMIT $1::int`,
    [limit],
  );
  return rows;
}

/**
 * Marks a message as done and deletes what its sender wrote, as the privacy page promises. The row stays, so that a form
 * that is sent twice counts once. @returns the sender; null when the message is not open
 */
export async function settleNotice(db: SiteDb, id: string, decision: { by: string; at: Date }): Promise<string | null> {
  const { rows } = await db.query<{ name: string }>(
    `WITH open AS (
       SELECT id, name FROM site.notice WHERE id = $1::uuid AND kind = 'contact' AND state = 'new' FOR UPDATE
     )
     UPDATE site.notice n
     SET state = 'done', decided_by = $2, decided_at = $3::timestamptz, name = '', email = '', url = NULL, message = ''
     FROM open WHERE n.id = open.id RETURNING open.name`,
    [id, decision.by, decision.at.toISOString()],
  );
  return rows[0]?.name ?? null;
}
