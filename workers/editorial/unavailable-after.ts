import { codeOf } from '../../config/errors.js';
import { asLink } from '../../contract/message.js';
import { setRights, shownTooLong } from '../../ledger/articles.js';
import type { ArticleRights } from '../../ledger/schema.js';
import type { Context } from '../context.js';
import { edit } from './editing.js';

/** Articles lowered at a time. */
const BATCH = 100;

/** Lowers to a link, at every sink, each article that its page lets be shown only until a time that has passed (`unavailable_after`). */
export async function lowerUnavailable(ctx: Context): Promise<void> {
  for (const { id, rights } of await shownTooLong(ctx.db, ctx.now(), BATCH)) {
    try {
      await lower(ctx, id, rights);
    } catch (error) {
      // A stage works on the article just now; the next round lowers it.
      if (codeOf(error) !== 'PUBLISH_BUSY') throw error;
    }
  }
}

async function lower(ctx: Context, id: string, rights: ArticleRights): Promise<void> {
  await edit(ctx, id, async (tx, { message }) => {
    const reason = `unavailable_after: the page was to be shown only until ${rights.until}`;
    await setRights(tx, id, { ...rights, level: 'link', reason, until: null });
    if (message.type === 'article.retracted' || message.article.rights.level === 'link') return null;
    return {
      ...message,
      type: 'article.updated',
      revision: message.revision + 1,
      sentAt: ctx.now().toISOString(),
      article: asLink(message.article, reason),
    };
  });
}
