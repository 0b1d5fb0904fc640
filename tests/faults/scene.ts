import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { stringify } from 'yaml';
import { createLogger } from '../../config/logger.js';
import { type Ledger, openLedger } from '../../ledger/db/connect.js';
import { openQueues, QUEUE_NAMES, type QueueName, type Queues } from '../../workers/queues.js';
import { type Server, startRedis } from '../setup/servers.js';
import { type Cable, layCable } from './cable.js';
import type { Disk } from './disk.js';
import { type Downstream, openDownstream } from './downstream.js';
import type { Fault } from './fault.js';
import { type FaultOutlets, seeded, startOutlets } from './outlets.js';

const HERE = dirname(fileURLToPath(import.meta.url));
const CLI = join(HERE, '../../cli/main.js');
const STRUCK = join(HERE, 'struck-process.js');
export const OUTLETS = 3;
export const ARTICLES_EACH = 15;
export const SINKS = ['articles', 'feed', 'hook'];

/** A process of the pipeline; `ended` gives its exit code, or the signal that ended it. */
export type Running = { child: ChildProcess; ended: Promise<number | NodeJS.Signals> };

/** A whole pipeline of separate processes, with everything around it that can be struck. */
export type Scene = {
  random(): number;
  redis: Server;
  postgres: Server;
  databaseUrl: string;
  cable: Cable | null;
  disk: Disk | null;
  downstream: Downstream;
  outlets: FaultOutlets;
  ledger: Ledger;
  queues: Queues;
  configDir: string;
  dir: string;
  /** Starts `sourcelink ARGS…`; under the name of a process that runs, it takes its place in the books. */
  start(name: string, args: readonly string[]): Running;
  work(name: 'struck' | 'beside', stages: readonly QueueName[]): Running;
  running(name: string): Running;
  /** Whether a process holds rows of the stage at this moment. */
  holds(stage: QueueName): Promise<boolean>;
  /** Candidates that have been published. */
  published(): Promise<number>;
  inFeed(): number;
  /** What still waits in ledger and queues, for who looks into a run that failed. */
  left(): Promise<object>;
  /** Ends all; `keep` leaves logs and configuration behind. */
  close(keep: boolean): Promise<void>;
};

/** Opens everything around the workers; none runs yet. */
export async function openScene(fault: Fault, seed: number, postgres: Server, disk: Disk | null): Promise<Scene> {
  const redis = await startRedis();
  if (!redis) throw new Error('fault runs need Redis (redis-server)');
  const listed = fault.archive ? 5 : ARTICLES_EACH;
  const outlets = await startOutlets({ seed, outlets: OUTLETS, articlesEach: ARTICLES_EACH, listed });
  const downstream = await openDownstream(redis.url);
  const dir = mkdtempSync(join(tmpdir(), 'sourcelink-faults-'));
  const databaseUrl = await createDatabase(postgres.url);
  const ends = { redis: redis.url, database: databaseUrl, sink: `http://127.0.0.1:${downstream.hookPort}/` };
  const cable = fault.via === undefined ? null : await layCable(Number(new URL(ends[fault.via]).port));
  const through = (end: keyof typeof ends): string => {
    if (cable === null || fault.via !== end) return ends[end];
    return ends[end].replace(`:${new URL(ends[end]).port}`, `:${cable.port}`);
  };
  writeConfig(dir, outlets, through('sink'));
  const env = {
    ...process.env,
    SOURCELINK_CONFIG: join(dir, 'config'),
    SOURCELINK_DATA: join(dir, 'data'),
    SOURCELINK_DATABASE_URL: databaseUrl,
    SOURCELINK_QUEUE_URL: redis.url,
    SOURCELINK_LOG_LEVEL: 'info',
  };
  const log = createLogger('silent');
  const ledger = await openLedger({ databaseUrl, dataDir: dir, log, poolSize: 3 });
  const queues = await openQueues({ queueUrl: redis.url, ledger, log });
  const looking = new pg.Pool({ connectionString: databaseUrl, max: 1, connectionTimeoutMillis: 3000 });
  looking.on('error', () => undefined);
  const books = new Map<string, Running>();
  const all: Running[] = [];
  const start: Scene['start'] = (name, args) => {
    const out = openSync(join(dir, `${name}.log`), 'a');
    const isStruck = name === 'struck';
    const preload = isStruck && fault.preload ? ['--import', STRUCK, ...fault.preload.args] : [];
    const own = isStruck && {
      SOURCELINK_DATABASE_URL: through('database'),
      SOURCELINK_QUEUE_URL: through('redis'),
      FAULT_ON_SIGNAL: fault.preload?.on ?? '',
    };
    const child = spawn(process.execPath, [...preload, CLI, ...args], {
      env: { ...env, ...own },
      stdio: ['ignore', out, out],
    });
    const ended = new Promise<number | NodeJS.Signals>((done) =>
      child.once('exit', (code, signal) => done(code ?? signal ?? 1)),
    );
    const running = { child, ended };
    books.set(name, running);
    all.push(running);
    return running;
  };
  const random = seeded(seed);
  return {
    random,
    redis,
    postgres,
    databaseUrl,
    cable,
    disk,
    downstream,
    outlets,
    ledger,
    queues,
    dir,
    start,
    configDir: join(dir, 'config'),
    work: (name, stages) => start(name, ['worker', '--stages', stages.join(',')]),
    running(name) {
      const known = books.get(name);
      if (!known) throw new Error(`no process ${name}`);
      return known;
    },
    holds: async (stage) => (await looking.query(`${heldRows(stage)} LIMIT 1`)).rows.length > 0,
    async published() {
      const text = `SELECT count(*)::int AS n FROM sourcelink.candidate WHERE outcome = 'published'`;
      return (await looking.query<{ n: number }>(text)).rows[0]?.n ?? 0;
    },
    inFeed() {
      const text = readFileSync(join(dir, 'data', 'feed.json'), 'utf8');
      return new Set((JSON.parse(text) as { items: { url: string }[] }).items.map((i) => i.url)).size;
    },
    async left() {
      const waits = `SELECT c.id, c.source_id, c.stage, c.lane, c.attempts, c.code, c.reason, c.next_try_at, c.lease_until, c.lease_owner, c.driven_at, now() FROM sourcelink.candidate c WHERE c.outcome IS DISTINCT FROM 'published'`;
      const sinks = `SELECT s.*, (SELECT count(*) FROM sourcelink.delivery d WHERE d.sink = s.sink AND d.state = 'pending') AS pending FROM sourcelink.sink_state s`;
      const jobs = await Promise.all(
        QUEUE_NAMES.map(async (name) => [name, await queues.stage(name).getJobCounts()] as const),
      );
      const [candidates, states] = [await looking.query(waits), await looking.query(sinks)];
      return { candidates: candidates.rows, sinks: states.rows, jobs: Object.fromEntries(jobs) };
    },
    async close(keep) {
      for (const { child } of all) child.kill('SIGKILL');
      await downstream.close();
      await Promise.race([queues.close(), delay(2000)]);
      await Promise.race([Promise.all([ledger.close(), looking.end()]), delay(2000)]);
      await cable?.close();
      await redis.stop();
      await outlets.close();
      if (!keep) rmSync(dir, { recursive: true, force: true });
    },
  };
}

function heldRows(stage: QueueName): string {
  if (stage === 'publish')
    return `SELECT 1 FROM sourcelink.delivery WHERE state = 'pending' AND lease_owner IS NOT NULL`;
  const lane = stage === 'crawl' ? `AND lane = 'fresh'` : stage === 'backfill' ? `AND lane = 'backfill'` : '';
  const at = stage === 'crawl' || stage === 'backfill' ? 'fetch' : stage;
  return `SELECT 1 FROM sourcelink.candidate WHERE stage = '${at}' AND outcome IS NULL AND lease_owner IS NOT NULL ${lane}`;
}

async function createDatabase(serverUrl: string): Promise<string> {
  const name = `f_${randomUUID().replaceAll('-', '')}`;
  await onServer(serverUrl, [`CREATE DATABASE ${name}`]);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Statements one after the other on a connection of their own. */
export async function onServer(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    for (const text of statements) await client.query(text);
  } finally {
    await client.end();
  }
}

function writeConfig(dir: string, outlets: FaultOutlets, hookUrl: string): void {
  mkdirSync(join(dir, 'config'), { recursive: true });
  writeFileSync(join(dir, 'config', 'sources.yaml'), outlets.sourcesYaml);
  const secrets = [`whsec_${Buffer.from('a secret of the fault runs').toString('base64')}`];
  const settings = {
    userAgent: 'Sourcelink-faults/0.1 (+https://example.org/bot)',
    fetch: { allowHosts: [`127.0.0.1:${outlets.port}`], retryDelay: '500ms' },
    backfill: { share: 1 },
    extract: { threads: 1 },
    publish: {
      sinks: {
        articles: { type: 'queue' },
        feed: { type: 'feed' },
        hook: { type: 'webhook', url: hookUrl, secrets, allowPrivateAddress: true },
      },
    },
  };
  writeFileSync(join(dir, 'config', 'sourcelink.yaml'), stringify(settings));
}
