import type { Command } from 'commander';
import { type Env, readEnv } from '../config/env.js';
import { SourcelinkError } from '../config/errors.js';
import type { MigrationState } from '../ledger/db/migrate.js';
import { hasLedger, loggerFor } from './open.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { count, moment } from './wording.js';

/** `sourcelink migrate`: the schema of the ledger, forward and back. */
export function migrateCommand(program: Command, act: Act): void {
  program
    .command('migrate')
    .description(
      "Migrate the ledger's schema to this version or back to an older one. Other commands migrate forward by themselves.",
    )
    .option('--status', 'only show which migrations were applied')
    .option('--to <version>', 'migrate to this version of the schema', version)
    .option('--force', 'migrate back although this deletes data that the older schema cannot hold')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  sourcelink migrate --status
  sourcelink migrate
  sourcelink migrate --to 11 --force

Before you migrate back, stop all processes and run \`sourcelink backup\`.`,
    )
    .action(act((terminal, options: Options) => migrate(terminal, options)));
}

type Options = { status?: boolean; to?: number; force?: boolean };

function version(text: string): number {
  if (!/^\d{1,4}$/.test(text))
    throw new SourcelinkError('USAGE', `--to ${text}: write the number of a version.`, {
      hint: 'See `sourcelink migrate --status`.',
    });
  return Number(text);
}

async function migrate(terminal: Terminal, { status, to, force }: Options): Promise<ExitCode> {
  const env = readEnv(terminal.env);
  const before = await withSchema(terminal, env, null);
  const newest = Math.max(...before.map((m) => m.version));
  if (to !== undefined && to > newest)
    throw new SourcelinkError('USAGE', `--to ${to}: the newest version is ${newest}.`, {
      hint: 'See `sourcelink migrate --status`.',
    });
  const at = atOf(before);
  if (status) {
    show(terminal, before);
    return 0;
  }
  if (to !== undefined && to < at && !force)
    throw new SourcelinkError(
      'USAGE',
      `Migrating back from ${at} to ${to} deletes data that the older schema cannot hold.`,
      {
        hint: 'Stop all processes, run `sourcelink backup FILE`, then add `--force`.',
      },
    );
  const after = await withSchema(terminal, env, { to });
  terminal.result({ from: at, to: atOf(after), migrations: after });
  terminal.print(
    at === atOf(after)
      ? `The schema already has version ${at}.`
      : `The schema was migrated from version ${at} to ${atOf(after)}.`,
  );
  return 0;
}

const atOf = (states: MigrationState[]): number =>
  Math.max(0, ...states.filter((m) => m.appliedAt).map((m) => m.version));

function show(terminal: Terminal, states: MigrationState[]): void {
  terminal.result({ at: atOf(states), migrations: states });
  terminal.table(
    [{ head: 'version', align: 'right' }, { head: 'name' }, { head: 'additive' }, { head: 'made' }],
    states.map((m) => [
      String(m.version),
      m.name,
      m.additive ? 'yes' : 'no',
      m.appliedAt ? moment(m.appliedAt) : 'not yet',
    ]),
  );
  const missing = states.filter((m) => m.appliedAt === null).length;
  terminal.print(
    missing === 0 ? 'All migrations are applied.' : `${count(missing, 'migration')} will be applied at the next start.`,
  );
}

/** Opens the ledger as it is, changes its schema if that is asked for, and says how it stands. */
async function withSchema(
  terminal: Terminal,
  env: Env,
  change: { to: number | undefined } | null,
): Promise<MigrationState[]> {
  const [{ migrationStates, migrate: bring }, { openLedger }, { MIGRATIONS }] = await Promise.all([
    import('../ledger/db/migrate.js'),
    import('../ledger/db/connect.js'),
    import('../ledger/db/migrations/migrations.js'),
  ]);
  if (change === null && !hasLedger(env))
    return MIGRATIONS.map((m) => ({
      version: m.version,
      name: m.name,
      appliedAt: null,
      additive: m.additive ?? false,
    }));
  const opening = () => openLedger({ ...env, log: loggerFor(terminal, env, 'warn'), poolSize: 2, migrate: false });
  const ledger = await terminal.while('Opening the ledger …', opening, !hasLedger(env));
  try {
    if (change !== null) await bring(ledger.db, change.to);
    return await migrationStates(ledger.db);
  } finally {
    await ledger.close();
  }
}
