import type { Context } from './context.js';
import { advance, claim } from './ledger/candidates.js';
import type { IdsJob } from './queues.js';
export async function dedupe(ctx: Context, job: IdsJob): Promise<void> {
  const claimed = await claim(ctx.db, 'dedupe', job.ids, ctx.owner);
  for (const c of claimed) await advance(ctx.db, { id: c.id, owner: ctx.owner }, 'categorize');
  if (claimed.length > 0) await ctx.queues.add('categorize', { ids: claimed.map((c) => c.id) });
}
