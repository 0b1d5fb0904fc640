import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { inject } from 'vitest';

export type Backend = {
  name: string;
  databaseUrl: string | null;
  queueUrl: string | null;
  dataDir: string;
  drop(): Promise<void>;
};

const postgresUrl = inject('postgresUrl');
const redisUrl = inject('redisUrl');

/** The three places where ledger and queue can live; those that are not installed are left out (the setup said so). */
export const BACKENDS: { name: string; available: boolean; open(): Promise<Backend> }[] = [
  { name: 'PGlite', available: true, open: async () => backend('PGlite', null, null) },
  {
    name: 'PostgreSQL',
    available: postgresUrl !== null,
    open: async () => backend('PostgreSQL', await freshDatabase(), null),
  },
  {
    name: 'PostgreSQL and Redis',
    available: postgresUrl !== null && redisUrl !== null,
    open: async () => backend('PostgreSQL and Redis', await freshDatabase(), await freshRedis()),
  },
];

async function backend(name: string, databaseUrl: string | null, queueUrl: string | null): Promise<Backend> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sourcelink-test-'));
  return {
    name,
    databaseUrl,
    queueUrl,
    dataDir,
    async drop() {
      rmSync(dataDir, { recursive: true, force: true });
      if (databaseUrl) await admin(`DROP DATABASE IF EXISTS ${new URL(databaseUrl).pathname.slice(1)} WITH (FORCE)`);
    },
  };
}

async function freshDatabase(): Promise<string> {
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  await admin(`CREATE DATABASE ${name}`);
  const url = new URL(postgresUrl ?? '');
  url.pathname = `/${name}`;
  return url.href;
}

async function admin(statement: string): Promise<void> {
  const client = new pg.Client(postgresUrl ?? '');
  await client.connect();
  await client.query(statement);
  await client.end();
}

let nextRedis = 0;

/** A numbered database of the test run's Redis, emptied. */
async function freshRedis(): Promise<string> {
  const pid = Number(process.env['VITEST_POOL_ID'] ?? 1);
  const url = `${redisUrl}/${((pid - 1) * 8 + (nextRedis++ % 8)) % 16}`;
  const redis = new Redis(url);
  await redis.flushdb();
  await redis.quit();
  return url;
}
