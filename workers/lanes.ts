import type { Lane, Stage } from '../ledger/schema.js';
import type { Context } from './context.js';

/** Writes the jobs of a stage, the news by itself and the archive behind it; `batch` ids at most in each. @returns how many */
export async function addByLane(
  ctx: Pick<Context, 'queues'>,
  stage: Extract<Stage, 'extract' | 'dedupe' | 'categorize'>,
  rows: { id: number; lane: Lane }[],
  batch: number = rows.length,
): Promise<number> {
  let jobs = 0;
  for (const lane of ['fresh', 'backfill'] as const) {
    const ids = rows.flatMap((r) => (r.lane === lane ? r.id : [])).sort((a, b) => a - b);
    for (let i = 0; i < ids.length; i += batch, jobs++)
      await ctx.queues.add(stage, { ids: ids.slice(i, i + batch) }, lane === 'backfill' ? { behind: true } : undefined);
  }
  return jobs;
}
