import { readPages, type StoredPage } from '../pages.js';
import type { Db } from '../schema.js';

/** An article beside the page that it was read from. */
export type ArticleWithPage = {
  slug: string;
  title: string;
  authors: string[];
  text: string;
  publishedAt: Date | null;
  page: StoredPage;
};

/** The newest articles whose pages the ledger still keeps; of all sources when none is named. */
export async function articlesWithPages(
  db: Db,
  filter: { sources: readonly string[]; limit: number },
): Promise<ArticleWithPage[]> {
  let query = db
    .selectFrom('sourcelink.article as a')
    .innerJoin('sourcelink.candidate as c', 'c.articleId', 'a.id')
    .innerJoin('sourcelink.page as p', 'p.id', 'c.pageId')
    .select(['a.slug', 'a.title', 'a.authors', 'a.text', 'a.publishedAt as publishedAt', 'p.id as pageId'])
    .orderBy('p.fetchedAt', 'desc')
    .limit(filter.limit);
  if (filter.sources.length > 0) query = query.where('a.sourceId', 'in', [...filter.sources]);
  const rows = await query.execute();
  const pages = await readPages(
    db,
    rows.map((r) => r.pageId),
  );
  return rows.flatMap(({ pageId, ...article }) => {
    const page = pages.get(pageId);
    return page ? [{ ...article, page }] : [];
  });
}
