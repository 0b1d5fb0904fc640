/**
 * Fault runs: a whole pipeline of separate processes on PostgreSQL and Redis, in which one thing is struck at a seeded
 * moment. After each run the ledger's invariant must hold and every article must have arrived downstream exactly once.
 *
 *   npm run faults [-- --runs N --seed S --json]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { createLogger } from '../../config/logger.js';
import { openLedger } from '../../workers/ledger/connect.js';
import { violations } from '../../workers/ledger/invariant.js';
import { ARTICLES_QUEUE, openQueues, QUEUE_NAMES, type QueueName } from '../../workers/queues.js';
import { type Server, startPostgres, startRedis } from '../setup/servers.js';
import { seeded, startOutlets } from './outlets.js';

const CLI = join(dirname(fileURLToPath(import.meta.url)), '../../cli/main.js');
const DEADLINE_MS = 150_000;
const SINKS = ['articles', 'feed'];

type Fault = { name: string; target: QueueName | 'redis' };
type Result = {
  fault: string;
  seed: number;
  recoverySeconds: number;
  articles: number;
  arrived: number;
  twice: number;
  violations: number;
  ok: boolean;
  note: string;
};

const FAULTS: Fault[] = [
  ...QUEUE_NAMES.map((stage): Fault => ({ name: `kill -9 of the ${stage} worker`, target: stage })),
  { name: 'kill -9 of Redis', target: 'redis' },
];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  });
  const postgres = await startPostgres();
  if (!postgres) throw new Error('fault runs need PostgreSQL (initdb, postgres)');
  const results: Result[] = [];
  try {
    for (let i = 0; i < Number(values.runs); i++) {
      const fault = FAULTS[i % FAULTS.length];
      if (!fault) break;
      const result = await run(postgres, fault, Number(values.seed) + i);
      results.push(result);
      process.stderr.write(`${line(result)}\n`);
    }
  } finally {
    await postgres.stop();
  }
  const failed = results.filter((r) => !r.ok).length;
  if (values.json) process.stdout.write(`${JSON.stringify({ runs: results.length, failed, results })}\n`);
  else
    process.stdout.write(
      `${results.length} runs, ${failed} failed, slowest recovery ${Math.max(...results.map((r) => r.recoverySeconds)).toFixed(1)} s\n`,
    );
  process.exitCode = failed === 0 ? 0 : 1;
}

function line(r: Result): string {
  const verdict = r.ok ? 'ok  ' : 'FAIL';
  return `${verdict} seed ${r.seed}: ${r.fault}: ${r.arrived}/${r.articles} arrived, ${r.twice} twice, ${r.violations} violations, settled ${r.recoverySeconds.toFixed(1)} s after the fault${r.note ? ` (${r.note})` : ''}`;
}

async function run(postgres: Server, fault: Fault, seed: number): Promise<Result> {
  const random = seeded(seed);
  const redis = await startRedis();
  if (!redis) throw new Error('fault runs need Redis (redis-server)');
  const outlets = await startOutlets({ seed, outlets: 3, articlesEach: 25 });
  const dir = mkdtempSync(join(tmpdir(), 'sourcelink-faults-'));
  const databaseUrl = await createDatabase(postgres.url);
  writeConfig(dir, outlets.sourcesYaml, outlets.port);
  const env = {
    ...process.env,
    SOURCELINK_CONFIG: join(dir, 'config'),
    SOURCELINK_DATA: join(dir, 'data'),
    SOURCELINK_DATABASE_URL: databaseUrl,
    SOURCELINK_QUEUE_URL: redis.url,
    SOURCELINK_LOG_LEVEL: 'info',
  };
  const workers = new Map<QueueName, ChildProcess>();
  const start = (stage: QueueName): void => {
    const log = openSync(join(dir, `${stage}.log`), 'a');
    workers.set(
      stage,
      spawn(process.execPath, [CLI, 'worker', '--stages', stage], { env, stdio: ['ignore', log, log] }),
    );
  };
  const log = createLogger('silent');
  const ledger = await openLedger({ databaseUrl, dataDir: dir, log });
  const queues = await openQueues({ queueUrl: redis.url, ledger, log });
  const arrived = new Map<string, number>();
  const connection = new Redis(redis.url, { maxRetriesPerRequest: null });
  connection.on('error', () => undefined);
  const consumer = new Worker(
    ARTICLES_QUEUE,
    async (job) => {
      const key = `${job.data.id}-${job.data.revision}`;
      arrived.set(key, (arrived.get(key) ?? 0) + 1);
    },
    { connection: connection as never, concurrency: 4, maxStalledCount: 20 },
  );
  consumer.on('error', () => undefined);
  let struckAt = 0;
  let note = '';
  const settled = async (): Promise<number> => {
    const { rows } = await counts(databaseUrl);
    return rows[0]?.settled ?? 0;
  };
  try {
    for (const stage of QUEUE_NAMES) start(stage);
    for (let o = 0; o < 3; o++)
      await queues.add('crawl', { source: `outlet-${o}`, discover: true }, { deduplicate: `outlet-${o}` });
    const began = Date.now();
    while (Date.now() - began < DEADLINE_MS) {
      if (struckAt === 0 && (await atWork(databaseUrl, fault.target, redis.url))) {
        await delay(random() * 400);
        await strike(fault, workers, redis, start, random);
        struckAt = Date.now();
      }
      if ((await settled()) === outlets.articles && arrived.size >= outlets.articles) break;
      await delay(struckAt === 0 ? 15 : 250);
    }
    if (struckAt === 0) note = 'the fault never struck';
    const recoverySeconds = struckAt === 0 ? 0 : (Date.now() - struckAt) / 1000;
    await delay(1500); // a second copy, if there were one, would come now
    const broken = await violations(ledger.db, SINKS);
    const feed = JSON.parse(readFileSync(join(dir, 'data', 'feed.json'), 'utf8')) as { items: { id: string }[] };
    const twice = [...arrived.values()].filter((n) => n > 1).length;
    const inFeed = new Set(feed.items.map((i) => i.id)).size;
    if (broken.length > 0) note = JSON.stringify(broken.slice(0, 3));
    if (inFeed !== outlets.articles) note = `${note} ${inFeed} in the feed`;
    const ok =
      struckAt > 0 &&
      broken.length === 0 &&
      arrived.size === outlets.articles &&
      twice === 0 &&
      inFeed === outlets.articles &&
      (await settled()) === outlets.articles;
    if (!ok) note = `${note}; logs in ${dir}`;
    return {
      fault: fault.name,
      seed,
      recoverySeconds,
      articles: outlets.articles,
      arrived: arrived.size,
      twice,
      violations: broken.length,
      ok,
      note,
    };
  } finally {
    for (const child of workers.values()) child.kill('SIGKILL');
    await Promise.race([consumer.close(true), delay(2000)]);
    connection.disconnect();
    await Promise.race([queues.close(), delay(2000)]);
    await ledger.close();
    await redis.stop();
    await outlets.close();
    if (!note) rmSync(dir, { recursive: true, force: true });
  }
}

async function strike(
  fault: Fault,
  workers: Map<QueueName, ChildProcess>,
  redis: Server,
  start: (stage: QueueName) => void,
  random: () => number,
): Promise<void> {
  if (fault.target === 'redis') {
    await redis.kill();
    await delay(200 + random() * 2000);
    await redis.restart();
    return;
  }
  workers.get(fault.target)?.kill('SIGKILL');
  await delay(200 + random() * 1000);
  start(fault.target);
}

/** Whether the stage holds something at this moment, so that a kill leaves it in the middle. */
async function atWork(databaseUrl: string, target: Fault['target'], redisUrl: string): Promise<boolean> {
  if (target === 'redis') return atWork(databaseUrl, 'extract', redisUrl);
  const table =
    target === 'publish'
      ? `SELECT 1 FROM sourcelink.delivery WHERE state = 'pending' AND lease_owner IS NOT NULL`
      : null;
  const stage = target === 'crawl' ? 'fetch' : target;
  const text =
    table ??
    `SELECT 1 FROM sourcelink.candidate WHERE stage = '${stage}' AND outcome IS NULL AND lease_owner IS NOT NULL`;
  return (await query(databaseUrl, `${text} LIMIT 1`)).rows.length > 0;
}

async function counts(databaseUrl: string) {
  return query<{ settled: number }>(
    databaseUrl,
    `SELECT count(*)::int AS settled FROM sourcelink.candidate WHERE outcome = 'published'`,
  );
}

const clients = new Map<string, pg.Client>();
async function query<T extends pg.QueryResultRow>(databaseUrl: string, text: string): Promise<pg.QueryResult<T>> {
  let client = clients.get(databaseUrl);
  if (!client) {
    client = new pg.Client(databaseUrl);
    client.on('error', () => undefined);
    await client.connect();
    clients.set(databaseUrl, client);
  }
  return client.query<T>(text);
}

async function createDatabase(serverUrl: string): Promise<string> {
  const name = `f_${randomUUID().replaceAll('-', '')}`;
  await query(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

function writeConfig(dir: string, sourcesYaml: string, port: number): void {
  mkdirSync(join(dir, 'config'), { recursive: true });
  writeFileSync(join(dir, 'config', 'sources.yaml'), sourcesYaml);
  writeFileSync(
    join(dir, 'config', 'sourcelink.yaml'),
    `userAgent: Sourcelink-faults/0.1 (+https://example.org/bot)\nfetch: { allowHosts: ["127.0.0.1:${port}"], retryDelay: 500ms }\nextract: { threads: 1 }\n`,
  );
}

await main();
for (const client of clients.values()) await client.end().catch(() => undefined);
