import { randomUUID } from 'node:crypto';
import { codeOf, messageOf, type SourcelinkError } from '../../config/errors.js';
import type { Source } from '../../config/sources.js';
import { type Discovered, discover, type Endpoint, type Found } from '../../crawlers/discover/discover.js';
import { type NewCandidate, recordFound } from '../../ledger/candidates.js';
import { LEASE_SECONDS } from '../../ledger/db/lease-time.js';
import { endpointsOf, saveEndpoints } from '../../ledger/endpoints.js';
import type { Db } from '../../ledger/schema.js';
import { lookAgainAtDead } from '../../ledger/second-looks.js';
import { failuresOf, finishVisit, isPaused, leaseSource, releaseSource } from '../../ledger/sources.js';
import type { VisitPlan } from '../../ledger/visits.js';
import type { Context } from '../context.js';
import { planAfter } from '../planning/planner.js';
import { Busy, type CrawlJob } from '../queues.js';
import { fetchDue } from './fetch-due.js';
import { type Health, type Run, unhealthy } from './health.js';
import { identify } from './identity.js';
import { toCandidates } from './to-candidates.js';

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
    rendered: 0,
    failed: 0,
  };
  // No AbortSignal.timeout: it would keep all that hears it for as long as a visit may take, not as long as this one takes.
  const late = new AbortController();
  const tooLong = new DOMException('the visit took too long', 'TimeoutError');
  const timer = setTimeout(() => late.abort(tooLong), ctx.settings.fetch.visitTimeout).unref();
  const signal = AbortSignal.any([ctx.signal, late.signal]);
  try {
    let health: Health = { state: 'ok', code: null, reason: null, how: null, answered: true, retryAfterMs: null };
    if (job.discover) health = await discoverSource(ctx, source, run, signal);
    if (job.discover && health.answered) await lookAgainAtDead(ctx.db, source.id);
    if (health.state === 'ok' || health.state === 'moved')
      health = (await fetchDue(ctx, source, run, signal)) ?? health;
    const telling = { channels: [...ctx.channels.keys()], times: ctx.settings.alerts.after, seconds: 0 };
    await finishVisit(ctx.db, run, health, await planned(ctx, source, run, health), telling);
    ctx.meter.add('sourcelink_visits_total', { state: health.state });
    const { requests: _r, id: _id, ...counts } = run;
    ctx.log.info({ ...counts, source: source.id, state: health.state, reason: health.reason ?? undefined }, 'visited');
  } finally {
    clearTimeout(timer);
    await releaseSource(ctx.db, source.id, ctx.owner);
  }
}

async function discoverSource(ctx: Context, source: Source, run: Run, signal: AbortSignal): Promise<Health> {
  const known = await knownEndpoints(ctx.db, source.id);
  let seen: Discovered;
  try {
    seen = await discover(source, known, { fetcher: fetcherFor(ctx, source), now: () => ctx.now().getTime(), signal });
  } catch (error) {
    if (ctx.signal.aborted) throw error;
    return unhealthy(error);
  }
  run.requests += seen.requests;
  run.notModified += seen.notModified;
  const { added, revisits } = await keepFound(ctx, source, seen.found);
  run.discovered = added;
  ctx.meter.add('sourcelink_discovery_requests_total', {}, seen.requests);
  ctx.meter.add('sourcelink_discovered_total', {}, added);
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
      lastModified: e.lastModified,
      bodyHash: e.bodyHash,
      format: e.format,
      checkedAt: e.checkedAt === null ? null : new Date(e.checkedAt),
      error: e.error,
      failures: e.failures,
      movedTo: e.movedTo,
      hub: e.push?.hub ?? null,
      topic: e.push?.topic ?? null,
      restMs: e.restMs,
    })),
  );
  for (const p of seen.problems)
    ctx.log.warn({ source: source.id, url: p.url, code: codeOf(p.error), hint: p.error.hint }, messageOf(p.error));
  ctx.log.debug({ source: source.id, found: seen.found.length, added, revisits, how: seen.how }, 'discovered');
  const answered = seen.endpoints.some((e) => e.error === null);
  const moved = seen.problems.find((p) => p.error.code === 'DISCOVER_MOVED')?.error;
  if (moved)
    return { state: 'moved', code: moved.code, reason: messageOf(moved), how: seen.how, answered, retryAfterMs: null };
  const worst = seen.problems[0]?.error;
  if (worst && !answered) return { ...unhealthy(worst), how: seen.how };
  const state = seen.found.length > 0 || seen.notModified > 0 ? 'ok' : 'empty';
  return {
    state: state === 'empty' && known.length > 0 ? 'ok' : state,
    code: worst ? codeOf(worst) : null,
    reason: worst ? messageOf(worst) : null,
    how: seen.how,
    answered,
    retryAfterMs: null,
  };
}

/** What is remembered of the places that list a source's articles. */
export async function knownEndpoints(db: Db, sourceId: string): Promise<Endpoint[]> {
  return (await endpointsOf(db, sourceId)).map((e) => ({
    url: e.url,
    kind: e.kind,
    origin: e.origin,
    links: e.links,
    etag: e.etag,
    lastModified: e.lastModified,
    bodyHash: e.bodyHash,
    format: e.format,
    checkedAt: e.checkedAt?.toISOString() ?? null,
    error: e.error,
    failures: e.failures,
    movedTo: e.movedTo,
    restMs: e.restMs,
    push: e.hub === null || e.topic === null ? null : { hub: e.hub, topic: e.topic },
  }));
}

/** Writes what a feed, sitemap or section page lists, whoever brought it. @returns how many are new or to be looked at again */
export async function keepFound(
  ctx: Context,
  source: Source,
  found: Found[],
): Promise<{ added: number; revisits: number }> {
  const listed = toCandidates(source, found, ctx.now());
  refuseBlocked(ctx, source, listed);
  const { candidates, switched } = await identify(ctx.db, source.id, listed);
  if (switched) {
    const back = 'known by link again: its GUIDs change or are used twice';
    ctx.log.warn({ source: source.id, identity: switched.identity }, switched.reason ?? back);
  }
  return recordFound(ctx.db, source.id, candidates);
}

/** What is never asked for ends here: a list of a thousand private addresses takes up no visit and no day's limit. */
function refuseBlocked(ctx: Context, source: Source, listed: NewCandidate[]): void {
  let refused: SourcelinkError | null = null;
  let count = 0;
  for (const c of listed) {
    const why = c.rejected === null ? ctx.client.refusalOf(c.url, source.proxy) : null;
    if (why === null) continue;
    c.rejected = { code: why.code, reason: messageOf(why), dead: true };
    refused ??= why;
    count++;
  }
  if (refused) ctx.log.warn({ source: source.id, code: refused.code, count, hint: refused.hint }, messageOf(refused));
}

/** When the source is visited next; null where only pages were fetched, which says nothing of it. */
async function planned(ctx: Context, source: Source, run: Run, health: Health): Promise<VisitPlan | null> {
  if (!run.discovering && health.answered) return null;
  const failures = health.answered ? 0 : (await failuresOf(ctx.db, source.id)) + 1;
  const now = ctx.now();
  return planAfter(ctx, source, { now, lookedAt: now, failures, retryAfterMs: health.retryAfterMs });
}

/** The client with what a source's own settings add to each request. */
export function fetcherFor(ctx: Pick<Context, 'client'>, source: Source) {
  const more = { proxy: source.proxy, concurrency: source.concurrency, delayMs: source.delayMs };
  return {
    fetch: (request: Parameters<Context['client']['fetch']>[0]) =>
      ctx.client.fetch({ ...more, ...request, headers: { ...source.headers, ...request.headers } }),
    sitemapsOf: (url: string) => ctx.client.sitemapsOf(url, { proxy: source.proxy }),
  };
}
