/**
 * A simulated week of 500 outlets: how many requests each way of planning visits makes, and how long articles wait to be
 * found. No network, no waiting; the planning is the pipeline's own. `npm run bench rhythm [-- --seeds 1,2 --outlets N
 * --plot FILE.svg --json]`. The constants of analysis/rhythm.ts were chosen on seeds 101 to 105, the figures are of others.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { resolveSource, SourceEntry } from '../config/sources.js';
import { planVisit } from '../workers/planning/schedule.js';
import { END, type Outlet, START, simulatedOutlets } from './rhythm-outlets.js';
import { plotLags } from './rhythm-plot.js';
import { mean, quantile, sum } from './statistics.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;

const WAYS = [
  { name: 'every 15 minutes', every: '15m' },
  { name: 'every 60 minutes', every: '60m' },
  { name: 'auto, by its own rhythm', every: 'auto' },
];

type Week = { requests: number; unchanged: number; lags: number[]; missed: number };

/** One outlet's week. It was added at its beginning: what its feed lists is all that is known of it. */
function weekOf(outlet: Outlet, every: string): Week {
  const source = resolveSource(SourceEntry.parse({ id: outlet.id, name: 'O', url: 'https://o.example/', every }));
  const week: Week = { requests: 0, unchanged: 0, lags: [], missed: 0 };
  const published = new Map<number, number>();
  const know = (t: number): void => {
    const hour = Math.floor(t / HOUR);
    published.set(hour, (published.get(hour) ?? 0) + 1);
  };
  for (const t of outlet.published.filter((p) => p < START).slice(-outlet.items)) know(t);
  const after = { failures: 0, retryAfterMs: null, restMs: 0, published };
  let seen = outlet.published.findIndex((t) => t >= START);
  if (seen < 0) seen = outlet.published.length;
  let now = planVisit(source, new Date(START), after)?.at.getTime() ?? END;
  while (now < END) {
    week.requests++;
    const fresh: number[] = [];
    for (let t = outlet.published[seen]; t !== undefined && t <= now; t = outlet.published[++seen]) fresh.push(t);
    if (fresh.length === 0) week.unchanged++;
    // What has left the feed between two looks is not found in it any more.
    const listed = fresh.slice(-outlet.items);
    week.missed += fresh.length - listed.length;
    for (const t of listed) {
      week.lags.push(now - t);
      know(t);
    }
    now = planVisit(source, new Date(now), after)?.at.getTime() ?? END;
  }
  return week;
}

const measure = (outlets: Outlet[], every: string) => figuresOf(outlets.map((o) => weekOf(o, every)));

function figuresOf(weeks: Week[]) {
  const lags = weeks.flatMap((w) => w.lags);
  const requests = sum(weeks.map((w) => w.requests));
  return {
    lags,
    weeks,
    requests,
    unchanged: sum(weeks.map((w) => w.unchanged)) / requests,
    articles: lags.length,
    missed: sum(weeks.map((w) => w.missed)),
    median: quantile(lags, 0.5) / MINUTE,
    p95: quantile(lags, 0.95) / MINUTE,
    mean: mean(lags) / MINUTE,
  };
}

const { values } = parseArgs({
  options: {
    outlets: { type: 'string', default: '500' },
    seeds: { type: 'string', default: '1,2,3,4,5' },
    plot: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const seeds = values.seeds.split(',').map(Number);
const weeks = seeds.map((seed) => {
  const outlets = simulatedOutlets(seed, Number(values.outlets));
  const week = { seed, ways: WAYS.map((way) => ({ name: way.name, ...measure(outlets, way.every) })) };
  if (!values.json) show(week, seed === seeds[0]);
  return week;
});

const together = WAYS.map((way, i) => {
  const all = figuresOf(weeks.flatMap((w) => w.ways[i]?.weeks ?? []));
  return { name: way.name, ...all, requests: Math.round(all.requests / weeks.length) };
});
if (!values.json) show({ seed: null, ways: together }, false);

if (values.plot !== undefined) {
  writeFileSync(
    values.plot,
    plotLags(together, `How soon articles of ${values.outlets} outlets are found, in a simulated week`),
  );
}
if (values.json) {
  const plain = weeks.map(({ seed, ways }) => ({
    seed,
    ways: ways.map(({ lags: _, weeks: __, ...figures }) => figures),
  }));
  process.stdout.write(`${JSON.stringify({ outlets: Number(values.outlets), days: 7, weeks: plain })}\n`);
}

/** `seed` null: all weeks together, with the requests of one. */
type Shown = { seed: number | null; ways: (ReturnType<typeof figuresOf> & { name: string })[] };

function show({ seed, ways }: Shown, isFirst: boolean): void {
  const row = (name: string, cells: string[]) =>
    process.stdout.write(`${name.padEnd(32)}${cells.map((c) => c.padStart(11)).join('')}\n`);
  row(
    `${seed === null ? 'a week, of all' : `seed ${seed}`}, ${ways[0]?.articles} articles`,
    isFirst ? ['requests', '304', 'median', 'p95', 'mean', 'missed'] : [],
  );
  for (const w of ways) {
    const minutes = [w.median, w.p95, w.mean].map((m) => `${m.toFixed(1)} min`);
    row(`  ${w.name}`, [String(w.requests), `${Math.round(w.unchanged * 100)} %`, ...minutes, String(w.missed)]);
  }
}
