/** Simulated outlets: when they publish is drawn from rates, days, nights, weekends and clusters that look like real ones. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
export const START = Date.UTC(2026, 2, 2);
export const END = START + 7 * DAY;
const HISTORY = 14 * DAY;

export type Outlet = {
  id: string;
  /** Moments of publication, ascending, from two weeks before START on. */
  published: number[];
  /** How many articles its feed holds. */
  items: number;
};

/** Mulberry32: the same seed gives the same week. */
function random(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function simulatedOutlets(seed: number, count: number): Outlet[] {
  const next = random(seed);
  return Array.from({ length: count }, (_, i) => simulatedOutlet(`outlet-${i}`, next));
}

/** Half of the outlets have fewer than six articles a day, a few more than two hundred; some write once a day. */
function simulatedOutlet(id: string, next: () => number): Outlet {
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const perDay = Math.min(400, Math.exp(Math.log(6) + 1.5 * normal()));
  const zone = Math.round(-8 + 17 * next());
  const night = 0.02 + 0.25 * next() * next();
  const weekend = next() < 0.2 ? 1 : 0.15 + 0.6 * next();
  const digest = perDay < 4 && next() < 0.35 ? Math.floor(24 * next()) : null;
  const burst = 1 + 3 * next() * next();
  const items = [10, 20, 30, 50, 100][Math.floor(5 * next())] ?? 20;
  const published: number[] = [];
  for (let t = START - HISTORY; t < END; t += HOUR / 4) {
    const local = new Date(t + zone * HOUR);
    if (digest !== null) {
      // The list of the day, always at the same hour and some minutes.
      if (local.getUTCHours() === digest && local.getUTCMinutes() === 0)
        for (let i = 0; i < Math.max(1, Math.round(perDay)); i++) published.push(t + (HOUR / 3) * next());
      continue;
    }
    const hour = local.getUTCHours() + local.getUTCMinutes() / 60;
    const day = Math.max(night, Math.exp(-(((hour - 13.5) / 4.6) ** 2)));
    const rate = (perDay / 8.4) * day * (local.getUTCDay() % 6 === 0 ? weekend : 1);
    // Reports come in clusters: an event brings several.
    for (let mean = rate / 4 / burst; mean > 0 && next() < mean; mean -= 1)
      for (let i = 0; i < burst; i++) if (next() < burst - i) published.push(t + (HOUR / 4) * next());
  }
  return { id, published: published.sort((a, b) => a - b), items };
}
