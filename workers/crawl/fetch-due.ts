import { sql } from 'kysely';
import { codeOf, messageOf, SourcelinkError } from '../../config/errors.js';
import type { Source } from '../../config/sources.js';
import type { FetchedPage } from '../../crawlers/fetch/page.js';
import { fetchPages, type PageOutcome } from '../../crawlers/fetch/pages.js';
import {
  advance,
  type Claimed,
  claimForFetch,
  failed,
  giveBack,
  LostLease,
  unchanged,
} from '../../ledger/candidates.js';
import { fetchedToday, waitForTomorrow } from '../../ledger/limits.js';
import { setGone } from '../../ledger/looks.js';
import { bodyHashOf, insertPage, packPage } from '../../ledger/pages.js';
import { changeRendering, readRenderings } from '../../ledger/renderings.js';
import type { Db } from '../../ledger/schema.js';
import { putOff } from '../../ledger/second-looks.js';
import type { Context } from '../context.js';
import { pageGone } from '../editorial/withdrawn.js';
import { addByLane } from '../lanes.js';
import { type Health, type Run, unhealthy } from './health.js';
import { type HostTrouble, watchHost } from './host-trouble.js';
import { compareBothWays, renderedIfEmpty } from './rendered-page.js';
import { learnRendering, planRendering, postponed, worthATry } from './rendering.js';
import { withReservation } from './reserved-page.js';

/** Pages taken at a time, so that few are held when a process dies. */
const CHUNK = 40;
/** Pages waiting for extraction beyond which crawling waits. */
const BACKLOG = 2000;
/** For so long after a look that found room none of this process's visits looks again, in milliseconds. */
const ROOM_MS = 1000;
/** When a process last found room, by its connection. */
const lastRoom = new WeakMap<Db, number>();
/** Candidate ids in one job of the next stage. */
const BATCH = 8;

/**
 * Fetches what is due, in chunks, until the host fails several times in a row: the rest then waits, at no page's cost.
 * @returns the source's health when its host is down or refused everything, else null
 */
export async function fetchDue(ctx: Context, source: Source, run: Run, signal: AbortSignal): Promise<Health | null> {
  const { perVisit, perDay } = source.limits;
  let left = perVisit ?? ctx.settings.fetch.maxArticlesPerRun;
  if (perDay !== null) {
    const today = perDay - (await fetchedToday(ctx.db, source.id));
    if (today <= 0) {
      const waiting = await waitForTomorrow(ctx.db, source.id);
      if (waiting > 0) ctx.log.info({ source: source.id, perDay, waiting }, 'limits.perDay reached: the rest waits');
      return null;
    }
    left = Math.min(left, today);
  }
  const host = watchHost();
  let last: unknown = null;
  while (left > 0 && !signal.aborted) {
    await whileBehind(ctx, signal);
    const claimed = await claimForFetch(ctx.db, source.id, ctx.owner, Math.min(CHUNK, left));
    if (claimed.length === 0) break;
    left -= claimed.length;
    const { problem, down } = await fetchChunk(ctx, source, claimed, run, signal, host);
    last = problem ?? last;
    if (down) return unhealthy(last);
  }
  return run.fetched === 0 && run.failed > 2 && last ? unhealthy(last) : null;
}

/** Fetches claimed pages and writes what came of each. @returns the last failure, else null, and whether the host is down */
export async function fetchChunk(
  ctx: Context,
  source: Source,
  claimed: Claimed[],
  run: Run,
  signal: AbortSignal,
  host: HostTrouble,
): Promise<{ problem: unknown; down: boolean }> {
  const known = (await readRenderings(ctx.db, [source.id])).get(source.id);
  const plan = planRendering(ctx, source, known, claimed);
  const rendered = run.rendered;
  const waiting = new Map(claimed.map((c) => [String(c.id), c]));
  const done: Claimed[] = [];
  let problem: unknown = null;
  const flush = async (least: number): Promise<void> => {
    while (done.length >= least && done.length > 0) await addByLane(ctx, 'extract', done.splice(0, BATCH));
  };
  const take = async (outcome: PageOutcome): Promise<void> => {
    const c = waiting.get(outcome.id);
    if (!c) return;
    waiting.delete(outcome.id);
    host.note(outcome);
    if (ctx.signal.aborted && outcome.kind === 'failed') return giveBack(ctx.db, [c.id], ctx.owner);
    try {
      if (await keepOutcome(ctx, source, c, outcome, run, c.id === plan.compared)) {
        done.push(c);
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
    etag: c.articleId === null ? null : c.etag,
    lastModified: c.articleId === null ? null : c.lastModified,
    render: plan.render(c),
  }));
  await fetchPages(
    source,
    requests,
    {
      client: ctx.client,
      settings: ctx.settings,
      browser: ctx.browser,
      signal: AbortSignal.any([signal, host.signal]),
    },
    take,
  );
  await flush(1);
  const down = host.signal.aborted && !signal.aborted;
  if (down) await putOff(ctx.db, source.id, ctx.owner, host.restMs(), problem);
  const opened = run.rendered - rendered;
  if (opened > 0) await changeRendering(ctx.db, source.id, ctx.now(), (r) => ({ ...r, rendered: r.rendered + opened }));
  await giveBack(
    ctx.db,
    [...waiting.values()].map((c) => c.id),
    ctx.owner,
  );
  return { problem, down };
}

/** Writes what came of one page. @returns true when it goes on to extraction */
async function keepOutcome(
  ctx: Context,
  source: Source,
  c: Claimed,
  outcome: PageOutcome,
  run: Run,
  compared: boolean,
): Promise<boolean> {
  const held = { id: c.id, owner: ctx.owner };
  const now = ctx.now();
  run.requests++;
  if (outcome.kind !== 'failed' && c.missingSince !== null) await setGone(ctx.db, c.id, null);
  if (outcome.kind === 'notModified') {
    run.notModified++;
    ctx.meter.add('sourcelink_fetches_total', { outcome: 'notModified', code: '' });
    await unchanged(ctx.db, held, { fetchedAt: now });
    return false;
  }
  if (outcome.kind === 'failed') {
    run.failed++;
    ctx.meter.add('sourcelink_fetches_total', { outcome: 'failed', code: codeOf(outcome.error) });
    if (await pageGone(ctx, c, outcome.error)) return false;
    const { attempts, retryDelay } = ctx.settings.fetch;
    const how = await failed(
      ctx.db,
      { ...held, attempts: c.attempts, published: c.articleId !== null },
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
        hint: how === 'dead' ? outcome.error.hint : undefined,
      },
      messageOf(outcome.error),
    );
    return false;
  }
  let page: FetchedPage;
  try {
    page = await asNeeded(ctx, source, c, outcome.page, run, compared);
  } catch (error) {
    if (ctx.signal.aborted) {
      await giveBack(ctx.db, [c.id], ctx.owner);
      return false;
    }
    const known =
      error instanceof SourcelinkError
        ? error
        : new SourcelinkError('FETCH_BROWSER', `cannot render ${outcome.page.url}`, { cause: error });
    return keepOutcome(ctx, source, c, { id: outcome.id, kind: 'failed', error: known }, run, false);
  }
  const isShell = page.via === 'browser' && outcome.page.via === 'http' && !compared;
  run.fetched++;
  ctx.meter.add('sourcelink_fetches_total', { outcome: 'fetched', code: '' });
  ctx.meter.add('sourcelink_fetched_bytes_total', { via: page.via }, page.bytes.byteLength);
  const packed = await packPage(await withReservation(ctx, source, page), now);
  if (c.articleId !== null && c.pageId !== null && (await bodyHashOf(ctx.db, c.pageId)) === packed.bodyHash) {
    await unchanged(ctx.db, held, { fetchedAt: now });
    return false;
  }
  const { etag, 'last-modified': lastModified } = page.headers;
  await ctx.db.transaction().execute(async (tx) => {
    const pageId = await insertPage(tx, c.id, packed);
    await advance(tx, held, 'extract', {
      pageId: pageId,
      etag: etag ?? null,
      lastModified: lastModified ?? null,
      fetchedAt: now,
      // Extraction learns from it that the static page was not enough.
      ...(isShell ? { render: true } : {}),
    });
  });
  return true;
}

/** The page as it is read: as it came, or as the browser shows it. @throws FETCH_… */
async function asNeeded(
  ctx: Context,
  source: Source,
  c: Claimed,
  came: FetchedPage,
  run: Run,
  compared: boolean,
): Promise<FetchedPage> {
  if (came.via === 'browser') run.rendered++;
  if (!compared || came.via === 'browser') {
    const page = await renderedIfEmpty(ctx, source, came, () => worthATry(ctx, source.id));
    if (page !== came) run.rendered++;
    return page;
  }
  // Whatever comes of it, the next one is not looked at again at once.
  await changeRendering(ctx.db, source.id, ctx.now(), (r) => postponed(r, ctx.now()));
  run.rendered++;
  const { page, lesson } = await compareBothWays(ctx, source, came, c.hints);
  if (lesson) await learnRendering(ctx, source.id, [lesson]);
  return page;
}

/** Crawling waits while extraction is far behind: pages are cheap to ask for and dear to keep. */
async function whileBehind(ctx: Context, signal: AbortSignal): Promise<void> {
  const looked = lastRoom.get(ctx.db);
  if (looked !== undefined && performance.now() - looked < ROOM_MS) return;
  for (;;) {
    const { rows } = await sql`
      SELECT 1 FROM sourcelink.candidate WHERE outcome IS NULL AND stage = 'extract' OFFSET ${BACKLOG} LIMIT 1`.execute(
      ctx.db,
    );
    if (rows.length === 0) lastRoom.set(ctx.db, performance.now());
    if (rows.length === 0 || signal.aborted) return;
    await new Promise((go) => setTimeout(go, 500));
  }
}
