import type { SiteDb } from './database.js';
import { type Received, receiveMessage } from './receive.js';

/** Who decided, and when. */
export type Decided = { by: string; at: Date };

/** An article with what editors decided about it. */
export type Standing = {
  id: string;
  slug: string;
  title: string;
  excerpt: string;
  sourceName: string;
  canonicalUrl: string;
  revision: number;
  sortAt: Date | null;
  category: { path: string; label: string; by: string } | null;
  pinned: boolean;
  /** Why it is hidden; null when readers see it. */
  hidden: string | null;
};

/** Pins an article first in Editors Picks, or unpins it. @returns false when readers do not see the article */
export async function pin(db: SiteDb, id: string, on: boolean, decided: Decided): Promise<boolean> {
  const change = on
    ? `INSERT INTO site.pin (article_id, pinned_by, pinned_at)
       SELECT a.id, $2, $3::timestamptz FROM site.article a WHERE a.id = $1::uuid
       ON CONFLICT (article_id) DO UPDATE SET pinned_by = EXCLUDED.pinned_by, pinned_at = EXCLUDED.pinned_at
       RETURNING article_id`
    : `DELETE FROM site.pin WHERE article_id = $1::uuid AND $2::text IS NOT NULL AND $3::timestamptz IS NOT NULL
       RETURNING article_id`;
  const { rows } = await db.query(
    `WITH changed AS (${change}), counted AS (
       UPDATE site.change SET count = count + 1 WHERE EXISTS (SELECT FROM changed)
     ) SELECT article_id FROM changed`,
    [id, decided.by, decided.at.toISOString()],
  );
  return rows.length > 0;
}

/**
 * Removes an article from everything that readers see and keeps its message, so that an editor can show it again. Later
 * revisions are kept there too. @returns false when readers do not see the article
 */
export async function hide(db: SiteDb, id: string, reason: string, decided: Decided): Promise<boolean> {
  const { rows } = await db.query(
    `WITH taken AS (
       DELETE FROM site.article WHERE id = $1::uuid RETURNING id, revision, sent_at, document, body
     ), aside AS (
       INSERT INTO site.hidden (id, revision, message, reason, hidden_by, hidden_at)
       SELECT id, revision, jsonb_build_object(
           'type', CASE revision WHEN 1 THEN 'article.published' ELSE 'article.updated' END, 'version', 1, 'id', id,
           'revision', revision, 'sentAt', to_char(sent_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
           'article', document || jsonb_build_object('html', body)), $2, $3, $4::timestamptz
       FROM taken ON CONFLICT (id) DO NOTHING
     ), off_shelves AS (
       DELETE FROM site.shelf f USING taken WHERE f.article_id = taken.id
     ), unpinned AS (
       DELETE FROM site.pin p USING taken WHERE p.article_id = taken.id
     ), counted AS (
       UPDATE site.change SET count = count + 1 WHERE EXISTS (SELECT FROM taken)
     ) SELECT id FROM taken`,
    [id, reason, decided.by, decided.at.toISOString()],
  );
  return rows.length > 0;
}

/** Shows a hidden article again, in its newest revision. @returns null when it is not hidden */
export async function show(db: SiteDb, id: string): Promise<Received | null> {
  const { rows } = await db.query<{ message: unknown }>('SELECT message FROM site.hidden WHERE id = $1::uuid', [id]);
  return rows[0] ? receiveMessage(db, rows[0].message, { uncover: true }) : null;
}

/** An article, shown or hidden, with what editors decided; null when the site has none with this id. */
export async function standingOf(db: SiteDb, id: string): Promise<Standing | null> {
  const { rows } = await db.query<Standing>(`SELECT * FROM (${SHOWN} UNION ALL ${HIDDEN}) x WHERE id = $1::uuid`, [id]);
  return rows[0] ?? null;
}

/** The articles that editors pinned, newest pin first. */
export async function pinned(db: SiteDb): Promise<Standing[]> {
  const { rows } = await db.query<Standing>(`${SHOWN} WHERE p.article_id IS NOT NULL ORDER BY p.pinned_at DESC`);
  return rows;
}

export async function hidden(db: SiteDb, limit: number): Promise<Standing[]> {
  const { rows } = await db.query<Standing>(`${HIDDEN} ORDER BY h.hidden_at DESC LIMIT $1::int`, [limit]);
  return rows;
}

const FROM_DOCUMENT = (document: string): string =>
  `${document}->'source'->>'name' AS "sourceName", ${document}->>'canonicalUrl' AS "canonicalUrl"`;

const SHOWN = `
  SELECT a.id, a.slug, a.title, a.excerpt, ${FROM_DOCUMENT('a.document')}, a.revision, a.sort_at AS "sortAt",
    a.document->'categories'->0 AS category, p.article_id IS NOT NULL AS pinned, NULL::text AS hidden
  FROM site.article a LEFT JOIN site.pin p ON p.article_id = a.id`;

const HIDDEN = `
  SELECT h.id, h.message->'article'->>'slug' AS slug, h.message->'article'->>'title' AS title,
    h.message->'article'->>'excerpt' AS excerpt, ${FROM_DOCUMENT("h.message->'article'")}, h.revision,
    NULL::timestamptz AS "sortAt", h.message->'article'->'categories'->0 AS category, false AS pinned,
    h.reason AS hidden
  FROM site.hidden h`;
