import { PGlite } from '@electric-sql/pglite';
import { PglitePool } from '../../ledger/db/pglite-pool.js';
import type { SiteDb } from '../../site/store/database.js';

/** A fresh database in memory, seen as the pipeline's in-process pool, with a foreign search path as there. */
export async function freshDatabase(): Promise<{ db: SiteDb; close(): Promise<void> }> {
  const lite = await PGlite.create();
  await lite.exec('CREATE SCHEMA bullmq; SET search_path TO bullmq');
  const pool = new PglitePool(lite);
  return { db: pool as SiteDb, close: () => lite.close() };
}
