import { execFile } from 'node:child_process';
import { accessSync, existsSync, constants as fs, statfsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import { type Env, readEnv } from '../config/env.js';
import { codeOf, messageOf, SourcelinkError } from '../config/errors.js';
import { type Config, loadConfig } from '../config/load.js';
import type { Ledger } from '../workers/ledger/connect.js';
import { loggerFor } from './open.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { count } from './wording.js';

/** One thing that was looked at. `warn` works, but not as well as it could; `fail` is broken. */
type Finding = { what: string; state: 'ok' | 'warn' | 'fail' | 'skip'; detail: string; mend: string | null };

const OLDEST_NODE = [20, 19] as const;
const LEAST_FREE_BYTES = { warn: 2 * 1024 ** 3, fail: 200 * 1024 ** 2 };
/** Clocks further apart than this make leases and schedules unreliable. */
const CLOCK_SKEW_MS = 5000;

/** `sourcelink doctor`: whether this machine is ready. */
export function doctorCommand(program: Command, act: Act): void {
  program
    .command('doctor')
    .description('Check whether everything is ready to run, and say what to do where it is not.')
    .option('--json', 'the findings as one object')
    .addHelpText('after', '\nExample:\n  sourcelink doctor')
    .action(act((terminal) => doctor(terminal)));
}

async function doctor(terminal: Terminal): Promise<ExitCode> {
  const findings: Finding[] = [nodeVersion(process.versions.node)];
  const env = attempt(
    findings,
    'environment',
    () => readEnv(terminal.env),
    () => 'read',
  );
  const config =
    env &&
    attempt(
      findings,
      'configuration',
      () => loadConfig(env, terminal.env),
      (c) => {
        const on = c.sources.filter((s) => s.enabled).length;
        return `${count(c.sources.length, 'source')} (${on} on), ${count(c.categories.length, 'category', 'categories')} in ${c.folder}`;
      },
    );
  if (config) findings.push(...contact(config));
  if (env) {
    findings.push(...dataFolder(env.dataDir));
    findings.push(...(await terminal.while('Opening the ledger …', () => stores(terminal, env, config ?? null))));
    findings.push(await browser(env));
  }
  const ok = findings.every((f) => f.state !== 'fail');
  terminal.result({ ok, findings });
  const marks = {
    ok: terminal.style('green', '✓'),
    warn: terminal.style('yellow', '!'),
    skip: '·',
    fail: terminal.style('red', '✗'),
  };
  for (const f of findings) {
    const lines = terminal.wrapped(`${f.what}: ${f.detail}${f.mend ? `\n→ ${f.mend}` : ''}`).split('\n');
    terminal.print(`${marks[f.state]} ${lines.join('\n  ')}`);
  }
  const broken = findings.filter((f) => f.state === 'fail').length;
  terminal.print(ok ? '\nReady.' : `\n${count(broken, 'thing')} must be mended.`);
  return ok ? 0 : 1;
}

function nodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = OLDEST_NODE;
  const old = major < leastMajor || (major === leastMajor && minor < leastMinor);
  return finding(
    'Node.js',
    old ? 'fail' : 'ok',
    version,
    old ? `Install Node.js ${OLDEST_NODE.join('.')} or newer.` : null,
  );
}

const finding = (what: string, state: Finding['state'], detail: string, mend: string | null = null): Finding => ({
  ...{ what, state, detail, mend },
});

const failure = (what: string, error: unknown): Finding =>
  finding(
    what,
    'fail',
    error instanceof SourcelinkError && error.code === 'CONFIG_INVALID' ? error.message : messageOf(error),
    error instanceof SourcelinkError ? (error.mend ?? null) : null,
  );

function attempt<T>(findings: Finding[], what: string, task: () => T, tell: (value: T) => string): T | undefined {
  try {
    const value = task();
    findings.push(finding(what, 'ok', tell(value)));
    return value;
  } catch (error) {
    findings.push(failure(what, error));
    return undefined;
  }
}

function contact({ settings }: Config): Finding[] {
  if (!/\bexample\.(?:org|com|net)\b/.test(settings.userAgent)) return [];
  const mend =
    'Name a page and an address of yours in `userAgent` of sourcelink.yaml, so that publishers can reach you.';
  return [finding('user agent', 'warn', settings.userAgent, mend)];
}

/** The folder itself, or the nearest one above it that exists. */
function dataFolder(dataDir: string): Finding[] {
  let folder = resolve(dataDir);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    accessSync(folder, fs.W_OK);
  } catch {
    return [
      finding(
        'data folder',
        'fail',
        `${dataDir} cannot be written`,
        'Give this user the right to, or set SOURCELINK_DATA.',
      ),
    ];
  }
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const state = free < LEAST_FREE_BYTES.fail ? 'fail' : free < LEAST_FREE_BYTES.warn ? 'warn' : 'ok';
  const mend = state === 'ok' ? null : 'Make room, or lower `keep.pages` in sourcelink.yaml.';
  return [finding('data folder', state, `${dataDir}, ${(free / 1024 ** 3).toFixed(1)} GB free`, mend)];
}

/** Ledger, queue and clocks; a ledger that does not exist yet is not made for this. */
async function stores(terminal: Terminal, env: Env, config: Config | null): Promise<Finding[]> {
  if (env.databaseUrl === null && !existsSync(join(env.dataDir, 'ledger')))
    return [
      finding('ledger', 'ok', `none yet in ${env.dataDir}; the first run makes it (PGlite)`),
      ...(await queue(terminal, env, null)),
    ];
  const { openLedger } = await import('../workers/ledger/connect.js');
  let ledger: Ledger;
  try {
    ledger = await openLedger({ ...env, log: loggerFor(terminal, env, 'warn'), poolSize: 2 });
  } catch (error) {
    // A process that runs is no fault: it has opened the ledger itself.
    const busy = codeOf(error) === 'LEDGER_LOCKED';
    return [busy ? finding('ledger', 'skip', messageOf(error)) : failure('ledger', error)];
  }
  try {
    return [...(await ledgerState(ledger, config)), ...(await queue(terminal, env, ledger))];
  } finally {
    await ledger.close();
  }
}

async function ledgerState(ledger: Ledger, config: Config | null): Promise<Finding[]> {
  const [{ ledgerFacts }, { violations }] = await Promise.all([
    import('../workers/ledger/views.js'),
    import('../workers/ledger/invariant.js'),
  ]);
  const facts = await ledgerFacts(ledger.db);
  const where = ledger.kind === 'pglite' ? 'PGlite' : `PostgreSQL ${facts.server}`;
  const holds = `${count(facts.articles, 'article')}, ${facts.waiting} waiting, ${facts.dead} dead`;
  const sinks = Object.entries(config?.settings.publish.sinks ?? {}).flatMap(([name, s]) => (s.enabled ? name : []));
  const broken = config === null ? [] : await violations(ledger.db, sinks);
  const skew = Math.abs(facts.now.getTime() - Date.now());
  return [
    finding('ledger', 'ok', `${where}, schema ${facts.schema}, ${holds}`),
    ...broken
      .slice(0, 5)
      .map((v) => finding('ledger', 'warn', `${v.rule}: ${v.id} ${v.detail}`, 'Report this; the next run goes on.')),
    skew > CLOCK_SKEW_MS
      ? finding('clock', 'warn', `${Math.round(skew / 1000)} s apart from the database's`, 'Run NTP on both machines.')
      : finding('clock', 'ok', new Date().toISOString()),
  ];
}

async function queue(terminal: Terminal, env: Env, ledger: Ledger | null): Promise<Finding[]> {
  if (env.queueUrl === null) return [finding('queue', 'ok', "in the ledger's database")];
  if (env.queueUrl.startsWith('redis')) return redis(env.queueUrl);
  if (ledger === null) return [finding('queue', 'skip', 'PostgreSQL; looked at once there is a ledger')];
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
    import('../workers/ledger/connect.js'),
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

async function browser(env: Env): Promise<Finding> {
  const { findBrowser } = await import('../crawlers/fetch/browser.js');
  const mend = 'Install Chromium or set SOURCELINK_BROWSER; until then pages that only scripts write are left out.';
  try {
    const path = findBrowser(env.browser);
    if (path === null) return finding('browser', 'warn', 'none found', mend);
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 20_000 });
    return finding('browser', 'ok', `${stdout.trim()} (${path})`);
  } catch (error) {
    return finding('browser', 'warn', messageOf(error).split('\n')[0] ?? '', mend);
  }
}
