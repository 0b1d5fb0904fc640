import { type RawBuilder, sql } from 'kysely';
import type { ArticleMessage } from '../../contract/contract.js';
import type { Db } from '../schema.js';
import { microsOf, moment, type Place } from './cursor.js';

/** What readers have of an article: the newest message about it. */
export type Published = { message: ArticleMessage; at: number };

export type PublishedFilter = {
  /** These paths of the tree, any of them. */
  categories?: string[];
  source?: string | undefined;
  story?: string | undefined;
  /** A language, whatever its region: `en` has `en-GB`. */
  language?: string | undefined;
  /** Microseconds since 1970, of when it was published, or seen where that is not known or lies ahead. */
  since?: number | undefined;
  until?: number | undefined;
  /** Words of headline and excerpt, as people search: "a phrase", -without, or. */
  words?: string | undefined;
  after?: Place | undefined;
  limit: number;
};

/** When an article came, as indexed by migration-api.ts. */
const AT = sql<Date>`LEAST(a.published_at, a.first_seen_at)`;
const LANGUAGE = sql`lower(split_part(a.language, '-', 1))`;
/** What may be republished of it is what can be searched. */
const WORDS = sql`to_tsvector('simple', a.title || ' ' || CASE WHEN a.rights->>'level' = 'link' THEN '' ELSE a.excerpt END)`;
/** Scripts without spaces between words: there a text is looked for as it is. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** The newest that was said of it is not that it is withdrawn. */
const STANDS = sql`NOT EXISTS (SELECT FROM sourcelink.revision w
  WHERE w.type = 'article.retracted' AND w.article_id = a.id AND w.revision = a.revision)`;

/** Articles that readers have, newest first. */
export async function publishedArticles(db: Db, filter: PublishedFilter): Promise<(Published & { id: string })[]> {
  const { categories, source, story, language, since, until, words, after } = filter;
  const where: RawBuilder<unknown>[] = [sql`a.revision > 0`, STANDS];
  if (categories)
    where.push(
      sql`(${sql.join(
        categories.map((path) => sql`a.categories @> ${JSON.stringify([{ path }])}::jsonb`),
        sql` OR `,
      )})`,
    );
  if (source !== undefined) where.push(sql`a.source_id = ${source}`);
  if (story !== undefined) where.push(sql`a.story_id = ${story}::uuid`);
  if (language !== undefined) where.push(sql`${LANGUAGE} = ${language}`);
  if (since !== undefined) where.push(sql`${AT} >= ${moment(since)}`);
  if (until !== undefined) where.push(sql`${AT} < ${moment(until)}`);
  if (words !== undefined)
    where.push(
      UNSPACED.test(words)
        ? sql`strpos(lower(a.title), ${words.toLowerCase()}) > 0`
        : sql`${WORDS} @@ websearch_to_tsquery('simple', ${words})`,
    );
  if (after) where.push(sql`(${AT}, a.id) < (${moment(after.at)}, ${after.id}::uuid)`);
  // Words are found by their index first: going through all by time until some hold them takes seconds.
  const found = sql`SELECT a.id, a.revision, ${AT} AS came FROM sourcelink.article a WHERE ${sql.join(where, sql` AND `)}
    ${words === undefined ? sql`` : sql`OFFSET 0`}`;
  const { rows } = await sql<Published & { id: string }>`
    SELECT a.id, ${microsOf(sql`a.came`)} AS at, r.message
    FROM (SELECT * FROM (${found}) f ORDER BY came DESC, id DESC LIMIT ${filter.limit}) a
    JOIN sourcelink.revision r ON r.article_id = a.id AND r.revision = a.revision
    ORDER BY a.came DESC, a.id DESC`.execute(db);
  return rows;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const named = (wanted: string) => (UUID.test(wanted) ? sql`a.id = ${wanted}::uuid` : sql`a.slug = ${wanted}`);

/** The id of an article that was read, published or not, by id or slug; null when there is none. */
export async function articleId(db: Db, wanted: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    SELECT a.id FROM sourcelink.article a WHERE ${named(wanted)} ORDER BY a.candidate_id LIMIT 1`.execute(db);
  return rows[0]?.id ?? null;
}

/** An article as readers have it or had it, by id or slug; null when it never was published. */
export async function publishedArticle(db: Db, wanted: string): Promise<Published | null> {
  const { rows } = await sql<Published>`
    SELECT ${microsOf(AT)} AS at, r.message
    FROM sourcelink.article a JOIN sourcelink.revision r ON r.article_id = a.id AND r.revision = a.revision
    WHERE ${named(wanted)} ORDER BY a.candidate_id LIMIT 1`.execute(db);
  return rows[0] ?? null;
}

/** All messages about an article, the first one first. */
export async function revisionsOf(db: Db, id: string): Promise<{ message: ArticleMessage; because: 'story' | null }[]> {
  return db
    .selectFrom('sourcelink.revision')
    .select(['message', 'because'])
    .where('articleId', '=', id)
    .orderBy('revision')
    .execute();
}

/** When anything last changed for readers; null before the first article. */
export async function lastRevisionAt(db: Db): Promise<Date | null> {
  const row = await db
    .selectFrom('sourcelink.revision')
    .select('createdAt')
    .orderBy('createdAt', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.createdAt ?? null;
}

/** How many published articles there are under each path. */
export async function publishedByPath(db: Db): Promise<Map<string, number>> {
  const { rows } = await sql<{ path: string; n: number }>`
    SELECT k->>'path' AS path, count(*)::int AS n
    FROM sourcelink.article a, jsonb_array_elements(a.categories) k
    WHERE a.revision > 0 AND ${STANDS} GROUP BY 1`.execute(db);
  return new Map(rows.map((r) => [r.path, r.n]));
}
