import { type RawBuilder, sql } from 'kysely';
import { COMMON, MIN_HITS } from '../analysis/similarity/memory-index.js';
import { askedOf } from '../analysis/similarity/shingles.js';

/** Shingles that some texts are looked up by: `n` is the text's place among them. */
export type Probe = { n: number; band: number };

/** What texts are looked up by, in the order of the index, so that neighbours are read together. */
export function probesOf(texts: readonly { shingles: Parameters<typeof askedOf>[0] }[]): Probe[] {
  const probes = texts.flatMap((t, n) => Array.from(askedOf(t.shingles), (h) => ({ n, band: h | 0 })));
  return probes.sort((a, b) => a.band - b.band || a.n - b.n);
}

/** Rows `(n, band)` of these probes. */
export const probeRows = (probes: Probe[]): RawBuilder<unknown> =>
  sql`unnest(${probes.map((p) => p.n)}::int[], ${probes.map((p) => p.band)}::int[]) AS p(n, band)`;

/** Of a candidate that was found by its fingerprint or address: more than any number of shared bands. */
export const CERTAIN = sql.lit(1_000_000);

/**
 * The candidates that share enough bands with each text: `(n, candidate_id, hits)`. A band of more candidates than COMMON finds
 * none of them.
 * @param probe rows with `n` and what `holds` needs of them; @param holds which rows of the band table `b` a row `p` of them asks for
 */
export const sharedBands = (
  table: 'band' | 'tombstone_band',
  probe: RawBuilder<unknown>,
  holds: RawBuilder<unknown>,
): RawBuilder<unknown> => sql`
  SELECT n, candidate_id, count(*)::int AS hits FROM (
    SELECT p.n, l.ids FROM ${probe} p CROSS JOIN LATERAL (
      SELECT array_agg(candidate_id) AS ids FROM (
        SELECT b.candidate_id FROM ${sql.table(`sourcelink.${table}`)} b WHERE ${holds} LIMIT ${COMMON + 1}
      ) x
    ) l WHERE cardinality(l.ids) <= ${COMMON}
  ) found CROSS JOIN LATERAL unnest(ids) AS u(candidate_id)
  GROUP BY 1, 2 HAVING count(*) >= ${MIN_HITS}`;
