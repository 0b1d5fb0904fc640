import type { Context } from './context.js';
import { articlesOf, writeRevision } from './ledger/articles.js';
import { advance, claim, unchanged } from './ledger/candidates.js';
import { contractArticle, messageOf } from './message.js';
import type { IdsJob } from './queues.js';
export async function categorize(ctx: Context, job: IdsJob): Promise<void> {
  const claimed = await claim(ctx.db, 'categorize', job.ids, ctx.owner);
  const articles = await articlesOf(
    ctx.db,
    claimed.map((c) => c.id),
  );
  for (const c of claimed) {
    const a = articles.get(c.id)!;
    const held = { id: c.id, owner: ctx.owner };
    if (a.published_hash === a.content_hash) {
      await unchanged(ctx.db, held, { fetchedAt: a.fetched_at });
      continue;
    }
    const message = messageOf(a, contractArticle(a, ctx.sources.get(a.source_id)!, { excerptWords: 50 }), ctx.now());
    await ctx.db.transaction().execute(async (tx) => {
      await writeRevision(tx, c.id, message, a.content_hash, [...ctx.sinks.keys()]);
      await advance(tx, held, 'publish');
    });
  }
  for (const sink of ctx.sinks.keys()) await ctx.queues.add('publish', { sink }, { deduplicate: sink });
}
