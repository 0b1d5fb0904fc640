import { sql } from 'kysely';
import {
  type JudgeOptions,
  type Known,
  type NearIndex,
  type Page,
  type Text,
  worthComparing,
} from '../analysis/similarity/judge.js';
import { MAX_NEAR, MemoryIndex, PAGES_AROUND } from '../analysis/similarity/memory-index.js';
import type { Sketch } from '../analysis/similarity/shingles.js';
import type { Tx } from './schema.js';
import { CERTAIN, probeRows, probesOf, sharedBands } from './shared-bands.js';
import { hashesOf, type SketchRow, toSketch } from './sketches.js';

/** Whose sketch it is, and what that counts for. */
type OwnerRow = {
  candidateId: number;
  articleId: string;
  sourceId: string;
  title: string;
  at: Date;
  originalId: string;
  originalSource: string;
};

const DAY_MS = 86_400_000;
/** Pages of a source before and after an article, for boilerplate. */
const AROUND_MS = 30 * DAY_MS;

/** A known text counts only while its original has not failed: a copy of a dead article is the one to publish. */
const OWNER = sql`s.candidate_id, s.article_id, s.source_id, a.title, s.at, o.id AS original_id, o.source_id AS original_source`;
const KNOWN = sql`
  FROM sourcelink.sketch s JOIN sourcelink.article a ON a.id = s.article_id
  JOIN sourcelink.article o ON o.id = coalesce(a.duplicate_of, a.id)
  JOIN sourcelink.candidate c ON c.id = o.candidate_id AND (c.outcome IS NULL OR c.outcome NOT IN ('dead', 'rejected', 'retracted'))`;

/** What the ledger knows of some texts, and what is added while they are judged one after the other. */
export class LedgerIndex implements NearIndex {
  readonly #tx: Tx;
  readonly #near: Map<string, Known[]>;
  readonly #added: MemoryIndex;
  readonly #around = new Map<string, Page[]>();

  private constructor(tx: Tx, near: Map<string, Known[]>, windowMs: number) {
    this.#tx = tx;
    this.#near = near;
    this.#added = new MemoryIndex(windowMs);
  }

  /** Looks all of them up at once. Of what was hit, only what shares enough is read in full. */
  static async open(
    tx: Tx,
    texts: readonly Text[],
    options: Pick<JudgeOptions, 'windowMs' | 'related'>,
  ): Promise<LedgerIndex> {
    const hits = await hitsOf(tx, texts, options.windowMs);
    const sketches = await sketchesOf(tx, [...new Set([...hits.values()].flat())]);
    const worth = new Map<string, number[]>();
    for (const text of texts) {
      const ids = (hits.get(text.id) ?? []).filter((id) => {
        const sketch = sketches.get(id);
        return sketch !== undefined && worthComparing(text, sketch, options);
      });
      worth.set(text.id, ids);
    }
    const owners = await ownersOf(tx, [...new Set([...worth.values()].flat())]);
    const known = (id: number): Known[] => {
      const [owner, sketch] = [owners.get(id), sketches.get(id)];
      return owner && sketch ? [toKnown(owner, sketch)] : [];
    };
    const near = new Map([...worth].map(([id, list]) => [id, list.flatMap(known)]));
    return new LedgerIndex(tx, near, options.windowMs);
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

  async around(source: string, at: number): Promise<Page[]> {
    const key = `${source} ${Math.floor(at / DAY_MS)}`;
    const had = this.#around.get(key);
    if (had) return had;
    const here = new Date(at).toISOString();
    const [from, to] = [new Date(at - AROUND_MS).toISOString(), new Date(at + AROUND_MS).toISOString()];
    const half = PAGES_AROUND / 2;
    const { rows } = await sql<{ id: string; original: string; shingles: Uint8Array }>`
      SELECT p.article_id AS id, coalesce(a.duplicate_of, a.id) AS original, p.shingles FROM (
        (SELECT article_id, shingles FROM sourcelink.sketch WHERE source_id = ${source} AND at < ${here}::timestamptz AND at >= ${from}::timestamptz
          ORDER BY at DESC, candidate_id LIMIT ${half})
        UNION ALL
        (SELECT article_id, shingles FROM sourcelink.sketch WHERE source_id = ${source} AND at >= ${here}::timestamptz AND at <= ${to}::timestamptz
          ORDER BY at, candidate_id LIMIT ${half})
      ) p JOIN sourcelink.article a ON a.id = p.article_id`.execute(this.#tx);
    const found = rows.map((r) => ({ id: r.id, shingles: hashesOf(r.shingles), original: { id: r.original } }));
    this.#around.set(key, found);
    return found;
  }
}

async function sketchesOf(tx: Tx, ids: number[]): Promise<Map<number, Sketch>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<SketchRow>`
    SELECT candidate_id, fingerprint, shingles, quoted FROM sourcelink.sketch WHERE candidate_id = ANY(${ids}::bigint[])`.execute(
    tx,
  );
  return new Map(rows.map((r) => [r.candidateId, toSketch(r)]));
}

async function ownersOf(tx: Tx, ids: number[]): Promise<Map<number, OwnerRow>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<OwnerRow>`SELECT ${OWNER} ${KNOWN} WHERE s.candidate_id = ANY(${ids}::bigint[])`.execute(
    tx,
  );
  return new Map(rows.map((r) => [r.candidateId, r]));
}

/** Candidates that share looked-up shingles or the fingerprint with each text, those that share most first. */
async function hitsOf(tx: Tx, texts: readonly Text[], windowMs: number): Promise<Map<string, number[]>> {
  const about = texts.map((t, i) => ({
    n: i,
    fingerprint: t.fingerprint,
    from: new Date(t.at - windowMs).toISOString(),
    to: new Date(t.at + windowMs).toISOString(),
  }));
  const { rows } = await sql<{ n: number; candidateId: number; hits: number }>`
    WITH text AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(about)}::jsonb) AS t(n int, fingerprint text, "from" timestamptz, "to" timestamptz)
    ), probe AS (
      SELECT p.n, p.band, (t."from" AT TIME ZONE 'UTC')::date AS first, (t."to" AT TIME ZONE 'UTC')::date AS last
      FROM ${probeRows(probesOf(texts))} JOIN text t ON t.n = p.n
    )
    ${sharedBands('band', sql`probe`, sql`b.band = p.band AND b.day BETWEEN p.first AND p.last`)}
    UNION ALL
    SELECT t.n, s.candidate_id, ${CERTAIN} FROM text t CROSS JOIN LATERAL (
      SELECT k.candidate_id FROM sourcelink.sketch k WHERE k.fingerprint = t.fingerprint AND k.at BETWEEN t."from" AND t."to"
      ORDER BY k.at, k.candidate_id LIMIT ${MAX_NEAR}
    ) s`.execute(tx);
  rows.sort((a, b) => b.hits - a.hits || a.candidateId - b.candidateId);
  const byText = new Map<string, Set<number>>();
  for (const r of rows) {
    const id = texts[r.n]?.id ?? '';
    const list = byText.get(id) ?? new Set();
    byText.set(id, list);
    if (list.size < MAX_NEAR) list.add(r.candidateId);
  }
  return new Map([...byText].map(([id, set]) => [id, [...set]]));
}

function toKnown(r: OwnerRow, sketch: Sketch): Known {
  return {
    id: r.articleId,
    source: r.sourceId,
    title: r.title,
    at: r.at.getTime(),
    ...sketch,
    original: { id: r.originalId, source: r.originalSource },
  };
}
