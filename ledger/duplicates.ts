import { sql } from 'kysely';
import type { Related } from '../analysis/similarity/judge.js';
import { json } from './articles.js';
import { isFree } from './db/leases.js';
import type { Db, Tx } from './schema.js';

/** Any number that only this lock uses: one process at a time judges what is a copy of what, so that two copies never miss each other. */
const JUDGING = 0x51_0c_e2_2d;

/** Waits until no other process judges; held to the end of the transaction. */
export async function lockJudging(tx: Tx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${sql.lit(JUDGING)})`.execute(tx);
}

/** Those of these candidates that are still this worker's, locked. */
export async function stillHeld(tx: Tx, ids: number[], owner: string): Promise<Set<number>> {
  const rows = await tx
    .selectFrom('sourcelink.candidate')
    .select('id')
    .where('id', 'in', ids)
    .where('leaseOwner', '=', owner)
    .orderBy('id')
    .forUpdate()
    .execute();
  return new Set(rows.map((r) => r.id));
}

/** An article that others may repeat. */
export type Original = {
  id: string;
  candidateId: number;
  sourceId: string;
  title: string;
  url: string;
  revision: number;
};

/** An article under a URL key, and the original it stands for: itself, or the one it repeats. */
export type Standing = { holder: string; original: Original };

/** Judged articles that have these URL keys as their own, the earliest first. */
export async function standingByUrl(tx: Tx, keys: string[]): Promise<Map<string, Standing[]>> {
  const { rows } = await sql<Original & { key: string; holder: string }>`
    SELECT a.url_key AS key, a.id AS holder, o.id, o.candidate_id, o.source_id, o.title, o.canonical_url AS url, o.revision
    FROM sourcelink.article a JOIN sourcelink.sketch s ON s.article_id = a.id
    JOIN sourcelink.article o ON o.id = coalesce(a.duplicate_of, a.id)
    JOIN sourcelink.candidate c ON c.id = o.candidate_id AND (c.outcome IS NULL OR c.outcome NOT IN ('dead', 'rejected', 'retracted'))
    WHERE a.url_key = ANY(${keys}::text[]) ORDER BY a.first_seen_at, a.candidate_id`.execute(tx);
  const byKey = new Map<string, Standing[]>();
  for (const { key, holder, ...original } of rows) byKey.set(key, [...(byKey.get(key) ?? []), { holder, original }]);
  return byKey;
}

export async function originalsById(tx: Tx, ids: string[]): Promise<Map<string, Original>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('sourcelink.article')
    .select(['id', 'candidateId', 'sourceId', 'title', 'canonicalUrl as url', 'revision'])
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((r) => [r.id, r]));
}

/** Why an article counts as a copy, kept beside it for `articles show ID --why`. */
export type DuplicateWhy = {
  by: 'url' | 'exact' | 'near' | 'person';
  /** Share of the smaller text that both have. */
  score: number;
  /** A passage that both have, in words. */
  passage: string;
  original: { id: string; source: string; title: string; url: string };
  /** The text that it was compared with, when that is another copy of the original. */
  comparedWith?: string;
};

export type Judgement = {
  id: string;
  candidateId: number;
  fingerprint: string;
  duplicateOf: string | null;
  why: DuplicateWhy | null;
  related: Related[];
};

export async function writeJudgement(tx: Tx, j: Judgement): Promise<void> {
  await tx
    .updateTable('sourcelink.article')
    .set({
      fingerprint: j.fingerprint,
      duplicateOf: j.duplicateOf,
      duplicateWhy: j.why === null ? null : json(j.why),
      related: json(j.related),
    })
    .where('id', '=', j.id)
    .execute();
  // Where a look that finds nothing new returns to.
  await tx
    .updateTable('sourcelink.candidate')
    .set({ duplicateOf: j.duplicateOf })
    .where('id', '=', j.candidateId)
    .where(sql<boolean>`duplicate_of IS DISTINCT FROM ${j.duplicateOf}::uuid`)
    .execute();
}

/** Articles that counted as copies of `from` count as copies of `to`: groups have one original and no chains. */
export async function repoint(tx: Tx, from: string, to: string): Promise<void> {
  for (const table of ['article', 'candidate'])
    await sql`UPDATE ${sql.table(`sourcelink.${table}`)} SET duplicate_of = ${to} WHERE duplicate_of = ${from}`.execute(
      tx,
    );
}

/**
 * Makes an article that nobody has published yet, and that no worker holds, a copy of `to`.
 * @returns false when it is too late for that
 */
export async function overtake(
  tx: Tx,
  from: Original,
  to: string,
  why: DuplicateWhy,
  reason: string,
): Promise<boolean> {
  const { rows } = await sql`
    UPDATE sourcelink.candidate c SET stage = 'done', outcome = 'duplicate', duplicate_of = ${to}, code = NULL, reason = ${reason},
      next_try_at = NULL, changed_at = now()
    FROM sourcelink.article a
    WHERE c.id = ${from.candidateId} AND a.candidate_id = c.id AND a.revision = 0 AND c.outcome IS NULL AND c.stage = 'categorize'
      AND ${isFree('c')}
      AND NOT EXISTS (SELECT FROM sourcelink.ruling r WHERE r.article_id = a.id)
    RETURNING c.id`.execute(tx);
  if (rows.length === 0) return false;
  await tx
    .updateTable('sourcelink.article')
    .set({ duplicateOf: to, duplicateWhy: json(why) })
    .where('id', '=', from.id)
    .execute();
  await repoint(tx, from.id, to);
  return true;
}

/** Copies whose original will never be published, or is gone at its own source alone, are judged again. @returns how many */
export async function reopenOrphans(db: Db): Promise<number> {
  const { numAffectedRows } = await sql`
    UPDATE sourcelink.candidate c SET stage = 'dedupe', outcome = NULL, duplicate_of = NULL, code = NULL, reason = NULL,
      attempts = 0, next_try_at = now(), driven_at = NULL, changed_at = now()
    FROM sourcelink.article o JOIN sourcelink.candidate oc ON oc.id = o.candidate_id
    WHERE c.outcome = 'duplicate' AND c.duplicate_of = o.id AND (o.revision = 0 AND oc.outcome IN ('dead', 'rejected') OR oc.outcome = 'retracted' AND
      EXISTS (SELECT FROM sourcelink.tombstone t WHERE t.candidate_id = oc.id AND NOT t.everywhere AND t.source_id <> c.source_id))`.execute(
    db,
  );
  return Number(numAffectedRows ?? 0n);
}
