import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { createLogger } from '../../config/logger.js';
import { openLedger } from '../../ledger/db/connect.js';
import { violations } from '../../ledger/invariant.js';
import type { Db } from '../../ledger/schema.js';
import { type Downstream, openDownstream } from '../faults/downstream.js';
import { openOutlets, type Visit } from '../soak/outlets.js';
import { onOwnPort, scaled, servicesOf } from './compose.js';
import { type Fleet, openFleet } from './processes.js';
import { type Rates, ratesOf } from './rates.js';
import { type WorldOptions, worldOf, writeConfig } from './world.js';

const DEADLINE_MS = 240_000;
/** A second copy, if there were one, would come within this. */
const AFTERMATH_MS = 2000;
/** As compose.yaml has it. */
const GRACE_MS = 60_000;
const ANSWER_MS = 60;
/** From a request's beginning to the line that tells how long it took something may come between. */
const TELLING_MS = 50;
const SINKS = ['articles', 'feed', 'hook'];

export type FleetOptions = WorldOptions & {
  databaseUrl: string;
  redisUrl: string;
  /** The command's main.js. */
  cli: string;
  composeFile: string;
  scale: Record<string, number>;
};

export type FleetResult = {
  /** Requests that each process made. */
  processes: Record<string, number>;
  killed: string;
  added: string;
  articles: number;
  arrived: number;
  twice: number;
  repeats: number;
  violations: number;
  delayMs: number;
  rates: Rates;
  visits: number;
  /** Pairs of visits to one source at the same time. */
  overlaps: number;
  seconds: number;
  faults: string[];
};

/** Starts what compose.yaml starts, kills one crawl worker at work, adds another, and waits until all has arrived. */
export async function sail(options: FleetOptions): Promise<FleetResult> {
  const began = Date.now();
  const services = servicesOf(readFileSync(options.composeFile, 'utf8'));
  const world = worldOf(options);
  const visits: Visit[] = [];
  const outlets = await openOutlets(world, Date.now, { answerMs: ANSWER_MS, note: (visit) => visits.push(visit) });
  const downstream = await openDownstream(options.redisUrl);
  const dir = mkdtempSync(join(tmpdir(), 'sourcelink-fleet-'));
  writeConfig(dir, outlets, options, `http://127.0.0.1:${downstream.hookPort}/`);
  const log = createLogger('silent');
  const ledger = await openLedger({ databaseUrl: options.databaseUrl, dataDir: dir, log, poolSize: 2 });
  const fleet = openFleet({
    cli: options.cli,
    dir,
    env: {
      SOURCELINK_CONFIG: join(dir, 'config'),
      SOURCELINK_DATA: join(dir, 'data'),
      SOURCELINK_DATABASE_URL: options.databaseUrl,
      SOURCELINK_QUEUE_URL: options.redisUrl,
    },
  });
  let faults: string[] = ['the run broke down'];
  try {
    for (const { process, command } of scaled(services, options.scale)) fleet.start(process, await onOwnPort(command));
    const articles = options.outlets * options.articlesEach;
    const killed = await killOne(fleet, visits, articles);
    const crawl = services.find((s) => s.name === 'crawl')?.command ?? [];
    const added = `crawl-${(options.scale['crawl'] ?? 1) + 1}`;
    fleet.start(added, await onOwnPort(crawl));
    const arrived = () => arrivedOf(downstream, dir);
    while (Date.now() - began < DEADLINE_MS && arrived() < articles) await delay(200);
    await delay(AFTERMATH_MS);
    const ends = await fleet.down(GRACE_MS);
    const { queue, hook } = downstream;
    const result: FleetResult = {
      processes: countsOf(fleet),
      killed,
      added,
      articles,
      arrived: arrived(),
      twice: queue.twice + hook.twice,
      repeats: queue.repeats + hook.repeats,
      violations: (await violations(ledger.db, SINKS)).length,
      delayMs: options.delayMs,
      rates: ratesOf(visits, fleet.asked()),
      ...(await visitsIn(ledger.db)),
      seconds: (Date.now() - began) / 1000,
      faults: ends,
    };
    faults = faultsOf(result);
    if (faults.length > 0) faults.push(`logs in ${dir}`);
    return { ...result, faults };
  } finally {
    fleet.close();
    await downstream.close();
    await ledger.close();
    await outlets.close();
    if (faults.length === 0) rmSync(dir, { recursive: true, force: true });
  }
}

/** The busiest crawl worker, when a part of the pages has been asked for. @returns its name */
async function killOne(fleet: Fleet, visits: readonly Visit[], articles: number): Promise<string> {
  const began = Date.now();
  while (visits.length < articles / 3) {
    if (Date.now() - began > DEADLINE_MS / 2) throw new Error('the outlets were not asked');
    await delay(50);
  }
  const crawlers = Object.entries(countsOf(fleet)).filter(([name]) => name.startsWith('crawl-'));
  const [busiest] = crawlers.toSorted((a, b) => b[1] - a[1]);
  if (!busiest) throw new Error('no crawl worker');
  await fleet.kill(busiest[0]);
  return busiest[0];
}

/** Requests that each process made. */
function countsOf(fleet: Fleet): Record<string, number> {
  const asked = fleet.asked();
  return Object.fromEntries(fleet.names().map((name) => [name, asked.filter((a) => a.process === name).length]));
}

function faultsOf(r: FleetResult): string[] {
  const { rates } = r;
  const idle = Object.entries(r.processes).find(([name, asked]) => name.startsWith('crawl-') && asked === 0);
  return [
    ...r.faults,
    ...(r.arrived === r.articles ? [] : [`${r.arrived} of ${r.articles} articles arrived`]),
    ...(r.twice === 0 ? [] : [`${r.twice} twice downstream`]),
    ...(r.violations === 0 ? [] : [`${r.violations} violations of the invariant`]),
    ...(rates.atOnce === 1 ? [] : [`a host had ${rates.atOnce} requests at once`]),
    ...(rates.minMs >= r.delayMs - TELLING_MS ? [] : [`two requests began ${rates.minMs.toFixed(0)} ms apart`]),
    ...(rates.inTenSeconds <= 10_000 / r.delayMs + 1 ? [] : [`a host had ${rates.inTenSeconds} requests in 10 s`]),
    ...(r.overlaps === 0 ? [] : [`${r.overlaps} visits to a source that was being visited`]),
    ...(idle ? [`${idle[0]} did nothing`] : []),
  ];
}

function arrivedOf({ queue, hook }: Downstream, dir: string): number {
  let inFeed = 0;
  try {
    const feed = JSON.parse(readFileSync(join(dir, 'data', 'feed.json'), 'utf8')) as { items: { url: string }[] };
    inFeed = new Set(feed.items.map((i) => i.url)).size;
  } catch {
    // Not written yet.
  }
  return Math.min(queue.articles, hook.articles, inFeed);
}

async function visitsIn(db: Db): Promise<{ visits: number; overlaps: number }> {
  const { rows } = await sql<{ visits: number; overlaps: number }>`
    SELECT (SELECT count(*)::int FROM sourcelink.visit) AS visits, count(*)::int AS overlaps
    FROM sourcelink.visit a JOIN sourcelink.visit b ON a.source_id = b.source_id AND a.id < b.id
      AND a.started_at < b.finished_at AND b.started_at < a.finished_at`.execute(db);
  return rows[0] ?? { visits: 0, overlaps: 0 };
}
