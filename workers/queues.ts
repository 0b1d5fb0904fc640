import {
  type BackendFactory,
  Queue as BullQueue,
  Worker as BullWorker,
  type ConnectionOptions,
  createPostgresBackend,
  createRedisBackend,
  DelayedError,
  type IQueueBackend,
  type Job,
  runMigrations,
  type Telemetry,
} from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { z } from 'zod';
import { SourcelinkError } from '../config/errors.js';
import type { Logger } from '../config/logger.js';
import { type Ledger, outliveDrops, withoutPassword } from '../ledger/db/connect.js';

/** BullMQ's classes, whatever backend they stand on. */
export type Queue = BullQueue<unknown, unknown, string, unknown, unknown, string, IQueueBackend>;
export type Worker = BullWorker<unknown, unknown, string, IQueueBackend>;

/**
 * The stages that have a queue of their own. `crawl` covers discovery and fetching of one source; `backfill` fetches from
 * its archive, so that no visit ever waits for it.
 */
export const QUEUE_NAMES = ['crawl', 'backfill', 'extract', 'dedupe', 'categorize', 'publish'] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

/** Downstream's queue; its name is part of the contract. */
export const ARTICLES_QUEUE = 'articles';

/** What a job may carry: ids, never bodies. */
export const CrawlJob = z.object({ source: z.string(), discover: z.boolean() });
export const BackfillJob = z.object({ source: z.string() });
export const IdsJob = z.object({ ids: z.array(z.int().positive()).min(1) });
export const PublishJob = z.object({ sink: z.string() });
export type CrawlJob = z.infer<typeof CrawlJob>;
export type BackfillJob = z.infer<typeof BackfillJob>;
export type IdsJob = z.infer<typeof IdsJob>;
export type PublishJob = z.infer<typeof PublishJob>;

/** Thrown by a stage when what it needs is in other hands: the job comes again after `retryMs`, which costs no attempt. */
export class Busy extends Error {
  readonly retryMs: number;
  constructor(what: string, retryMs = 3000) {
    super(`${what} is under way`);
    this.retryMs = retryMs;
  }
}

/**
 * `deduplicate`: one waiting job for each such id; `again`: and one more after the one under way, for what came meanwhile;
 * `behind`: after all jobs that are not.
 */
export type JobOptions = { deduplicate?: string; again?: boolean; behind?: boolean };

export type Queues = {
  kind: 'postgres' | 'redis';
  add(queue: QueueName, data: CrawlJob | BackfillJob | IdsJob | PublishJob, options?: JobOptions): Promise<void>;
  /** The queue that downstream consumes. */
  articles: Queue;
  stage(name: QueueName): Queue;
  worker(name: QueueName, concurrency: number, process: (data: unknown) => Promise<void>): Worker;
  /** Takes from downstream's queue in this process, as a site of the operator's own would: each message goes to one taker. */
  consume(concurrency: number, process: (message: unknown) => Promise<void>): Worker;
  close(): Promise<void>;
};

/**
 * A failed job is tried again by BullMQ only for what the ledger cannot decide (the database was away, the process
 * died); what concerns one candidate is kept in its row. maxStalledCount: with 1, a second crash on the same job loses it.
 */
const JOB_OPTIONS = {
  attempts: 8,
  backoff: { type: 'exponential', delay: 500 },
  // Nothing reads them; the ledger tells what was done.
  removeOnComplete: { age: 3600, count: 200 },
  removeOnFail: { age: 7 * 86_400, count: 5000 },
} as const;
const MAX_STALLED = 20;
/** Of each queue's stream of events, which nothing here reads. */
const EVENTS = 500;
/** BullMQ takes jobs without a priority first. */
const BEHIND = 10;

type Transport = {
  kind: 'postgres' | 'redis';
  options: { connection: ConnectionOptions };
  factory: BackendFactory<IQueueBackend>;
  close(): Promise<void>;
};

/**
 * Opens the queues on Redis (`redis://`, `rediss://`), on PostgreSQL (`postgres://`), or on the ledger's own database.
 * @throws QUEUE_UNREACHABLE
 */
export async function openQueues(options: {
  queueUrl: string | null;
  ledger: Ledger;
  log: Logger;
  /** What carries traces from one job to those that it adds; null carries none. */
  telemetry?: Telemetry | null;
}): Promise<Queues> {
  const transport = await connect(options.queueUrl, options.ledger, options.log);
  const traced = options.telemetry ? { telemetry: options.telemetry } : {};
  const open = new Map<string, Queue>();
  const workers: Worker[] = [];
  const get = (name: string): Queue => {
    const known = open.get(name);
    if (known) return known;
    const queue: Queue = new BullQueue<unknown, unknown, string, unknown, unknown, string, IQueueBackend>(
      name,
      { ...transport.options, ...traced, defaultJobOptions: JOB_OPTIONS, streams: { events: { maxLen: EVENTS } } },
      transport.factory,
    );
    queue.on('error', (error) => options.log.warn({ queue: name, err: error.message }, 'queue connection'));
    open.set(name, queue);
    return queue;
  };
  const stage = (name: QueueName) => get(`sourcelink-${name}`);
  const start = (name: string, concurrency: number, process: (data: unknown) => Promise<void>): Worker => {
    const worker: Worker = new BullWorker<unknown, unknown, string, IQueueBackend>(
      name,
      (job, token) => process(job.data).catch((error) => orLater(job, token, error)),
      {
        ...transport.options,
        ...traced,
        concurrency,
        maxStalledCount: MAX_STALLED,
        lockDuration: 30_000,
        stalledInterval: 15_000,
        drainDelay: 5,
      },
      transport.factory,
    );
    worker.on('error', (error) => options.log.warn({ queue: name, err: error.message }, 'worker connection'));
    worker.on('failed', (job, error) =>
      options.log.error({ queue: name, job: job?.id, err: error.message }, 'job failed'),
    );
    workers.push(worker);
    return worker;
  };
  return {
    kind: transport.kind,
    articles: get(ARTICLES_QUEUE),
    stage,
    async add(name, data, more) {
      const id = more?.deduplicate;
      await stage(name).add(name, data, {
        ...(id === undefined ? {} : { deduplication: { id, keepLastIfActive: more?.again ?? false } }),
        ...(more?.behind ? { priority: BEHIND } : {}),
      });
    },
    worker: (name, concurrency, process) => start(`sourcelink-${name}`, concurrency, process),
    consume: (concurrency, process) => start(ARTICLES_QUEUE, concurrency, process),
    async close() {
      await Promise.all(workers.map((w) => w.close()));
      await Promise.all([...open.values()].map((q) => q.close()));
      await transport.close();
    },
  };
}

async function orLater(job: Job, token: string | undefined, error: unknown): Promise<never> {
  if (!(error instanceof Busy)) throw error;
  await job.moveToDelayed(Date.now() + error.retryMs, token);
  throw new DelayedError();
}

async function connect(url: string | null, ledger: Ledger, log: Logger): Promise<Transport> {
  if (url?.startsWith('redis')) return connectRedis(url, log);
  const own =
    url === null
      ? null
      : outliveDrops(
          new pg.Pool({ connectionString: url, max: 24, keepAlive: true, options: '-c search_path=bullmq' }),
        );
  const pool = own ?? ledger.queuePool();
  try {
    const client = await pool.connect();
    try {
      await runMigrations(client);
    } finally {
      client.release();
    }
  } catch (error) {
    throw new SourcelinkError('QUEUE_UNREACHABLE', `cannot open the queue${url ? ` at ${withoutPassword(url)}` : ''}`, {
      cause: error,
    });
  }
  return {
    kind: 'postgres',
    options: { connection: pool as unknown as ConnectionOptions },
    factory: createPostgresBackend as unknown as BackendFactory<IQueueBackend>,
    close: async () => own?.end(),
  };
}

async function connectRedis(url: string, log: Logger): Promise<Transport> {
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    lazyConnect: true,
    connectTimeout: 10_000,
    retryStrategy: (times) => Math.min(times * 200, 3000),
  });
  redis.on('error', (error) => log.warn({ err: error.message }, 'redis connection'));
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    throw new SourcelinkError('QUEUE_UNREACHABLE', `cannot open the queue at ${withoutPassword(url)}`, {
      cause: error,
    });
  }
  for (const warning of await redisWarnings(redis)) log.warn(warning);
  return {
    kind: 'redis',
    options: { connection: redis as unknown as ConnectionOptions },
    factory: createRedisBackend as unknown as BackendFactory<IQueueBackend>,
    close: async () => void (await redis.quit().catch(() => redis.disconnect())),
  };
}

const OLDEST_REDIS = 6.2;
/** Share of its memory from which a Redis is as good as full: at the limit it refuses jobs. */
const NEARLY_FULL = 0.9;

/** What is wrong with a Redis for this purpose, as sentences; asked at start and by `doctor`. */
export async function redisWarnings(redis: Redis): Promise<string[]> {
  const warnings: string[] = [];
  const get = async (name: string): Promise<string | null> => {
    try {
      const answer = await redis.config('GET', name);
      return Array.isArray(answer) ? String(answer[1] ?? '') : null;
    } catch {
      return null; // managed servers refuse CONFIG: nothing can be said
    }
  };
  const policy = await get('maxmemory-policy');
  if (policy !== null && policy !== 'noeviction')
    warnings.push(`Redis has maxmemory-policy ${policy}: under memory pressure it deletes jobs. Set it to noeviction.`);
  const aof = await get('appendonly');
  if (aof !== null && aof !== 'yes')
    warnings.push(
      'Redis has appendonly off: a restart loses the queues (the ledger rebuilds ours, not the articles queue). Set it to yes.',
    );
  const info = await redis.info().catch(() => '');
  const of = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  const [used, most] = [Number(of('used_memory')), Number(of('maxmemory'))];
  if (most > 0 && used > most * NEARLY_FULL)
    warnings.push(
      `Redis uses ${Math.round((used / most) * 100)} % of its memory: at maxmemory it refuses jobs. Raise maxmemory.`,
    );
  if (of('aof_last_write_status') === 'err' || of('rdb_last_bgsave_status') === 'err')
    warnings.push(
      'Redis cannot write its files: a restart loses the queues. Make room on its disk; its log says more.',
    );
  const version = of('redis_version');
  if (version !== undefined && Number.parseFloat(version) < OLDEST_REDIS)
    warnings.push(`Redis ${version} is older than ${OLDEST_REDIS}, which BullMQ needs. Upgrade it.`);
  return warnings;
}
