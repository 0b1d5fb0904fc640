import { Cron } from 'croner';
import { nextLook, type Published } from '../../analysis/rhythm.js';
import type { Source } from '../../config/sources.js';

const MINUTE_MS = 60_000;
/** After a first failure; each further one doubles it. */
const BACK_OFF_LEAST_MS = 5 * MINUTE_MS;
/** However long a source has failed, it is asked again after this. */
const BACK_OFF_MOST_MS = 3 * 60 * MINUTE_MS;
/** What a publisher asks for between two looks is granted up to this; more is the habit of a cache, not a wish. */
const REST_MOST_MS = 60 * MINUTE_MS;

/** Why a source is visited when it is: by its fixed interval or cron, by its rhythm, by its publisher's wish, after failures. */
export type VisitReason = 'every' | 'cron' | 'rhythm' | 'publisher' | 'failures' | 'retry-after';

export type PlannedVisit = { at: Date; why: VisitReason };

/** What the last visit left behind that says when the next one should be. */
export type Aftermath = {
  /** Visits in a row that failed, this one included; 0 after one that did not. */
  failures: number;
  /** The host's own `Retry-After`, in milliseconds. */
  retryAfterMs: number | null;
  /** What the publisher asks for between two looks (feed, Cache-Control), in milliseconds. */
  restMs: number;
  published: Published;
};

/** By its own rhythm, not at fixed times. */
export const isAuto = (source: Source): boolean => source.cron === null && source.every.minMs < source.every.maxMs;

/** When a source is visited next after a visit that ended at `now`; null when its cron never comes round again. */
export function planVisit(source: Source, now: Date, after: Aftermath): PlannedVisit | null {
  if (!isAuto(source)) return atFixedTimes(source, now, after);
  const planned = byRhythm(source, now, after);
  const retryAt = now.getTime() + (after.retryAfterMs ?? 0);
  return planned.at.getTime() >= retryAt ? planned : { at: new Date(retryAt), why: 'retry-after' };
}

/** The schedule as it was written: when it changes, what was planned by the old one is planned anew. */
export function writtenSchedule(source: Source): string {
  if (source.cron !== null) return `cron ${source.cron} ${source.timezone ?? ''}`.trim();
  return `${source.every.minMs}..${boundsOf(source).maxMs}`;
}

/** A source that promises freshness is never left alone for so long that half of its articles would be seen too late. */
export function boundsOf(source: Source): { minMs: number; maxMs: number } {
  const { minMs, maxMs } = source.every;
  if (source.freshnessMs === null || minMs === maxMs) return source.every;
  return { minMs, maxMs: Math.max(minMs, Math.min(maxMs, 2 * source.freshnessMs)) };
}

function byRhythm(source: Source, now: Date, { failures, restMs, published }: Aftermath): PlannedVisit {
  const from = now.getTime();
  const { minMs, maxMs } = boundsOf(source);
  const place = placeOf(`${source.id} ${Math.floor(from / (15 * MINUTE_MS))}`);
  if (failures > 0) {
    const wait = backOff(failures, BACK_OFF_LEAST_MS) * (0.9 + 0.2 * place);
    return { at: new Date(from + Math.min(maxMs, Math.max(minMs, wait))), why: 'failures' };
  }
  const look = nextLook(published, from, { minMs, maxMs }, place);
  const rested = from + Math.min(maxMs, restMs, REST_MOST_MS);
  return look >= rested ? { at: new Date(look), why: 'rhythm' } : { at: new Date(rested), why: 'publisher' };
}

/** The next of its fixed times that neither `Retry-After` nor, from the second failure on, the back-off leaves out. */
function atFixedTimes(source: Source, now: Date, { failures, retryAfterMs }: Aftermath): PlannedVisit | null {
  const every = source.cron === null ? source.every.minMs : 0;
  const backedOff = failures > 1 ? backOff(failures, Math.max(every, BACK_OFF_LEAST_MS)) - every : 0;
  const wait = Math.max(backedOff, retryAfterMs ?? 0);
  const usual = nextFixed(source, now);
  const at = wait > 0 ? nextFixed(source, new Date(now.getTime() + wait - 1)) : usual;
  if (at === null) return null;
  const isUsual = at.getTime() === usual?.getTime();
  if (!isUsual) return { at, why: wait > backedOff ? 'retry-after' : 'failures' };
  return { at, why: source.cron === null ? 'every' : 'cron' };
}

const backOff = (failures: number, first: number): number =>
  Math.min(Math.max(first, BACK_OFF_MOST_MS), first * 2 ** Math.min(30, failures - 1));

/**
 * The first of a source's fixed times after a moment. Sources with the same interval are spread over it, always at the same
 * place, so that a restart moves nothing.
 */
export function nextFixed(source: Source, after: Date): Date | null {
  if (source.cron !== null)
    return new Cron(source.cron, {
      paused: true,
      ...(source.timezone !== null && { timezone: source.timezone }),
    }).nextRun(after);
  const every = source.every.minMs;
  const offset = Math.floor(placeOf(source.id) * every);
  return new Date((Math.floor((after.getTime() - offset) / every) + 1) * every + offset);
}

/** A place from 0 to 1 that is always the same for the same text (FNV-1a, 32 bit). */
export function placeOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const c of text) hash = Math.imul(hash ^ (c.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  // Texts that differ in their last letters only would lie side by side.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
