import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CamelCasePlugin, Kysely, PostgresDialect, type PostgresPool, sql } from 'kysely';
import pg from 'pg';
import { SourcelinkError } from '../../config/errors.js';
import type { Logger } from '../../config/logger.js';
import type { Database, Db } from '../schema.js';
import { freeAllLeases } from './leases.js';
import { lockFolder } from './lock.js';
import { migrate } from './migrate.js';
import { unpackNewFolder } from './new-folder.js';
import { PglitePool } from './pglite-pool.js';

/** The ledger, open and migrated. */
export type Ledger = {
  db: Db;
  kind: 'pglite' | 'postgres';
  /** For BullMQ's PostgreSQL backend when the queue lives in the same database; its search path is `bullmq`. */
  queuePool: () => PglitePool | pg.Pool;
  close(): Promise<void>;
};

/** Columns are in snake case, what is read in camel case; keys within JSON stay as they are. */
const NAMES = new CamelCasePlugin({ maintainNestedObjectKeys: true });

const INT8 = 20;
const BYTEA = 17;
const TYPES = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

/**
 * Opens PostgreSQL when a URL is given, else PGlite in `dataDir`, and brings the schema up to date.
 * @throws LEDGER_LOCKED, LEDGER_UNREACHABLE, LEDGER_MIGRATION
 */
export async function openLedger(options: {
  databaseUrl: string | null;
  dataDir: string;
  log: Logger;
  poolSize?: number;
  /** false: the schema stays as it is, whatever it is. */
  migrate?: boolean;
}): Promise<Ledger> {
  return options.databaseUrl === null
    ? openPglite(options.dataDir, options.log, options.migrate ?? true)
    : openPostgres(options.databaseUrl, options.poolSize ?? 10, options.migrate ?? true);
}

async function openPglite(dataDir: string, log: Logger, migrating: boolean): Promise<Ledger> {
  mkdirSync(dataDir, { recursive: true });
  const unlock = lockFolder(dataDir);
  process.once('exit', unlock);
  try {
    const { PGlite } = await import('@electric-sql/pglite');
    log.debug({ dataDir }, 'opening the ledger (PGlite)');
    const folder = join(dataDir, 'ledger');
    if (!existsSync(folder)) unpackNewFolder(folder);
    const lite = await PGlite.create({
      dataDir: folder,
      // Its own 160 MB are kept for good once touched; the operating system keeps the files' pages anyway.
      startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=32MB'],
      parsers: {
        [INT8]: (value: string) => Number(value),
        [BYTEA]: (value: string) => Buffer.from(value.slice(2), 'hex'),
      },
      // PGlite's own goes byte by byte, which costs more than the insert.
      serializers: { [BYTEA]: (value: Uint8Array) => `\\x${Buffer.from(value).toString('hex')}` },
    });
    // BullMQ's statements name their tables without a schema; the ledger's are always qualified.
    await lite.exec('CREATE SCHEMA IF NOT EXISTS bullmq; SET search_path TO bullmq');
    const pool = new PglitePool(lite);
    const db = new Kysely<Database>({
      dialect: new PostgresDialect({ pool: pool as unknown as PostgresPool }),
      plugins: [NAMES],
    });
    if (migrating) await migrate(db);
    // Nobody else can be alive on this folder, so a lease found here belongs to a process that died.
    if (migrating) await freeAllLeases(db);
    return {
      db,
      kind: 'pglite',
      queuePool: () => pool,
      async close() {
        await db.destroy();
        await lite.close();
        unlock();
        process.off('exit', unlock);
      },
    };
  } catch (error) {
    unlock();
    if (error instanceof SourcelinkError) throw error;
    throw new SourcelinkError('LEDGER_UNREACHABLE', `cannot open the ledger in ${dataDir}`, {
      cause: error,
      hint: 'Check that the folder is writable; if it is damaged, restore a backup.',
    });
  }
}

async function openPostgres(url: string, size: number, migrating: boolean): Promise<Ledger> {
  const common = { connectionString: url, types: TYPES, keepAlive: true, connectionTimeoutMillis: 10_000 };
  const pool = outliveDrops(new pg.Pool({ ...common, max: size, application_name: 'sourcelink' }));
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }), plugins: [NAMES] });
  const queuePools: pg.Pool[] = [];
  try {
    if (migrating) await migrate(db);
    else await sql`SELECT 1`.execute(db);
  } catch (error) {
    await db.destroy();
    if (error instanceof SourcelinkError) throw error;
    throw new SourcelinkError('LEDGER_UNREACHABLE', `cannot open the ledger at ${withoutPassword(url)}`, {
      cause: error,
    });
  }
  return {
    db,
    kind: 'postgres',
    queuePool() {
      // BullMQ keeps one connection of the pool for LISTEN in each worker, so its pool is not the ledger's.
      const p = outliveDrops(new pg.Pool({ ...common, max: 24, options: '-c search_path=bullmq' }));
      queuePools.push(p);
      return p;
    },
    async close() {
      await db.destroy();
      await Promise.all(queuePools.map((p) => p.end()));
    },
  };
}

/**
 * Lets a dropped connection be the trouble of its next query alone: one that is idle is replaced, one that is in a transaction
 * fails it. Both also emit `error`, and without a listener on each Node would end the process.
 */
export function outliveDrops(pool: pg.Pool): pg.Pool {
  const noted = () => undefined;
  // Each queue and each worker listens to the pool that it shares.
  pool.setMaxListeners(0);
  return pool.on('error', noted).on('connect', (client) => client.on('error', noted));
}

/** A connection string that may be shown. */
export function withoutPassword(url: string): string {
  try {
    const u = new URL(url);
    if (u.password) u.password = '***';
    return u.href;
  } catch {
    return '(unreadable URL)';
  }
}
