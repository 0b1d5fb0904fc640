import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import { copyDatabase, copyFolder, inDatabase, onServer } from './templates.js';

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
if (ledgerFolder === undefined)
  throw new Error('this file needs a ledger: name it in a project of vitest.config.ts that has the services');

/** `migrated: false`: a database, or the place for one, that has never been a ledger. */
type Open = (options?: { migrated?: boolean }) => Promise<Backend>;

/** The three places where ledger and queue can live; those that are not installed are left out (the setup said so). */
export const BACKENDS: { name: string; available: boolean; open: Open }[] = [
  {
    name: 'PGlite',
    available: true,
    async open({ migrated = true } = {}) {
      const opened = backend('PGlite', null, null);
      if (migrated) copyFolder(ledgerFolder, opened.dataDir);
      return opened;
    },
  },
  {
    name: 'PostgreSQL',
    available: postgresUrl !== null,
    open: async (options) => backend('PostgreSQL', await freshDatabase(options), null),
  },
  {
    name: 'PostgreSQL and Redis',
    available: postgresUrl !== null && redisUrl !== null,
    open: async (options) => backend('PostgreSQL and Redis', await freshDatabase(options), await freshRedis()),
  },
];

function backend(name: string, databaseUrl: string | null, queueUrl: string | null): Backend {
  const dataDir = mkdtempSync(join(tmpdir(), 'sourcelink-test-'));
  return {
    name,
    databaseUrl,
    queueUrl,
    dataDir,
    async drop() {
      rmSync(dataDir, { recursive: true, force: true });
      if (databaseUrl && postgresUrl)
        await onServer(postgresUrl, `DROP DATABASE IF EXISTS ${new URL(databaseUrl).pathname.slice(1)} WITH (FORCE)`);
    },
  };
}

async function freshDatabase({ migrated = true } = {}): Promise<string> {
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  const server = postgresUrl ?? '';
  if (migrated) return copyDatabase(server, name);
  await onServer(server, `CREATE DATABASE ${name}`);
  return inDatabase(server, name);
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
