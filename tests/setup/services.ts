/**
 * Finds Redis, PostgreSQL, Chromium and WordPress, starts the first two on loopback for this test run, and says plainly what was
 * not there. With SOURCELINK_REQUIRE_ALL=1 a missing one fails the run instead of skipping tests.
 */
import { existsSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { buildIfOlder } from './build.js';
import { startPostgres, startRedis, which } from './servers.js';
import { makeTemplates } from './templates.js';
import { hasWordPress, WORDPRESS_PACKAGES } from './wordpress.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** `postgres://…` of a throw-away server, or null when PostgreSQL is not installed. */
    postgresUrl: string | null;
    /** `redis://…` of a throw-away server, or null when Redis is not installed. */
    redisUrl: string | null;
    /** Data folder of a migrated, empty ledger on PGlite. */
    ledgerFolder: string;
    /** Path of a Chromium, or null. */
    browser: string | null;
    /** Folder of the evaluation sets, or null. */
    corpora: string | null;
  }
}

type Services = { postgresUrl: string | null; redisUrl: string | null; ledgerFolder: string; stop(): Promise<void> };

/** Vitest sets up each project by itself, in one process: the services are theirs together. */
const shared = globalThis as { sourcelinkServices?: { users: number; started: Promise<Services> } };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.sourcelinkServices ??= { users: 0, started: start() };
  const services = shared.sourcelinkServices;
  services.users++;
  const { stop, ...urls } = await services.started;
  project.provide('redisUrl', urls.redisUrl);
  project.provide('postgresUrl', urls.postgresUrl);
  project.provide('ledgerFolder', urls.ledgerFolder);
  project.provide('browser', findBrowser());
  project.provide('corpora', existsSync(CORPORA) ? CORPORA : null);
  return async () => {
    if (--services.users === 0) await stop();
  };
}

const CORPORA = process.env['SOURCELINK_CORPORA'] ?? '../shared/corpora';

async function start(): Promise<Services> {
  buildIfOlder();
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  const stopServers = async () => void (await Promise.all([redis?.stop(), postgres?.stop()]));
  try {
    sayWhatIsMissing([
      ...(redis ? [] : ['Redis (redis-server)']),
      ...(postgres ? [] : ['PostgreSQL (initdb, postgres)']),
      ...(findBrowser() ? [] : ['Chromium']),
      ...(hasWordPress() ? [] : [`WordPress (${WORDPRESS_PACKAGES})`]),
    ]);
    const templates = await makeTemplates(postgres?.url ?? null);
    return {
      redisUrl: redis?.url ?? null,
      postgresUrl: postgres?.url ?? null,
      ledgerFolder: templates.folder,
      async stop() {
        templates.drop();
        await stopServers();
      },
    };
  } catch (error) {
    await stopServers();
    throw error;
  }
}

/** @throws Error where everything must be there */
function sayWhatIsMissing(missing: string[]): void {
  if (missing.length > 0) {
    const text = `not found: ${missing.join(', ')}`;
    if (process.env['SOURCELINK_REQUIRE_ALL'] === '1')
      throw new Error(`${text}; SOURCELINK_REQUIRE_ALL=1 allows no skipping`);
    console.log(`services: ${text}. Tests that need them are skipped.`);
  }
  if (!existsSync(CORPORA)) console.log(`corpora: ${CORPORA} is not there. Tests on evaluation sets are skipped.`);
}

function findBrowser(): string | null {
  const named = process.env['SOURCELINK_BROWSER'];
  if (named) return existsSync(named) ? named : null;
  return which('chromium') ?? which('chromium-browser') ?? which('google-chrome-stable') ?? which('google-chrome');
}
