import type { SiteDb } from './database.js';

/** A request to remove an article, as its sender wrote it. */
export type TakedownRequest = {
  id: string;
  name: string;
  email: string;
  url: string;
  message: string;
  receivedAt: Date;
  /** The article behind `url`; null when the site has none there. */
  articleId: string | null;
};

/** A request that waits for a decision, with the article that is now at its address. */
export type OpenTakedown = TakedownRequest & {
  /** Null when the article was retracted meanwhile, or the address has no article. */
  article: { slug: string; title: string; sourceName: string; canonicalUrl: string; hidden: boolean } | null;
};

export async function addTakedown(db: SiteDb, t: TakedownRequest): Promise<void> {
  await db.query(
    `INSERT INTO site.notice (id, kind, name, email, url, message, received_at, article_id)
     VALUES ($1::uuid, 'dmca', $2, $3, $4, $5, $6::timestamptz, $7::uuid) ON CONFLICT DO NOTHING`,
    [t.id, t.name, t.email, t.url, t.message, t.receivedAt.toISOString(), t.articleId],
  );
}

/** The requests that wait for a decision, oldest first. */
export async function openTakedowns(db: SiteDb, limit = 500): Promise<OpenTakedown[]> {
  const { rows } = await db.query<OpenTakedown>(
    `SELECT n.id, n.name, n.email, n.url, n.message, n.received_at AS "receivedAt", n.article_id AS "articleId",
       CASE WHEN x.document IS NOT NULL THEN jsonb_build_object('slug', x.document->>'slug',
         'title', x.document->>'title', 'sourceName', x.document->'source'->>'name',
         'canonicalUrl', x.document->>'canonicalUrl', 'hidden', x.hidden) END AS article
     FROM site.notice n LEFT JOIN LATERAL (
       SELECT document, false AS hidden FROM site.article WHERE id = n.article_id
       UNION ALL SELECT message->'article', true FROM site.hidden WHERE id = n.article_id) x ON true
     WHERE n.kind = 'dmca' AND n.state = 'new' ORDER BY n.received_at, n.id LIMIT $1::int`,
    [limit],
  );
  return rows;
}

/** Stores a decision with its author and reason. @returns the request; null when it is not open */
export async function decideTakedown(
  db: SiteDb,
  id: string,
  decision: { state: 'granted' | 'refused'; reason: string; by: string; at: Date },
): Promise<TakedownRequest | null> {
  const { rows } = await db.query<TakedownRequest>(
    `UPDATE site.notice SET state = $2, answer = $3, decided_by = $4, decided_at = $5::timestamptz
     WHERE id = $1::uuid AND kind = 'dmca' AND state = 'new'
     RETURNING id, name, email, url, message, received_at AS "receivedAt", article_id AS "articleId"`,
    [id, decision.state, decision.reason, decision.by, decision.at.toISOString()],
  );
  return rows[0] ?? null;
}

/** The article behind an address, which may be a page of this site or the original. */
export async function articleAt(db: SiteDb, url: string): Promise<{ id: string } | null> {
  const parts = URL.canParse(url) ? new URL(url) : null;
  const slug = /^\/article\/([^/]+)/.exec(parts?.pathname ?? '')?.[1];
  const { rows } = await db.query<{ id: string }>(
    `SELECT id FROM site.article WHERE slug = $1
     UNION ALL SELECT id FROM site.article WHERE document->>'canonicalUrl' = $2
     UNION ALL SELECT id FROM site.hidden
       WHERE message->'article'->>'slug' = $1 OR message->'article'->>'canonicalUrl' = $2
     LIMIT 1`,
    [slug === undefined ? '' : decoded(slug), parts === null ? url : `${parts.origin}${parts.pathname}${parts.search}`],
  );
  return rows[0] ?? null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
