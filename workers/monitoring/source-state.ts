import type { Source } from '../../config/sources.js';
import type { SourceHealth } from '../../ledger/schema.js';
import { isAuto } from '../planning/schedule.js';

/** The one word by which a person knows how a source is. */
export type SourceState = SourceHealth | 'off' | 'paused' | 'late';

export type Standing = {
  state: SourceState;
  /** What is wrong, null when nothing is. */
  reason: string | null;
  /** What can be done, where the code of the ledger does not say it. */
  hint: string | null;
  /** When a scheduler visits it next; null when none does, or at once. A moment that has passed is one that was missed. */
  nextVisitAt: Date | null;
};

type Known = {
  paused: boolean;
  state: SourceHealth;
  reason: string | null;
  lastVisitAt: Date | null;
  nextVisitAt: Date | null;
  lagSeconds: number | null;
  measured: number;
};

const MINUTE_MS = 60_000;
/** A visit takes its time and waits for others. */
const GRACE_MS = 10 * MINUTE_MS;
/** Who follows a rhythm may be called by a cron that is slower than it. */
const AUTO_GRACE_MS = 30 * MINUTE_MS;
/** Articles without which a lag is chance. */
const ENOUGH = 5;
/** A lag that is never too long where no freshness is asked: feeds are written some time after the pages. */
const FAIR_LAG_MS = 60 * MINUTE_MS;

/** How a source is, from what the ledger has of it (null before that). */
export function standingOf(source: Source, known: Known | null, now: Date): Standing {
  const at = (state: SourceState): Standing => {
    return { state, reason: known?.reason ?? null, hint: null, nextVisitAt: null };
  };
  if (!source.enabled) return { ...at('off'), reason: null };
  if (known?.paused) return at('paused');
  if (known === null || known.state === 'new') return at('new');
  const { state, lastVisitAt, nextVisitAt } = known;
  const standing = { ...at(state), nextVisitAt };
  if (state !== 'ok' || nextVisitAt === null) return standing;
  const planned = lastVisitAt === null ? 0 : nextVisitAt.getTime() - lastVisitAt.getTime();
  const grace = isAuto(source) ? Math.max(AUTO_GRACE_MS, planned) : Math.max(GRACE_MS, planned / 2);
  if (now.getTime() > nextVisitAt.getTime() + grace)
    return {
      ...standing,
      state: 'late',
      reason: `was to be visited at ${nextVisitAt.toISOString().slice(0, 16).replace('T', ' ')}Z`,
      hint: 'See whether `sourcelink start` or `scheduler` runs, or cron calls `sourcelink run` as often as `every:` says.',
    };
  const fair = source.freshnessMs ?? Math.max(FAIR_LAG_MS, 2 * planned);
  if (known.measured < ENOUGH || (known.lagSeconds ?? 0) * 1000 <= fair) return standing;
  const promised = source.freshnessMs === null ? '' : `; its \`freshness:\` is ${Math.round(fair / MINUTE_MS)} minutes`;
  return {
    ...standing,
    state: 'late',
    reason: `its articles are seen ${Math.round((known.lagSeconds ?? 0) / 60)} minutes after they are published, in the middle${promised}`,
    hint: 'Look more often (`every:`); if that does not help, its feed is slow: list its news sitemap beside it.',
  };
}
