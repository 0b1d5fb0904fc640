/** When a source publishes, and when to look again. All times are milliseconds since 1970; no clock in here. */

const HOUR = 3_600_000;
const DAY_HOURS = 24;
/** Articles older than this say nothing of how often an outlet publishes today. */
export const MEMORY_DAYS = 14;
/** An article of this many days weighs half as much as one of now. */
const HALF_LIFE_DAYS = 7;
/** What is believed of an outlet that nothing is known of: half an article in six hours. */
const PRIOR = { articles: 0.5, hours: 6 };
/** Hours of the outlet's mean that each hour of the day is mixed with: few articles make no rhythm. */
const MEAN_HOURS = 0.25;
/** Least hours that are looked back: one article of an hour ago is no rhythm. */
const MIN_HOURS = 12;
/**
 * Looks an hour at an outlet with one article an hour are 1 / PACE; with n articles an hour, n^EXPONENT times as many. 0.5
 * makes the mean waiting of all articles least, 1 wastes no look. Chosen on simulated weeks (docs/decisions/0014).
 */
const PACE = 0.6;
const EXPONENT = 0.8;
/** Looks are planned in steps of this length. */
const STEP = HOUR / 4;
/** Looks are moved by up to this share, so that outlets with one rhythm do not stay together. */
const JITTER = 0.1;

/** Articles by the hour in which they were published: hours since 1970 in UTC. */
export type Published = ReadonlyMap<number, number>;

const DECAY = Array.from({ length: MEMORY_DAYS * DAY_HOURS + 1 }, (_, h) => 0.5 ** (h / DAY_HOURS / HALF_LIFE_DAYS));

/** Articles an hour that are to be expected in each hour of the day, in UTC. */
export function expectedByHour(published: Published, now: number): number[] {
  const thisHour = Math.floor(now / HOUR);
  const memory = MEMORY_DAYS * DAY_HOURS;
  // A feed holds its newest articles only: before the oldest of them nothing is known.
  let oldest = thisHour - MIN_HOURS;
  for (const hour of published.keys()) if (hour < oldest) oldest = hour;
  const articles = new Array<number>(DAY_HOURS).fill(0);
  const watched = new Array<number>(DAY_HOURS).fill(0);
  let [allArticles, allWatched] = [PRIOR.articles, PRIOR.hours];
  for (let hour = Math.max(oldest, thisHour - memory); hour <= thisHour; hour++) {
    const weight = DECAY[thisHour - hour] ?? 0;
    const seen = (published.get(hour) ?? 0) * weight;
    const passed = hour === thisHour ? weight * (now / HOUR - thisHour) : weight;
    articles[hour % DAY_HOURS] = at(articles, hour) + seen;
    watched[hour % DAY_HOURS] = at(watched, hour) + passed;
    allArticles += seen;
    allWatched += passed;
  }
  const mean = allArticles / allWatched;
  return articles.map((_, h) => (near(articles, h) + mean * MEAN_HOURS) / (near(watched, h) + MEAN_HOURS));
}

/**
 * When to look again after a look at `from`: sooner while much is expected, never outside the bounds. `place` (0 to 1) is
 * where within the jitter this source is.
 */
export function nextLook(
  published: Published,
  from: number,
  bounds: { minMs: number; maxMs: number },
  place: number,
): number {
  const expected = expectedByHour(published, from);
  const goal = 1 + JITTER * (2 * place - 1);
  const end = from + bounds.maxMs;
  let done = 0;
  for (let t = from; t < end; t += STEP) {
    const step = ((STEP / HOUR) * at(expected, Math.floor(t / HOUR)) ** EXPONENT) / PACE;
    if (done + step >= goal) return Math.min(end, Math.max(from + bounds.minMs, t + STEP * ((goal - done) / step)));
    done += step;
  }
  return end;
}

const at = (list: number[], hour: number): number => list[(hour + DAY_HOURS) % DAY_HOURS] ?? 0;
/** Of an hour of the day with its neighbours, which tell of it, too. */
const near = (list: number[], h: number): number => 0.5 * at(list, h) + 0.25 * at(list, h - 1) + 0.25 * at(list, h + 1);
