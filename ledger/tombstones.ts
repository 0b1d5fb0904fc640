import { sql } from 'kysely';
import {
  alike,
  type JudgeOptions,
  judge,
  type Known,
  type NearIndex,
  type Text,
} from '../analysis/similarity/judge.js';
import { MAX_NEAR } from '../analysis/similarity/memory-index.js';
import { indexedOf, type Sketch } from '../analysis/similarity/shingles.js';
import type { Tx } from './schema.js';
import { CERTAIN, probeRows, probesOf, sharedBands } from './shared-bands.js';
import { pack, toSketch } from './sketches.js';

/** A retraction, as it keeps others from being published. */
export type Tombstone = {
  candidateId: number;
  articleId: string | null;
  sourceId: string;
  title: string;
  reason: string;
};

/** An article that waits to be judged, and the keys of the address it was found under and of its canonical link. */
export type Arriving = { text: Text; foundAt: string; canonical: string };

type Row = {
  candidateId: number;
  articleId: string | null;
  sourceId: string;
  everywhere: boolean;
  title: string;
  reason: string;
  urlKeys: string[];
  at: Date;
  fingerprint: string | null;
  shingles: Uint8Array | null;
  quoted: Uint8Array | null;
};

/**
 * Which of these articles were retracted before: the same address; a canonical link that names it, believed where title or
 * text agree; or the same text, however long ago; at another source only where the retraction holds everywhere. `around` knows what each source shows on all its pages. By article id.
 */
export async function retractedAmong(
  tx: Tx,
  arriving: Arriving[],
  around: NearIndex['around'],
  options: Pick<JudgeOptions, 'duplicate' | 'related'>,
): Promise<Map<string, Tombstone>> {
  const found = new Map<string, Tombstone>();
  const stones = await near(tx, arriving);
  for (const a of arriving) {
    const rows = stones.get(a.text.id) ?? [];
    const own = rows.find((r) => r.urlKeys.includes(a.foundAt)) ?? (await sameArticle(a, rows, around, options));
    if (own) found.set(a.text.id, tombstoneOf(own));
  }
  return found;
}

async function sameArticle(
  a: Arriving,
  rows: Row[],
  around: NearIndex['around'],
  options: Pick<JudgeOptions, 'duplicate' | 'related'>,
): Promise<Row | undefined> {
  if (rows.length === 0) return undefined;
  const index = { near: async () => rows.flatMap((r) => knownOf(r) ?? []), around };
  const verdict = await judge(a.text, index, { ...options, windowMs: Number.POSITIVE_INFINITY });
  const copied = verdict.duplicate?.with.id;
  const alikes = new Set([copied, ...verdict.related.map((r) => r.id)]);
  const named = rows.filter((r) => r.urlKeys.includes(a.canonical));
  return (
    rows.find((r) => copied !== undefined && r.articleId === copied) ??
    named.find((r) => alike(r.title, a.text.title) || (r.articleId !== null && alikes.has(r.articleId)))
  );
}

/** Tombstones that each of these may lie under, by article id. */
async function near(tx: Tx, arriving: Arriving[]): Promise<Map<string, Row[]>> {
  const about = arriving.map((a, i) => ({ n: i, fingerprint: a.text.fingerprint, keys: [a.foundAt, a.canonical] }));
  const { rows } = await sql<Row & { n: number }>`
    WITH text AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(about)}::jsonb) AS t(n int, fingerprint text, keys jsonb)
      WHERE EXISTS (SELECT 1 FROM sourcelink.tombstone)
    ), probe AS (
      SELECT p.n, p.band FROM ${probeRows(probesOf(arriving.map((a) => a.text)))} JOIN text USING (n)
    ), hit AS (
      ${sharedBands('tombstone_band', sql`probe`, sql`b.band = p.band`)}
      UNION ALL
      SELECT t.n, s.candidate_id, ${CERTAIN} FROM text t JOIN sourcelink.tombstone s
        ON s.url_keys && ARRAY(SELECT jsonb_array_elements_text(t.keys))
      UNION ALL
      SELECT t.n, s.candidate_id, ${CERTAIN} FROM text t JOIN sourcelink.tombstone s USING (fingerprint)
    ), best AS (
      SELECT n, candidate_id, max(hits) AS hits FROM hit GROUP BY 1, 2
    )
    SELECT b.n, s.candidate_id, s.article_id, s.source_id, s.everywhere, s.title, s.reason, s.url_keys, s.at, s.fingerprint, s.shingles, s.quoted
    FROM best b JOIN sourcelink.tombstone s USING (candidate_id) ORDER BY b.n, b.hits DESC, s.candidate_id`.execute(tx);
  const byText = new Map<string, Row[]>();
  for (const row of rows) {
    const text = arriving[row.n]?.text;
    if (!text || !(row.everywhere || row.sourceId === text.source)) continue;
    const { id } = text;
    const list = byText.get(id) ?? [];
    byText.set(id, list);
    if (list.length < MAX_NEAR) list.push(row);
  }
  return byText;
}

/** Null for one that holds only addresses. */
function knownOf(r: Row): Known | null {
  if (r.articleId === null || r.fingerprint === null || r.shingles === null || r.quoted === null) return null;
  return {
    id: r.articleId,
    source: r.sourceId,
    title: r.title,
    at: r.at.getTime(),
    ...toSketch({ fingerprint: r.fingerprint, shingles: r.shingles, quoted: r.quoted }),
    original: { id: r.articleId, source: r.sourceId },
  };
}

const tombstoneOf = (r: Row): Tombstone => ({
  candidateId: r.candidateId,
  articleId: r.articleId,
  sourceId: r.sourceId,
  title: r.title,
  reason: r.reason,
});

export type NewTombstone = {
  candidateId: number;
  articleId: string | null;
  sourceId: string;
  title: string;
  urlKeys: string[];
  at: Date;
  /** Of an article of its own; a copy's text is its original's. */
  sketch: Sketch | null;
  reason: string;
  by: 'operator' | 'source';
  everywhere: boolean;
  now: Date;
};

export async function writeTombstones(tx: Tx, stones: NewTombstone[]): Promise<void> {
  if (stones.length === 0) return;
  await tx
    .insertInto('sourcelink.tombstone')
    .values(
      stones.map((s) => ({
        candidateId: s.candidateId,
        articleId: s.articleId,
        sourceId: s.sourceId,
        title: s.title,
        urlKeys: [...new Set(s.urlKeys)],
        reason: s.reason,
        retractedBy: s.by,
        everywhere: s.everywhere,
        createdAt: s.now,
        at: s.at,
        ...(s.sketch === null ? { fingerprint: null, shingles: null, quoted: null } : pack(s.sketch)),
      })),
    )
    .execute();
  const bands = stones.flatMap((s) =>
    s.sketch === null ? [] : [...indexedOf(s.sketch.shingles)].map((h) => ({ band: h | 0, id: s.candidateId })),
  );
  await sql`
    INSERT INTO sourcelink.tombstone_band (band, candidate_id)
    SELECT * FROM unnest(${bands.map((b) => b.band)}::int[], ${bands.map((b) => b.id)}::bigint[]) ON CONFLICT DO NOTHING`.execute(
    tx,
  );
}
