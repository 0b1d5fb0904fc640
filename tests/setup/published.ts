import { createHash, randomUUID } from 'node:crypto';
import { contractArticle, messageOf } from '../../contract/message.js';
import type { ArticleRow } from '../../ledger/articles.js';
import { saveArticle, writeRevision } from '../../ledger/articles.js';
import type { Db } from '../../ledger/schema.js';
import { articleRow } from './article-row.js';

/** Writes an article with its first revision, delivered to the sink `articles`, as the stages would leave it. @returns as stored */
export async function publishArticle(db: Db, more: Partial<ArticleRow> = {}): Promise<ArticleRow> {
  const id = more.id ?? randomUUID();
  const url = `https://${more.sourceId ?? 'herald'}.example/${id}`;
  const { id: candidateId } = await db
    .insertInto('sourcelink.candidate')
    .values({
      sourceId: more.sourceId ?? 'herald',
      url,
      urlKey: url.slice(8),
      hints: JSON.stringify({}) as never,
      stage: 'done',
      outcome: 'published',
      articleId: id,
      nextTryAt: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const row = articleRow({ canonicalUrl: url, urlKey: url.slice(8), ...more, id, candidateId: candidateId });
  const {
    revision: _r,
    publishedHash: _p,
    duplicateOf: _d,
    duplicateWhy: _w,
    related: _l,
    categories,
    story,
    ...content
  } = row;
  const { fingerprint: _f, storyId, ...saved } = content;
  await saveArticle(db, { ...saved, contentHash: createHash('sha256').update(id).digest('hex') });
  await db
    .updateTable('sourcelink.article')
    .set({ categories: JSON.stringify(categories) as never, storyId: storyId ?? null })
    .where('id', '=', id)
    .execute();
  await revise(db, { ...row, story: story ?? null });
  return { ...row, revision: 1, publishedHash: row.contentHash };
}

/** The next revision of an article, as it is now. */
export async function revise(db: Db, row: ArticleRow, sentAt = new Date('2026-03-02T10:00:00Z')): Promise<void> {
  const source = { id: row.sourceId, name: 'The Herald', url: `https://${row.sourceId}.example/` };
  const message = messageOf(row, contractArticle(row, source, { excerptWords: 30 }), sentAt);
  await db.transaction().execute(async (tx) => {
    const next = { candidateId: row.candidateId, message, hash: row.contentHash, sinks: ['articles'], now: sentAt };
    await writeRevision(tx, next);
    await tx
      .updateTable('sourcelink.delivery')
      .set({ state: 'delivered', deliveredAt: sentAt })
      .where('articleId', '=', row.id)
      .execute();
  });
}
