import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Fault } from './fault.js';
import { onServer, type Scene } from './scene.js';

/** Fetching and reading in one process, the rest in the other. */
const HALVES = {
  struck: ['crawl', 'backfill', 'extract'],
  beside: ['dedupe', 'categorize', 'publish'],
} as const;

/** Everything is deleted at once, when downstream has read all that it was given: what is in its queue is nowhere else. */
const WIPE_WHEN_READ = `
  for _, list in ipairs({'wait', 'active', 'paused'}) do
    if redis.call('LLEN', 'bull:articles:' .. list) > 0 then return 0 end
  end
  if redis.call('ZCARD', 'bull:articles:delayed') > 0 then return 0 end
  redis.call('FLUSHALL')
  return 1`;

async function onRedis(scene: Scene, work: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(scene.redis.url);
  try {
    await work(redis);
  } finally {
    redis.disconnect();
  }
}

export const REDIS_FAULTS: Fault[] = [
  {
    id: 'redis-killed',
    name: 'kill -9 of Redis, then started again',
    stage: HALVES,
    at: 'extract',
    async strike({ redis, random }) {
      await redis.kill();
      await delay(200 + random() * 5000);
      await redis.restart();
    },
  },
  {
    id: 'redis-paused',
    name: 'Redis stands still for 60 s (SIGSTOP)',
    stage: HALVES,
    at: 'extract',
    async strike({ redis }) {
      process.kill(redis.pid, 'SIGSTOP');
      await delay(60_000);
      process.kill(redis.pid, 'SIGCONT');
    },
  },
  {
    id: 'redis-wiped',
    name: 'Redis is wiped (FLUSHALL)',
    stage: HALVES,
    at: 'crawl',
    scheduled: true,
    async strike(scene) {
      await delay(scene.random() * 1500);
      await onRedis(scene, async (redis) => {
        while ((await redis.eval(WIPE_WHEN_READ, 0)) !== 1) await delay(5);
      });
    },
  },
  {
    id: 'redis-full',
    name: 'Redis refuses to write for 20 s (maxmemory reached, noeviction)',
    stage: HALVES,
    at: 'extract',
    async strike(scene) {
      await onRedis(scene, async (redis) => {
        await redis.config('SET', 'maxmemory', '100kb');
        const refused = await redis.set('fault', '1').then(
          () => false,
          () => true,
        );
        if (!refused) throw new Error('Redis still takes writes');
        await delay(20_000);
        await redis.config('SET', 'maxmemory', '0');
      });
    },
  },
];

const DISK_MB = 192;
/** https://www.postgresql.org/docs/current/errcodes-appendix.html: disk_full. */
const DISK_FULL = '53100';

export const DATABASE_FAULTS: Fault[] = [
  {
    id: 'database-restarted',
    name: 'PostgreSQL ends at once (SIGQUIT), recovers and starts again',
    stage: HALVES,
    at: 'extract',
    database: { diskMb: null },
    async strike({ postgres, random }) {
      await postgres.end('SIGQUIT');
      await delay(500 + random() * 8000);
      await postgres.restart();
    },
  },
  {
    id: 'database-read-only',
    name: 'the database is read-only for 20 s',
    stage: HALVES,
    at: 'extract',
    async strike(scene) {
      await setReadOnly(scene, true);
      await delay(20_000);
      await setReadOnly(scene, false);
    },
  },
  {
    id: 'database-disk-full',
    name: `PostgreSQL's disk is full for 20 s (${DISK_MB} MB in memory, filled up)`,
    stage: HALVES,
    at: 'extract',
    database: { diskMb: DISK_MB },
    missing: () =>
      process.getuid?.() === 0 && process.platform === 'linux' ? null : 'only root can mount a small disk',
    async strike(scene) {
      if (scene.disk === null) throw new Error('no disk of its own');
      await scene.disk.fill();
      await proveFull(scene);
      await delay(20_000);
      await scene.disk.free();
      if (!scene.postgres.alive) await scene.postgres.restart();
    },
  },
];

/** All connections are ended, since the setting is read when one begins. */
async function setReadOnly({ postgres, databaseUrl }: Scene, on: boolean): Promise<void> {
  const name = new URL(databaseUrl).pathname.slice(1);
  await onServer(postgres.url, [
    `ALTER DATABASE ${name} SET default_transaction_read_only = ${on ? 'on' : 'off'}`,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
  ]);
}

/** Writes until PostgreSQL says that its disk is full, or ends for it. */
async function proveFull({ databaseUrl }: Scene): Promise<void> {
  try {
    await onServer(databaseUrl, [
      'CREATE UNLOGGED TABLE ballast (bytes text)',
      `INSERT INTO ballast SELECT repeat(md5(random()::text), 200) FROM generate_series(1, 20000)`,
    ]);
  } catch (error) {
    const code = error instanceof pg.DatabaseError ? error.code : 'connection lost';
    if (code === DISK_FULL || code === 'connection lost' || code?.startsWith('57')) return;
    throw error;
  }
  throw new Error('the disk is not full');
}
