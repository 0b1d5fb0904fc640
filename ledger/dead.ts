import { sql } from 'kysely';
import { RELEASED } from './db/leases.js';
import { STILL_MISSING } from './deliveries.js';
import type { Db, Stage } from './schema.js';

/** One dead candidate, or one whose delivery to a sink is dead. */
export type DeadLine = {
  candidate: number;
  source: string;
  stage: Stage;
  code: string;
  reason: string;
  url: string;
  title: string | null;
  attempts: number;
  since: Date;
  /** Sinks that refused it. */
  sinks: string[];
  /** What they refused, and what each said. */
  deliveries: { sink: string; revision: number; code: string; reason: string; attempts: number }[];
};

/** Candidates `c` with a delivery that never reached its sink, and nothing newer in its place. */
const REFUSED = sql`EXISTS (SELECT 1 FROM sourcelink.delivery k WHERE k.candidate_id = c.id AND k.state = 'dead' AND ${STILL_MISSING})`;

/** What died, newest first. */
export async function listDead(db: Db, filter: { sources?: string[]; limit: number }): Promise<DeadLine[]> {
  const { sources } = filter;
  const { rows } = await sql<Omit<DeadLine, 'sinks'>>`
    SELECT c.id AS candidate, c.source_id AS source, coalesce(c.dead_stage, 'publish') AS stage,
      coalesce(CASE WHEN c.outcome = 'dead' THEN c.code END, d.list->0->>'code') AS code,
      coalesce(CASE WHEN c.outcome = 'dead' THEN c.reason END, d.list->0->>'reason') AS reason,
      c.url, coalesce(a.title, c.hints->>'title') AS title, c.attempts, c.changed_at AS since, coalesce(d.list, '[]') AS deliveries
    FROM sourcelink.candidate c LEFT JOIN sourcelink.article a ON a.candidate_id = c.id
    LEFT JOIN LATERAL (SELECT jsonb_agg(jsonb_build_object('sink', k.sink, 'revision', k.revision, 'code', k.code, 'reason', k.reason,
        'attempts', k.attempts) ORDER BY k.sink, k.id) AS list
      FROM sourcelink.delivery k WHERE k.candidate_id = c.id AND k.state = 'dead' AND ${STILL_MISSING}) d ON true
    WHERE (c.outcome = 'dead' OR ${REFUSED}) ${sources?.length ? sql`AND c.source_id = ANY(${sources}::text[])` : sql``}
    ORDER BY c.changed_at DESC, c.id DESC LIMIT ${filter.limit}`.execute(db);
  return rows.map((r) => ({ ...r, sinks: [...new Set(r.deliveries.map((d) => d.sink))] }));
}

/**
 * Gives dead candidates another chance: each goes back to the stage where it died, with all its tries, and its dead
 * deliveries wait again. Whatever runs next drives them. @returns the candidates that were put back
 */
export async function reviveDead(
  db: Db,
  which: { ids: number[] } | { sources: string[] } | 'all',
): Promise<{ id: number; sourceId: string; url: string; stage: string }[]> {
  const chosen =
    which === 'all'
      ? sql`true`
      : 'ids' in which
        ? sql`c.id = ANY(${which.ids}::bigint[])`
        : sql`c.source_id = ANY(${which.sources}::text[])`;
  return db.transaction().execute(async (tx) => {
    // Locked first: a worker that settles a delivery of the same candidate waits for its end.
    const dead = await sql<{ id: number }>`
      SELECT c.id FROM sourcelink.candidate c WHERE (c.outcome = 'dead' OR c.outcome IN ('published', 'retracted') AND ${REFUSED}) AND ${chosen}
      ORDER BY c.id FOR UPDATE`.execute(tx);
    const ids = dead.rows.map((r) => r.id);
    if (ids.length === 0) return [];
    await sql`
      UPDATE sourcelink.delivery k SET state = 'pending', attempts = 0, next_try_at = now(), driven_at = NULL,
        ${RELEASED}, code = NULL, reason = NULL
      WHERE k.state = 'dead' AND k.candidate_id = ANY(${ids}::bigint[]) AND ${STILL_MISSING}`.execute(tx);
    // Without a delivery nothing would drive the last stage: the one before writes the outbox anew.
    const { rows } = await sql<{ id: number; sourceId: string; url: string; stage: string }>`
      UPDATE sourcelink.candidate c SET outcome = NULL, code = NULL, reason = NULL, dead_stage = NULL, attempts = 0,
        next_try_at = now(), driven_at = NULL, ${RELEASED}, changed_at = now(),
        stage = CASE
          WHEN c.dead_stage <> 'publish' THEN c.dead_stage
          WHEN EXISTS (SELECT 1 FROM sourcelink.delivery d WHERE d.candidate_id = c.id AND d.state = 'pending') THEN 'publish'
          ELSE 'categorize' END
      WHERE c.id = ANY(${ids}::bigint[])
      RETURNING c.id, c.source_id, c.url, c.stage`.execute(tx);
    return rows.sort((a, b) => a.id - b.id);
  });
}
