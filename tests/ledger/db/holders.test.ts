import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../../config/logger.js';
import { claim } from '../../../ledger/candidates.js';
import { type Ledger, openLedger } from '../../../ledger/db/connect.js';
import { createHolders } from '../../../ledger/db/holders.js';
import { recordFound } from '../../../ledger/found.js';
import type { NewCandidate } from '../../../ledger/revisits.js';
import { BACKENDS, type Backend } from '../../setup/backends.js';

const none = {
  guid: null,
  authors: [],
  publishedAt: null,
  updatedAt: null,
  summary: null,
  image: null,
  language: null,
};
const page: NewCandidate = {
  url: 'https://example.org/1',
  urlKey: 'example.org/1',
  hints: { ...none, title: 'One', tags: [], via: 'https://example.org/feed' },
  rejected: null,
};
const log = createLogger('silent');
const OTHER = '00000000-0000-4000-8000-000000000002';

for (const { name, available, open } of BACKENDS.filter((b) => !b.name.includes('Redis'))) {
  describe.skipIf(!available)(`leases on ${name}`, () => {
    let backend: Backend;
    let ledger: Ledger;
    let id: number;
    beforeAll(async () => {
      backend = await open();
      ledger = await openLedger({ ...backend, log });
      await recordFound(ledger.db, 'a', [page]);
      id = (await ledger.db.selectFrom('sourcelink.candidate').select('id').executeTakeFirstOrThrow()).id;
    });
    afterAll(async () => {
      await ledger.close();
      await backend.drop();
    });
    const runOut = () => sql`UPDATE sourcelink.candidate SET lease_until = now() - interval '1 s'`.execute(ledger.db);
    const claimedBy = (owner: string) => claim(ledger.db, 'fetch', [id], owner);

    it('are kept while the work goes on that took them', async () => {
      const holders = createHolders(ledger.db, log);
      await holders
        .hold(async (owner) => {
          expect(await claimedBy(owner)).toHaveLength(1);
          await runOut();
          await holders.renew();
          expect(await claimedBy(OTHER)).toEqual([]);
          throw new Error('to give it back');
        })
        .catch(() => undefined);
    });

    // PGlite has one session: nobody can be in the middle of a write while another renews.
    it.skipIf(name === 'PGlite')('are renewed without waiting for a row that is being written', async () => {
      const second = { ...page, url: 'https://example.org/2', urlKey: 'example.org/2' };
      await recordFound(ledger.db, 'b', [second]);
      const left = (await ledger.db.selectFrom('sourcelink.candidate').select('id').execute()).map((r) => r.id);
      const holders = createHolders(ledger.db, log);
      await holders.hold(async (owner) => {
        expect(await claim(ledger.db, 'fetch', left, owner)).toHaveLength(2);
        await runOut();
        await ledger.db.transaction().execute(async (tx) => {
          await sql`SELECT 1 FROM sourcelink.candidate WHERE id = ${id} FOR UPDATE`.execute(tx);
          await holders.renew();
        });
        const { rows } = await sql<{ id: number }>`
          SELECT id FROM sourcelink.candidate WHERE lease_until > now()`.execute(ledger.db);
        expect(rows.map((r) => r.id)).toEqual(left.filter((other) => other !== id));
      });
      await sql`DELETE FROM sourcelink.candidate WHERE id <> ${id}`.execute(ledger.db);
      await runOut();
    });

    it('are given back when the work fails', async () => {
      const failing = createHolders(ledger.db, log).hold(async (owner) => {
        await claimedBy(owner);
        throw new Error('no space left on device');
      });
      await expect(failing).rejects.toThrow('no space left on device');
      expect(await createHolders(ledger.db, log).hold(claimedBy)).toHaveLength(1);
      await runOut();
    });

    it('run out when the work fails while nothing can be written, though the process lives', async () => {
      const away = ledger.db.withPlugin({
        transformQuery: () => {
          throw new Error('the database is away');
        },
        transformResult: async ({ result }) => result,
      });
      const holders = createHolders(away, log);
      await holders
        .hold(async (owner) => {
          await claimedBy(owner);
          throw new Error('the database is away');
        })
        .catch(() => undefined);
      expect(await claimedBy(OTHER)).toEqual([]);
      await runOut();
      await holders.renew();
      expect(await claimedBy(OTHER)).toHaveLength(1);
    });
  });
}
