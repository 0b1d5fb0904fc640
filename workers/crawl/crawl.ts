import { randomUUID } from 'node:crypto';
import type { Source } from '../../config/sources.js';
import { lookAgainAtDead } from '../../ledger/second-looks.js';
import { failuresOf, finishVisit, isPaused, withSource } from '../../ledger/sources.js';
import type { VisitPlan } from '../../ledger/visits.js';
import type { Context } from '../context.js';
import { planAfter } from '../planning/planner.js';
import { Busy, type CrawlJob } from '../queues.js';
import { type Discovery, discoverSource, NO_DISCOVERY } from './discover-source.js';
import { fetchDue } from './fetch-due.js';
import type { Health } from './health.js';
import { NO_PAGES } from './page-verdict.js';

/** One visit to one source: discover (unless only due pages are wanted), then fetch what is due. @throws Busy while another one goes on */
export async function crawl(ctx: Context, job: CrawlJob): Promise<void> {
  const source = ctx.sources.get(job.source);
  if (!source?.enabled || (await isPaused(ctx.db, source.id))) return;
  // No AbortSignal.timeout: it would keep all that hears it for as long as a visit may take, not as long as this one takes.
  const late = new AbortController();
  const tooLong = new DOMException('the visit took too long', 'TimeoutError');
  const timer = setTimeout(() => late.abort(tooLong), ctx.settings.fetch.visitTimeout).unref();
  const signal = AbortSignal.any([ctx.signal, late.signal]);
  try {
    const done = await withSource(ctx.db, source.id, ctx.owner, async () => {
      await visit(ctx, source, job.discover, signal);
      return true;
    });
    if (done === null) throw new Busy(`another visit to ${source.id}`);
  } finally {
    clearTimeout(timer);
  }
}

async function visit(ctx: Context, source: Source, discovering: boolean, signal: AbortSignal): Promise<void> {
  const startedAt = ctx.now();
  const discovery = discovering ? await discoverSource(ctx, source, signal) : NO_DISCOVERY;
  if (discovering && discovery.health.answered) await lookAgainAtDead(ctx.db, source.id);
  const pages = isWell(discovery.health) ? await fetchDue(ctx, source, signal) : { counts: NO_PAGES, health: null };
  const health = pages.health ?? discovery.health;
  const counts = countsOf(discovery, pages.counts);
  const telling = { channels: [...ctx.channels.keys()], times: ctx.settings.alerts.after, seconds: 0 };
  const plan = await planned(ctx, source, discovering, health);
  const visited = { id: randomUUID(), sourceId: source.id, discovering, startedAt, ...counts };
  await finishVisit(ctx.db, visited, health, plan, telling);
  ctx.meter.add('sourcelink_visits_total', { state: health.state });
  const { requests: _requests, ...shown } = counts;
  const reason = health.reason ?? undefined;
  ctx.log.info({ source: source.id, discovering, startedAt, ...shown, state: health.state, reason }, 'visited');
}

/** Pages are fetched only from a source that answers. */
const isWell = ({ state }: Health): boolean => state === 'ok' || state === 'moved';

const countsOf = (discovery: Discovery, pages: typeof NO_PAGES) => ({
  ...pages,
  requests: discovery.requests + pages.requests,
  notModified: discovery.notModified + pages.notModified,
  discovered: discovery.discovered,
});

/** When the source is visited next; null where only pages were fetched, which says nothing of it. */
async function planned(ctx: Context, source: Source, discovering: boolean, health: Health): Promise<VisitPlan | null> {
  if (!discovering && health.answered) return null;
  const failures = health.answered ? 0 : (await failuresOf(ctx.db, source.id)) + 1;
  const now = ctx.now();
  return planAfter(ctx, source, { now, lookedAt: now, failures, retryAfterMs: health.retryAfterMs });
}
