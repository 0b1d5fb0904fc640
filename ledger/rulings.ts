import { sql } from 'kysely';
import { RELEASED } from './db/leases.js';
import type { Original } from './duplicates.js';
import type { Db, Tx } from './schema.js';

/** What people ruled of these articles: of which one each is a copy, or null for one that is nobody's. */
export async function rulingsOf(tx: Db | Tx, articleIds: string[]): Promise<Map<string, string | null>> {
  if (articleIds.length === 0) return new Map();
  const rows = await tx
    .selectFrom('sourcelink.ruling')
    .select(['articleId', 'copyOf'])
    .where('articleId', 'in', articleIds)
    .execute();
  return new Map(rows.map((r) => [r.articleId, r.copyOf]));
}

/** Writes a ruling in place of an earlier one. */
export async function rule(tx: Tx, articleId: string, copyOf: string | null): Promise<void> {
  await tx
    .insertInto('sourcelink.ruling')
    .values({ articleId: articleId, copyOf: copyOf })
    .onConflict((c) => c.column('articleId').doUpdateSet({ copyOf: copyOf, madeAt: sql`now()` }))
    .execute();
}

/** The article that a ruling means today: the named one, or the one it is a copy of itself. Null when it came to nothing. */
export async function originalNow(tx: Tx, articleId: string): Promise<Original | null> {
  const { rows } = await sql<Original>`
    SELECT o.id, o.candidate_id, o.source_id, o.title, o.canonical_url AS url, o.revision
    FROM sourcelink.article a JOIN sourcelink.article o ON o.id = coalesce(a.duplicate_of, a.id)
    JOIN sourcelink.candidate c ON c.id = o.candidate_id AND (c.outcome IS NULL OR c.outcome IN ('published', 'duplicate'))
    WHERE a.id = ${articleId}`.execute(tx);
  return rows[0] ?? null;
}

/** An article as a ruling finds it. */
export type Judged = { id: string; candidateId: number; title: string; source: string; duplicateOf: string | null };

/** Locks the articles with their candidates. */
export async function judgedArticles(tx: Tx, ids: string[]): Promise<Map<string, Judged>> {
  const { rows } = await sql<Judged>`
    SELECT a.id, a.candidate_id, a.title, a.source_id AS source, a.duplicate_of
    FROM sourcelink.article a JOIN sourcelink.candidate c ON c.id = a.candidate_id
    WHERE a.id = ANY(${ids}::uuid[]) ORDER BY c.id FOR UPDATE OF c`.execute(tx);
  return new Map(rows.map((r) => [r.id, r]));
}

/** Sends a candidate back to be judged; one that has not come so far gets there by itself. A worker that holds it begins anew. */
export async function judgeAgain(tx: Tx, candidateId: number): Promise<void> {
  await sql`
    UPDATE sourcelink.candidate SET stage = 'dedupe', outcome = NULL, code = NULL, reason = NULL, dead_stage = NULL, attempts = 0,
      next_try_at = now(), driven_at = NULL, ${RELEASED}, changed_at = now()
    WHERE id = ${candidateId} AND stage NOT IN ('fetch', 'extract')`.execute(tx);
}
