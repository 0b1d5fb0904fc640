import { sql } from 'kysely';
import { z } from 'zod';
import type { Text } from '../analysis/similarity/judge.js';
import { indexedOf, shingleRuns } from '../analysis/similarity/shingles.js';
import type { Db } from '../ledger/schema.js';
import { tokenise } from '../text/tokens.js';

export const Article = z.object({ id: z.string(), source: z.string(), title: z.string(), body: z.string() });
export type Article = z.infer<typeof Article>;

/** A made article's rows, all that the ledger needs to know of it. */
export type Reserved = { candidateId: number; id: string; source: string };

const SOURCES = 500;
const CHUNK = 1000;
/** One in so many repeats an earlier one, and keeps this share of it. */
const COPY_EVERY = 10;
const KEPT = 0.8;
/** Shingles of one borrowed phrase: eight words. */
const PHRASE = 4;

/**
 * Made articles, the n-th always the same. Each has the length of a real one; its phrases are new, or, as often as in real
 * articles, taken from any article before it. So some phrases are in very many, most in one, however many there are.
 */
export class MadeTexts {
  /** The newest appeared then, in milliseconds. */
  readonly now = Date.parse('2026-03-02T12:00:00Z');
  /** Share of phrases that earlier articles have too. */
  readonly borrowed: number;
  readonly #real: Uint32Array[];

  constructor(articles: readonly Article[]) {
    this.#real = articles.map((a) => shingleRuns(tokenise(a.body))).filter((runs) => runs.length > 50);
    const seen = new Set<number>();
    let again = 0;
    let all = 0;
    for (const runs of this.#real) {
      const had = runs.filter((h) => seen.has(h)).length;
      for (const h of runs) seen.add(h);
      // A copy as a whole says nothing of how often a phrase returns.
      if (had >= runs.length / 2) continue;
      again += had;
      all += runs.length;
    }
    this.borrowed = again / all;
  }

  shingles(n: number): Uint32Array {
    const length = this.#lengthOf(n);
    const of = n % COPY_EVERY === COPY_EVERY - 1 ? Math.floor(share(n, -2) * n) : -1;
    const own: number[] = [];
    for (let phrase = 0; phrase * PHRASE < length; phrase++) {
      const kept = of >= 0 && share(n, phrase + 0.5) < KEPT && phrase * PHRASE < this.#lengthOf(of);
      this.#phrase(kept ? of : n, phrase, own);
    }
    return distinct(Uint32Array.from(own));
  }

  /** The n-th text that is looked up, every fourth a copy of an indexed one. */
  asked(n: number, indexed: number, windowMs: number): Text {
    const own = this.shingles(1_000_000_000 + n * COPY_EVERY);
    const of = Math.floor((share(n, -3) * indexed) / COPY_EVERY) * COPY_EVERY;
    const kept = n % 4 === 3 ? this.shingles(of).filter((_, i) => share(n, i) < KEPT) : [];
    const fresh = own.subarray(0, Math.max(40, own.length - kept.length));
    return {
      id: idOf(2_000_000_000 + n),
      source: `made-${n % SOURCES}`,
      title: `Asked ${n}`,
      at: this.appeared(of, windowMs),
      fingerprint: `asked-${n}`,
      quoted: new Uint32Array(),
      shingles: distinct(Uint32Array.from([...kept, ...fresh])),
    };
  }

  /** When the n-th article appeared: any time of the window. */
  appeared(n: number, windowMs: number): number {
    return this.now - Math.floor(share(n, -4) * windowMs);
  }

  #lengthOf(n: number): number {
    return this.#real[Math.floor(share(n, -1) * this.#real.length)]?.length ?? 0;
  }

  #phrase(n: number, phrase: number, into: number[]): void {
    let [from, at] = [n, phrase];
    while (from > 0 && share(from, at) < this.borrowed) {
      from = Math.floor(share(from, at + 0.25) * Math.min(from, 1_000_000_000));
      at = Math.floor(share(n, at + 0.75) * (this.#lengthOf(from) / PHRASE));
    }
    const real = this.#real[from];
    for (let k = 0; k < PHRASE; k++)
      into.push(real ? (real[at * PHRASE + k] ?? 0) : Math.floor(share(from * PHRASE + k, at) * 2 ** 32));
  }
}

/** Candidates and articles without texts, for what is indexed. */
export async function reserve(db: Db, from: number, count: number): Promise<Reserved[]> {
  const { rows } = await sql<Reserved>`
    WITH r AS MATERIALIZED (SELECT n, ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS id, 'made-' || n % ${sql.lit(SOURCES)} AS source
      FROM generate_series(${from}::bigint, ${from + count - 1}::bigint) AS n
    ), c AS (
      INSERT INTO sourcelink.candidate (source_id, url, url_key, stage, outcome, next_try_at, article_id)
      SELECT source, 'https://made.example/' || n, n, 'done', 'published', NULL, id FROM r ORDER BY n RETURNING id, article_id, source_id, url)
    INSERT INTO sourcelink.article (id, candidate_id, source_id, url_key, canonical_url, slug, title, authors, fetched_at, first_seen_at,
      excerpt, text, html, tags, word_count, rights, noindex, provenance, content_hash)
    SELECT article_id, id, source_id, url, url, url, 'Made ' || id, '[]', now(), now(), '', '', '', '[]', 0, '{}', false, '{}', '' FROM c
    RETURNING candidate_id, id, source_id AS source`.execute(db);
  return rows.sort((a, b) => a.candidateId - b.candidateId);
}

/** Fills the index up to `size` articles; at the end it is as a running database has it: swept, and in its memory. */
export async function fillIndex(db: Db, made: MadeTexts, size: number, windowMs: number): Promise<void> {
  const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM sourcelink.sketch`.execute(db);
  // Building an index at once is many times faster than adding to it.
  await sql`ALTER TABLE sourcelink.band DROP CONSTRAINT band_pkey`.execute(db);
  for (let n = rows[0]?.n ?? 0; n < size; n += CHUNK) {
    const reserved = await reserve(db, n, Math.min(CHUNK, size - n));
    const sketches = reserved.map((r, i) => {
      const shingles = made.shingles(n + i);
      const at = new Date(made.appeared(n + i, windowMs));
      return {
        candidateId: r.candidateId,
        articleId: r.id,
        sourceId: r.source,
        at,
        fingerprint: `made-${n + i}`,
        day: sql<Date>`${at.toISOString().slice(0, 10)}::date`,
        shingles: Buffer.from(shingles.buffer),
        quoted: Buffer.alloc(Math.ceil(shingles.length / 8)),
        bands: sql<number[]>`${`{${Int32Array.from(indexedOf(shingles)).join(',')}}`}::int[]`,
      };
    });
    await db.insertInto('sourcelink.sketch').values(sketches).execute();
    await sql`
      INSERT INTO sourcelink.band (band, day, candidate_id)
      SELECT unnest(s.bands), s.day, s.candidate_id FROM sourcelink.sketch s WHERE s.candidate_id = ANY(${reserved.map((r) => r.candidateId)}::bigint[])`.execute(
      db,
    );
    if (n % 50_000 === 0) process.stderr.write(`${n} of ${size} made\n`);
  }
  await sql`SET maintenance_work_mem = '1GB'`.execute(db);
  await sql`ALTER TABLE sourcelink.band ADD PRIMARY KEY (band, day, candidate_id)`.execute(db);
  for (const table of ['band', 'sketch', 'article', 'candidate'])
    await sql`VACUUM ANALYZE ${sql.table(`sourcelink.${table}`)}`.execute(db);
  await sql`CREATE EXTENSION IF NOT EXISTS pg_prewarm`.execute(db);
  await sql`SELECT pg_prewarm('sourcelink.band_pkey'), pg_prewarm('sourcelink.sketch_pkey'), pg_prewarm('sourcelink.article_pkey')`.execute(
    db,
  );
}

/** Size of everything that copies are found by. */
export async function indexMb(db: Db): Promise<number> {
  const { rows } = await sql<{ mb: number }>`
    SELECT (pg_total_relation_size('sourcelink.band') + pg_total_relation_size('sourcelink.sketch')) / 1048576.0 AS mb`.execute(
    db,
  );
  return Number(rows[0]?.mb ?? 0);
}

const idOf = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

const distinct = (hashes: Uint32Array): Uint32Array => {
  hashes.sort();
  return hashes.filter((h, i) => h !== hashes[i - 1]);
};

/** Between 0 and 1, the same for the same two numbers. */
function share(n: number, k: number): number {
  let h = Math.imul(n ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(Math.round(k * 4) + 0x7f4a7c15, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 13), 0x297a2d39);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}
