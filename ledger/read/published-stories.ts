import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../schema.js';
import { microsOf, moment, type Place } from './cursor.js';
import type { StoryLine } from './stories.js';

/** A story as readers have it: counted are articles that are published. `at`: its place among the others. */
export type PublishedStory = StoryLine & { at: number };

const LAST = sql<Date>`s.last_seen_at`;
const LINES = sql`
  SELECT s.id, h.title, n.size, n.sources, s.first_seen_at, s.last_seen_at, s.pinned, ${microsOf(LAST)} AS at
  FROM sourcelink.story s JOIN sourcelink.article h ON h.id = s.headline_id
  JOIN LATERAL (
    SELECT count(*)::int AS size, count(DISTINCT a.source_id)::int AS sources FROM sourcelink.article a
    JOIN sourcelink.revision r ON r.article_id = a.id AND r.revision = a.revision AND r.type <> 'article.retracted'
    WHERE a.story_id = s.id) n ON true`;

/** Stories of at least so many published articles, those that got something last first. `since` in microseconds since 1970. */
export async function publishedStories(
  db: Db,
  filter: { least: number; since: number | undefined; after: Place | undefined; limit: number },
): Promise<PublishedStory[]> {
  const { least, since, after } = filter;
  const where: RawBuilder<unknown>[] = [sql`s.merged_into IS NULL`, sql`n.size >= ${least}`];
  // Counted by the index alone first: most stories have one article, and to count what is published costs a join each.
  if (least > 1)
    where.push(
      sql`s.id IN (SELECT story_id FROM sourcelink.article WHERE story_id IS NOT NULL GROUP BY 1 HAVING count(*) >= ${least})`,
    );
  if (since !== undefined) where.push(sql`s.last_seen_at >= ${moment(since)}`);
  if (after) where.push(sql`(s.last_seen_at, s.id) < (${moment(after.at)}, ${after.id}::uuid)`);
  const { rows } = await sql<PublishedStory>`
    ${LINES} WHERE ${sql.join(where, sql` AND `)} ORDER BY s.last_seen_at DESC, s.id DESC LIMIT ${filter.limit}`.execute(
    db,
  );
  return rows;
}

/** A story by its id, or the one that it became part of; null when nothing of it is published. */
export async function publishedStory(db: Db, id: string): Promise<PublishedStory | null> {
  const { rows } = await sql<PublishedStory>`
    WITH RECURSIVE now AS (
      SELECT id, merged_into FROM sourcelink.story WHERE id = ${id}::uuid
      UNION SELECT s.id, s.merged_into FROM sourcelink.story s JOIN now ON s.id = now.merged_into
    )
    ${LINES} WHERE s.id IN (SELECT id FROM now WHERE merged_into IS NULL) AND n.size > 0`.execute(db);
  return rows[0] ?? null;
}
