import { SourcelinkError } from '../config/errors.js';
import type { Context } from './context.js';
import { type ArticleMessage, CONTRACT_VERSION } from './contract.js';
import { json, writeRevision } from './ledger/articles.js';
import { type Resting, resting, sendAgain } from './ledger/editing.js';
import type { Tx } from './ledger/schema.js';

/** `queues: null` leaves the sending to whatever process runs next. */
type Edited = Pick<Context, 'db' | 'categories' | 'now'> & {
  sinks: Pick<Context['sinks'], 'keys'>;
  queues: Context['queues'] | null;
};

/**
 * Withdraws an article from every sink, for good: later looks at its page do not bring it back.
 * Does nothing when it is withdrawn already.
 * @throws USAGE for an unknown article, PUBLISH_BUSY while it is looked at again
 */
export async function retractArticle(ctx: Edited, id: string, reason: string): Promise<void> {
  await edit(ctx, id, async (_tx, article) => {
    const { message } = article;
    if (message.type === 'article.retracted') return null;
    const { canonicalUrl, source } = message.article;
    return {
      type: 'article.retracted',
      version: CONTRACT_VERSION,
      id,
      revision: message.revision + 1,
      sentAt: ctx.now().toISOString(),
      article: { id, canonicalUrl, source },
      reason,
    };
  });
}

/**
 * Files an article where a person says, its main category first, tells every sink, and lets the classifier learn from it.
 * @throws USAGE for an unknown article or category or a withdrawn one, PUBLISH_BUSY while it is looked at again
 */
export async function refileArticle(ctx: Edited, id: string, ...paths: [string, ...string[]]): Promise<void> {
  const categories = paths.map((path) => {
    const label = ctx.categories.find((c) => c.path === path)?.label;
    if (label === undefined)
      throw new SourcelinkError('USAGE', `There is no category \`${path}\`.`, {
        mend: 'Name a path of categories.yaml.',
      });
    return { path, label, confidence: 1, by: 'person' as const };
  });
  await edit(ctx, id, async (tx, { message }) => {
    if (message.type === 'article.retracted')
      throw new SourcelinkError('USAGE', `Article ${id} is withdrawn.`, { mend: 'It cannot be filed any more.' });
    await tx
      .updateTable('sourcelink.article')
      .set({ categories: json(categories) })
      .where('id', '=', id)
      .execute();
    return {
      ...message,
      type: 'article.updated',
      revision: message.revision + 1,
      sentAt: ctx.now().toISOString(),
      article: { ...message.article, categories },
    };
  });
}

/** Writes the next revision of a resting article into the outbox, in one step with what `change` does. */
export async function edit(
  ctx: Edited,
  id: string,
  change: (tx: Tx, article: Resting) => Promise<ArticleMessage | null>,
): Promise<void> {
  const sinks = [...ctx.sinks.keys()];
  const written = await ctx.db.transaction().execute(async (tx) => {
    const article = await resting(tx, id);
    if (article === null)
      throw new SourcelinkError('USAGE', `There is no published article ${id}.`, {
        mend: 'See `sourcelink articles list`.',
      });
    if (article === 'busy') throw new SourcelinkError('PUBLISH_BUSY', `article ${id} is looked at again just now`);
    const message = await change(tx, article);
    if (message === null) return false;
    await writeRevision(tx, article.candidateId, message, article.publishedHash, sinks);
    if (sinks.length > 0) await sendAgain(tx, article.candidateId);
    return sinks.length > 0;
  });
  if (!written || ctx.queues === null) return;
  for (const sink of sinks) await ctx.queues.add('publish', { sink }, { deduplicate: sink, again: true });
}
