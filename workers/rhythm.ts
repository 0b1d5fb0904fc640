/** When a source published lately, and when to look again. All times are milliseconds since 1970; no clock in here. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Articles older than this say nothing of how often an outlet publishes today. */
export const MEMORY_MS = 14 * DAY;
/** An article of this age weighs half as much as one of now. */
const HALF_LIFE = 4 * DAY;
/** Days of the outlet's mean that an hour of the day is mixed with: few articles make no rhythm. */
const PRIOR_DAYS = 1.5;
/** Least articles an hour that are reckoned with: who is silent may speak again. */
const LEAST_RATE = 1 / Number(process.env["LR"] ?? 72);
/** An outlet with one article an hour is visited this often; one with four, twice as often. */
const PACE = Number(process.env["PACE"] ?? 0.32) * HOUR;
/** Further looks than this are not planned. */
const STEP = HOUR / 4;

/** Articles an hour that are expected, by hour of the day in UTC, on working days and at weekends. */
export type Rhythm = { week: number[]; weekend: number[] };

/** Learns how an outlet publishes from when its articles appeared, `since` when it was first looked at. */
export function rhythmOf(published: number[], now: number): Rhythm {
  const recent = published.filter((t) => t <= now && t > now - MEMORY_MS);
  const oldest = recent.reduce((a, t) => Math.min(a, t), now);
  // A feed holds its newest articles only: before the oldest of them nothing is known.
  const span = Math.max(DAY / 2, Math.min(MEMORY_MS, now - oldest));
  const weight = (t: number) => 0.5 ** ((now - t) / HALF_LIFE);
  const sums = { week: new Array<number>(24).fill(0), weekend: new Array<number>(24).fill(0) };
  for (const t of recent) {
    const hour = new Date(t).getUTCHours();
    const of = sums[kindOfDay(t)];
    of[hour] = (of[hour] ?? 0) + weight(t);
  }
  const days = { week: 0, weekend: 0 };
  const hours = { week: new Array<number>(24).fill(0), weekend: new Array<number>(24).fill(0) };
  for (let t = now - span; t < now; t += HOUR) {
    const kind = kindOfDay(t);
    const hour = new Date(t).getUTCHours();
    hours[kind][hour] = (hours[kind][hour] ?? 0) + weight(t);
    days[kind] += weight(t) / 24;
  }
  const total = sum(sums.week) + sum(sums.weekend);
  const mean = total / Math.max(0.5, sum(hours.week) + sum(hours.weekend));
  const kinds = {
    week: mixed(sum(sums.week), sum(hours.week), mean, 24),
    weekend: mixed(sum(sums.weekend), sum(hours.weekend), mean, 24),
  };
  const rates = (kind: 'week' | 'weekend') =>
    sums[kind].map((_, h) => {
      // Neighbouring hours tell of this one too, and so does the other kind of day.
      const near = (list: number[]) => 0.5 * at(list, h) + 0.25 * at(list, h - 1) + 0.25 * at(list, h + 1);
      const other = kind === 'week' ? 'weekend' : 'week';
      const scale = kinds[other] > 0 ? kinds[kind] / kinds[other] : 0;
      const n = near(sums[kind]) + 0.5 * scale * near(sums[other]);
      const exposure = near(hours[kind]) + 0.5 * near(hours[other]);
      return Math.max(LEAST_RATE, mixed(n, exposure, kinds[kind], PRIOR_DAYS));
    });
  return { week: rates('week'), weekend: rates('weekend') };
}

/** When to look again after a look at `from`: sooner while much is expected, and never outside the bounds. */
export function nextLook(rhythm: Rhythm, from: number, bounds: { least: number; most: number }): number {
  // Visits in proportion to the square root of the rate give the least waiting for the same number of visits.
  let done = 0;
  for (let t = from; t < from + bounds.most; t += STEP) {
    const step = (STEP * rateAt(rhythm, t) ** Number(process.env["EX"] ?? 0.5)) / PACE;
    if (done + step >= 1) return Math.max(from + bounds.least, t + STEP * ((1 - done) / step));
    done += step;
  }
  return from + bounds.most;
}

/** Articles an hour that are expected at a moment. */
export function rateAt(rhythm: Rhythm, t: number): number {
  return at(rhythm[kindOfDay(t)], new Date(t).getUTCHours());
}

function kindOfDay(t: number): 'week' | 'weekend' {
  const day = new Date(t).getUTCDay();
  return day === 0 || day === 6 ? 'weekend' : 'week';
}

const sum = (list: number[]): number => list.reduce((a, b) => a + b, 0);
const at = (list: number[], i: number): number => list[(i + list.length) % list.length] ?? 0;
const mixed = (n: number, exposure: number, prior: number, weight: number): number =>
  (n + prior * weight) / (exposure + weight);
