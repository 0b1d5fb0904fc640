import { sql } from 'kysely';
import type { ArticleMessage, ContractArticle } from '../contract/contract.js';
import { type ArticleTable, type Db, PRIORITY, type Tx } from './schema.js';

export type ArticleContent = Omit<
  ArticleTable,
  'revision' | 'publishedHash' | 'duplicateOf' | 'duplicateWhy' | 'related' | 'categories' | 'fingerprint' | 'storyId'
>;

export const json = (value: unknown) => sql<never>`${JSON.stringify(value)}::jsonb`;

/** Writes what was extracted. An article keeps its id, slug and first sight over all later looks at the same candidate. */
export async function saveArticle(tx: Db | Tx, a: ArticleContent): Promise<string> {
  const values = {
    ...a,
    authors: json(a.authors),
    image: json(a.image),
    tags: json(a.tags),
    rights: json(a.rights),
    provenance: json(a.provenance),
  };
  const { id: _id, candidateId: _candidate, slug: _slug, firstSeenAt: _first, ...changing } = values;
  const { id } = await tx
    .insertInto('sourcelink.article')
    .values(values)
    .onConflict((c) => c.column('candidateId').doUpdateSet(changing))
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export type ArticleRow = Omit<ArticleTable, 'revision' | 'related' | 'categories' | 'storyId'> & {
  storyId?: string | null;
  /** As it goes to readers; looked up when the article is published. */
  story?: ContractArticle['story'];
  revision: number;
  related: { id: string; score: number }[];
  categories: ContractArticle['categories'];
};

export async function articlesOf(db: Db, candidateIds: number[]): Promise<Map<number, ArticleRow>> {
  if (candidateIds.length === 0) return new Map();
  const rows = await db.selectFrom('sourcelink.article').selectAll().where('candidateId', 'in', candidateIds).execute();
  return new Map(rows.map((r) => [r.candidateId, r]));
}

/** Whether readers have a candidate's article: it was published, and not retracted since. */
export async function isLive(db: Db, candidateId: number): Promise<boolean> {
  const article = await db
    .selectFrom('sourcelink.article')
    .select('publishedHash')
    .where('candidateId', '=', candidateId)
    .executeTakeFirst();
  return (article?.publishedHash ?? null) !== null;
}

/** A revision as it went out. */
export async function messageOfRevision(db: Db, id: string, revision: number): Promise<ArticleMessage> {
  const { message } = await db
    .selectFrom('sourcelink.revision')
    .select('message')
    .where('articleId', '=', id)
    .where('revision', '=', revision)
    .executeTakeFirstOrThrow();
  return message;
}

/** Published articles whose page let them be shown only until a time before `now`; the oldest first. */
export async function shownTooLong(
  db: Db,
  now: Date,
  limit: number,
): Promise<{ id: string; rights: ArticleTable['rights'] }[]> {
  const { rows } = await sql<{ id: string; rights: ArticleTable['rights'] }>`
    SELECT id, rights FROM sourcelink.article
    WHERE rights->>'until' IS NOT NULL AND rights->>'until' <= ${now.toISOString()} AND revision > 0
    ORDER BY rights->>'until' LIMIT ${limit}`.execute(db);
  return rows;
}

export async function setCategories(tx: Tx, articleId: string, categories: ArticleRow['categories']): Promise<void> {
  await tx
    .updateTable('sourcelink.article')
    .set({ categories: json(categories) })
    .where('id', '=', articleId)
    .execute();
}

/** The candidate of an article; null when there is no such article. */
export async function candidateOf(db: Db, articleId: string): Promise<number | null> {
  const article = await db
    .selectFrom('sourcelink.article')
    .select('candidateId')
    .where('id', '=', articleId)
    .executeTakeFirst();
  return article?.candidateId ?? null;
}

/** All revisions of an article, the first one first. */
export async function revisionsOf(db: Db, articleId: string) {
  return db
    .selectFrom('sourcelink.revision')
    .select(['revision', 'type', 'message', 'because', 'createdAt'])
    .where('articleId', '=', articleId)
    .orderBy('revision')
    .execute();
}

export async function setRights(tx: Tx, articleId: string, rights: ArticleTable['rights']): Promise<void> {
  await tx
    .updateTable('sourcelink.article')
    .set({ rights: json(rights) })
    .where('id', '=', articleId)
    .execute();
}

/** Writes that an article changed, but not for its readers. */
export async function looksTheSame(tx: Tx, article: Pick<ArticleRow, 'id' | 'contentHash'>): Promise<void> {
  await tx
    .updateTable('sourcelink.article')
    .set({ publishedHash: article.contentHash })
    .where('id', '=', article.id)
    .execute();
}

/** What is new for readers of an article, and how it goes out. */
export type NextRevision = {
  candidateId: number;
  message: ArticleMessage;
  /** content_hash of what readers have from then on; null when that is nothing. */
  hash: string | null;
  sinks: string[];
  now: Date;
  /** `story`: only who else has its story changed. */
  because?: 'story';
};

/** Writes the next revision and one delivery for each sink: the outbox, in the transaction of the caller. */
export async function writeRevision(tx: Tx, next: NextRevision): Promise<void> {
  const { message, sinks, now } = next;
  await tx
    .insertInto('sourcelink.revision')
    .values({
      articleId: message.id,
      revision: message.revision,
      type: message.type,
      message: json(message),
      because: next.because ?? null,
    })
    .execute();
  await tx
    .updateTable('sourcelink.article')
    .set({ revision: message.revision, publishedHash: next.hash })
    .where('id', '=', message.id)
    .execute();
  if (sinks.length === 0) return;
  await sql`
    INSERT INTO sourcelink.delivery (article_id, revision, sink, candidate_id, priority, created_at, next_try_at, driven_at)
    SELECT ${message.id}, ${message.revision}, s.sink, c.id,
      CASE WHEN ${message.type === 'article.retracted'} THEN ${PRIORITY.retraction}::int WHEN c.lane = 'backfill' THEN ${PRIORITY.backfill}::int ELSE ${PRIORITY.news}::int END,
      ${now}::timestamptz, ${now}::timestamptz, now()
    FROM sourcelink.candidate c, unnest(${sinks}::text[]) AS s(sink) WHERE c.id = ${next.candidateId}`.execute(tx);
}
