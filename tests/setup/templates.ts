/** One migrated, empty ledger on each kind of database, which tests copy: migrating takes five times as long. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { createLogger } from '../../config/logger.js';
import { openLedger } from '../../ledger/db/connect.js';

const TEMPLATE = 'sourcelink_template';

/** @returns the folder of the one on PGlite; the one on PostgreSQL is a database of that server */
export async function makeTemplates(postgresUrl: string | null): Promise<{ folder: string; drop(): void }> {
  const log = createLogger('silent');
  const folder = mkdtempSync(join(tmpdir(), 'sourcelink-template-'));
  const lite = await openLedger({ databaseUrl: null, dataDir: folder, log });
  // PostgreSQL's own templates are two thirds of the files, and nothing here makes databases on PGlite.
  await sql`UPDATE pg_database SET datistemplate = false`.execute(lite.db);
  for (const name of ['template0', 'template1']) await sql`DROP DATABASE ${sql.id(name)}`.execute(lite.db);
  await lite.close();
  if (postgresUrl !== null) {
    await onServer(postgresUrl, `CREATE DATABASE ${TEMPLATE}`);
    const ledger = await openLedger({ databaseUrl: inDatabase(postgresUrl, TEMPLATE), dataDir: folder, log });
    await ledger.close();
  }
  return { folder, drop: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Makes a ledger in this data folder. */
export function copyFolder(template: string, dataDir: string): void {
  cpSync(join(template, 'ledger'), join(dataDir, 'ledger'), { recursive: true });
}

/** @returns the URL of a new database, which is a ledger */
export async function copyDatabase(postgresUrl: string, name: string): Promise<string> {
  await onServer(postgresUrl, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  return inDatabase(postgresUrl, name);
}

/** The URL of another database on the same server. */
export function inDatabase(postgresUrl: string, name: string): string {
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs one statement in the server's own database. */
export async function onServer(postgresUrl: string, statement: string): Promise<void> {
  const client = new pg.Client(postgresUrl);
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
