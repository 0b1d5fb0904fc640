import { sql } from 'kysely';
import type { Text } from '../analysis/similarity/judge.js';
import { newBands } from '../analysis/similarity/memory-index.js';
import type { Sketch } from '../analysis/similarity/shingles.js';
import type { Db, Tx } from './schema.js';

/** Of a text with a candidate. */
export type Sketched = { candidateId: number; text: Text; repeats?: Text };

export type SketchRow = { candidateId: number; fingerprint: string; shingles: Uint8Array; quoted: Uint8Array };

/** Writes what texts are found by, in place of what stood there for the same candidates. */
export async function writeSketches(tx: Tx, sketched: readonly Sketched[]): Promise<void> {
  if (sketched.length === 0) return;
  await dropSketches(
    tx,
    sketched.map((s) => s.candidateId),
  );
  const rows = sketched.map(({ candidateId, text, repeats }) => ({
    candidateId: candidateId,
    articleId: text.id,
    sourceId: text.source,
    at: new Date(text.at),
    day: sql<Date>`${new Date(text.at).toISOString().slice(0, 10)}::date`,
    ...pack(text),
    bands: [...newBands(text, repeats)].map((h) => h | 0),
  }));
  await tx.insertInto('sourcelink.sketch').values(rows).execute();
  await sql`
    INSERT INTO sourcelink.band (band, day, candidate_id)
    SELECT unnest(s.bands), s.day, s.candidate_id FROM sourcelink.sketch s WHERE s.candidate_id = ANY(${rows.map((r) => r.candidateId)}::bigint[])
    ON CONFLICT DO NOTHING`.execute(tx);
}

/** Takes away what candidates are found by. */
export async function dropSketches(tx: Tx, candidateIds: number[]): Promise<void> {
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

/** A text as it was written. */
export function toSketch(r: Omit<SketchRow, 'candidateId'>): Sketch {
  const shingles = hashesOf(r.shingles);
  const quoted = shingles.filter((_, i) => ((r.quoted[i >> 3] ?? 0) >> (i & 7)) & 1);
  return { shingles, quoted, fingerprint: r.fingerprint };
}

/** Hashes as they were written; copied, since a driver's bytes need not begin where numbers may. */
export function hashesOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(Uint8Array.from(bytes).buffer);
}
