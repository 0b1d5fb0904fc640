import { sql } from 'kysely';
import { type Db, PRIORITY } from './schema.js';

/** What is to be sent again, and where. */
export type Replay = {
  sink: string;
  /** Only articles whose newest revision was written since. */
  since: Date | null;
  /** Only these, by id; null for all. */
  articles: string[] | null;
};

const chosen = ({ sink, since, articles }: Replay) => sql`
  SELECT a.id, a.candidate_id, a.revision, r.created_at FROM sourcelink.article a
  JOIN sourcelink.revision r ON r.article_id = a.id AND r.revision = a.revision
  WHERE true ${since === null ? sql`` : sql`AND r.created_at >= ${since}`}
    ${articles === null ? sql`` : sql`AND a.id = ANY(${articles}::uuid[])`}
    AND (r.type <> 'article.retracted' OR EXISTS (SELECT 1 FROM sourcelink.delivery d WHERE d.article_id = a.id AND d.sink = ${sink}))
    AND NOT EXISTS (SELECT 1 FROM sourcelink.delivery d WHERE d.article_id = a.id AND d.sink = ${sink} AND d.state = 'pending')`;

/** How many articles `replay` would send. */
export async function countReplay(db: Db, which: Replay): Promise<number> {
  const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM (${chosen(which)}) x`.execute(db);
  return rows[0]?.n ?? 0;
}

/**
 * Puts the newest revision of articles into the outbox of one sink once more, behind all news, each under a key of its own;
 * under the first key where the sink was never owed that revision. What waits for the sink anyway is left out, and so is
 * the retraction of what it was never meant to have. @returns how many
 */
export async function replay(db: Db, which: Replay, now: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    WITH chosen AS (${chosen(which)}), written AS (
      INSERT INTO sourcelink.delivery AS d (article_id, revision, sink, candidate_id, priority, created_at, next_try_at)
      SELECT c.id, c.revision, ${which.sink}, c.candidate_id, ${PRIORITY.backfill}::int, ${now}::timestamptz, ${now}::timestamptz
      FROM chosen c ORDER BY c.created_at, c.id
      ON CONFLICT (article_id, revision, sink) DO UPDATE SET state = 'pending', replay = d.replay + 1, attempts = 0, code = NULL, reason = NULL,
        priority = excluded.priority, created_at = excluded.created_at, next_try_at = excluded.next_try_at, driven_at = NULL, delivered_at = NULL
      RETURNING candidate_id
    ), waiting AS (
      UPDATE sourcelink.candidate c SET stage = 'publish', outcome = NULL, code = NULL, reason = NULL, dead_stage = NULL,
        next_try_at = now(), driven_at = now(), changed_at = now()
      FROM written w WHERE c.id = w.candidate_id AND (c.outcome IN ('published', 'retracted') OR c.dead_stage = 'publish')
    )
    SELECT count(*)::int AS n FROM written`.execute(db);
  return rows[0]?.n ?? 0;
}
