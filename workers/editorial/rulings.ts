import { SourcelinkError } from '../../config/errors.js';
import { retractionOf } from '../../contract/message.js';
import { writeRevision } from '../../ledger/articles.js';
import { lockJudging } from '../../ledger/duplicates.js';
import { type Judged, judgeAgain, judgedArticles, originalNow, rule } from '../../ledger/rulings.js';
import type { Db, Tx } from '../../ledger/schema.js';
import type { Context } from '../context.js';

const unknown = (id: string): SourcelinkError =>
  new SourcelinkError('USAGE', `There is no article ${id}.`, { hint: 'See `sourcelink articles list`.' });

/**
 * Rules that an article is no copy of the one it was folded into, nor of any other. It is judged again and goes on to be
 * published. @throws USAGE when it is unknown or no copy
 */
export async function splitArticle(db: Db, id: string): Promise<Judged> {
  return db.transaction().execute(async (tx) => {
    await lockJudging(tx);
    const article = (await judgedArticles(tx, [id])).get(id);
    if (!article) throw unknown(id);
    if (article.duplicateOf === null)
      throw new SourcelinkError('USAGE', `"${article.title}" is not a copy of another article.`, {
        hint: 'Name the copy; `sourcelink articles show ID` lists the copies of an article.',
      });
    await rule(tx, id, null);
    await judgeAgain(tx, article.candidateId);
    return article;
  });
}

/**
 * Rules that an article is a copy of another, with what was folded into it. It is judged again; where readers have it already,
 * it is withdrawn. @returns the article and its original
 * @throws USAGE when either is unknown, or it is that one's original
 */
export async function mergeArticle(db: Db, id: string, into: string): Promise<{ article: Judged; original: Judged }> {
  return db.transaction().execute(async (tx) => {
    await lockJudging(tx);
    const found = await judgedArticles(tx, [id, into]);
    const article = found.get(id);
    const target = found.get(into);
    if (!article) throw unknown(id);
    if (!target) throw unknown(into);
    const original = (await judgedArticles(tx, [target.duplicateOf ?? target.id])).get(target.duplicateOf ?? target.id);
    if (!original || (await originalNow(tx, original.id)) === null)
      throw new SourcelinkError('USAGE', `"${target.title}" was rejected or failed for good.`, {
        hint: 'Name an article that is published or waits to be.',
      });
    if (original.id === id)
      throw new SourcelinkError(
        'USAGE',
        `"${article.title}" is the same article, or the original that it is a copy of.`,
        {
          hint: 'To make the copy the original, split it first, then merge this one into it.',
        },
      );
    await rule(tx, id, original.id);
    await judgeAgain(tx, article.candidateId);
    return { article, original };
  });
}

/** Tells every sink that an article which readers have is another's copy. Published anew, it would be its next revision. */
export async function withdrawCopy(
  ctx: Pick<Context, 'sinks' | 'sources' | 'now'>,
  tx: Tx,
  article: { id: string; candidateId: number; revision: number; sourceId: string; canonicalUrl: string },
  reason: string,
): Promise<void> {
  const source = ctx.sources.get(article.sourceId) ?? {
    id: article.sourceId,
    name: article.sourceId,
    url: article.canonicalUrl,
  };
  const now = ctx.now();
  await writeRevision(tx, {
    candidateId: article.candidateId,
    message: retractionOf(article, source, reason, now),
    hash: null,
    sinks: [...ctx.sinks.keys()],
    now,
  });
}
