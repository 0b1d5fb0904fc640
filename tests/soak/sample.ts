import { readdirSync, readlinkSync } from 'node:fs';
import { sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { sql } from 'kysely';
import type { Db } from '../../ledger/schema.js';
import { QUEUE_NAMES, type Queues } from '../../workers/queues.js';

/** Longer than any connection to an outlet or thread of the pool is kept idle. */
const IDLE_MS = 2500;
const MB = 1_048_576;
const STATES = ['waiting', 'active', 'delayed', 'prioritized', 'completed', 'failed'] as const;

export type TableSize = { rows: number; bytes: number };

/** What the process and its stores hold at the end of a simulated hour, when nothing is under way. */
export type Sample = {
  hour: number;
  heapMb: number;
  externalMb: number;
  rssMb: number;
  /** What keeps the event loop busy, by kind. */
  handles: Record<string, number>;
  /** Without the ledger's own files; null where the system does not tell. */
  descriptors: number | null;
  /** PGlite's: each open file of its tables with how often it is open. None with PostgreSQL. */
  ledgerFiles: Record<string, number>;
  /** By schema and name. */
  tables: Record<string, TableSize>;
  redisMb: number | null;
  /** Of all queues, by state. */
  jobs: Record<string, number>;
  /** Published at least once. */
  articles: number;
};

/** What is looked into beside the process itself; `redis` null: the queue is not there. */
export type Stores = { db: Db; queues: Queues; redis: Redis | null; dataDir: string };

/** Needs `--expose-gc`. */
export async function takeSample(hour: number, { db, queues, redis, dataDir }: Stores): Promise<Sample> {
  await delay(IDLE_MS);
  if (globalThis.gc === undefined) throw new Error('start the process with --expose-gc');
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await delay(20);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  const handles: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1;
  const [tables, jobs] = [await tablesOf(db), await jobsOf(queues)];
  const { rows } = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM sourcelink.article WHERE revision > 0`.execute(db);
  return {
    hour,
    heapMb: heapUsed / MB,
    externalMb: external / MB,
    rssMb: rss / MB,
    handles,
    ...openFiles(dataDir),
    tables,
    jobs,
    redisMb: redis && (await redisMb(redis)),
    articles: rows[0]?.n ?? 0,
  };
}

/** PGlite keeps a file open once it has read it, of which a table gets more as it grows: that many are no leak, two of one are. */
function openFiles(dataDir: string): Pick<Sample, 'descriptors' | 'ledgerFiles'> {
  const ledgerFiles: Record<string, number> = {};
  const open = descriptorsOf();
  if (open === null) return { descriptors: null, ledgerFiles };
  let descriptors = 0;
  for (const fd of open) {
    const path = target(fd);
    if (path?.startsWith(dataDir + sep)) ledgerFiles[path] = (ledgerFiles[path] ?? 0) + 1;
    else descriptors++;
  }
  return { descriptors, ledgerFiles };
}

function descriptorsOf(): string[] | null {
  try {
    return readdirSync('/proc/self/fd');
  } catch {
    return null;
  }
}

/** Null for one that has been closed since. */
function target(fd: string): string | null {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return null;
  }
}

async function tablesOf(db: Db): Promise<Record<string, TableSize>> {
  const { rows } = await sql<{ name: string; bytes: number }>`
    SELECT n.nspname || '.' || c.relname AS name, pg_total_relation_size(c.oid) AS bytes
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('sourcelink', 'bullmq') ORDER BY 1`.execute(db);
  const sizes: Record<string, TableSize> = {};
  for (const { name, bytes } of rows) {
    const counted = await sql<{ n: number }>`SELECT count(*)::int AS n FROM ${sql.table(name)}`.execute(db);
    sizes[name] = { rows: counted.rows[0]?.n ?? 0, bytes: Number(bytes) };
  }
  return sizes;
}

async function jobsOf(queues: Queues): Promise<Record<string, number>> {
  const sum: Record<string, number> = {};
  const all = [...QUEUE_NAMES.map((name) => queues.stage(name)), queues.articles];
  for (const queue of all) {
    const counts = await queue.getJobCounts(...STATES);
    for (const [state, n] of Object.entries(counts)) sum[state] = (sum[state] ?? 0) + n;
  }
  return sum;
}

async function redisMb(redis: Redis): Promise<number> {
  const used = /^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1];
  if (used === undefined) throw new Error('Redis does not say how much memory it uses');
  return Number(used) / MB;
}
