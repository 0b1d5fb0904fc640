import type { Config } from '../config/load.js';
import type { Source } from '../config/sources.js';
import type { ArticleMessage, ContractArticle } from '../contract/contract.js';
import type { FetchedPage } from '../crawlers/fetch/page.js';
import type { Article } from '../extractors/article.js';

/** What was read of one page, and by which configuration. */
export type Reading = { config: Config; source: Source; page: FetchedPage; article: Article };

/** The first message of the article, as a worker would write it. */
export async function messageFor({
  article,
  source,
  config,
}: Reading): Promise<{ message: ArticleMessage; published: ContractArticle }> {
  const [{ toContent }, { contractArticle, messageOf }, { createClassifier }, { categoriesOf }] = await Promise.all([
    import('../workers/extract/extract.js'),
    import('../contract/message.js'),
    import('../analysis/categories/classify.js'),
    import('../workers/categorize/categorize.js'),
  ]);
  const now = new Date();
  const row = {
    ...toContent(article, { id: 0, sourceId: source.id }, { fetchedAt: now }, now),
    revision: 0,
    publishedHash: null,
    fingerprint: null,
    duplicateOf: null,
    duplicateWhy: null,
    related: [],
    categories: [],
  };
  const classifier = createClassifier(config.categories, config.settings.categorize);
  const filed = { ...row, categories: categoriesOf({ classifier, categories: config.categories }, source, row) };
  const { excerptWords } = config.settings.publish;
  const published = contractArticle(filed, source, { excerptWords });
  return { message: messageOf(filed, published, now), published };
}

/** Whether the source's own filters leave the page out. */
export async function refusalOf({
  source,
  page,
}: Pick<Reading, 'source' | 'page'>): Promise<{ code: string; reason: string } | null> {
  const { toCandidates } = await import('../workers/crawl/to-candidates.js');
  const found = {
    url: page.url,
    guid: null,
    title: null,
    authors: [],
    publishedAt: null,
    updatedAt: null,
    summary: null,
    image: null,
    language: null,
    tags: [],
    via: page.url,
  };
  return toCandidates(source, [found], new Date())[0]?.rejected ?? null;
}
