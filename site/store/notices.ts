import type { SiteDb } from './database.js';

export type NoticeKind = 'contact' | 'dmca';

export type Notice = {
  id: string;
  kind: NoticeKind;
  name: string;
  email: string;
  url: string | null;
  message: string;
  receivedAt: Date;
  state: 'new' | 'done';
};

export async function addNotice(db: SiteDb, n: Omit<Notice, 'state'>): Promise<void> {
  await db.query(
    `INSERT INTO site.notice (id, kind, name, email, url, message, received_at)
     VALUES ($1::uuid, $2, $3, $4, $5, $6, $7::timestamptz) ON CONFLICT DO NOTHING`,
    [n.id, n.kind, n.name, n.email, n.url, n.message, n.receivedAt.toISOString()],
  );
}

/** What waits for a person, oldest first. */
export async function openNotices(db: SiteDb): Promise<Notice[]> {
  const { rows } = await db.query<Notice>(
    `SELECT id, kind, name, email, url, message, received_at AS "receivedAt", state
     FROM site.notice WHERE state = 'new' ORDER BY received_at, id LIMIT 500`,
  );
  return rows;
}
