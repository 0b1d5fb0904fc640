import { codeOf, SourcelinkError } from '../../config/errors.js';
import type { Source } from '../../config/sources.js';
import type { FetchedPage } from '../../crawlers/fetch/page.js';
import { hasParagraphs, looksLikeEmptyShell } from '../../crawlers/fetch/shell.js';
import type { PageInput } from '../../extractors/article.js';
import type { Context } from '../context.js';
import { inputOf } from '../page-input.js';
import type { Lesson } from './rendering.js';

/** The rendered text is more than the static one when it is longer by a quarter and by so many characters. */
const MORE_SHARE = 1.25;
const MORE_CHARS = 400;

/** A page that only scripts would write is opened in the browser. @throws FETCH_BROWSER when there is none */
export async function renderedIfEmpty(
  ctx: Pick<Context, 'browser'> & Partial<Pick<Context, 'signal'>>,
  source: Source,
  page: FetchedPage,
  mayRender: () => Promise<boolean> = async () => true,
): Promise<FetchedPage> {
  if (source.render !== 'auto' || page.via !== 'http') return page;
  if (hasParagraphs(page.bytes) || !looksLikeEmptyShell(new TextDecoder().decode(page.bytes))) return page;
  if (ctx.browser === null)
    throw new SourcelinkError(
      'FETCH_BROWSER',
      `${page.url} needs a browser to show its text, and no browser was found`,
      { retryable: false },
    );
  return (await mayRender()) ? ctx.browser.render(source, page.url, ctx.signal, page) : page;
}

type Deps = Pick<Context, 'browser' | 'extractor' | 'settings' | 'now' | 'signal'>;

/**
 * Reads a page as it came and once more as the browser shows it. @returns the one that is enough, and what that teaches;
 * no lesson where the browser failed and the static page will do
 * @throws FETCH_… when the browser failed and the static page holds no article
 */
export async function compareBothWays(
  deps: Deps,
  source: Source,
  page: FetchedPage,
  hints: PageInput['hints'],
): Promise<{ page: FetchedPage; lesson: Lesson | null }> {
  if (deps.browser === null) return { page, lesson: null };
  const before = await textOf(deps, source, page, hints);
  let rendered: FetchedPage;
  try {
    rendered = await deps.browser.render(source, page.url, deps.signal, page);
  } catch (error) {
    if (before === null || deps.signal.aborted) throw error;
    return { page, lesson: null };
  }
  const shown = await textOf(deps, source, rendered, hints);
  if (shown === null)
    return { page, lesson: before === null ? { sample: 'fruitless' } : { sample: 'static', compared: true } };
  if (before === null) return { page: rendered, lesson: { sample: 'empty', compared: true } };
  const isMore = shown.length > before.length * MORE_SHARE && shown.length > before.length + MORE_CHARS;
  return isMore
    ? { page: rendered, lesson: { sample: 'partial', compared: true } }
    : { page, lesson: { sample: 'static', compared: true } };
}

/** The article's text, null when the page holds none. */
async function textOf(
  deps: Deps,
  source: Source,
  page: FetchedPage,
  hints: PageInput['hints'],
): Promise<string | null> {
  try {
    const input = inputOf(deps.settings, source, { ...page, fetchedAt: deps.now() }, hints, null);
    return (await deps.extractor.extract(input)).text;
  } catch (error) {
    if (codeOf(error).startsWith('EXTRACT_')) return null;
    throw error;
  }
}
