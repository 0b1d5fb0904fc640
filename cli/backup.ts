import type { Command } from 'commander';
import { readEnv } from '../config/env.js';
import { loggerFor } from './open.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { count } from './wording.js';

/** `sourcelink backup`: the whole ledger as one file. */
export function backupCommand(program: Command, act: Act): void {
  program
    .command('backup')
    .description('Write the whole ledger, with site and queues beside it, into one file.')
    .argument('<file>', 'to be written')
    .option('--force', 'replace the file when it is there')
    .option('--json', 'one object on standard output')
    .addHelpText(
      'after',
      `
Examples:
  sourcelink backup sourcelink-2026-03-01.tar.gz
  SOURCELINK_DATABASE_URL=postgres://… sourcelink backup sourcelink.dump

On PGlite no other process may have the ledger open: stop \`start\` first. On PostgreSQL it is \`pg_dump\`, at any time.
Queues on Redis are not in it; the ledger rebuilds its own.`,
    )
    .action(
      act((terminal, file: string, options: { force?: boolean }) => backup(terminal, file, options.force ?? false)),
    );
}

/** `sourcelink restore`: the ledger as a backup has it. */
export function restoreCommand(program: Command, act: Act): void {
  program
    .command('restore')
    .description('Put a backup in the place of the ledger.')
    .argument('<file>', 'that `backup` wrote')
    .option('--force', 'replace a ledger that holds something')
    .option('--json', 'one object on standard output')
    .addHelpText(
      'after',
      `
Examples:
  sourcelink restore sourcelink-2026-03-01.tar.gz
  SOURCELINK_DATABASE_URL=postgres://… sourcelink restore sourcelink.dump --force

Stop all processes first. A backup goes back to the kind of ledger that it was made of. What was published after it was made is
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
