import { randomUUID } from 'node:crypto';
import { codeOf, messageOf, SourcelinkError } from '../config/errors.js';
import type { Source } from '../config/sources.js';
import { type Discovered, discover, type Endpoint, type Found } from '../crawlers/discover/discover.js';
import type { FetchedPage } from '../crawlers/fetch/page.js';
import { fetchPages, type PageOutcome } from '../crawlers/fetch/pages.js';
import { looksLikeEmptyShell } from '../crawlers/fetch/shell.js';
import { urlKey } from '../crawlers/url.js';
import type { Context } from './context.js';
import {
  advance,
  type Claimed,
  claimForFetch,
  failed,
  giveBack,
  LostLease,
  type NewCandidate,
  recordFound,
  unchanged,
} from './ledger/candidates.js';
import { endpointsOf, saveEndpoints } from './ledger/endpoints.js';
import { LEASE_SECONDS } from './ledger/lease-time.js';
import { bodyHashOf, insertPage, packPage } from './ledger/pages.js';
import type { Hints, SourceHealth } from './ledger/schema.js';
import { finishRun, isPaused, leaseSource, releaseSource } from './ledger/sources.js';
import { Busy, type CrawlJob } from './queues.js';

/** Pages taken at a time, so that few are held when a process dies. */
const CHUNK = 40;
/** Pages waiting for extraction beyond which crawling waits. */
const BACKLOG = 2000;
/** Candidate ids in one job of the next stage. */
const BATCH = 8;

/** One visit to one source: discover (unless only due pages are wanted), then fetch what is due. */
export async function crawl(ctx: Context, job: CrawlJob): Promise<void> {
  const source = ctx.sources.get(job.source);
  if (!source?.enabled || (await isPaused(ctx.db, source.id))) return;
  if (!(await leaseSource(ctx.db, source.id, ctx.owner, LEASE_SECONDS)))
    throw new Busy(`another visit to ${source.id}`);
  const run = {
    id: randomUUID(),
    sourceId: source.id,
    discovering: job.discover,
    startedAt: ctx.now(),
    requests: 0,
    notModified: 0,
    discovered: 0,
    fetched: 0,
    failed: 0,
  };
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(ctx.settings.fetch.runTimeout)]);
  try {
    let health: Health = { state: 'ok', code: null, reason: null, how: null };
    if (job.discover) health = await discoverSource(ctx, source, run, signal);
    if (health.state === 'ok') health = (await fetchDue(ctx, source, run, signal)) ?? health;
    await finishRun(ctx.db, run, health);
    const { requests: _r, id: _id, ...counts } = run;
    ctx.log.info({ ...counts, source: source.id, state: health.state, reason: health.reason ?? undefined }, 'visited');
  } finally {
    await releaseSource(ctx.db, source.id, ctx.owner);
  }
}

type Run = Parameters<typeof finishRun>[1];
type Health = { state: SourceHealth; code: string | null; reason: string | null; how: string | null };

async function discoverSource(ctx: Context, source: Source, run: Run, signal: AbortSignal): Promise<Health> {
  const known: Endpoint[] = (await endpointsOf(ctx.db, source.id)).map((e) => ({
    url: e.url,
    kind: e.kind,
    origin: e.origin,
    links: e.links,
    etag: e.etag,
    lastModified: e.last_modified,
    bodyHash: e.body_hash,
    format: e.format,
    checkedAt: e.checked_at?.toISOString() ?? null,
    error: e.error,
    failures: e.failures,
  }));
  let seen: Discovered;
  try {
    seen = await discover(source, known, { fetcher: fetcherFor(ctx, source), now: () => ctx.now().getTime(), signal });
  } catch (error) {
    if (ctx.signal.aborted) throw error;
    return unhealthy(error);
  }
  run.requests += seen.requests;
  run.notModified += seen.notModified;
  const { added, revisits } = await recordFound(ctx.db, source.id, toCandidates(source, seen.found, ctx.now()));
  run.discovered = added;
  // Only now: if this process died before the candidates were written, the next visit must not get a 304.
  await saveEndpoints(
    ctx.db,
    source.id,
    seen.endpoints.map((e) => ({
      url: e.url,
      kind: e.kind,
      origin: e.origin,
      links: e.links,
      etag: e.etag,
      last_modified: e.lastModified,
      body_hash: e.bodyHash,
      format: e.format,
      checked_at: e.checkedAt === null ? null : new Date(e.checkedAt),
      error: e.error,
      failures: e.failures,
    })),
  );
  for (const p of seen.problems)
    ctx.log.warn({ source: source.id, url: p.url, code: codeOf(p.error), mend: p.error.mend }, messageOf(p.error));
  ctx.log.debug({ source: source.id, found: seen.found.length, added, revisits, how: seen.how }, 'discovered');
  const worst = seen.problems[0]?.error;
  const answered = seen.endpoints.some((e) => e.error === null);
  if (worst && !answered) return { ...unhealthy(worst), how: seen.how };
  const state = seen.found.length > 0 || seen.notModified > 0 ? 'ok' : 'empty';
  return {
    state: state === 'empty' && known.length > 0 ? 'ok' : state,
    code: worst ? codeOf(worst) : null,
    reason: worst ? messageOf(worst) : null,
    how: seen.how,
  };
}

function unhealthy(error: unknown): Health {
  const code = codeOf(error);
  return {
    state: code === 'FETCH_FORBIDDEN' || code === 'FETCH_ROBOTS' ? 'blocked' : 'failing',
    code,
    reason: messageOf(error),
    how: null,
  };
}

/** The client with what a source's own settings add to each request. */
function fetcherFor(ctx: Context, source: Source) {
  const more = { proxy: source.proxy, concurrency: source.concurrency, delayMs: source.delayMs };
  return {
    fetch: (request: Parameters<Context['client']['fetch']>[0]) =>
      ctx.client.fetch({ ...more, ...request, headers: { ...source.headers, ...request.headers } }),
    sitemapsOf: (url: string) => ctx.client.sitemapsOf(url, { proxy: source.proxy }),
  };
}

/** What was found as candidates: one for each key, filtered as the source says; what a filter leaves out is kept with its reason. */
export function toCandidates(source: Source, found: Found[], now: Date): NewCandidate[] {
  const byKey = new Map<string, NewCandidate>();
  for (const f of found) {
    const key = urlKey(f.url);
    const had = byKey.get(key);
    if (had) {
      had.hints = merge(had.hints, hintsOf(f));
      continue;
    }
    byKey.set(key, { url: f.url, urlKey: key, hints: hintsOf(f), rejected: null });
  }
  for (const c of byKey.values()) c.rejected = refusal(source, c, now);
  return [...byKey.values()];
}

function refusal(source: Source, c: NewCandidate, now: Date): NewCandidate['rejected'] {
  const { include, exclude, maxAgeMs } = source.filters;
  const excluded = exclude.find((r) => r.test(c.url));
  if (excluded) return { code: 'FILTER_EXCLUDE', reason: `the URL matches filters.exclude ${excluded.source}` };
  if (include.length > 0 && !include.some((r) => r.test(c.url)))
    return { code: 'FILTER_INCLUDE', reason: 'the URL matches none of filters.include' };
  const date = c.hints.publishedAt;
  if (maxAgeMs !== null && date && now.getTime() - Date.parse(date) > maxAgeMs)
    return { code: 'FILTER_MAX_AGE', reason: `published ${date.slice(0, 10)}, older than filters.maxAge` };
  return null;
}

function hintsOf(f: Found): Hints {
  const { guid, title, authors, publishedAt, updatedAt, summary, image, language, tags, via } = f;
  return { guid, title, authors, publishedAt, updatedAt, summary, image, language, tags, via };
}

/** Two endpoints that list one article complete each other; the later change counts. */
function merge(a: Hints, b: Hints): Hints {
  const later =
    [a.updatedAt, b.updatedAt]
      .filter((d) => d !== null)
      .sort()
      .at(-1) ?? null;
  return {
    guid: a.guid ?? b.guid,
    title: a.title ?? b.title,
    authors: a.authors.length > 0 ? a.authors : b.authors,
    publishedAt: a.publishedAt ?? b.publishedAt,
    updatedAt: later,
    summary: a.summary ?? b.summary,
    image: a.image ?? b.image,
    language: a.language ?? b.language,
    tags: a.tags.length > 0 ? a.tags : b.tags,
    via: a.via,
  };
}

/** Fetches what is due, in chunks. @returns the source's health when it refused everything, else null */
async function fetchDue(ctx: Context, source: Source, run: Run, signal: AbortSignal): Promise<Health | null> {
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
  if (outcome.kind === 'notModified') {
    run.notModified++;
    await unchanged(ctx.db, held, { fetchedAt: now });
    return false;
  }
  if (outcome.kind === 'failed') {
    run.failed++;
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
async function renderedIfEmpty(ctx: Context, source: Source, page: FetchedPage): Promise<FetchedPage> {
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
