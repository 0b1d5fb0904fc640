import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../config/logger.js';
import { openLedger } from '../../../ledger/db/connect.js';
import { BACKENDS } from '../../setup/backends.js';

const shared = BACKENDS.find((b) => b.name === 'PostgreSQL');

describe.skipIf(!shared?.available)('a ledger whose connections are dropped', () => {
  it('fails the transaction that was under way, not the process, and goes on', async () => {
    if (!shared) return;
    const backend = await shared.open();
    const ledger = await openLedger({ ...backend, log: createLogger('silent') });
    const unheard: unknown[] = [];
    const note = (error: unknown) => void unheard.push(error);
    process.on('uncaughtException', note);
    try {
      const cutOff = ledger.db.transaction().execute(async (tx) => {
        const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(tx);
        await sql`SELECT pg_terminate_backend(${rows[0]?.pid})`.execute(ledger.db);
        // Between two queries of the transaction: nobody waits for an answer when the connection ends.
        await new Promise((done) => setTimeout(done, 300));
        await sql`SELECT 1`.execute(tx);
      });
      await expect(cutOff).rejects.toThrow();
      expect((await sql<{ one: number }>`SELECT 1 AS one`.execute(ledger.db)).rows).toEqual([{ one: 1 }]);
      expect(unheard).toEqual([]);
    } finally {
      process.off('uncaughtException', note);
      await ledger.close();
      await backend.drop();
    }
  });
});
