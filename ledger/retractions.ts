import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { sketchOf } from '../analysis/similarity/shingles.js';
import type { ContractArticle } from '../contract/contract.js';
import { retractionOf } from '../contract/message.js';
import { urlKey } from '../crawlers/url.js';
import { writeRevision } from './articles.js';
import { isFree, leasedTo, RELEASED } from './db/leases.js';
import { lockJudging } from './duplicates.js';
import type { Standing } from './read/views.js';
import type { Db, Stage, Tx } from './schema.js';
import { type NewTombstone, writeTombstones } from './tombstones.js';

/** Candidates taken back in one transaction. */
const AT_A_TIME = 100;

/** What a person or a page wants to be taken back. */
export type Retractable = {
  candidate: number;
  /** Null before the page was read. */
  id: string | null;
  source: string;
  url: string;
  title: string | null;
  standing: Standing;
  /** The article whose copy it is; that one stays. */
  copyOf: string | null;
  /** Sinks that it was meant for. */
  sinks: string[];
  /** Retracted before. */
  already: boolean;
};

/** Everything that is known under these numbers or URLs, or of a source, oldest first. */
export async function findRetractable(
  db: Db,
  which: { ids: number[] } | { urls: string[] } | { source: string },
): Promise<Retractable[]> {
  const keys = 'urls' in which ? which.urls.map(urlKey) : [];
  const chosen =
    'ids' in which
      ? sql`c.id = ANY(${which.ids}::bigint[])`
      : 'urls' in which
        ? sql`(c.url_key = ANY(${keys}::text[]) OR a.url_key = ANY(${keys}::text[]))`
        : sql`c.source_id = ${which.source}`;
  const { rows } = await sql<Retractable>`
    SELECT c.id AS candidate, a.id, c.source_id AS source, coalesce(a.canonical_url, c.url) AS url, coalesce(a.title, c.hints->>'title') AS title,
      coalesce(c.outcome, 'waiting') AS standing, CASE WHEN c.outcome = 'duplicate' THEN c.duplicate_of END AS "copyOf",
      ARRAY(SELECT DISTINCT d.sink FROM sourcelink.delivery d WHERE d.candidate_id = c.id ORDER BY 1) AS sinks,
      EXISTS (SELECT 1 FROM sourcelink.tombstone t WHERE t.candidate_id = c.id) AS already
    FROM sourcelink.candidate c LEFT JOIN sourcelink.article a ON a.candidate_id = c.id
    WHERE ${chosen} ORDER BY c.id`.execute(db);
  return rows;
}

type Held = {
  candidateId: number;
  sourceId: string;
  url: string;
  urlKey: string;
  hintedTitle: string | null;
  discoveredAt: Date;
  copyOf: string | null;
  articleId: string | null;
  article_key: string | null;
  canonicalUrl: string | null;
  title: string | null;
  text: string | null;
  publishedAt: Date | null;
  revision: number | null;
  live: boolean;
  /** As its newest revision names it; null before the first. */
  named: ContractArticle['source'] | null;
};

/** Why articles are taken back, by whom, and whether copies at other sources are kept out too. */
export type Why = { reason: string; by: 'operator' | 'source'; everywhere: boolean; now: Date };

/**
 * Takes articles back: what was not handed to a sink yet is withdrawn, every sink that the article was meant for is owed an
 * `article.retracted` after what is under way, and a tombstone keeps it from coming back. What is retracted
 * already stays as it is. @returns the candidates taken back
 */
export async function retract(db: Db, candidates: number[], why: Why): Promise<number[]> {
  const owner = randomUUID();
  const done: number[] = [];
  for (let i = 0; i < candidates.length; i += AT_A_TIME) {
    const ids = candidates.slice(i, i + AT_A_TIME);
    await takeOver(db, ids, owner);
    done.push(...(await db.transaction().execute((tx) => retractHeld(tx, ids, owner, why))));
  }
  return done.sort((a, b) => a - b);
}

/** From a worker that is at it, too: its step is undone when it comes to write. */
async function takeOver(db: Db, ids: number[], owner: string): Promise<void> {
  await sql`
    UPDATE sourcelink.candidate c SET ${leasedTo(owner)}
    WHERE c.id = ANY(${ids}::bigint[]) AND NOT EXISTS (SELECT 1 FROM sourcelink.tombstone t WHERE t.candidate_id = c.id)`.execute(
    db,
  );
}

async function retractHeld(tx: Tx, ids: number[], owner: string, why: Why): Promise<number[]> {
  // Nobody judges a copy meanwhile, and rows are locked in the order in which the stages lock them: articles first.
  await lockJudging(tx);
  await sql`SELECT 1 FROM sourcelink.article WHERE candidate_id = ANY(${ids}::bigint[]) ORDER BY candidate_id FOR UPDATE`.execute(
    tx,
  );
  const { rows } = await sql<Held>`
    SELECT c.id AS candidate_id, c.source_id, c.url, c.url_key, c.hints->>'title' AS hinted_title, c.discovered_at,
      a.duplicate_of AS copy_of, a.id AS article_id, a.url_key AS article_key, a.canonical_url, a.title, a.text, a.published_at, a.revision,
      a.published_hash IS NOT NULL AS live, r.message #> '{article,source}' AS named
    FROM sourcelink.candidate c LEFT JOIN sourcelink.article a ON a.candidate_id = c.id
    LEFT JOIN sourcelink.revision r ON r.article_id = a.id AND r.revision = a.revision
    WHERE c.id = ANY(${ids}::bigint[]) AND c.lease_owner = ${owner} ORDER BY c.id FOR UPDATE OF c`.execute(tx);
  await writeTombstones(
    tx,
    rows.map((r) => tombstoneOf(r, why)),
  );
  for (const r of rows) await tellSinks(tx, r, why);
  const held = rows.map((r) => r.candidateId);
  await sql`
    UPDATE sourcelink.candidate c SET ${RELEASED}, attempts = 0, changed_at = now(), dead_stage = NULL,
      missing_since = NULL, look_at = NULL, code = 'RETRACTED', reason = ${why.reason},
      stage = CASE WHEN p.waits THEN 'publish' ELSE 'done' END, outcome = CASE WHEN p.waits THEN NULL ELSE 'retracted' END,
      next_try_at = CASE WHEN p.waits THEN now() END, driven_at = now()
    FROM (SELECT k.id, EXISTS (SELECT 1 FROM sourcelink.delivery d WHERE d.candidate_id = k.id AND d.state = 'pending') AS waits
      FROM sourcelink.candidate k WHERE k.id = ANY(${held}::bigint[])) p
    WHERE c.id = p.id`.execute(tx);
  return held;
}

function tombstoneOf(r: Held, why: Why): NewTombstone {
  return {
    candidateId: r.candidateId,
    articleId: r.articleId,
    sourceId: r.sourceId,
    title: r.title ?? r.hintedTitle ?? '',
    urlKeys: [r.urlKey, ...(r.article_key === null ? [] : [r.article_key])],
    at: r.publishedAt ?? r.discoveredAt,
    sketch: r.copyOf === null && r.text !== null ? sketchOf(r.text) : null,
    ...why,
  };
}

/** Every sink is told, also one that was not served yet; what a sink is just being given is followed by the retraction. */
async function tellSinks(tx: Tx, r: Held, why: Why): Promise<void> {
  if (r.articleId === null || !r.revision || r.named === null) return;
  await sql`
    UPDATE sourcelink.delivery SET state = 'retracted', code = NULL, reason = 'retracted', ${RELEASED}
    WHERE candidate_id = ${r.candidateId} AND state = 'pending' AND ${isFree()}`.execute(tx);
  if (!r.live) return;
  const { rows } = await sql<{ sink: string }>`
    SELECT DISTINCT sink FROM sourcelink.delivery WHERE candidate_id = ${r.candidateId} ORDER BY 1`.execute(tx);
  const article = { id: r.articleId, revision: r.revision, canonicalUrl: r.canonicalUrl ?? r.url };
  const source = { ...r.named, url: r.named.homepage };
  await writeRevision(tx, {
    candidateId: r.candidateId,
    message: retractionOf(article, source, why.reason, why.now),
    hash: null,
    sinks: rows.map((d) => d.sink),
    now: why.now,
  });
}

/** A retraction taken back. */
export type Restored = { candidate: number; id: string | null; title: string; stage: Stage };

/**
 * Takes retractions back: the tombstones are gone, the articles are judged and published again, and so are those of other
 * sources that the tombstones kept out. Candidates that are not retracted are left out of the answer.
 */
export async function restore(db: Db, candidates: number[]): Promise<Restored[]> {
  return db.transaction().execute(async (tx) => {
    await lockJudging(tx);
    const { rows } = await sql<Restored>`
      WITH gone AS (
        DELETE FROM sourcelink.tombstone WHERE candidate_id = ANY(${candidates}::bigint[]) RETURNING candidate_id, article_id, title, url_keys
      ), kept_out AS (
        UPDATE sourcelink.candidate c SET ${AGAIN}, stage = 'dedupe', duplicate_of = NULL FROM gone g
        WHERE c.outcome = 'rejected' AND c.code = 'RETRACTED' AND c.article_id IS NOT NULL
          AND (c.duplicate_of = g.article_id OR c.url_key = ANY(g.url_keys))
      ), back AS (
        UPDATE sourcelink.candidate c SET ${AGAIN}, stage = CASE WHEN a.id IS NULL THEN 'fetch' ELSE 'dedupe' END
        FROM gone g LEFT JOIN sourcelink.article a USING (candidate_id) WHERE c.id = g.candidate_id RETURNING c.id, c.stage
      )
      SELECT b.id AS candidate, g.article_id AS id, g.title, b.stage FROM back b JOIN gone g ON g.candidate_id = b.id ORDER BY 1`.execute(
      tx,
    );
    return rows;
  });
}

const AGAIN = sql`outcome = NULL, code = NULL, reason = NULL, dead_stage = NULL, attempts = 0, next_try_at = now(), driven_at = NULL,
  ${RELEASED}, changed_at = now()`;
