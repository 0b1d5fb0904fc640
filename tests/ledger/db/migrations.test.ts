import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../../config/logger.js';
import { openLedger } from '../../../ledger/db/connect.js';
import { migrate, outdated } from '../../../ledger/db/migrate.js';
import { MIGRATIONS } from '../../../ledger/db/migrations/migrations.js';
import { violations } from '../../../ledger/invariant.js';
import type { Database } from '../../../ledger/schema.js';
import { retractArticle } from '../../../workers/editorial/editing.js';
import { objectOf, operatorFolder, sourcelink } from '../../cli/command-line.js';
import { BACKENDS, type Backend } from '../../setup/backends.js';
import { openQuay } from '../../setup/quay.js';

const NEWEST = MIGRATIONS.at(-1)?.version ?? 0;
const log = createLogger('silent');

/** Tables with their columns, indexes and constraints, a line each; the order of columns is left out. */
async function schemaOf(db: Kysely<Database>): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    SELECT format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) AS line
      FROM information_schema.columns WHERE table_schema = 'sourcelink' AND table_name <> 'migration'
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'sourcelink'
    UNION ALL SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
      WHERE connamespace = 'sourcelink'::regnamespace AND contype <> 'n'
    UNION ALL SELECT format('sequence %s', sequencename) FROM pg_sequences WHERE schemaname = 'sourcelink'
    ORDER BY 1`.execute(db);
  return rows.map((r) => r.line);
}

it('the migrations are numbered 1, 2, 3, … and each has a way back', () => {
  expect(MIGRATIONS.map((m) => m.version)).toEqual(MIGRATIONS.map((_, i) => i + 1));
  expect(MIGRATIONS.filter((m) => m.down.trim() === '').map((m) => m.name)).toEqual([]);
});

for (const { name, available, open } of BACKENDS.filter((b) => !b.name.includes('Redis'))) {
  describe.skipIf(!available)(`migrations on ${name}`, () => {
    let full: Backend;
    let empty: Backend;
    beforeAll(async () => {
      [full, empty] = [await open(), await open({ migrated: false })];
      const quay = await openQuay({ ...full, drop: async () => undefined });
      await quay.pass();
      const { ctx } = quay.pipeline;
      const { id } = await ctx.db.selectFrom('sourcelink.article').select('id').orderBy('id').executeTakeFirstOrThrow();
      await retractArticle(ctx, id, 'a mistake');
      await quay.close();
    }, 240_000);
    afterAll(async () => {
      await full?.drop();
      await empty?.drop();
    });

    it('go from the last to the first and forward again, with data in the tables', async () => {
      const way = await openLedger({ ...empty, log, migrate: false });
      const schemas: string[][] = [];
      for (let v = 0; v <= NEWEST; v++) {
        await migrate(way.db, v);
        schemas.push(await schemaOf(way.db));
      }
      await way.close();
      const ledger = await openLedger({ ...full, log, migrate: false });
      const articles = async () =>
        (await sql<{ n: number }>`SELECT count(*)::int AS n FROM sourcelink.article`.execute(ledger.db)).rows[0]?.n;
      try {
        expect(await schemaOf(ledger.db)).toEqual(schemas[NEWEST]);
        for (let v = NEWEST - 1; v >= 1; v--) {
          await migrate(ledger.db, v);
          expect(await schemaOf(ledger.db), `back from ${v + 1} to ${v}`).toEqual(schemas[v]);
          expect(await articles()).toBe(5);
        }
        await migrate(ledger.db);
        expect(await schemaOf(ledger.db)).toEqual(schemas[NEWEST]);
        expect(await articles()).toBe(5);
        expect(await violations(ledger.db, [])).toEqual([]);
        await migrate(ledger.db, 0);
        expect(await schemaOf(ledger.db)).toEqual(schemas[0]);
        await migrate(ledger.db);
      } finally {
        await ledger.close();
      }
    }, 240_000);

    it('let an older program work beside an additive one, and stop it at any other', async () => {
      const ledger = await openLedger({ ...empty, log });
      const next = (more: object) => ({ version: NEWEST + 1, name: 'next', up: 'SELECT 1', down: 'SELECT 1', ...more });
      const later = { version: NEWEST + 2, name: 'later', up: 'SELECT 1', down: 'SELECT 1', additive: true };
      try {
        await migrate(ledger.db, undefined, [...MIGRATIONS, next({ additive: true })]);
        await migrate(ledger.db);
        expect(await outdated(ledger.db)).toBeNull();
        await expect(migrate(ledger.db, 0)).rejects.toMatchObject({ code: 'LEDGER_MIGRATION' });
        await migrate(ledger.db, NEWEST, [...MIGRATIONS, next({ additive: true })]);
        await migrate(ledger.db, undefined, [...MIGRATIONS, next({}), later]);
        await expect(migrate(ledger.db)).rejects.toMatchObject({ code: 'LEDGER_MIGRATION' });
        expect((await outdated(ledger.db))?.message).toBe(
          `the ledger has schema version ${NEWEST + 2}, but this program only supports versions up to ${NEWEST}`,
        );
        await migrate(ledger.db, NEWEST, [...MIGRATIONS, next({}), later]);
        expect(await outdated(ledger.db)).toBeNull();
        await migrate(ledger.db, NEWEST - 1);
        expect((await outdated(ledger.db))?.message).toContain(`migrated back to schema version ${NEWEST - 1}`);
      } finally {
        await migrate(ledger.db);
        await ledger.close();
      }
    }, 60_000);

    it('are shown and made by the command, and go back only when that is meant', async () => {
      const place = operatorFolder();
      const env = {
        ...place.env,
        SOURCELINK_DATA: empty.dataDir,
        ...(empty.databaseUrl ? { SOURCELINK_DATABASE_URL: empty.databaseUrl } : {}),
      };
      const at = async () => objectOf(await sourcelink(['migrate', '--status', '--json'], { env }))['at'];
      expect(await at()).toBe(NEWEST);
      const refused = await sourcelink(['migrate', '--to', '0', '--json'], { env });
      expect([refused.code, await at()]).toEqual([2, NEWEST]);
      expect((await sourcelink(['migrate', '--to', String(NEWEST + 1)], { env })).code).toBe(2);
      expect(objectOf(await sourcelink(['migrate', '--to', '0', '--force', '--json'], { env }))).toMatchObject({
        from: NEWEST,
        to: 0,
      });
      expect(await at()).toBe(0);
      expect((await sourcelink(['migrate', '--status'], { env })).out).toMatch(/1 migration will be applied/);
      expect(objectOf(await sourcelink(['migrate', '--json'], { env }))).toMatchObject({ from: 0, to: NEWEST });
      place.drop();
    }, 120_000);
  });
}
