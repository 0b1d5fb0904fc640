/**
 * A simulated week of 500 outlets: when they publish is drawn from rates, days and nights that look like those of real
 * ones; no network and no waiting. How many requests each way of planning makes, and how long articles wait to be found.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { nextLook, rhythmOf } from '../workers/rhythm.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    sources: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    plot: { type: 'string' },
  },
});

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

const next = random(Number(values.seed));
const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

type Outlet = { id: number; published: number[]; items: number };
const START = Date.UTC(2026, 2, 2);
const HISTORY = 14 * DAY;
const END = START + 7 * DAY;

/** Articles a day: half of the outlets have fewer than six, a few more than two hundred. */
function outlet(id: number): Outlet {
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
    const hour = local.getUTCHours() + local.getUTCMinutes() / 60;
    const day = Math.max(night, Math.exp(-(((hour - 13.5) / 4.6) ** 2)));
    const rate = (perDay / 8.4) * day * (local.getUTCDay() % 6 === 0 ? weekend : 1);
    if (digest !== null) {
      // The list of the day, always at the same hour and some minutes.
      if (local.getUTCHours() === digest && local.getUTCMinutes() === 0)
        for (let i = 0; i < Math.max(1, Math.round(perDay)); i++) published.push(t + 20 * 60_000 * next());
      continue;
    }
    // Reports come in clusters: an event brings several.
    let mean = rate / 4 / burst;
    while (mean > 0 && next() < mean) {
      for (let i = 0; i < burst; i++) if (next() < burst - i) published.push(t + (HOUR / 4) * next());
      mean -= 1;
    }
  }
  return { id, published: published.sort((a, b) => a - b), items };
}

type Outcome = { requests: number; unchanged: number; lags: number[]; lost: number };

/** One outlet's week under a way of planning: `plan` gives the moment of the next look. */
function week(o: Outlet, plan: (known: number[], now: number) => number, offset: number): Outcome {
  const out: Outcome = { requests: 0, unchanged: 0, lags: [], lost: 0 };
  const known = o.published.filter((t) => t < START).slice(-o.items);
  let seen = o.published.findIndex((t) => t >= START);
  if (seen < 0) seen = o.published.length;
  let now = START + offset;
  while (now < END) {
    out.requests += 1;
    const fresh: number[] = [];
    while (seen < o.published.length && (o.published[seen] ?? 0) <= now) fresh.push(o.published[seen++] ?? 0);
    if (fresh.length === 0) out.unchanged += 1;
    // What has left the feed between two looks is not found in it any more.
    const listed = fresh.slice(-o.items);
    out.lost += fresh.length - listed.length;
    for (const t of listed) out.lags.push(now - t);
    known.push(...listed);
    now = plan(known, now);
  }
  return out;
}

const bounds = { least: 3 * 60_000, most: Number(process.env['MOST'] ?? 6) * HOUR };
const fixed = (minutes: number) => (_known: number[], now: number) => now + minutes * 60_000;
const PLANS: [string, (known: number[], now: number) => number][] = [
  ['every 15 minutes', fixed(15)],
  ['every 60 minutes', fixed(60)],
  ['by its own rhythm', (known, now) => nextLook(rhythmOf(known, now), now, bounds)],
];

const outlets = Array.from({ length: Number(values.sources) }, (_, i) => outlet(i));
const quantile = (sorted: number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
const results = PLANS.map(([name, plan]) => {
  const all = outlets.map((o) => week(o, plan, (o.id / outlets.length) * 15 * 60_000));
  const lags = all.flatMap((w) => w.lags).sort((a, b) => a - b);
  const requests = all.reduce((s, w) => s + w.requests, 0);
  return {
    name,
    requests,
    unchanged: all.reduce((s, w) => s + w.unchanged, 0) / requests,
    articles: lags.length,
    lost: all.reduce((s, w) => s + w.lost, 0),
    lagMinutes: { median: quantile(lags, 0.5) / 60_000, p95: quantile(lags, 0.95) / 60_000 },
    lags,
  };
});

if (values.plot !== undefined) writeFileSync(values.plot, plot());
const shown = results.map(({ lags: _, ...r }) => r);
if (values.json) process.stdout.write(`${JSON.stringify({ sources: outlets.length, days: 7, plans: shown })}\n`);
else {
  process.stdout.write(`${outlets.length} outlets, 7 days, ${results[0]?.articles} articles\n\n`);
  process.stdout.write('                       requests   unchanged   median wait   95 % within\n');
  for (const r of shown)
    process.stdout.write(
      `${r.name.padEnd(20)} ${String(r.requests).padStart(10)} ${`${Math.round(r.unchanged * 100)} %`.padStart(11)} ${`${r.lagMinutes.median.toFixed(1)} min`.padStart(13)} ${`${r.lagMinutes.p95.toFixed(1)} min`.padStart(13)}\n`,
    );
}

/** Share of the articles that were found within so many minutes, a line for each way. */
function plot(): string {
  const [width, height, left, top] = [720, 400, 60, 20];
  const x = (minutes: number) => left + ((width - left - 20) * Math.log2(1 + minutes)) / Math.log2(1 + 480);
  const y = (share: number) => top + (height - top - 60) * (1 - share);
  const colours = ['#777777', '#bbbbbb', '#0b6e4f'];
  const lines = results.map((r, i) => {
    const points = Array.from(
      { length: 101 },
      (_, p) => `${x(quantile(r.lags, p / 100) / 60_000).toFixed(1)},${y(p / 100).toFixed(1)}`,
    );
    const label = `<text x="${width - 250}" y="${height - 130 + 20 * i}" fill="${colours[i]}">${r.name}: ${r.requests} requests</text>`;
    return `<polyline fill="none" stroke="${colours[i]}" stroke-width="2.5" points="${points.join(' ')}"/>${label}`;
  });
  const ticks = [0, 1, 2, 5, 10, 15, 30, 60, 120, 240, 480].map(
    (m) =>
      `<line x1="${x(m)}" x2="${x(m)}" y1="${top}" y2="${height - 60}" stroke="#eeeeee"/><text x="${x(m)}" y="${height - 42}" text-anchor="middle">${m}</text>`,
  );
  const shares = [0, 0.25, 0.5, 0.75, 1].map(
    (s) => `<text x="${left - 8}" y="${y(s) + 4}" text-anchor="end">${s * 100} %</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13" role="img"><title>How soon articles are found</title><rect width="${width}" height="${height}" fill="white"/>${ticks.join('')}${shares.join('')}${lines.join('')}<text x="${(width + left) / 2}" y="${height - 14}" text-anchor="middle">minutes from publication to discovery</text></svg>\n`;
}
