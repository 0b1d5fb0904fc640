import type { Command } from 'commander';
import { readEnv } from '../config/env.js';
import { loggerFor } from './open.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { count } from './wording.js';

/** `sourcelink backup`: the whole ledger as one file. */
export function backupCommand(program: Command, act: Act): void {
  program
    .command('backup')
    .description('Save the whole ledger to one file, with the site and the queues in the same database.')
    .argument('<file>', 'file to write')
    .option('--force', 'replace the file if it exists')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  sourcelink backup sourcelink-2026-03-01.tar.gz
  SOURCELINK_DATABASE_URL=postgres://… sourcelink backup sourcelink.dump

With PGlite, stop every other Sourcelink process first. With PostgreSQL, \`pg_dump\` is used and nothing has to stop.
Queues in Redis are not included; they are rebuilt from the ledger.`,
    )
    .action(
      act((terminal, file: string, options: { force?: boolean }) => backup(terminal, file, options.force ?? false)),
    );
}

/** `sourcelink restore`: the ledger as a backup has it. */
export function restoreCommand(program: Command, act: Act): void {
  program
    .command('restore')
    .description('Replace the ledger with a backup.')
    .argument('<file>', 'file written by `backup`')
    .option('--force', 'replace a ledger that contains data')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  sourcelink restore sourcelink-2026-03-01.tar.gz
  SOURCELINK_DATABASE_URL=postgres://… sourcelink restore sourcelink.dump --force

Stop all processes first. A backup of PGlite restores to PGlite, one of PostgreSQL to PostgreSQL. Articles published after the backup are
found and sent again.`,
    )
    .action(
      act((terminal, file: string, options: { force?: boolean }) => restore(terminal, file, options.force ?? false)),
    );
}

async function backup(terminal: Terminal, file: string, force: boolean): Promise<ExitCode> {
  const env = readEnv(terminal.env);
  const { backupLedger } = await import('../ledger/backup.js');
  const where = { ...env, log: loggerFor(terminal, env, 'warn') };
  const bytes = await terminal.while(`Writing ${file} …`, () => backupLedger(where, file, { force }), true);
  terminal.result({ file, bytes });
  terminal.print(`${file}: ${(bytes / 1024 ** 2).toFixed(1)} MB.`);
  return 0;
}

async function restore(terminal: Terminal, file: string, force: boolean): Promise<ExitCode> {
  const env = readEnv(terminal.env);
  const { restoreLedger } = await import('../ledger/backup.js');
  const where = { ...env, log: loggerFor(terminal, env, 'warn') };
  const facts = await terminal.while(`Restoring ${file} …`, () => restoreLedger(where, file, { force }), true);
  const { schema, articles, waiting, dead } = facts;
  terminal.result({ file, schema, articles, waiting, dead });
  terminal.print(`Restored: schema ${schema}, ${count(articles, 'article')}, ${waiting} waiting, ${dead} dead.`);
  return 0;
}
