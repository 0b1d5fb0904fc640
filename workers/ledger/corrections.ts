import { sql } from 'kysely';
import type { Db } from './schema.js';

/** What of an article says where it belongs. */
export type Classified = {
  title: string;
  text: string;
  canonical_url: string;
  section: string | null;
  tags: string[];
  language: string | null;
};

/** Enough of a text to tell its subject. */
const LETTERS = 4000;
/** Corrections of one category that are taken up, the newest. */
const MOST = 200;

const SHOWN = sql.raw(`a.title, left(a.text, ${LETTERS}) AS text, a.canonical_url, a.section, a.tags, a.language`);

/** The newest articles, the oldest of them first. */
export async function recentTexts(db: Db, limit: number): Promise<Classified[]> {
  const { rows } = await sql<Classified>`
    SELECT ${SHOWN} FROM sourcelink.article a WHERE a.revision > 0 ORDER BY a.candidate_id DESC LIMIT ${limit}`.execute(
    db,
  );
  return rows.reverse();
}

/** Articles that a person has filed, with the first category that they were given. */
export async function correctedArticles(db: Db): Promise<(Classified & { path: string })[]> {
  const { rows } = await sql<Classified & { path: string }>`
    SELECT title, text, canonical_url, section, tags, language, path FROM (
      SELECT ${SHOWN}, a.candidate_id, a.categories->0->>'path' AS path,
        row_number() OVER (PARTITION BY a.categories->0->>'path' ORDER BY a.candidate_id DESC) AS n
      FROM sourcelink.article a WHERE a.categories @> '[{"by":"person"}]'
    ) x WHERE n <= ${MOST} ORDER BY candidate_id`.execute(db);
  return rows;
}
