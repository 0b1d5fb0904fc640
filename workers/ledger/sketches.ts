import { sql } from 'kysely';
import type { Known, NearIndex, Text } from '../similarity/judge.js';
import { COMMON, LEAST_HITS, MemoryIndex, MOST_NEAR, newBands, PAGES_AROUND } from '../similarity/memory-index.js';
import { indexedOf, type Sketch } from '../similarity/shingles.js';
import type { Db, Tx } from './schema.js';

type SketchRow = {
  article_id: string;
  source_id: string;
  title: string;
  at: Date;
  fingerprint: string;
  shingles: Uint8Array;
  quoted: Uint8Array;
  original_id: string;
  original_source: string;
};

/** Of a text with a candidate. */
export type Sketched = { candidateId: number; text: Text; repeats?: Text };

const DAY_MS = 86_400_000;
/** Pages of a source before and after an article, for furniture. */
const AROUND_MS = 30 * DAY_MS;

/** A known text counts only while its original has not failed: a copy of a dead article is the one to publish. Tombstones speak for what was retracted. */
const KNOWN = sql`
  SELECT s.candidate_id, s.article_id, s.source_id, a.title, s.at, s.fingerprint, s.shingles, s.quoted, o.id AS original_id, o.source_id AS original_source
  FROM sourcelink.sketch s JOIN sourcelink.article a ON a.id = s.article_id
  JOIN sourcelink.article o ON o.id = coalesce(a.duplicate_of, a.id)
  JOIN sourcelink.candidate c ON c.id = o.candidate_id AND (c.outcome IS NULL OR c.outcome NOT IN ('dead', 'rejected', 'retracted'))`;

/** What the ledger knows of some texts, and what is added while they are judged one after the other. */
export class LedgerIndex implements NearIndex {
  readonly #tx: Tx;
  readonly #near: Map<string, Known[]>;
  readonly #added: MemoryIndex;
  readonly #around = new Map<string, Known[]>();

  private constructor(tx: Tx, near: Map<string, Known[]>, windowMs: number) {
    this.#tx = tx;
    this.#near = near;
    this.#added = new MemoryIndex(windowMs);
  }

  /** Looks all of them up at once. */
  static async open(tx: Tx, texts: readonly Text[], windowMs: number): Promise<LedgerIndex> {
    const hits = await hitsOf(tx, texts, windowMs);
    const ids = [...new Set([...hits.values()].flat())];
    const { rows } =
      ids.length === 0
        ? { rows: [] }
        : await sql<
            SketchRow & { candidate_id: number }
          >`${KNOWN} WHERE s.candidate_id = ANY(${ids}::bigint[])`.execute(tx);
    const known = new Map(rows.map((r) => [r.candidate_id, toKnown(r)]));
    const near = new Map([...hits].map(([id, list]) => [id, list.flatMap((n) => known.get(n) ?? [])]));
    return new LedgerIndex(tx, near, windowMs);
  }

  /** Makes a judged text known to those that follow it here; `writeSketches` makes it known to all. */
  add(known: Known, repeats?: Text): void {
    this.#added.add(known, repeats);
  }

  async near(text: Text): Promise<Known[]> {
    const added = await this.#added.near(text);
    const now = new Set(added.map((k) => k.id));
    return [...(this.#near.get(text.id) ?? []).filter((k) => !now.has(k.id)), ...added];
  }

  async around(source: string, at: number): Promise<Known[]> {
    const key = `${source} ${Math.floor(at / DAY_MS)}`;
    const had = this.#around.get(key);
    if (had) return had;
    const here = new Date(at).toISOString();
    const [from, to] = [new Date(at - AROUND_MS).toISOString(), new Date(at + AROUND_MS).toISOString()];
    const half = PAGES_AROUND / 2;
    const { rows } = await sql<SketchRow>`
      (${KNOWN} WHERE s.source_id = ${source} AND s.at < ${here}::timestamptz AND s.at >= ${from}::timestamptz ORDER BY s.at DESC, s.candidate_id LIMIT ${half})
      UNION ALL
      (${KNOWN} WHERE s.source_id = ${source} AND s.at >= ${here}::timestamptz AND s.at <= ${to}::timestamptz ORDER BY s.at, s.candidate_id LIMIT ${half})`.execute(
      this.#tx,
    );
    const found = rows.map(toKnown);
    this.#around.set(key, found);
    return found;
  }
}

/** Candidates that share looked-up shingles or the fingerprint with each text, those that share most first. */
async function hitsOf(tx: Tx, texts: readonly Text[], windowMs: number): Promise<Map<string, number[]>> {
  const n: number[] = [];
  const bands: number[] = [];
  texts.forEach((t, i) => {
    for (const h of indexedOf(t.shingles)) {
      n.push(i);
      bands.push(h | 0);
    }
  });
  const about = texts.map((t, i) => ({
    n: i,
    fingerprint: t.fingerprint,
    from: new Date(t.at - windowMs).toISOString(),
    to: new Date(t.at + windowMs).toISOString(),
  }));
  const { rows } = await sql<{ n: number; candidate_id: number; hits: number }>`
    WITH text AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(about)}::jsonb) AS t(n int, fingerprint text, "from" timestamptz, "to" timestamptz)
    ), probe AS (
      SELECT p.n, p.band, (t."from" AT TIME ZONE 'UTC')::date AS first, (t."to" AT TIME ZONE 'UTC')::date AS last
      FROM unnest(${n}::int[], ${bands}::int[]) AS p(n, band) JOIN text t ON t.n = p.n
    ), found AS (
      SELECT p.n, l.ids FROM probe p CROSS JOIN LATERAL (
        SELECT array_agg(candidate_id) AS ids FROM (
          SELECT b.candidate_id FROM sourcelink.band b WHERE b.band = p.band AND b.day BETWEEN p.first AND p.last LIMIT ${COMMON + 1}
        ) x
      ) l WHERE cardinality(l.ids) <= ${COMMON}
    )
    SELECT n, candidate_id, count(*)::int AS hits FROM found CROSS JOIN LATERAL unnest(ids) AS u(candidate_id)
      GROUP BY 1, 2 HAVING count(*) >= ${LEAST_HITS}
    UNION ALL
    SELECT t.n, s.candidate_id, 1000000 FROM text t CROSS JOIN LATERAL (
      SELECT k.candidate_id FROM sourcelink.sketch k WHERE k.fingerprint = t.fingerprint AND k.at BETWEEN t."from" AND t."to"
      ORDER BY k.at, k.candidate_id LIMIT ${MOST_NEAR}
    ) s`.execute(tx);
  rows.sort((a, b) => b.hits - a.hits || a.candidate_id - b.candidate_id);
  const byText = new Map<string, Set<number>>();
  for (const r of rows) {
    const id = texts[r.n]?.id ?? '';
    const list = byText.get(id) ?? new Set();
    byText.set(id, list);
    if (list.size < MOST_NEAR) list.add(r.candidate_id);
  }
  return new Map([...byText].map(([id, set]) => [id, [...set]]));
}

/** Writes what texts are found by, in place of what stood there for the same candidates. */
export async function writeSketches(tx: Tx, sketched: readonly Sketched[]): Promise<void> {
  if (sketched.length === 0) return;
  await dropSketches(
    tx,
    sketched.map((s) => s.candidateId),
  );
  const rows = sketched.map(({ candidateId, text, repeats }) => ({
    candidate_id: candidateId,
    article_id: text.id,
    source_id: text.source,
    at: new Date(text.at),
    day: sql<Date>`${new Date(text.at).toISOString().slice(0, 10)}::date`,
    ...pack(text),
    bands: [...newBands(text, repeats)].map((h) => h | 0),
  }));
  await tx.insertInto('sourcelink.sketch').values(rows).execute();
  await sql`
    INSERT INTO sourcelink.band (band, day, candidate_id)
    SELECT unnest(s.bands), s.day, s.candidate_id FROM sourcelink.sketch s WHERE s.candidate_id = ANY(${rows.map((r) => r.candidate_id)}::bigint[])
    ON CONFLICT DO NOTHING`.execute(tx);
}

async function dropSketches(tx: Tx, candidateIds: number[]): Promise<void> {
  await sql`
    WITH old AS (DELETE FROM sourcelink.sketch WHERE candidate_id = ANY(${candidateIds}::bigint[]) RETURNING candidate_id, day, bands)
    DELETE FROM sourcelink.band b USING (SELECT candidate_id, day, unnest(bands) AS band FROM old) o
    WHERE b.band = o.band AND b.day = o.day AND b.candidate_id = o.candidate_id`.execute(tx);
}

/** Forgets texts that were judged more than `keepMs` ago: no copy is looked for so far back. @returns how many */
export async function clearSketches(db: Db, keepMs: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    WITH old AS (
      DELETE FROM sourcelink.sketch WHERE indexed_at < now() - make_interval(secs => ${keepMs / 1000}) RETURNING candidate_id, day, bands
    ), gone AS (
      DELETE FROM sourcelink.band b USING (SELECT candidate_id, day, unnest(bands) AS band FROM old) o
      WHERE b.band = o.band AND b.day = o.day AND b.candidate_id = o.candidate_id
    )
    SELECT count(*)::int AS n FROM old`.execute(db);
  return rows[0]?.n ?? 0;
}

/** A sketch as it is stored: hashes little-endian, and one bit a hash for what is quoted. */
export type Packed = { fingerprint: string; shingles: Buffer; quoted: Buffer };

export function pack(text: Sketch): Packed {
  const bits = Buffer.alloc(Math.ceil(text.shingles.length / 8));
  for (let i = 0, j = 0; i < text.shingles.length && j < text.quoted.length; i++) {
    if (text.shingles[i] !== text.quoted[j]) continue;
    bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
    j++;
  }
  const { fingerprint } = text;
  return { fingerprint, shingles: Buffer.from(text.shingles.slice().buffer), quoted: bits };
}

export function unpack(p: { fingerprint: string; shingles: Uint8Array; quoted: Uint8Array }): Sketch {
  const shingles = new Uint32Array(Uint8Array.from(p.shingles).buffer);
  const quoted = shingles.filter((_, i) => ((p.quoted[i >> 3] ?? 0) >> (i & 7)) & 1);
  return { fingerprint: p.fingerprint, shingles, quoted };
}

function toKnown(r: SketchRow): Known {
  return {
    id: r.article_id,
    source: r.source_id,
    title: r.title,
    at: r.at.getTime(),
    ...unpack(r),
    original: { id: r.original_id, source: r.original_source },
  };
}
