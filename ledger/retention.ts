import { type RawBuilder, sql } from 'kysely';
import { isFree } from './db/leases.js';
import { lockJudging } from './duplicates.js';
import type { Db, Tx } from './schema.js';
import { dropSketches } from './sketches.js';

/** Rows in one transaction, and transactions for each kind at a time: what is left waits for the next time. */
const BATCH = 500;
const MAX_BATCHES = 40;

/** In milliseconds; null: forever. */
export type Keep = { articles: number | null; rejected: number | null };

export type Forgotten = { articles: number; candidates: number };

/** As the indexes of migration-retention.ts have them. */
const SETTLED = sql`c.outcome IN ('published','duplicate','retracted')`;
const REFUSED = sql`c.outcome IN ('rejected','dead')`;

/**
 * Forgets what has been kept long enough, unless somebody is at it, a delivery waits, or a copy of it stays. No consumer
 * is told. A URL is forgotten only when no list of its source can name it any more: it would be published anew.
 * After `signal` no batch is begun.
 */
export async function forget(db: Db, keep: Keep, signal?: AbortSignal): Promise<Forgotten> {
  const old = [
    { which: SETTLED, keepMs: keep.articles },
    { which: sql`${REFUSED} AND a.revision > 0`, keepMs: keep.articles },
    { which: sql`${REFUSED} AND a.revision = 0`, keepMs: keep.rejected },
  ];
  let articles = 0;
  for (const { which, keepMs } of old)
    if (keepMs !== null) articles += await inBatches(db, signal, (tx) => forgetArticles(tx, which, keepMs));
  const { rejected } = keep;
  const candidates = rejected === null ? 0 : await inBatches(db, signal, (tx) => forgetCandidates(tx, rejected));
  return { articles, candidates };
}

async function inBatches(db: Db, signal: AbortSignal | undefined, batch: (tx: Tx) => Promise<number>): Promise<number> {
  let all = 0;
  for (let i = 0; i < MAX_BATCHES && !signal?.aborted; i++) {
    const n = await db.transaction().execute(batch);
    if (n === 0) break;
    all += n;
  }
  return all;
}

type Old = { candidateId: number; id: string; storyId: string | null };

/** An original goes once its last copy has gone. */
async function forgetArticles(tx: Tx, which: RawBuilder<unknown>, keepMs: number): Promise<number> {
  // Nobody judges a copy of it or puts it into a story meanwhile.
  await lockJudging(tx);
  const { rows } = await sql<Old>`
    SELECT a.candidate_id, a.id, a.story_id FROM sourcelink.candidate c JOIN sourcelink.article a ON a.candidate_id = c.id
    WHERE ${which} AND c.changed_at < now() - make_interval(secs => ${keepMs / 1000})
      AND ${isFree('c')}
      AND NOT EXISTS (SELECT FROM sourcelink.delivery d WHERE d.candidate_id = c.id AND d.state = 'pending')
      AND NOT EXISTS (SELECT FROM sourcelink.article k WHERE k.duplicate_of = a.id)
    ORDER BY c.changed_at LIMIT ${BATCH} FOR UPDATE OF c, a SKIP LOCKED`.execute(tx);
  if (rows.length === 0) return 0;
  const ids = sql`${rows.map((r) => r.id)}::uuid[]`;
  const candidates = sql`${rows.map((r) => r.candidateId)}::bigint[]`;
  await leaveStories(tx, rows);
  await dropSketches(
    tx,
    rows.map((r) => r.candidateId),
  );
  await sql`DELETE FROM sourcelink.digest WHERE candidate_id = ANY(${candidates})`.execute(tx);
  await sql`DELETE FROM sourcelink.page WHERE candidate_id = ANY(${candidates})`.execute(tx);
  await sql`DELETE FROM sourcelink.delivery WHERE article_id = ANY(${ids})`.execute(tx);
  await sql`DELETE FROM sourcelink.revision WHERE article_id = ANY(${ids})`.execute(tx);
  await sql`DELETE FROM sourcelink.article WHERE id = ANY(${ids})`.execute(tx);
  await sql`
    UPDATE sourcelink.candidate c SET article_id = NULL, duplicate_of = NULL, page_id = NULL, etag = NULL, last_modified = NULL,
      look_at = NULL, missing_since = NULL, dead_stage = NULL, hints = c.hints || '{"summary":null,"image":null,"authors":[],"tags":[]}',
      outcome = CASE WHEN o.reason IS NOT NULL THEN 'retracted' ELSE 'rejected' END,
      code = CASE WHEN o.reason IS NOT NULL THEN 'RETRACTED' WHEN c.outcome = 'rejected' THEN c.code ELSE 'CLEARED' END,
      reason = coalesce(o.reason, CASE WHEN c.outcome = 'rejected' THEN c.reason ELSE 'its article was kept as long as the settings say' END)
    FROM unnest(${candidates}) AS i(id) LEFT JOIN sourcelink.tombstone o ON o.candidate_id = i.id WHERE c.id = i.id`.execute(
    tx,
  );
  return rows.length;
}

/** Stories of which nothing is left go; where the headline goes, the next article stands for the story. */
async function leaveStories(tx: Tx, old: Old[]): Promise<void> {
  const going = sql`${old.map((r) => r.id)}::uuid[]`;
  const stories = [...new Set(old.flatMap((r) => r.storyId ?? []))];
  await sql`
    WITH touched AS (
      SELECT s.id, (SELECT a.id FROM sourcelink.article a WHERE a.story_id = s.id AND a.id <> ALL(${going})
        ORDER BY a.duplicate_of IS NOT NULL, a.first_seen_at, a.candidate_id LIMIT 1) AS next
      FROM sourcelink.story s WHERE s.headline_id = ANY(${going}) OR s.id = ANY(${stories}::uuid[])
    ), ended AS (
      DELETE FROM sourcelink.story s USING touched t WHERE s.id = t.id AND t.next IS NULL
    )
    UPDATE sourcelink.story s SET headline_id = t.next FROM touched t
    WHERE s.id = t.id AND t.next IS NOT NULL AND s.headline_id = ANY(${going})`.execute(tx);
}

/**
 * An endpoint that says the same as at its last reading, or fails, may still list what it listed then: all that was known by
 * then and has been listed since. Two days cover that the time of listing is kept to the day, and a long visit.
 */
async function forgetCandidates(tx: Tx, keepMs: number): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM sourcelink.candidate WHERE id = ANY(ARRAY(
      SELECT c.id FROM sourcelink.candidate c
      WHERE ${REFUSED} AND c.changed_at < now() - make_interval(secs => ${keepMs / 1000})
        AND c.listed_at < now() - make_interval(secs => ${keepMs / 1000})
        AND NOT EXISTS (SELECT FROM sourcelink.article a WHERE a.candidate_id = c.id)
        AND NOT EXISTS (SELECT FROM sourcelink.tombstone t WHERE t.candidate_id = c.id)
        AND EXISTS (SELECT FROM sourcelink.endpoint e WHERE e.source_id = c.source_id AND e.read_at > c.listed_at)
        AND NOT EXISTS (SELECT FROM sourcelink.endpoint e WHERE e.source_id = c.source_id
          AND c.discovered_at <= e.read_at AND e.read_at <= c.listed_at + interval '2 days')
      ORDER BY c.changed_at LIMIT ${BATCH} FOR UPDATE OF c SKIP LOCKED))`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}
