import { sql } from 'kysely';
import type { Db } from './schema.js';

export type Violation = { rule: string; id: string; detail: string };

/**
 * The law of the ledger as one query; no rows means that it holds. Every candidate is in exactly one terminal state
 * (published to each enabled sink, duplicate of another, rejected with a reason, dead with stage, code and reason,
 * retracted at each sink that it was meant for) or waits and will be driven; an article reaches a sink once for each
 * revision; nothing vanishes.
 */
export async function violations(db: Db, sinks: string[]): Promise<Violation[]> {
  const { rows } = await sql<Violation>`
    WITH c AS (SELECT * FROM sourcelink.candidate)
    SELECT 'outcome and stage disagree' AS rule, id::text AS id, stage || '/' || coalesce(outcome, '-') AS detail
      FROM c WHERE (outcome IS NULL) = (stage = 'done')
    UNION ALL SELECT 'waits, but nothing will drive it', id::text, stage FROM c WHERE outcome IS NULL AND next_try_at IS NULL
    UNION ALL SELECT 'published without an article', id::text, '' FROM c
      WHERE outcome = 'published' AND NOT EXISTS (SELECT 1 FROM sourcelink.article a WHERE a.candidate_id = c.id AND a.revision > 0)
    UNION ALL SELECT 'published, but not to every sink', c.id::text, s.sink FROM c
      JOIN sourcelink.article a ON a.candidate_id = c.id JOIN sourcelink.revision r ON r.article_id = a.id AND r.revision = a.revision
      JOIN sourcelink.sink_state s ON s.sink = ANY(${sinks}::text[]) AND s.since < r.created_at
      WHERE c.outcome = 'published' AND NOT EXISTS (SELECT 1 FROM sourcelink.delivery d
        WHERE d.article_id = a.id AND d.revision = a.revision AND d.sink = s.sink AND d.state = 'delivered')
    UNION ALL SELECT 'published, but its last word is a retraction', c.id::text, r.revision::text FROM c
      JOIN sourcelink.article a ON a.candidate_id = c.id JOIN sourcelink.revision r ON r.article_id = a.id AND r.revision = a.revision
      WHERE c.outcome = 'published' AND r.type = 'article.retracted'
    UNION ALL SELECT 'retracted without a tombstone', id::text, '' FROM c
      WHERE outcome = 'retracted' AND NOT EXISTS (SELECT 1 FROM sourcelink.tombstone t WHERE t.candidate_id = c.id)
    UNION ALL SELECT 'retracted, but it goes on', c.id::text, c.stage || '/' || coalesce(c.outcome, '-') FROM c JOIN sourcelink.tombstone t ON t.candidate_id = c.id
      WHERE NOT (c.outcome = 'retracted' OR c.stage = 'publish' OR c.outcome = 'dead' AND c.dead_stage = 'publish')
    UNION ALL SELECT 'retracted, but a sink is not told', c.id::text, d.sink FROM sourcelink.tombstone t JOIN c ON c.id = t.candidate_id
      JOIN sourcelink.article a ON a.candidate_id = c.id JOIN sourcelink.delivery d ON d.candidate_id = c.id AND d.state = 'delivered'
      WHERE NOT EXISTS (SELECT 1 FROM sourcelink.delivery e JOIN sourcelink.revision r USING (article_id, revision)
        WHERE e.candidate_id = c.id AND e.sink = d.sink AND e.revision = a.revision AND r.type = 'article.retracted'
          AND (e.state = 'delivered' OR c.outcome IS DISTINCT FROM 'retracted'))
    UNION ALL SELECT 'duplicate of nothing', id::text, coalesce(duplicate_of::text, '-') FROM c
      WHERE outcome = 'duplicate' AND NOT EXISTS (SELECT 1 FROM sourcelink.article a WHERE a.id = c.duplicate_of)
    UNION ALL SELECT 'rejected without a reason', id::text, '' FROM c WHERE outcome = 'rejected' AND (code IS NULL OR reason IS NULL)
    UNION ALL SELECT 'dead without stage, code and reason', id::text, '' FROM c WHERE outcome = 'dead' AND (dead_stage IS NULL OR code IS NULL OR reason IS NULL)
    UNION ALL SELECT 'in the outbox twice', article_id::text, sink FROM sourcelink.delivery GROUP BY article_id, revision, sink HAVING count(*) > 1
    UNION ALL SELECT 'waits for sinks without a delivery', id::text, '' FROM c
      WHERE stage = 'publish' AND NOT EXISTS (SELECT 1 FROM sourcelink.delivery d WHERE d.candidate_id = c.id AND d.state = 'pending')
    UNION ALL SELECT 'revision missing', a.id::text, a.revision::text FROM sourcelink.article a
      WHERE a.revision <> (SELECT count(*) FROM sourcelink.revision r WHERE r.article_id = a.id)
    UNION ALL SELECT 'article of no candidate', a.id::text, '' FROM sourcelink.article a WHERE NOT EXISTS (SELECT 1 FROM c WHERE c.article_id = a.id)
    LIMIT 100`.execute(db);
  return rows;
}
