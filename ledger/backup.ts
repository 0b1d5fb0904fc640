import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import pg from 'pg';
import { SourcelinkError } from '../config/errors.js';
import type { Logger } from '../config/logger.js';
import { openLedger, withoutPassword } from './db/connect.js';
import { freeAllLeases } from './db/leases.js';
import { lockFolder } from './db/lock.js';
import { type LedgerFacts, ledgerFacts } from './read/views.js';

const unzipped = promisify(gunzip);

type Where = { databaseUrl: string | null; dataDir: string; log: Logger };

/** What the ledger, the site and the queues keep in a database of their own or a shared one. */
const SCHEMAS = ['sourcelink', 'site', 'bullmq'];

/**
 * Writes the whole ledger into one file: of PGlite its folder as a gzipped tar, of PostgreSQL what `pg_dump` writes. @returns its bytes
 * @throws LEDGER_LOCKED, LEDGER_NOT_EMPTY when the file exists, LEDGER_BACKUP
 */
export async function backupLedger(where: Where, file: string, options: { force: boolean }): Promise<number> {
  if (existsSync(file) && !options.force)
    throw new SourcelinkError('LEDGER_NOT_EMPTY', `The file ${file} already exists.`);
  const part = `${file}.part`;
  try {
    if (where.databaseUrl === null) await dumpPglite(where.dataDir, part);
    else {
      const schemas = SCHEMAS.map((s) => `--schema=${s}`);
      await run('pg_dump', where.databaseUrl, [
        '--format=custom',
        '--no-owner',
        '--no-privileges',
        ...schemas,
        `--file=${part}`,
      ]);
    }
    const { size } = await stat(part);
    await rename(part, file);
    return size;
  } catch (error) {
    await rm(part, { force: true });
    throw known(error, `cannot write a backup to ${file}`);
  }
}

/**
 * Puts a backup in the ledger's place, and brings its schema up to date. Nothing is changed unless the backup can be read.
 * @throws LEDGER_LOCKED, LEDGER_NOT_EMPTY, LEDGER_BACKUP, LEDGER_MIGRATION when it is of a newer program
 */
export async function restoreLedger(where: Where, file: string, options: { force: boolean }): Promise<LedgerFacts> {
  const kind = await kindOf(file);
  const here = where.databaseUrl === null ? 'PGlite' : 'PostgreSQL';
  if (kind !== here)
    throw new SourcelinkError(
      'LEDGER_BACKUP',
      `${file} is ${kind === null ? 'not a backup' : `a backup of ${kind}`}; the ledger is ${here}.`,
      {
        hint:
          kind === null
            ? 'Name a file that `sourcelink backup` wrote.'
            : 'Set or unset SOURCELINK_DATABASE_URL to match it.',
      },
    );
  try {
    if (where.databaseUrl === null) await loadPglite(where.dataDir, file, options.force);
    else await loadPostgres(where.databaseUrl, file, options.force);
  } catch (error) {
    throw known(error, `cannot restore ${file}`);
  }
  const ledger = await openLedger({ ...where, poolSize: 2 });
  try {
    // Those who held a lease when the backup was made are gone.
    await freeAllLeases(ledger.db);
    return await ledgerFacts(ledger.db);
  } finally {
    await ledger.close();
  }
}

async function dumpPglite(dataDir: string, part: string): Promise<void> {
  const folder = join(dataDir, 'ledger');
  if (!existsSync(folder))
    throw new SourcelinkError('LEDGER_BACKUP', `There is no ledger in ${dataDir} yet.`, {
      hint: 'Run `sourcelink run` first.',
    });
  const unlock = lockFolder(dataDir);
  try {
    const { PGlite } = await import('@electric-sql/pglite');
    const lite = await PGlite.create({ dataDir: folder });
    const dump = await lite.dumpDataDir('gzip').finally(() => lite.close());
    const out = await open(part, 'w', 0o600);
    try {
      await out.writeFile(Buffer.from(await dump.arrayBuffer()));
      await out.sync();
    } finally {
      await out.close();
    }
  } finally {
    unlock();
  }
}

async function loadPglite(dataDir: string, file: string, force: boolean): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  const unlock = lockFolder(dataDir);
  const [folder, made, old] = ['ledger', 'ledger.restoring', 'ledger.replaced'].map((n) => join(dataDir, n)) as [
    string,
    string,
    string,
  ];
  try {
    if (existsSync(folder) && !force)
      throw new SourcelinkError('LEDGER_NOT_EMPTY', `${dataDir} already contains a ledger.`);
    for (const left of [made, old]) await rm(left, { recursive: true, force: true });
    const { PGlite } = await import('@electric-sql/pglite');
    // Unpacked here: in PGlite's hands a file that was cut off ends the process.
    const tar = await unzipped(await readFile(file));
    const lite = await PGlite.create({ dataDir: made, loadDataDir: new Blob([tar], { type: 'application/x-tar' }) });
    await lite.query('SELECT max(version) FROM sourcelink.migration').finally(() => lite.close());
    if (existsSync(folder)) await rename(folder, old);
    await rename(made, folder);
    await rm(old, { recursive: true, force: true });
  } finally {
    await rm(made, { recursive: true, force: true });
    unlock();
  }
}

async function loadPostgres(url: string, file: string, force: boolean): Promise<void> {
  // A whole look at the file before anything is dropped: one that was cut off is found here.
  await run('pg_restore', null, ['--file=/dev/null', file]);
  if (!force) await mustBeEmpty(url);
  const how = ['--clean', '--if-exists', '--no-owner', '--no-privileges', '--single-transaction', '--exit-on-error'];
  await run('pg_restore', url, [...how, file]);
}

/** @throws LEDGER_NOT_EMPTY when it holds something or somebody works on it */
async function mustBeEmpty(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: others } = await client.query(
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sourcelink' LIMIT 1",
    );
    if (others.length > 0)
      throw new SourcelinkError('LEDGER_NOT_EMPTY', 'Other Sourcelink processes are using this database.', {
        hint: 'Stop them first.',
      });
    const { rows } = await client.query("SELECT to_regclass('sourcelink.candidate') IS NOT NULL AS made");
    if (!rows[0]?.made) return;
    const { rows: held } = await client.query('SELECT 1 FROM sourcelink.candidate LIMIT 1');
    if (held.length > 0)
      throw new SourcelinkError('LEDGER_NOT_EMPTY', `The ledger at ${withoutPassword(url)} already contains articles.`);
  } finally {
    await client.end();
  }
}

async function kindOf(file: string): Promise<'PGlite' | 'PostgreSQL' | null> {
  const start = Buffer.alloc(5);
  try {
    const from = await open(file, 'r');
    await from.read(start, 0, 5, 0).finally(() => from.close());
  } catch (cause) {
    throw new SourcelinkError('LEDGER_BACKUP', `cannot read ${file}`, { cause });
  }
  if (start.toString('latin1') === 'PGDMP') return 'PostgreSQL';
  return start[0] === 0x1f && start[1] === 0x8b ? 'PGlite' : null;
}

/** Runs one of PostgreSQL's programs. The password goes by the environment: others can read a command line. */
async function run(program: string, url: string | null, args: string[]): Promise<void> {
  const at = url === null ? null : new URL(url);
  const password = decodeURIComponent(at?.password ?? '');
  if (at) at.password = '';
  const env = { ...process.env, ...(password === '' ? {} : { PGPASSWORD: password }) };
  const child = spawn(program, [...args, ...(at ? [`--dbname=${at.href}`] : [])], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000);
  });
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  }).catch((cause) => {
    throw new SourcelinkError('LEDGER_BACKUP', `cannot start ${program}`, {
      cause,
      hint: `Install PostgreSQL's client programs, in the version of the server or a newer one.`,
    });
  });
  if (code === 0) return;
  const [first = `it ended with ${code}`] = said.split('\n').filter((line) => line !== '');
  throw new SourcelinkError('LEDGER_BACKUP', `${program}: ${first.replace(`${program}: `, '')}`, {
    hint: 'Correct what the message names. If the program is older than the server, install a newer version.',
  });
}

const known = (cause: unknown, what: string): SourcelinkError =>
  cause instanceof SourcelinkError ? cause : new SourcelinkError('LEDGER_BACKUP', what, { cause });
