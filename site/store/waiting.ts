import type { SiteDb } from './database.js';

/** How many items wait for an editor, by list. */
export type Waiting = { comments: number; takedowns: number; notices: number };

export async function waitingCounts(db: SiteDb): Promise<Waiting> {
  const { rows } = await db.query<Waiting>(
    `SELECT (SELECT count(*)::int FROM site.comment c JOIN site.article a ON a.id = c.article_id
         WHERE c.state = 'waiting') AS comments,
       (SELECT count(*)::int FROM site.notice WHERE kind = 'dmca' AND state = 'new') AS takedowns,
       (SELECT count(*)::int FROM site.notice WHERE kind = 'contact' AND state = 'new') AS notices`,
  );
  return rows[0] ?? { comments: 0, takedowns: 0, notices: 0 };
}
