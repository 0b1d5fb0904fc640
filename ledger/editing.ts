import { sql } from 'kysely';
import type { ArticleMessage } from '../contract/contract.js';
import type { Tx } from './schema.js';

/** A published article on which nothing is under way, with the newest message about it. */
export type Resting = { candidateId: number; publishedHash: string; message: ArticleMessage };

/** Locks an article's candidate. Null when no such article was published; `busy` while a stage works on it. */
export async function resting(tx: Tx, articleId: string): Promise<Resting | 'busy' | null> {
  const { rows } = await sql<Resting & { stage: string }>`
    SELECT c.id AS "candidateId", c.stage, a.published_hash, r.message
    FROM sourcelink.article a JOIN sourcelink.candidate c ON c.id = a.candidate_id
    JOIN sourcelink.revision r ON r.article_id = a.id AND r.revision = a.revision
    WHERE a.id = ${articleId}::uuid FOR UPDATE OF c`.execute(tx);
  const [row] = rows;
  if (!row) return null;
  // What waits for its sinks alone may get one more revision; it is brought to them after the others.
  return row.stage === 'done' || row.stage === 'publish' ? row : 'busy';
}

/** The candidate waits for its sinks again. */
export async function sendAgain(tx: Tx, candidateId: number): Promise<void> {
  await tx
    .updateTable('sourcelink.candidate')
    .set({
      stage: 'publish',
      outcome: null,
      code: null,
      reason: null,
      deadStage: null,
      attempts: 0,
      nextTryAt: sql`now()`,
      drivenAt: sql`now()`,
      changedAt: sql`now()`,
    })
    .where('id', '=', candidateId)
    .execute();
}
