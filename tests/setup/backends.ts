import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import { copyDatabase, copyFolder, onServer } from './templates.js';

export type Backend = {
  name: string;
  databaseUrl: string | null;
  queueUrl: string | null;
  dataDir: string;
  drop(): Promise<void>;
};

const postgresUrl = inject('postgresUrl');
const redisUrl = inject('redisUrl');
const ledgerFolder = inject('ledgerFolder');

/** The three places where a migrated ledger and its queue can live. What is not installed is left out; the setup said so. */
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
  if (databaseUrl === null) copyFolder(ledgerFolder, dataDir);
  return {
    name,
    databaseUrl,
    queueUrl,
    dataDir,
    async drop() {
      rmSync(dataDir, { recursive: true, force: true });
      if (databaseUrl)
        await onServer(
          postgresUrl ?? '',
          `DROP DATABASE IF EXISTS ${new URL(databaseUrl).pathname.slice(1)} WITH (FORCE)`,
        );
    },
  };
}

const freshDatabase = (): Promise<string> => copyDatabase(postgresUrl ?? '', `t_${randomUUID().replaceAll('-', '')}`);

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
