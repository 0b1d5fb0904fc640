import { sql } from 'kysely';
import type { Db } from '../schema.js';

/** One line of a list of stories. */
export type StoryLine = {
  id: string;
  title: string;
  size: number;
  sources: number;
  firstSeenAt: Date;
  lastSeenAt: Date;
  /** A person made it what it is. */
  pinned: boolean;
};

const LINES = sql`
  SELECT s.id, h.title, n.size, n.sources, s.first_seen_at, s.last_seen_at, s.pinned
  FROM sourcelink.story s JOIN sourcelink.article h ON h.id = s.headline_id
  JOIN LATERAL (SELECT count(*)::int AS size, count(DISTINCT a.source_id)::int AS sources FROM sourcelink.article a WHERE a.story_id = s.id) n ON true`;

/** Stories of at least so many articles, those that got something last first. */
export async function listStories(
  db: Db,
  filter: { since: Date | null; least: number; limit: number },
): Promise<StoryLine[]> {
  const { rows } = await sql<StoryLine>`
    ${LINES} WHERE s.merged_into IS NULL AND n.size >= ${filter.least} AND s.last_seen_at >= ${filter.since ?? new Date(0)}
    ORDER BY s.last_seen_at DESC, s.id LIMIT ${filter.limit}`.execute(db);
  return rows;
}

/** An article of a story. */
export type StoryMember = {
  id: string;
  source: string;
  title: string;
  url: string;
  publishedAt: Date | null;
  copyOf: string | null;
};

/** The articles of a story, those seen first first. */
export async function storyMembers(db: Db, story: string): Promise<StoryMember[]> {
  const { rows } = await sql<StoryMember>`
    SELECT id, source_id AS source, title, canonical_url AS url, published_at, duplicate_of AS "copyOf"
    FROM sourcelink.article WHERE story_id = ${story} ORDER BY first_seen_at, candidate_id`.execute(db);
  return rows;
}

/** Stories that a person may mean: by id or the start of one. One that became part of another is that one. */
export async function findStories(db: Db, wanted: string): Promise<StoryLine[]> {
  if (!/^[0-9a-f-]{4,36}$/i.test(wanted)) return [];
  const { rows } = await sql<StoryLine>`
    WITH RECURSIVE now AS (
      SELECT id, merged_into FROM sourcelink.story WHERE id::text LIKE ${`${wanted.toLowerCase()}%`}
      UNION SELECT s.id, s.merged_into FROM sourcelink.story s JOIN now ON s.id = now.merged_into
    )
    ${LINES} WHERE s.id IN (SELECT id FROM now WHERE merged_into IS NULL) ORDER BY s.id LIMIT 20`.execute(db);
  return rows;
}
