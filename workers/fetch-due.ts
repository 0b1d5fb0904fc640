import { codeOf, messageOf, SourcelinkError } from '../config/errors.js';
import type { Source } from '../config/sources.js';
import type { FetchedPage } from '../crawlers/fetch/page.js';
import { fetchPages, type PageOutcome } from '../crawlers/fetch/pages.js';
import { looksLikeEmptyShell } from '../crawlers/fetch/shell.js';
import type { Context } from './context.js';
import { advance, type Claimed, claimForFetch, failed, giveBack, LostLease, unchanged } from './ledger/candidates.js';
import { setGone } from './ledger/looks.js';
import { bodyHashOf, insertPage, packPage } from './ledger/pages.js';
import { type Health, type Run, unhealthy } from './visit.js';
import { pageGone } from './withdrawn.js';

/** Pages taken at a time, so that few are held when a process dies. */
const CHUNK = 40;
/** Pages waiting for extraction beyond which crawling waits. */
const BACKLOG = 2000;
/** Candidate ids in one job of the next stage. */
const BATCH = 8;

/** Fetches what is due, in chunks. @returns the source's health when it refused everything, else null */
export async function fetchDue(ctx: Context, source: Source, run: Run, signal: AbortSignal): Promise<Health | null> {
  let left = ctx.settings.fetch.maxArticlesPerRun;
  let last: unknown = null;
  while (left > 0 && !signal.aborted) {
    await whileBehind(ctx, signal);
    const claimed = await claimForFetch(ctx.db, source.id, ctx.owner, Math.min(CHUNK, left));
    if (claimed.length === 0) break;
    left -= claimed.length;
    last = (await fetchChunk(ctx, source, claimed, run, signal)) ?? last;
  }
  return run.fetched === 0 && run.failed > 2 && last ? unhealthy(last) : null;
}

async function fetchChunk(
  ctx: Context,
  source: Source,
  claimed: Claimed[],
  run: Run,
  signal: AbortSignal,
): Promise<unknown> {
  const waiting = new Map(claimed.map((c) => [String(c.id), c]));
  const done: number[] = [];
  let problem: unknown = null;
  const flush = async (least: number): Promise<void> => {
    while (done.length >= least && done.length > 0) await ctx.queues.add('extract', { ids: done.splice(0, BATCH) });
  };
  const take = async (outcome: PageOutcome): Promise<void> => {
    const c = waiting.get(outcome.id);
    if (!c) return;
    waiting.delete(outcome.id);
    if (ctx.signal.aborted && outcome.kind === 'failed') return giveBack(ctx.db, [c.id], ctx.owner);
    try {
      if (await keepOutcome(ctx, source, c, outcome, run)) {
        done.push(c.id);
        await flush(BATCH);
      } else if (outcome.kind === 'failed') problem = outcome.error;
    } catch (error) {
      if (!(error instanceof LostLease)) throw error;
      ctx.log.debug({ candidate: c.id }, error.message);
    }
  };
  const requests = claimed.map((c) => ({
    id: String(c.id),
    url: c.url,
    etag: c.article_id === null ? null : c.etag,
    lastModified: c.article_id === null ? null : c.last_modified,
    render: source.render === 'always' || (c.render && ctx.browser) ? ('browser' as const) : ('http' as const),
  }));
  await fetchPages(
    source,
    requests,
    { client: ctx.client, settings: ctx.settings, browser: ctx.browser, signal },
    take,
  );
  await flush(1);
  await giveBack(
    ctx.db,
    [...waiting.values()].map((c) => c.id),
    ctx.owner,
  );
  return problem;
}

/** Writes what came of one page. @returns true when it goes on to extraction */
async function keepOutcome(ctx: Context, source: Source, c: Claimed, outcome: PageOutcome, run: Run): Promise<boolean> {
  const held = { id: c.id, owner: ctx.owner };
  const now = ctx.now();
  run.requests++;
  if (outcome.kind !== 'failed' && c.gone_at !== null) await setGone(ctx.db, c.id, null);
  if (outcome.kind === 'notModified') {
    run.notModified++;
    await unchanged(ctx.db, held, { fetchedAt: now });
    return false;
  }
  if (outcome.kind === 'failed') {
    run.failed++;
    if (await pageGone(ctx, c, outcome.error)) return false;
    const { attempts, retryDelay } = ctx.settings.fetch;
    const how = await failed(
      ctx.db,
      { ...held, attempts: c.attempts, published: c.article_id !== null },
      'fetch',
      outcome.error,
      { attempts, retryDelayMs: retryDelay },
    );
    ctx.log.warn(
      {
        source: source.id,
        candidate: c.id,
        url: c.url,
        code: codeOf(outcome.error),
        how,
        mend: how === 'dead' ? outcome.error.mend : undefined,
      },
      messageOf(outcome.error),
    );
    return false;
  }
  let page: FetchedPage;
  try {
    page = await renderedIfEmpty(ctx, source, outcome.page);
  } catch (error) {
    const known =
      error instanceof SourcelinkError
        ? error
        : new SourcelinkError('FETCH_BROWSER', `cannot render ${outcome.page.url}`, { cause: error });
    return keepOutcome(ctx, source, c, { id: outcome.id, kind: 'failed', error: known }, run);
  }
  run.fetched++;
  const packed = await packPage(page, now);
  if (c.article_id !== null && c.page_id !== null && (await bodyHashOf(ctx.db, c.page_id)) === packed.body_hash) {
    await unchanged(ctx.db, held, { fetchedAt: now });
    return false;
  }
  const { etag, 'last-modified': lastModified } = page.headers;
  await ctx.db.transaction().execute(async (tx) => {
    const pageId = await insertPage(tx, c.id, packed);
    await advance(tx, held, 'extract', {
      page_id: pageId,
      etag: etag ?? null,
      last_modified: lastModified ?? null,
      fetched_at: now,
    });
  });
  return true;
}

/** A page that only scripts would write is opened in the browser. @throws FETCH_BROWSER when there is none */
export async function renderedIfEmpty(
  ctx: Pick<Context, 'browser'>,
  source: Source,
  page: FetchedPage,
): Promise<FetchedPage> {
  if (source.render !== 'auto' || page.via !== 'http') return page;
  if (!looksLikeEmptyShell(new TextDecoder().decode(page.bytes))) return page;
  if (ctx.browser) return ctx.browser.render(source, page.url);
  throw new SourcelinkError('FETCH_BROWSER', `${page.url} is written by scripts, and no browser is here to run them`, {
    retryable: false,
  });
}

/** Crawling waits while extraction is far behind: pages are cheap to ask for and dear to keep. */
async function whileBehind(ctx: Context, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { n } = await ctx.db
      .selectFrom('sourcelink.candidate')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .where('outcome', 'is', null)
      .where('stage', '=', 'extract')
      .executeTakeFirstOrThrow();
    if (n < BACKLOG || signal.aborted) return;
    await new Promise((go) => setTimeout(go, 500));
  }
}
