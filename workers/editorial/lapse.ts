import { sql } from 'kysely';
import { codeOf } from '../../config/errors.js';
import { asLink } from '../../contract/message.js';
import { json } from '../../ledger/articles.js';
import type { ArticleRights } from '../../ledger/schema.js';
import type { Context } from '../context.js';
import { edit } from './editing.js';

/** Articles lowered at a time. */
const BATCH = 100;

/** Lowers to a link what its page lets be shown only until a time that has come (`unavailable_after`), at every sink. */
export async function lapse(ctx: Context): Promise<void> {
  const { rows } = await sql<{ id: string; rights: ArticleRights }>`
    SELECT id, rights FROM sourcelink.article
    WHERE rights->>'until' IS NOT NULL AND rights->>'until' <= ${ctx.now().toISOString()} AND revision > 0
    ORDER BY rights->>'until' LIMIT ${BATCH}`.execute(ctx.db);
  for (const { id, rights } of rows) {
    try {
      await lower(ctx, id, rights);
    } catch (error) {
      // It is looked at again just now; its turn comes with the next round.
      if (codeOf(error) !== 'PUBLISH_BUSY') throw error;
    }
  }
}

async function lower(ctx: Context, id: string, rights: ArticleRights): Promise<void> {
  await edit(ctx, id, async (tx, { message }) => {
    const reason = `unavailable_after: the page was to be shown only until ${rights.until}`;
    const link: ArticleRights = { ...rights, level: 'link', reason, until: null };
    await tx
      .updateTable('sourcelink.article')
      .set({ rights: json(link) })
      .where('id', '=', id)
      .execute();
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
