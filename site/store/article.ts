import type { ContractArticle } from '../../contract/contract.js';
import { keyOf } from '../words.js';
import { CARD, type Card } from './cards.js';
import type { SiteDb } from './database.js';
import { MATES, OWN_COVERAGE } from './stories.js';

/** An article as its own page shows it. */
export type FullArticle = Omit<ContractArticle, 'html' | 'text'> & { html: string; revision: number; sentAt: Date };

/** What remains of a retracted article. */
export type Tombstone = { sourceName: string; reason: string; canonicalUrl: string; retractedAt: Date };

export async function articleBySlug(db: SiteDb, slug: string): Promise<FullArticle | null> {
  const { rows } = await db.query<{
    document: FullArticle;
    body: string;
    revision: number;
    sentAt: Date;
    storyId: string | null;
    storySize: number;
    coverage: NonNullable<FullArticle['story']>['coverage'] | null;
  }>(
    `SELECT a.document, a.body, a.revision, a.sent_at AS "sentAt", a.story_id AS "storyId", a.story_size AS "storySize",
       COALESCE(${OWN_COVERAGE}, ${MATES}) AS coverage
     FROM site.article a WHERE a.slug = $1 ORDER BY a.sort_at DESC LIMIT 1`,
    [slug],
  );
  const row = rows[0];
  if (!row) return null;
  const story = row.storyId === null ? null : { id: row.storyId, size: row.storySize, coverage: row.coverage ?? [] };
  return { ...row.document, story, html: row.body, revision: row.revision, sentAt: row.sentAt };
}

export async function tombstoneBySlug(db: SiteDb, slug: string): Promise<Tombstone | null> {
  const { rows } = await db.query<Tombstone>(
    `SELECT source_name AS "sourceName", reason, canonical_url AS "canonicalUrl", retracted_at AS "retractedAt"
     FROM site.tombstone WHERE slug = $1 ORDER BY retracted_at DESC LIMIT 1`,
    [slug],
  );
  return rows[0] ?? null;
}

export type Revision = { revision: number; sentAt: Date; title: string; body: string };

/** All revisions of an article that the site received, oldest first. */
export async function revisionsOf(db: SiteDb, id: string): Promise<Revision[]> {
  const { rows } = await db.query<Revision>(
    `SELECT revision, sent_at AS "sentAt", title, body FROM site.article_revision
     WHERE article_id = $1::uuid ORDER BY revision`,
    [id],
  );
  return rows;
}

/** Related articles: of the same story first, then with shared tags and authors, then of the same first category; newest first. */
export async function relatedTo(db: SiteDb, article: FullArticle, count: number): Promise<Card[]> {
  const tags = article.tags.map(keyOf).filter((k) => k !== '');
  const { rows } = await db.query<Card>(
    `WITH near AS (
       (SELECT article_id, sort_at, 8 AS points FROM site.shelf WHERE kind = 'story' AND key = $2
        ORDER BY sort_at DESC, article_id DESC LIMIT 20)
       UNION ALL
       (SELECT t.article_id, t.sort_at, 2 FROM unnest($3::text[]) AS k(key) CROSS JOIN LATERAL (
          SELECT article_id, sort_at FROM site.shelf WHERE kind = 'tag' AND key = k.key
          ORDER BY sort_at DESC, article_id DESC LIMIT 30) t)
       UNION ALL
       (SELECT article_id, sort_at, 1 FROM site.shelf WHERE kind = 'category' AND key = $4
        ORDER BY sort_at DESC, article_id DESC LIMIT 30)
     ), scored AS (
       -- Chosen by their place on the shelves alone; only those are read.
       SELECT article_id, max(sort_at) AS sort_at, sum(points) AS points FROM near WHERE article_id <> $1::uuid
       GROUP BY article_id ORDER BY points DESC, sort_at DESC, article_id DESC LIMIT ${count}
     )
     SELECT ${CARD} FROM scored JOIN site.article a ON a.id = scored.article_id
     ORDER BY scored.points DESC, a.sort_at DESC, a.id DESC`,
    [article.id, article.story?.id ?? null, tags, article.categories[0]?.path ?? null],
  );
  return rows;
}

export type SourceFacts = {
  name: string;
  homepage: string;
  articles: number;
  updated: number;
  retracted: number;
  first: Date;
  newest: Date;
  lastWeek: number;
  full: number;
  excerpt: number;
  link: number;
};

/** What the site knows about a source from its articles; null when it has none. */
export async function sourceFacts(db: SiteDb, id: string): Promise<SourceFacts | null> {
  const { rows } = await db.query<SourceFacts & { articles: number }>(
    `WITH newest AS (
       SELECT card->'source' AS source, sort_at FROM site.article WHERE source_id = $1
       ORDER BY sort_at DESC, id DESC LIMIT 1)
     SELECT (SELECT source->>'name' FROM newest) AS name, (SELECT source->>'homepage' FROM newest) AS homepage,
       count(*)::int AS articles, count(*) FILTER (WHERE revision > 1)::int AS updated,
       (SELECT count(*)::int FROM site.tombstone WHERE source_id = $1) AS retracted,
       min(sort_at) AS first, max(sort_at) AS newest,
       count(*) FILTER (WHERE sort_at > (SELECT sort_at FROM newest) - interval '7 days')::int AS "lastWeek",
       count(*) FILTER (WHERE rights = 'full')::int AS "full",
       count(*) FILTER (WHERE rights = 'excerpt')::int AS excerpt,
       count(*) FILTER (WHERE rights = 'link')::int AS link
     FROM site.article WHERE source_id = $1`,
    [id],
  );
  return rows[0] && rows[0].articles > 0 ? rows[0] : null;
}

export type SourceLine = { id: string; name: string; homepage: string; articles: number; newest: Date };

/** All sources by name. */
export async function sourcesOf(db: SiteDb): Promise<SourceLine[]> {
  const { rows } = await db.query<SourceLine>(
    `WITH own AS (SELECT source_id, count(*)::int AS articles FROM site.article GROUP BY source_id)
     SELECT own.source_id AS id, own.articles, n.sort_at AS newest, n.source->>'name' AS name,
       n.source->>'homepage' AS homepage
     FROM own CROSS JOIN LATERAL (
       SELECT sort_at, card->'source' AS source FROM site.article a WHERE a.source_id = own.source_id
       ORDER BY sort_at DESC, id DESC LIMIT 1) n
     ORDER BY lower(n.source->>'name'), own.source_id`,
  );
  return rows;
}
