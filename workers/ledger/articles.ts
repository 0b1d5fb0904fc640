import { sql } from 'kysely';
import type { ArticleMessage, ContractArticle } from '../contract.js';
import type { ArticleTable, Db, Tx } from './schema.js';

export type ArticleContent = Omit<
  ArticleTable,
  | 'revision'
  | 'published_hash'
  | 'duplicate_of'
  | 'duplicate_why'
  | 'related'
  | 'categories'
  | 'fingerprint'
  | 'story_id'
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
  const { id: _id, candidate_id: _candidate, slug: _slug, first_seen_at: _first, ...changing } = values;
  const { id } = await tx
    .insertInto('sourcelink.article')
    .values(values)
    .onConflict((c) => c.column('candidate_id').doUpdateSet(changing))
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export type ArticleRow = Omit<ArticleTable, 'revision' | 'related' | 'categories' | 'story_id'> & {
  story_id?: string | null;
  /** As it goes to readers; looked up when the article is published. */
  story?: ContractArticle['story'];
  revision: number;
  related: { id: string; score: number }[];
  categories: ContractArticle['categories'];
};

export async function articlesOf(db: Db, candidateIds: number[]): Promise<Map<number, ArticleRow>> {
  if (candidateIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('sourcelink.article')
    .selectAll()
    .where('candidate_id', 'in', candidateIds)
    .execute();
  return new Map(rows.map((r) => [r.candidate_id, r]));
}

/** Writes the next revision and one delivery for each sink: the outbox, in the transaction of the caller. */
export async function writeRevision(
  tx: Tx,
  candidateId: number,
  message: ArticleMessage,
  contentHash: string,
  sinks: string[],
): Promise<void> {
  await tx
    .insertInto('sourcelink.revision')
    .values({ article_id: message.id, revision: message.revision, type: message.type, message: json(message) })
    .execute();
  await tx
    .updateTable('sourcelink.article')
    .set({ revision: message.revision, published_hash: contentHash })
    .where('id', '=', message.id)
    .execute();
  if (sinks.length > 0) {
    const { lane } = await tx
      .selectFrom('sourcelink.candidate')
      .select('lane')
      .where('id', '=', candidateId)
      .executeTakeFirstOrThrow();
    await tx
      .insertInto('sourcelink.delivery')
      .values(
        sinks.map((sink) => ({
          article_id: message.id,
          revision: message.revision,
          sink,
          candidate_id: candidateId,
          lane,
          next_try_at: sql<Date>`now()`,
          driven_at: sql<Date>`now()`,
        })),
      )
      .execute();
  }
}
