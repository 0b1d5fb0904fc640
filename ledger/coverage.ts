import { sql } from 'kysely';
import type { ArticleMessage, ContractArticle } from '../contract/contract.js';
import type { Db, Tx } from './schema.js';

/** Others of a story that go to readers with an article. */
export const MAX_COVERAGE = 20;

/**
 * The story of an article as readers get it: how many articles there are of it, copies too, and where the others stand, the
 * earliest first. null while it is the only one.
 */
export async function storyOf(
  db: Db | Tx,
  article: { id: string; storyId?: string | null },
  nameOf: (sourceId: string) => string,
): Promise<ContractArticle['story']> {
  const story = article.storyId;
  if (!story) return null;
  const { rows } = await sql<{ sourceId: string; url: string; title: string; size: number }>`
    SELECT a.source_id, a.canonical_url AS url, a.title, (count(*) OVER ())::int AS size FROM sourcelink.article a
    JOIN sourcelink.candidate c ON c.id = a.candidate_id AND (c.outcome IS NULL OR c.outcome NOT IN ('dead', 'rejected', 'retracted'))
    WHERE a.story_id = ${story} AND a.id <> ${article.id} ORDER BY a.first_seen_at, a.candidate_id LIMIT ${MAX_COVERAGE}`.execute(
    db,
  );
  const others = rows[0]?.size ?? 0;
  if (others === 0) return null;
  const coverage = rows.map((r) => ({ source: nameOf(r.sourceId), url: r.url, title: r.title }));
  return { id: story, size: others + 1, coverage };
}

/**
 * Stories that changed at least `waitMs` ago, the longest first, and locked. The older a story is, the longer it waits, a tenth of
 * its age: so one that goes on for days is not told anew with every report. 0 means all of them, whatever their age.
 */
export async function staleStories(tx: Tx, waitMs: number, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM sourcelink.story WHERE stale_since IS NOT NULL
      AND (${waitMs}::float8 = 0 OR stale_since <= now() - greatest(make_interval(secs => ${waitMs / 1000}), (last_seen_at - first_seen_at) / 10))
    ORDER BY stale_since, id LIMIT ${limit} FOR UPDATE SKIP LOCKED`.execute(tx);
  return rows.map((r) => r.id);
}

/** A published article of a story, and what readers were told last; `busy` while a stage before publishing works on it. */
export type Told = {
  id: string;
  storyId: string;
  candidateId: number;
  publishedHash: string;
  message: ArticleMessage;
  busy: boolean;
};

/** Published articles of these stories that are nobody's copies, locked. */
export async function toldOf(tx: Tx, stories: string[]): Promise<Told[]> {
  const { rows } = await sql<Told>`
    SELECT a.id, a.story_id, a.candidate_id, a.published_hash, r.message, c.stage NOT IN ('publish', 'done') AS busy
    FROM sourcelink.article a JOIN sourcelink.candidate c ON c.id = a.candidate_id
    JOIN sourcelink.revision r ON r.article_id = a.id AND r.revision = a.revision
    WHERE a.story_id = ANY(${stories}::uuid[]) AND a.duplicate_of IS NULL AND a.published_hash IS NOT NULL
      AND r.type <> 'article.retracted' AND (c.outcome IS NULL OR c.outcome = 'published')
    ORDER BY c.id FOR UPDATE OF c`.execute(tx);
  return rows;
}

/** Readers know all of these stories. */
export async function markTold(tx: Tx, stories: string[]): Promise<void> {
  await tx.updateTable('sourcelink.story').set({ staleSince: null }).where('id', 'in', stories).execute();
}
