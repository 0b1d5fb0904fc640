import { sql } from 'kysely';
import type { ContractArticle } from '../contract/contract.js';
import type { Db } from './schema.js';

/** What of an article says where it belongs. */
export type Classified = {
  title: string;
  text: string;
  canonicalUrl: string;
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

/** A published article whose filing a person should look at. */
export type Doubtful = {
  id: string;
  number: number;
  source: string;
  title: string;
  url: string;
  publishedAt: Date | null;
  /** As filed now, best first; empty or by `fallback` when unsorted. */
  categories: ContractArticle['categories'];
};

/** Published articles that are unsorted, or of whose first category the classifier is less sure than `below`; unsorted ones first, then the least sure. */
export async function doubtfulArticles(
  db: Db,
  filter: { below: number; since: Date | null; limit: number },
): Promise<Doubtful[]> {
  const { rows } = await sql<Doubtful>`
    SELECT a.id, a.candidate_id AS number, a.source_id AS source, a.title, a.canonical_url AS url, a.published_at, a.categories
    FROM sourcelink.article a
    WHERE a.published_hash IS NOT NULL AND a.duplicate_of IS NULL AND NOT a.categories @> '[{"by":"person"}]' AND NOT a.categories @> '[{"by":"pin"}]'
      AND coalesce((a.categories->0->>'confidence')::float8, 0) < ${filter.below} AND a.first_seen_at >= ${filter.since ?? new Date(0)}
    ORDER BY coalesce((a.categories->0->>'confidence')::float8, 0), a.candidate_id DESC LIMIT ${filter.limit}`.execute(
    db,
  );
  return rows;
}

/** How many articles people have filed under each path first. */
export async function examplesByPath(db: Db): Promise<Map<string, number>> {
  const { rows } = await sql<{ path: string; n: number }>`
    SELECT a.categories->0->>'path' AS path, count(*)::int AS n FROM sourcelink.article a
    WHERE a.categories @> '[{"by":"person"}]' GROUP BY 1`.execute(db);
  return new Map(rows.map((r) => [r.path, r.n]));
}

/** How many published articles there are under each path. */
export async function articlesByPath(db: Db): Promise<Map<string, number>> {
  const { rows } = await sql<{ path: string; n: number }>`
    SELECT k->>'path' AS path, count(*)::int AS n FROM sourcelink.article a, jsonb_array_elements(a.categories) k
    WHERE a.published_hash IS NOT NULL GROUP BY 1`.execute(db);
  return new Map(rows.map((r) => [r.path, r.n]));
}
