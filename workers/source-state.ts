import type { Source } from '../config/sources.js';
import type { SourceHealth } from './ledger/schema.js';
import { nextVisit } from './schedule.js';

/** The one word by which a person knows how a source is. */
export type SourceState = SourceHealth | 'off' | 'paused' | 'late';

export type Standing = {
  state: SourceState;
  /** What is wrong, null when nothing is. */
  reason: string | null;
  /** What can be done, where the code of the ledger does not say it. */
  mend: string | null;
  /** When a scheduler visits it next; null when none does. A moment that has passed is one that was missed. */
  nextVisitAt: Date | null;
};

type Known = {
  paused: boolean;
  state: SourceHealth;
  reason: string | null;
  lastOkAt: Date | null;
  lagSeconds: number | null;
  measured: number;
};

const MINUTE_MS = 60_000;
/** A visit takes its time and waits for others. */
const GRACE_MS = 10 * MINUTE_MS;
/** Articles without which a lag is chance. */
const ENOUGH = 5;
/** A lag that is never too long, however often a source is visited: feeds are written some time after the pages. */
const FAIR_LAG_MS = 60 * MINUTE_MS;

/** How a source is, from what the ledger has of it (null before that) and from its own schedule. */
export function standingOf(source: Source, known: Known | null, now: Date): Standing {
  const at = (state: SourceState): Standing => {
    return { state, reason: known?.reason ?? null, mend: null, nextVisitAt: null };
  };
  if (!source.enabled) return { ...at('off'), reason: null };
  if (known?.paused) return at('paused');
  if (known === null || known.state === 'new') return { ...at('new'), nextVisitAt: nextVisit(source, now) };
  const { lastOkAt, state } = known;
  const due = lastOkAt && state === 'ok' ? nextVisit(source, lastOkAt) : nextVisit(source, now);
  const standing = { ...at(state), nextVisitAt: due };
  if (state !== 'ok' || due === null) return standing;
  const every = intervalAt(source, due);
  if (now.getTime() > due.getTime() + Math.max(GRACE_MS, every / 2))
    return {
      ...standing,
      state: 'late',
      reason: `was to be visited at ${due.toISOString().slice(0, 16).replace('T', ' ')}Z`,
      mend: 'See whether `sourcelink start` or `scheduler` runs, or cron calls `sourcelink run` as often as `every:` says.',
    };
  const fair = Math.max(FAIR_LAG_MS, 2 * every);
  if (known.measured < ENOUGH || (known.lagSeconds ?? 0) * 1000 <= fair) return standing;
  return {
    ...standing,
    state: 'late',
    reason: `its articles are seen ${Math.round((known.lagSeconds ?? 0) / 60)} minutes after they are published, in the middle`,
    mend: 'Look more often (`every:`); if that does not help, its feed is slow: list its news sitemap beside it.',
  };
}

/** Milliseconds from one visit to the next after it. */
function intervalAt(source: Source, visit: Date): number {
  if (source.cron === null) return source.everyMs;
  const next = nextVisit(source, visit);
  return next === null ? 0 : next.getTime() - visit.getTime();
}
