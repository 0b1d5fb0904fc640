import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../config/logger.js';
import { openLedger } from '../../ledger/db/connect.js';
import { violations } from '../../ledger/invariant.js';
import type { Db } from '../../ledger/schema.js';
import { BACKENDS, type Backend } from '../setup/backends.js';
import { openDesk, outlet, prose } from '../setup/desk.js';
import { objectOf, operatorFolder, sourcelink } from './command-line.js';

/** Everything that the ledger holds, a line a row. */
async function contentOf(db: Db): Promise<string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'sourcelink' ORDER BY 1`.execute(db);
  const lines: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<{
      row: string;
    }>`SELECT t::text AS row FROM sourcelink.${sql.id(name)} t ORDER BY 1`.execute(db);
    lines.push(...rows.map((r) => `${name} ${r.row}`));
  }
  return lines;
}

for (const { name, available, open } of BACKENDS.filter((b) => !b.name.includes('Redis'))) {
  describe.skipIf(!available)(`backup and restore of ${name}`, () => {
    let from: Backend;
    let to: Backend;
    let place: ReturnType<typeof operatorFolder>;
    let before: string[];
    const envOf = (backend: Backend) => ({
      ...place.env,
      SOURCELINK_DATA: backend.dataDir,
      ...(backend.databaseUrl ? { SOURCELINK_DATABASE_URL: backend.databaseUrl } : {}),
    });
    const file = () => join(place.folder, 'ledger.backup');
    const content = async (backend: Backend) => {
      const ledger = await openLedger({ ...backend, log: createLogger('silent') });
      try {
        expect(await violations(ledger.db, [])).toEqual([]);
        return await contentOf(ledger.db);
      } finally {
        await ledger.close();
      }
    };

    beforeAll(async () => {
      place = operatorFolder();
      from = await open();
      to = await open({ migrated: false });
      const desk = await openDesk(from, [outlet('herald', 'The Herald')]);
      for (let i = 0; i < 20; i++) await desk.put({ source: 'herald', text: `${prose(i)} “ünïcödé” \\N \t ${i}` });
      await desk.ledger.close();
      before = await content(from);
      expect(before.length).toBeGreaterThan(40);
    }, 120_000);
    afterAll(async () => {
      await from?.drop();
      await to?.drop();
      place?.drop();
    });

    it('brings everything back, in another place', async () => {
      const made = objectOf(await sourcelink(['backup', file(), '--json'], { env: envOf(from) }));
      expect(made['bytes']).toBe(readFileSync(file()).byteLength);
      const back = objectOf(await sourcelink(['restore', file(), '--json'], { env: envOf(to) }));
      expect(back).toMatchObject({ articles: 20, waiting: 20, dead: 0 });
      expect(await content(to)).toEqual(before);
    }, 120_000);

    it('overwrites neither a file nor a ledger without --force', async () => {
      const again = await sourcelink(['backup', file(), '--json'], { env: envOf(from) });
      expect([again.code, again.err]).toEqual([1, expect.stringContaining('LEDGER_NOT_EMPTY')]);
      const refused = await sourcelink(['restore', file(), '--json'], { env: envOf(to) });
      expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('LEDGER_NOT_EMPTY')]);
      const forced = await sourcelink(['restore', file(), '--force', '--json'], { env: envOf(to) });
      expect([forced.code, await content(to)]).toEqual([0, before]);
    }, 120_000);

    it('changes nothing for a file that is damaged, of another kind, or none', async () => {
      const bad = join(place.folder, 'bad');
      const size = readFileSync(file()).byteLength;
      for (const spoil of [
        () => writeFileSync(bad, readFileSync(file()).subarray(0, Math.floor(size / 2))),
        () => writeFileSync(bad, name === 'PGlite' ? 'PGDMP and so on' : Buffer.from([0x1f, 0x8b, 8, 0, 0])),
        () => writeFileSync(bad, 'a letter'),
      ]) {
        spoil();
        const ended = await sourcelink(['restore', bad, '--force', '--json'], { env: envOf(to) });
        expect([ended.code, ended.err]).toEqual([1, expect.stringContaining('LEDGER_BACKUP')]);
      }
      const none = await sourcelink(['restore', join(place.folder, 'nowhere'), '--force'], { env: envOf(to) });
      expect([none.code, none.err]).toEqual([1, expect.stringContaining('nowhere')]);
      expect(await content(to)).toEqual(before);
      expect(existsSync(join(to.dataDir, 'ledger.restoring'))).toBe(false);
    }, 120_000);
  });
}
