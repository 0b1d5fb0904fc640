import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../../config/logger.js';
import { type Ledger, openLedger } from '../../../ledger/db/connect.js';
import { vacuum } from '../../../ledger/db/vacuum.js';

describe('vacuum on PGlite', () => {
  let ledger: Ledger;
  const dataDir = mkdtempSync(join(tmpdir(), 'sourcelink-vacuum-'));
  beforeAll(async () => {
    ledger = await openLedger({ databaseUrl: null, dataDir, log: createLogger('silent') });
  });
  afterAll(async () => {
    await ledger.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const bytes = async (): Promise<number> => {
    const { rows } = await sql<{ bytes: number }>`
      SELECT pg_total_relation_size('sourcelink.host')::float8 AS bytes`.execute(ledger.db);
    return rows[0]?.bytes ?? 0;
  };
  /** All rows go, and as many come. */
  const turnOver = async (): Promise<void> => {
    await sql`DELETE FROM sourcelink.host`.execute(ledger.db);
    await sql`INSERT INTO sourcelink.host (host, slot) SELECT 'a-host-of-some-length-' || n, 0 FROM generate_series(1, 4000) n`.execute(
      ledger.db,
    );
  };

  it('keeps a table whose rows come and go at its size, and does nothing where nothing was left behind', async () => {
    await turnOver();
    const once = await bytes();
    let vacuumed = 0;
    for (let i = 0; i < 5; i++) {
      await turnOver();
      vacuumed += await vacuum(ledger.db);
    }
    expect(vacuumed).toBeGreaterThan(0);
    // Two generations of rows side by side, never six.
    expect(await bytes()).toBeLessThan(2.6 * once);
  });

  it('tells the planner how many rows there are', async () => {
    await vacuum(ledger.db);
    const { rows } = await sql<{ n: number }>`
      SELECT reltuples::int AS n FROM pg_class WHERE oid = 'sourcelink.host'::regclass`.execute(ledger.db);
    expect(rows[0]?.n).toBe(4000);
  });
});
