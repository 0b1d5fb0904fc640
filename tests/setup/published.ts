import { createHash, randomUUID } from 'node:crypto';
import { contractArticle, messageOf } from '../../contract/message.js';
import type { ArticleRow } from '../../ledger/articles.js';
import { saveArticle, writeRevision } from '../../ledger/articles.js';
import type { Db } from '../../ledger/schema.js';
import { articleRow } from './article-row.js';

/** Writes an article with its first revision, delivered to the sink `articles`, as the stages would leave it. @returns as stored */
export async function publishArticle(db: Db, more: Partial<ArticleRow> = {}): Promise<ArticleRow> {
  const id = more.id ?? randomUUID();
  const url = `https://${more.source_id ?? 'herald'}.example/${id}`;
  const { id: candidateId } = await db
    .insertInto('sourcelink.candidate')
    .values({
      source_id: more.source_id ?? 'herald',
      url,
      url_key: url.slice(8),
      hints: JSON.stringify({}) as never,
      stage: 'done',
      outcome: 'published',
      article_id: id,
      next_try_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const row = articleRow({ canonical_url: url, url_key: url.slice(8), ...more, id, candidate_id: candidateId });
  const {
    revision: _r,
    published_hash: _p,
    duplicate_of: _d,
    duplicate_why: _w,
    related: _l,
    categories,
    story,
    ...content
  } = row;
  const { fingerprint: _f, story_id, ...saved } = content;
  await saveArticle(db, { ...saved, content_hash: createHash('sha256').update(id).digest('hex') });
  await db
    .updateTable('sourcelink.article')
    .set({ categories: JSON.stringify(categories) as never, story_id: story_id ?? null })
    .where('id', '=', id)
    .execute();
  await revise(db, { ...row, story: story ?? null });
  return { ...row, revision: 1, published_hash: row.content_hash };
}

/** The next revision of an article, as it is now. */
export async function revise(db: Db, row: ArticleRow, sentAt = new Date('2026-03-02T10:00:00Z')): Promise<void> {
  const source = { id: row.source_id, name: 'The Herald', url: `https://${row.source_id}.example/` };
  const message = messageOf(row, contractArticle(row, source, { excerptWords: 30 }), sentAt);
  await db.transaction().execute(async (tx) => {
    const next = { candidateId: row.candidate_id, message, hash: row.content_hash, sinks: ['articles'], now: sentAt };
    await writeRevision(tx, next);
    await tx
      .updateTable('sourcelink.delivery')
      .set({ state: 'delivered', delivered_at: sentAt })
      .where('article_id', '=', row.id)
      .execute();
  });
}
