import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { prettyFactory } from 'pino-pretty';
import { type Env, readEnv } from '../config/env.js';
import { SourcelinkError } from '../config/errors.js';
import { type Config, loadConfig } from '../config/load.js';
import { createLogger, type Logger } from '../config/logger.js';
import { nearest } from '../config/problems.js';
import type { Settings } from '../config/settings.js';
import type { Source } from '../config/sources.js';
import type { BrowserFetcher } from '../crawlers/fetch/browser.js';
import type { Client } from '../crawlers/net/client.js';
import type { RobotsEntry } from '../crawlers/net/robots.js';
import type { Ledger } from '../ledger/db/connect.js';
import type { Db } from '../ledger/schema.js';
import type { Pipeline } from '../workers/main.js';
import type { Terminal } from './terminal.js';

/** The logger of a command: JSON lines, and the same for reading where a person watches. */
export function loggerFor(
  terminal: Terminal,
  env: Pick<Env, 'logLevel'>,
  otherwise: 'error' | 'warn' | 'info',
): Logger {
  const level = env.logLevel ?? otherwise;
  if (!terminal.live) return createLogger(level, { write: (line) => terminal.log(line) });
  const format = prettyFactory({
    colorize: !terminal.env['NO_COLOR'],
    translateTime: 'SYS:HH:MM:ss',
    singleLine: true,
  });
  return createLogger(level, { write: (line) => terminal.log(format(line)) });
}

/** Environment and configuration, read before anything is opened. */
export type Setup = { env: Env; config: Config };

/** @throws CONFIG_… */
export function readSetup(terminal: Terminal): Setup {
  const env = readEnv(terminal.env);
  return { env, config: loadConfig(env, terminal.env) };
}

/** What a command that works on the pipeline starts from. */
export type Opened = Setup & { log: Logger; pipeline: Pipeline };

/** Opens the pipeline, does the work and closes everything in order. @throws LEDGER_…, QUEUE_UNREACHABLE */
export async function withPipeline<T>(
  terminal: Terminal,
  setup: Setup,
  level: 'error' | 'warn' | 'info',
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const { env, config } = setup;
  const log = loggerFor(terminal, env, level);
  const open = async () => {
    const { openPipeline } = await import('../workers/main.js');
    return openPipeline({ ...config, ...env, log });
  };
  const pipeline = await terminal.while(openingOf(env), open, !hasLedger(env));
  try {
    return await work({ env, config, log, pipeline });
  } finally {
    await pipeline.close();
  }
}

/** The ledger alone, for commands that change rows; made when there is none. @throws LEDGER_… */
export async function withLedger<T>(terminal: Terminal, env: Env, work: (db: Db) => Promise<T>): Promise<T> {
  const ledger = await terminal.while(openingOf(env), () => openLedgerAlone(terminal, env), !hasLedger(env));
  try {
    return await work(ledger.db);
  } finally {
    await ledger.close();
  }
}

/** The ledger alone, for commands that only look; where there is none yet, `none` is what they see. @throws LEDGER_… */
export async function withExistingLedger<T>(
  terminal: Terminal,
  env: Env,
  none: T,
  work: (db: Db) => Promise<T>,
): Promise<T> {
  return hasLedger(env) ? withLedger(terminal, env, work) : none;
}

/** Whether there is a ledger already; only asked of PGlite, a server is looked at when it is opened. */
export const hasLedger = (env: Env): boolean => env.databaseUrl !== null || existsSync(join(env.dataDir, 'ledger'));

/** For one command: few connections are enough. @throws LEDGER_… */
export async function openLedgerAlone(terminal: Terminal, env: Env): Promise<Ledger> {
  const { openLedger } = await import('../ledger/db/connect.js');
  return openLedger({ ...env, log: loggerFor(terminal, env, 'warn'), poolSize: 2 });
}

/**
 * The way to the network for commands that store nothing; what robots.txt files say is kept until it is closed. The
 * browser, where there is one, starts with the first page it is asked for.
 */
export async function openNetwork(
  terminal: Terminal,
  env: Env,
  settings: Settings,
): Promise<{ client: Client; browser: BrowserFetcher | null; close(): Promise<void> }> {
  const [{ createClient }, { createHostGate }, { createBrowserFetcher, findBrowser }] = await Promise.all([
    import('../crawlers/net/client.js'),
    import('../crawlers/net/politeness.js'),
    import('../crawlers/fetch/browser.js'),
  ]);
  const log = loggerFor(terminal, env, 'warn');
  const read = new Map<string, RobotsEntry>();
  const client = createClient({
    settings,
    gate: createHostGate(),
    robots: {
      get: async (origin) => read.get(origin) ?? null,
      set: async (origin, entry) => void read.set(origin, entry),
    },
    log,
  });
  const executablePath = findBrowser(env.browser);
  const browser = executablePath === null ? null : createBrowserFetcher({ executablePath, settings, client, log });
  return {
    client,
    browser,
    async close() {
      await Promise.allSettled([browser?.close(), client.close()]);
    },
  };
}

const openingOf = (env: Env): string =>
  hasLedger(env)
    ? 'Opening the ledger …'
    : `Creating a ledger in ${env.dataDir}, which takes a few seconds the first time …`;

/** The sources of these ids; all that are switched on when none is named. @throws USAGE for an unknown id */
export function chosenSources(sources: Source[], ids: readonly string[]): Source[] {
  if (ids.length === 0) return sources.filter((s) => s.enabled);
  return [...new Set(ids)].map((id) => {
    const source = sources.find((s) => s.id === id);
    if (source) return source;
    const known = sources.map((s) => s.id);
    const near = nearest(id, known);
    const few = known.length > 12 ? `${known.slice(0, 12).join(', ')} …` : known.join(', ');
    throw new SourcelinkError('USAGE', `There is no source \`${id}\`.`, {
      hint: near === null ? `Known sources: ${few}.` : `Did you mean \`${near}\`?`,
    });
  });
}
