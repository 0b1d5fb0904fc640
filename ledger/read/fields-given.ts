import { sql } from 'kysely';
import type { Db } from '../schema.js';

/** How full a source's articles are: shares of them that have each field, and the median of their words. */
export type Fill = { articles: number; title: number; authors: number; date: number; image: number; words: number };

/** Of the newest articles, and of those before them. */
export type Fills = { recent: Fill; before: Fill };

/** Newest articles that are held against so many before them. */
const RECENT = 20;
const BEFORE = 100;

/** How full the articles of each source are, by id; sources without any are left out. */
export async function readFills(db: Db): Promise<Map<string, Fills>> {
  const { rows } = await sql<Fill & { id: string; recent: boolean }>`
    SELECT s.source_id AS id, f.* FROM sourcelink.source_state s, LATERAL (
      SELECT n <= ${RECENT}::int AS recent, count(*)::int AS articles,
        avg((title <> '')::int)::float8 AS title, avg((authors <> '[]')::int)::float8 AS authors,
        avg((published_at IS NOT NULL)::int)::float8 AS date, avg((image IS NOT NULL)::int)::float8 AS image,
        (percentile_cont(0.5) WITHIN GROUP (ORDER BY word_count))::float8 AS words
      FROM (SELECT row_number() OVER (ORDER BY a.first_seen_at DESC, a.id) AS n, a.title, a.authors, a.published_at, a.image, a.word_count
        FROM sourcelink.article a JOIN sourcelink.candidate k ON k.id = a.candidate_id
        WHERE a.source_id = s.source_id AND k.lane = 'fresh' ORDER BY a.first_seen_at DESC, a.id LIMIT ${RECENT + BEFORE}::int) newest
      GROUP BY 1
    ) f`.execute(db);
  const none: Fill = { articles: 0, title: 0, authors: 0, date: 0, image: 0, words: 0 };
  const fills = new Map<string, Fills>();
  for (const { id, recent, ...fill } of rows)
    fills.set(id, { recent: none, before: none, ...fills.get(id), [recent ? 'recent' : 'before']: fill });
  return fills;
}
