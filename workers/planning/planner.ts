import type { Source } from '../../config/sources.js';
import { endpointsOf } from '../../ledger/endpoints.js';
import { pushedSources } from '../../ledger/subscriptions.js';
import { publishedByHour, takeDue, type VisitPlan, visitPlans, writePlan } from '../../ledger/visits.js';
import type { Context } from '../context.js';
import { isAuto, planVisit, writtenSchedule } from './schedule.js';

/** A visit that is overdue by this much, and was asked for before, is told of. */
const WATCHDOG_MS = 15 * 60_000;

type Planning = Pick<Context, 'db' | 'sources' | 'settings' | 'log'> & { now: Context['now'] };

/**
 * Asks for a visit to each source whose time has come. Any number of processes may call it, as often as they like: the
 * ledger gives each source out once. What came to nothing (a wiped queue, a worker that died) is asked for again.
 * @returns how many visits were asked for
 */
export async function askDue(ctx: Planning & Pick<Context, 'queues'>): Promise<number> {
  const now = ctx.now();
  const ids = enabled(ctx).map((s) => s.id);
  const due = await takeDue(ctx.db, ids, now);
  for (const { id, nextVisitAt, again } of due) {
    const overdue = nextVisitAt === null ? 0 : now.getTime() - nextVisitAt.getTime();
    if (again && overdue > WATCHDOG_MS)
      ctx.log.warn(
        { source: id, minutes: Math.round(overdue / 60_000) },
        'its visit is overdue and was asked for before; it is asked for again. See that a worker of the stage crawl runs',
      );
    await ctx.queues.add('crawl', { source: id, discover: true }, { deduplicate: id });
  }
  return due.length;
}

/** Plans anew what was planned by a schedule that sources.yaml has no more. @returns how many visits are planned */
export async function alignPlans(ctx: Planning): Promise<number> {
  const sources = new Map(enabled(ctx).map((s) => [s.id, s]));
  const now = ctx.now();
  for (const { id, by, lastVisitAt, failures } of await visitPlans(ctx.db)) {
    const source = sources.get(id);
    if (source === undefined || by === writtenSchedule(source)) continue;
    await writePlan(
      ctx.db,
      id,
      await planAfter(ctx, source, { now, lookedAt: lastVisitAt, failures, retryAfterMs: null }),
    );
  }
  return sources.size;
}

/** The next visit after one that ended at `lookedAt`, from what the ledger has of the source. */
export async function planAfter(
  ctx: Pick<Planning, 'db' | 'settings'>,
  source: Source,
  visit: { now: Date; lookedAt: Date; failures: number; retryAfterMs: number | null },
): Promise<VisitPlan> {
  const auto = isAuto(source);
  const published = auto ? await publishedByHour(ctx.db, source.id, visit.now) : new Map<number, number>();
  const rests = auto ? (await endpointsOf(ctx.db, source.id)).map((e) => e.restMs ?? 0) : [];
  const planned = planVisit(source, visit.lookedAt, {
    failures: visit.failures,
    retryAfterMs: visit.retryAfterMs,
    published,
    // Of several lists the one that may be asked soonest decides.
    restMs: rests.length === 0 ? 0 : Math.min(...rests),
  });
  const by = writtenSchedule(source);
  if (planned === null) return { at: null, why: null, by };
  const isUsual = visit.failures === 0 && visit.retryAfterMs === null && source.cron === null;
  if (!isUsual || !(await pushedSources(ctx.db, visit.now)).has(source.id))
    return { at: planned.at, why: planned.why, by };
  // Its hub brings its news; a look now and then shows whether the hub still does.
  const wait = (planned.at.getTime() - visit.lookedAt.getTime()) * ctx.settings.websub.slower;
  return { at: new Date(visit.lookedAt.getTime() + wait), why: 'hub', by };
}

const enabled = (ctx: Pick<Planning, 'sources'>): Source[] => [...ctx.sources.values()].filter((s) => s.enabled);
