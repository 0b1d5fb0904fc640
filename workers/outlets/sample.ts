import { SourcelinkError } from '../../config/errors.js';
import type { Source } from '../../config/sources.js';
import type { Found } from '../../crawlers/discover/discover.js';
import type { FetchedPage } from '../../crawlers/fetch/page.js';
import { fetchPages } from '../../crawlers/fetch/pages.js';
import type { Article } from '../../extractors/article.js';
import type { Context } from '../context.js';
import { renderedIfEmpty } from '../crawl/rendered-page.js';
import { mayShowMore } from '../crawl/rendering.js';
import { inputOf } from '../page-input.js';

/** One article of an outlet, fetched and read as a worker does it, or why it could not be. */
export type Sampled = {
  url: string;
  /** As the outlet's list has it. */
  listed: string | null;
  page: FetchedPage | null;
  article: Article | null;
  error: unknown;
};

type Deps = Pick<Context, 'client' | 'browser' | 'settings' | 'extractor' | 'signal' | 'now'>;

/** Fetches and reads these articles, as politely as a visit does, and stores nothing. In their order. */
export async function sampleArticles(
  source: Source,
  found: Found[],
  deps: Deps,
  onRead: (done: number) => void = () => undefined,
): Promise<Sampled[]> {
  const sampled: Sampled[] = found.map((f) => {
    return { url: f.url, listed: f.title, page: null, article: null, error: null };
  });
  let done = 0;
  const render = source.render === 'always' && deps.browser ? ('browser' as const) : ('http' as const);
  const requests = found.map((f, i) => ({ id: String(i), url: f.url, etag: null, lastModified: null, render }));
  await fetchPages(source, requests, deps, async (outcome) => {
    const at = Number(outcome.id);
    const [one, hints] = [sampled[at], found[at]];
    if (!one || !hints) return;
    try {
      if (outcome.kind === 'failed') throw outcome.error;
      if (outcome.kind === 'notModified')
        throw new SourcelinkError('FETCH_HTTP_4XX', `${one.url} answered 304 without being asked for changes`);
      Object.assign(one, await readPage(source, outcome.page, hints, deps));
    } catch (error) {
      one.error = error;
    }
    onRead(++done);
  });
  return sampled;
}

/** As a worker does: where the static page holds no article, the browser looks once. */
async function readPage(
  source: Source,
  fetched: FetchedPage,
  hints: Found,
  deps: Deps,
): Promise<Pick<Sampled, 'page' | 'article'>> {
  const read = (page: FetchedPage): Promise<Article> =>
    deps.extractor.extract(inputOf(deps.settings, source, { ...page, fetchedAt: deps.now() }, hints, null));
  const page = await renderedIfEmpty(deps, source, fetched);
  try {
    return { page, article: await read(page) };
  } catch (error) {
    if (!mayShowMore(error) || source.render !== 'auto' || page.via !== 'http' || !deps.browser) throw error;
    const rendered = await deps.browser.render(source, page.url, deps.signal, page);
    return { page: rendered, article: await read(rendered) };
  }
}

/** How many of the articles have each field, and how many could be read at all. */
export type FillRates = {
  sampled: number;
  read: number;
  title: number;
  authors: number;
  date: number;
  image: number;
  medianWords: number;
};

export function fillRates(sampled: Sampled[]): FillRates {
  const articles = sampled.flatMap((s) => s.article ?? []);
  const words = articles.map((a) => a.wordCount).sort((a, b) => a - b);
  return {
    sampled: sampled.length,
    read: articles.length,
    title: articles.filter((a) => a.title !== '').length,
    authors: articles.filter((a) => a.authors.length > 0).length,
    date: articles.filter((a) => a.publishedAt !== null).length,
    image: articles.filter((a) => a.image !== null).length,
    medianWords: words[Math.floor(words.length / 2)] ?? 0,
  };
}
