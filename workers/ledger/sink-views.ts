import { sql } from 'kysely';
import type { Db } from './schema.js';

/** How a sink stands. `lagSeconds`: the age of the oldest delivery that waits. */
export type SinkView = {
  name: string;
  paused: boolean;
  failures: number;
  waiting: number;
  dead: number;
  lagSeconds: number;
  lastDeliveredAt: Date | null;
};

/** The sinks of these names, in their order. */
export async function listSinks(db: Db, names: readonly string[], now: Date): Promise<SinkView[]> {
  const { rows } = await sql<SinkView>`
    SELECT w.name, coalesce(s.paused, false) AS paused, coalesce(s.failures, 0) AS failures, s.last_delivered_at AS "lastDeliveredAt",
      p.waiting, coalesce(greatest(0, floor(extract(epoch FROM ${now}::timestamptz - p.oldest))), 0)::int AS "lagSeconds",
      (SELECT count(*)::int FROM sourcelink.delivery d WHERE d.sink = w.name AND d.state = 'dead') AS dead
    FROM unnest(${[...names]}::text[]) WITH ORDINALITY AS w(name, place) LEFT JOIN sourcelink.sink_state s ON s.sink = w.name
    JOIN LATERAL (SELECT count(*)::int AS waiting, min(d.created_at) AS oldest FROM sourcelink.delivery d
      WHERE d.sink = w.name AND d.state = 'pending') p ON true
    ORDER BY w.place`.execute(db);
  return rows;
}
