type Step = [minutes: number, written: string];

/** Intervals to choose from, in minutes, as they are written. */
const SHORTEST: Step = [10, '10m'];
const STEPS: Step[] = [
  SHORTEST,
  [15, '15m'],
  [30, '30m'],
  [60, '1h'],
  [120, '2h'],
  [180, '3h'],
  [360, '6h'],
  [720, '12h'],
];
const LOOKS_PER_ARTICLE = 4;
const NEWEST = 50;
const LEAST = 4;
/** Many articles under one date are a day's work, or the date of an import. */
const SHORTEST_SPAN_MS = 24 * 3_600_000;

/**
 * How often to look at an outlet that published at these moments: some looks for each article.
 * @returns null when too few dates are known
 */
export function intervalFor(dates: string[]): { every: string; everyMs: number; perDay: number } | null {
  const times = dates
    .map(Date.parse)
    .sort((a, b) => b - a)
    .slice(0, NEWEST);
  if (times.length < LEAST) return null;
  const span = Math.max(SHORTEST_SPAN_MS, (times[0] ?? 0) - (times.at(-1) ?? 0));
  const perDay = (times.length - 1) / (span / 86_400_000);
  const wanted = (24 * 60) / perDay / LOOKS_PER_ARTICLE;
  const [minutes, every] = STEPS.findLast(([m]) => m <= wanted) ?? SHORTEST;
  return { every, everyMs: minutes * 60_000, perDay };
}
