import { SourcelinkError } from '../../config/errors.js';
import type { ArticleMessage } from '../../contract/contract.js';
import { candidateOf, setCategories, writeRevision } from '../../ledger/articles.js';
import { type Resting, resting, sendAgain } from '../../ledger/editing.js';
import { retract } from '../../ledger/retractions.js';
import type { Tx } from '../../ledger/schema.js';
import type { Context } from '../context.js';
import { driveSinks } from '../drive-sinks.js';

/** `queues: null` leaves the sending to whatever process runs next. */
type Edited = Pick<Context, 'db' | 'categories' | 'now'> & {
  sinks: Pick<Context['sinks'], 'keys'>;
  queues: Context['queues'] | null;
};

/**
 * Takes an article back from every sink; nothing brings it back but a person. Does nothing when that was done already.
 * @throws USAGE for an unknown article
 */
export async function retractArticle(ctx: Edited, id: string, reason: string): Promise<void> {
  const candidate = await candidateOf(ctx.db, id);
  if (candidate === null)
    throw new SourcelinkError(
      'USAGE',
      `There is no article ${id}, or it was deleted after the time set by \`keep.articles\`.`,
      {
        hint: 'See `sourcelink articles list`. Remove a deleted article by hand where it is still shown.',
      },
    );
  const why = { reason, by: 'operator' as const, everywhere: true, now: ctx.now() };
  const taken = await retract(ctx.db, [candidate], why);
  if (taken.length > 0) await drive(ctx);
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
        hint: 'Name a path of categories.yaml.',
      });
    return { path, label, confidence: 1, by: 'person' as const };
  });
  await edit(ctx, id, async (tx, { message }) => {
    if (message.type === 'article.retracted')
      throw new SourcelinkError('USAGE', `Article ${id} was retracted.`, {
        hint: 'A retracted article cannot be filed.',
      });
    await setCategories(tx, id, categories);
    return {
      ...message,
      type: 'article.updated',
      revision: message.revision + 1,
      sentAt: ctx.now().toISOString(),
      article: { ...message.article, categories },
    };
  });
}

/** Writes the next revision of a resting article into the outbox, in one step with what `change` does; none when that is null. */
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
        hint: 'See `sourcelink articles list`.',
      });
    if (article === 'busy') throw new SourcelinkError('PUBLISH_BUSY', `article ${id} is being processed by a worker`);
    const message = await change(tx, article);
    if (message === null) return false;
    await writeRevision(tx, {
      candidateId: article.candidateId,
      message,
      hash: article.publishedHash,
      sinks,
      now: ctx.now(),
    });
    if (sinks.length > 0) await sendAgain(tx, article.candidateId);
    return sinks.length > 0;
  });
  if (written) await drive(ctx);
}

async function drive({ queues, sinks }: Edited): Promise<void> {
  if (queues !== null) await driveSinks({ queues }, sinks.keys());
}
