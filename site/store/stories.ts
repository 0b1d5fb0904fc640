import type { ContractArticle } from '../../contract/contract.js';
import { CARD, type Card } from './cards.js';
import type { SiteDb } from './database.js';
import type { Decided } from './editorial.js';

type Coverage = NonNullable<ContractArticle['story']>['coverage'];

/**
 * The coverage in the message of `site.article a`, without what an editor has since removed from this story; null for an
 * article that an editor moved here, because its message describes another story.
 */
export const OWN_COVERAGE = `CASE WHEN NOT EXISTS (SELECT FROM site.story_ruling r WHERE r.article_id = a.id) THEN (
    SELECT jsonb_agg(c) FROM jsonb_array_elements(a.document->'story'->'coverage') c
    WHERE c->>'url' NOT IN (
      SELECT o.card->>'canonicalUrl' FROM site.story_ruling r JOIN site.article o ON o.id = r.article_id
      WHERE o.story_id IS DISTINCT FROM a.story_id)) END`;

/** The other articles of its story on this site, in the form of coverage. */
export const MATES = `(
    SELECT jsonb_agg(jsonb_build_object('source', o.card->'source'->>'name', 'url', o.card->>'canonicalUrl',
      'title', o.title)) FROM (
      SELECT o.card, o.title FROM site.shelf s JOIN site.article o ON o.id = s.article_id
      WHERE s.kind = 'story' AND s.key = a.story_id AND o.id <> a.id ORDER BY s.sort_at, s.article_id LIMIT 20) o)`;

/** The articles of a story, oldest first, with the coverage that each names. */
export async function storyOf(db: SiteDb, id: string): Promise<(Card & { coverage: Coverage | null })[]> {
  const { rows } = await db.query<Card & { coverage: Coverage | null }>(
    `SELECT ${CARD}, ${OWN_COVERAGE} AS coverage
     FROM site.shelf s JOIN site.article a ON a.id = s.article_id
     WHERE s.kind = 'story' AND s.key = $1 ORDER BY s.sort_at, s.article_id LIMIT 200`,
    [id],
  );
  return rows;
}

/** The story into which an editor merged another; null when nobody did. */
export async function mergedInto(db: SiteDb, id: string): Promise<string | null> {
  const { rows } = await db.query<{ to: string }>(
    `SELECT to_story AS "to" FROM site.story_decision WHERE kind = 'merged' AND from_story = $1 AND undone_at IS NULL
     ORDER BY decided_at DESC LIMIT 1`,
    [id],
  );
  return rows[0]?.to ?? null;
}

/** `merged`: a whole story; `added`: a single article; `apart`: an article that was moved to a new story. */
export type StoryDecision = {
  id: string;
  kind: 'merged' | 'added' | 'apart';
  fromStory: string | null;
  toStory: string;
  articles: string[];
  title: string;
  by: string;
  at: Date;
};

/**
 * Moves articles into a story until a later message states theirs. Readers see the change at once; it overrides the story
 * in the articles' own messages.
 */
export async function putIntoStory(db: SiteDb, articles: readonly string[], story: string, at: Date): Promise<void> {
  const { rows } = await db.query<{ story: string }>(
    `WITH moved AS (
       SELECT id, story_id, title, sort_at FROM site.article WHERE id = ANY($1::uuid[])
     ), ruled AS (
       INSERT INTO site.story_ruling (article_id, story_id, decided_at) SELECT id, $2, $3::timestamptz FROM moved
       ON CONFLICT (article_id) DO UPDATE SET story_id = EXCLUDED.story_id, decided_at = EXCLUDED.decided_at
     ), put AS (
       UPDATE site.article a SET story_id = $2 FROM moved WHERE a.id = moved.id
     ), left_shelves AS (
       DELETE FROM site.shelf f USING moved WHERE f.article_id = moved.id AND f.kind = 'story' AND f.key <> $2
     ), on_shelves AS (
       INSERT INTO site.shelf (kind, key, article_id, label, sort_at) SELECT 'story', $2, id, title, sort_at FROM moved
       ON CONFLICT (article_id, kind, key) DO NOTHING
     ), counted AS (
       UPDATE site.change SET count = count + 1
     ) SELECT DISTINCT story_id AS story FROM moved WHERE story_id IS NOT NULL`,
    [[...articles], story, at.toISOString()],
  );
  await countStories(db, [story, ...rows.map((r) => r.story)]);
}

/** The number of reports in a story: its articles here, and the copies elsewhere that they name. */
async function countStories(db: SiteDb, stories: readonly string[]): Promise<void> {
  await db.query(
    `WITH member AS (
       SELECT s.key AS story, a.id, ${OWN_COVERAGE} AS coverage FROM site.shelf s JOIN site.article a ON a.id = s.article_id
       WHERE s.kind = 'story' AND s.key = ANY($1::text[])
     ), copy AS (
       SELECT m.story, count(DISTINCT c->>'url')::int AS n FROM member m, jsonb_array_elements(m.coverage) c
       WHERE NOT EXISTS (SELECT FROM site.article o WHERE o.document->>'canonicalUrl' = c->>'url') GROUP BY m.story
     ), size AS (
       SELECT m.story, count(*)::int + COALESCE(max(copy.n), 0) AS n
       FROM member m LEFT JOIN copy ON copy.story = m.story GROUP BY m.story
     )
     UPDATE site.article a SET story_size = size.n FROM member JOIN size ON size.story = member.story
     WHERE a.id = member.id AND a.story_size <> size.n`,
    [[...new Set(stories)]],
  );
}

/** Stores a decision, so that it can be undone. */
export async function keepDecision(db: SiteDb, d: StoryDecision): Promise<void> {
  await db.query(
    `INSERT INTO site.story_decision (id, kind, from_story, to_story, articles, title, decided_by, decided_at)
     VALUES ($1::uuid, $2, $3, $4, $5::uuid[], $6, $7, $8::timestamptz)`,
    [d.id, d.kind, d.fromStory, d.toStory, d.articles, d.title, d.by, d.at.toISOString()],
  );
}

/** The decisions that can be undone, newest first. */
export async function decisions(db: SiteDb, limit: number): Promise<StoryDecision[]> {
  const { rows } = await db.query<StoryDecision>(
    `${DECISION} WHERE undone_at IS NULL ORDER BY decided_at DESC LIMIT $1::int`,
    [limit],
  );
  return rows;
}

export async function decisionById(db: SiteDb, id: string): Promise<StoryDecision | null> {
  const { rows } = await db.query<StoryDecision>(`${DECISION} WHERE id = $1::uuid AND undone_at IS NULL`, [id]);
  return rows[0] ?? null;
}

export async function markUndone(db: SiteDb, id: string, decided: Decided): Promise<void> {
  await db.query('UPDATE site.story_decision SET undone_by = $2, undone_at = $3::timestamptz WHERE id = $1::uuid', [
    id,
    decided.by,
    decided.at.toISOString(),
  ]);
}

const DECISION = `SELECT id, kind, from_story AS "fromStory", to_story AS "toStory", articles, title, decided_by AS "by",
  decided_at AS "at" FROM site.story_decision`;

/** An article as lists show it; null when readers do not see it. */
export async function cardById(db: SiteDb, id: string): Promise<Card | null> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return null;
  const { rows } = await db.query<Card>(`SELECT ${CARD} FROM site.article a WHERE a.id = $1::uuid`, [id]);
  return rows[0] ?? null;
}
