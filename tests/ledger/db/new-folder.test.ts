import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLogger } from '../../../config/logger.js';
import { openLedger } from '../../../ledger/db/connect.js';
import { unpackNewFolder } from '../../../ledger/db/new-folder.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sourcelink-folder-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Names of all files below, but for what PostgreSQL makes anew at each start. */
const below = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/^(pg_wal|pg_stat|postmaster)|pg_internal|pg_filenode/.test(name))
    .sort();

it('unpacks the very database that PGlite makes', async () => {
  const [unpacked, made] = [join(dir, 'unpacked'), join(dir, 'made')];
  expect(unpackNewFolder(unpacked)).toBe(true);
  expect(existsSync(`${unpacked}.new`)).toBe(false);
  const lite = await PGlite.create({ dataDir: made });
  await lite.close();
  expect(below(unpacked)).toEqual(below(made));
});

it('does not take what a killed process left of a folder for a ledger', async () => {
  const log = createLogger('silent');
  expect(unpackNewFolder(join(dir, 'ledger.new'))).toBe(true);
  rmSync(join(dir, 'ledger.new', 'global'), { recursive: true });
  const ledger = await openLedger({ databaseUrl: null, dataDir: dir, log });
  expect(await ledger.db.selectFrom('sourcelink.candidate').selectAll().execute()).toEqual([]);
  await ledger.close();
  expect(readdirSync(dir)).toEqual(['ledger']);
});
