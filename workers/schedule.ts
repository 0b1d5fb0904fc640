import { Cron } from 'croner';
import type { Source } from '../config/sources.js';
import type { Context } from './context.js';
import { pushedSources } from './ledger/subscriptions.js';

/**
 * Brings BullMQ's schedulers in line with the configured sources: one each, by interval or cron; those of sources that
 * are gone or switched off are removed. They live in the queue, so any number of processes may call this.
 */
export async function schedule(ctx: Context): Promise<{ scheduled: number; removed: number }> {
  const queue = ctx.queues.stage('crawl');
  const pushed = await pushedSources(ctx.db, ctx.now());
  const wanted = [...ctx.sources.values()].filter((s) => s.enabled);
  for (const source of wanted) {
    await queue.upsertJobScheduler(
      schedulerId(source.id),
      timingOf(source, pushed.has(source.id) ? ctx.settings.websub.slower : 1),
      {
        name: 'crawl',
        data: { source: source.id, discover: true },
      },
    );
  }
  const ids = new Set(wanted.map((s) => schedulerId(s.id)));
  const stale = (await queue.getJobSchedulers(0, -1)).flatMap((s) => (s.key && !ids.has(s.key) ? [s.key] : []));
  for (const key of stale) await queue.removeJobScheduler(key);
  return { scheduled: wanted.length, removed: stale.length };
}

const schedulerId = (sourceId: string): string => `visit:${sourceId}`;

/** Sources with the same interval are spread over it, always at the same place, so that a restart moves nothing. */
function timingOf(source: Source, slower = 1): { every: number; offset: number } | { pattern: string; tz?: string } {
  if (source.cron !== null)
    return { pattern: source.cron, ...(source.timezone === null ? {} : { tz: source.timezone }) };
  const every = Math.round(source.everyMs * slower);
  return { every, offset: placeOf(source.id) % every };
}

/** When the scheduler visits a source next after a moment; null when its cron never comes round again. */
export function nextVisit(source: Source, after: Date): Date | null {
  const timing = timingOf(source);
  if ('pattern' in timing)
    return new Cron(timing.pattern, { paused: true, ...(timing.tz && { timezone: timing.tz }) }).nextRun(after);
  const { every, offset } = timing;
  return new Date((Math.floor((after.getTime() - offset) / every) + 1) * every + offset);
}

/** FNV-1a, 32 bit. */
function placeOf(id: string): number {
  let hash = 0x811c9dc5;
  for (const c of id) hash = Math.imul(hash ^ (c.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
