import { sql } from 'kysely';
import type { Db } from '../schema.js';

/** One hour: articles published for the first time, and how soon those were found that say when they were published. */
export type Hour = { at: Date; articles: number; lagSeconds: number | null };

/** The last `hours` hours, oldest first, the present one last. What was a day old when it was found tells nothing of the lag. */
export async function readHours(db: Db, now: Date, hours: number): Promise<Hour[]> {
  const last = Math.floor(now.getTime() / 3_600_000);
  const since = new Date((last - hours + 1) * 3_600_000);
  const { rows } = await sql<{ hour: number; articles: number; lag: number | null }>`
    SELECT floor(extract(epoch FROM r.created_at) / 3600)::int AS hour, count(*)::int AS articles,
      (percentile_cont(0.5) WITHIN GROUP (ORDER BY greatest(0, extract(epoch FROM a.first_seen_at - a.published_at)))
        FILTER (WHERE a.first_seen_at - a.published_at < interval '1 day'))::float8 AS lag
    FROM sourcelink.revision r JOIN sourcelink.article a ON a.id = r.article_id
    WHERE r.revision = 1 AND r.created_at >= ${since} GROUP BY 1`.execute(db);
  const seen = new Map(rows.map((r) => [r.hour, r]));
  return Array.from({ length: hours }, (_, i) => {
    const hour = last - hours + 1 + i;
    const { articles = 0, lag = null } = seen.get(hour) ?? {};
    return { at: new Date(hour * 3_600_000), articles, lagSeconds: lag };
  });
}
