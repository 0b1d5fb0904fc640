import type { Env } from '../config/env.js';
import { codeOf, messageOf, SourcelinkError } from '../config/errors.js';
import type { Config } from '../config/load.js';
import type { Ledger } from '../ledger/db/connect.js';
import { hasLedger, loggerFor, openLedgerAlone } from './open.js';
import type { Terminal } from './terminal.js';
import { count } from './wording.js';

/** The result of one check. `warn`: it works, but could work better; `fail`: it does not work. */
export type Finding = { what: string; state: 'ok' | 'warn' | 'fail' | 'skip'; detail: string; hint: string | null };

/** Clocks further apart than this make leases and schedules unreliable. */
const CLOCK_SKEW_MS = 5000;
const OLDEST_POSTGRES = 14;
/** For the ledger, and for queues on PostgreSQL. */
const CONNECTIONS_OF_ONE = 34;

export const finding = (
  what: string,
  state: Finding['state'],
  detail: string,
  hint: string | null = null,
): Finding => ({
  what,
  state,
  detail,
  hint,
});

export const failure = (what: string, error: unknown): Finding =>
  finding(
    what,
    'fail',
    error instanceof SourcelinkError && error.code === 'CONFIG_INVALID' ? error.message : messageOf(error),
    error instanceof SourcelinkError ? (error.hint ?? null) : null,
  );

/** Ledger, queue and clocks; a ledger that does not exist yet is not made for this. */
export async function stores(terminal: Terminal, env: Env, config: Config | null): Promise<Finding[]> {
  if (!hasLedger(env))
    return [
      finding('ledger', 'ok', `not created yet; the first run creates it in ${env.dataDir} (PGlite)`),
      ...(await queue(terminal, env, null)),
    ];
  let ledger: Ledger;
  let missing: string[];
  try {
    missing = await missingMigrations(terminal, env);
    ledger = await openLedgerAlone(terminal, env);
  } catch (error) {
    // A process that runs is no fault: it has opened the ledger itself.
    const busy = codeOf(error) === 'LEDGER_LOCKED';
    return [busy ? finding('ledger', 'skip', messageOf(error)) : failure('ledger', error)];
  }
  try {
    return [...migrated(missing), ...(await ledgerState(ledger, config)), ...(await queue(terminal, env, ledger))];
  } finally {
    await ledger.close();
  }
}

async function ledgerState(ledger: Ledger, config: Config | null): Promise<Finding[]> {
  const [{ ledgerFacts }, { violations }] = await Promise.all([
    import('../ledger/read/views.js'),
    import('../ledger/invariant.js'),
  ]);
  const facts = await ledgerFacts(ledger.db);
  const server = ledger.kind === 'pglite' ? [] : await serverState(ledger, facts.server);
  const where = ledger.kind === 'pglite' ? 'PGlite' : `PostgreSQL ${facts.server}`;
  const holds = `${count(facts.articles, 'article')}, ${facts.waiting} waiting, ${facts.dead} dead`;
  const sinks = Object.entries(config?.settings.publish.sinks ?? {}).flatMap(([name, s]) => (s.enabled ? name : []));
  const broken = config === null ? [] : await violations(ledger.db, sinks);
  const skew = Math.abs(facts.now.getTime() - Date.now());
  return [
    finding('ledger', 'ok', `${where}, schema ${facts.schema}, ${holds}`),
    ...broken
      .slice(0, 5)
      .map((v) =>
        finding('ledger', 'warn', `${v.rule}: ${v.id} ${v.detail}`, 'Please report this. The next run continues.'),
      ),
    ...server,
    skew > CLOCK_SKEW_MS
      ? finding(
          'clock',
          'warn',
          `${Math.round(skew / 1000)} s off from the clock of the database`,
          'Synchronize the clocks of both machines with NTP.',
        )
      : finding('clock', 'ok', new Date().toISOString()),
  ];
}

/** Migrations that this command is about to make: it opens the ledger as all others do. */
async function missingMigrations(terminal: Terminal, env: Env): Promise<string[]> {
  const [{ openLedger }, { migrationStates }] = await Promise.all([
    import('../ledger/db/connect.js'),
    import('../ledger/db/migrate.js'),
  ]);
  const ledger = await openLedger({ ...env, log: loggerFor(terminal, env, 'warn'), poolSize: 1, migrate: false });
  try {
    const states = await migrationStates(ledger.db);
    return states.flatMap((m) => (m.appliedAt === null ? `${m.version} (${m.name})` : []));
  } finally {
    await ledger.close();
  }
}

const migrated = (missing: string[]): Finding[] =>
  missing.length === 0
    ? []
    : [
        finding(
          'migrations',
          'warn',
          `applied just now: ${missing.join(', ')}`,
          'Restart the processes that still run the older version.',
        ),
      ];

/** What a PostgreSQL server must be and have for this. */
async function serverState({ db }: Ledger, version: string): Promise<Finding[]> {
  const { connectionRoom } = await import('../ledger/read/views.js');
  const { max, used } = await connectionRoom(db);
  const old = Number.parseInt(version, 10) < OLDEST_POSTGRES;
  return [
    ...(old
      ? [finding('database', 'fail', `PostgreSQL ${version}`, `Upgrade to PostgreSQL ${OLDEST_POSTGRES} or later.`)]
      : []),
    max - used < CONNECTIONS_OF_ONE
      ? finding(
          'connections',
          'warn',
          `${used} of ${max} are in use; one process can use up to ${CONNECTIONS_OF_ONE}`,
          'Raise max_connections in PostgreSQL, or move the queues to Redis.',
        )
      : finding('connections', 'ok', `${used} of ${max} are in use`),
  ];
}

async function queue(terminal: Terminal, env: Env, ledger: Ledger | null): Promise<Finding[]> {
  if (env.queueUrl === null) return [finding('queue', 'ok', "in the ledger's database")];
  if (env.queueUrl.startsWith('redis')) return redis(env.queueUrl);
  if (ledger === null) return [finding('queue', 'skip', 'PostgreSQL; checked once the ledger exists')];
  const { openQueues } = await import('../workers/queues.js');
  try {
    const queues = await openQueues({ queueUrl: env.queueUrl, ledger, log: loggerFor(terminal, env, 'warn') });
    await queues.close();
    return [finding('queue', 'ok', 'PostgreSQL')];
  } catch (error) {
    return [failure('queue', error)];
  }
}

async function redis(url: string): Promise<Finding[]> {
  const [{ Redis }, { redisWarnings }, { withoutPassword }] = await Promise.all([
    import('ioredis'),
    import('../workers/queues.js'),
    import('../ledger/db/connect.js'),
  ]);
  const server = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 5000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  server.on('error', () => undefined);
  try {
    await server.connect();
    const version = /redis_version:(\S+)/.exec(await server.info('server'))?.[1] ?? 'unknown version';
    const warnings = (await redisWarnings(server)).map((w) => finding('queue', 'warn', w));
    return [finding('queue', 'ok', `Redis ${version}`), ...warnings];
  } catch (cause) {
    return [
      failure(
        'queue',
        new SourcelinkError('QUEUE_UNREACHABLE', `cannot open the queue at ${withoutPassword(url)}`, { cause }),
      ),
    ];
  } finally {
    server.disconnect();
  }
}
