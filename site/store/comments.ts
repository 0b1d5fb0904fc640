import type { SiteDb } from './database.js';

export type Comment = {
  id: string;
  articleId: string;
  name: string;
  /** Never shown to readers. */
  email: string;
  message: string;
  receivedAt: Date;
};

/** A comment that waits for an editor, with its article. */
export type WaitingComment = Comment & { slug: string; title: string };

/** Stores a comment for an editor. @returns false when the site has no such article */
export async function addComment(db: SiteDb, c: Comment): Promise<boolean> {
  const { rows } = await db.query(
    `INSERT INTO site.comment (id, article_id, name, email, message, received_at)
     SELECT $1::uuid, a.id, $3, $4, $5, $6::timestamptz FROM site.article a WHERE a.id = $2::uuid RETURNING id`,
    [c.id, c.articleId, c.name, c.email, c.message, c.receivedAt.toISOString()],
  );
  return rows.length > 0;
}

/** The approved comments on an article, oldest first. */
export async function approvedComments(db: SiteDb, articleId: string): Promise<Comment[]> {
  const { rows } = await db.query<Comment>(
    `SELECT ${COLUMNS} FROM site.comment c WHERE c.article_id = $1::uuid AND c.state = 'approved'
     ORDER BY c.received_at, c.id LIMIT 500`,
    [articleId],
  );
  return rows;
}

/** The comments that wait for an editor, oldest first. */
export async function waitingComments(db: SiteDb, limit: number): Promise<WaitingComment[]> {
  const { rows } = await db.query<WaitingComment>(
    `SELECT ${COLUMNS}, a.slug, a.title FROM site.comment c JOIN site.article a ON a.id = c.article_id
     WHERE c.state = 'waiting' ORDER BY c.received_at, c.id LIMIT $1::int`,
    [limit],
  );
  return rows;
}

/**
 * Approves or rejects a comment. A later decision replaces an earlier one.
 * @returns the name of its writer and the title of its article; null when there is no such comment
 */
export async function decideComment(
  db: SiteDb,
  id: string,
  decision: { state: 'approved' | 'rejected'; by: string; at: Date },
): Promise<{ name: string; title: string } | null> {
  const { rows } = await db.query<{ name: string; title: string }>(
    `WITH decided AS (
       UPDATE site.comment SET state = $2, decided_by = $3, decided_at = $4::timestamptz WHERE id = $1::uuid
       RETURNING article_id, name
     ), counted AS (
       UPDATE site.change SET count = count + 1 WHERE EXISTS (SELECT FROM decided)
     )
     SELECT d.name, COALESCE(a.title, '') AS title FROM decided d LEFT JOIN site.article a ON a.id = d.article_id`,
    [id, decision.state, decision.by, decision.at.toISOString()],
  );
  return rows[0] ?? null;
}

const COLUMNS = `c.id, c.article_id AS "articleId", c.name, c.email, c.message, c.received_at AS "receivedAt"`;
