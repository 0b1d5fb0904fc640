/**
 * Finds Redis, PostgreSQL, Chromium and WordPress, starts the first two on loopback for this test run, and says plainly what was
 * not there. With SOURCELINK_REQUIRE_ALL=1 a missing one fails the run instead of skipping tests.
 */
import { existsSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { startPostgres, startRedis, which } from './servers.js';
import { hasWordPress, WORDPRESS_PACKAGES } from './wordpress.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** `postgres://…` of a throw-away server, or null when PostgreSQL is not installed. */
    postgresUrl: string | null;
    /** `redis://…` of a throw-away server, or null when Redis is not installed. */
    redisUrl: string | null;
    /** Path of a Chromium, or null. */
    browser: string | null;
    /** Folder of the evaluation sets, or null. */
    corpora: string | null;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  const browser = findBrowser();
  const folder = process.env['SOURCELINK_CORPORA'] ?? '../shared/corpora';
  const corpora = existsSync(folder) ? folder : null;
  project.provide('redisUrl', redis?.url ?? null);
  project.provide('postgresUrl', postgres?.url ?? null);
  project.provide('browser', browser);
  project.provide('corpora', corpora);
  const stop = async () => {
    await Promise.all([redis?.stop(), postgres?.stop()]);
  };
  const missing = [
    ...(redis ? [] : ['Redis (redis-server)']),
    ...(postgres ? [] : ['PostgreSQL (initdb, postgres)']),
    ...(browser ? [] : ['Chromium']),
    ...(hasWordPress() ? [] : [`WordPress (${WORDPRESS_PACKAGES})`]),
  ];
  if (missing.length > 0) {
    const text = `not found: ${missing.join(', ')}`;
    if (process.env['SOURCELINK_REQUIRE_ALL'] === '1') {
      await stop();
      throw new Error(`${text}; SOURCELINK_REQUIRE_ALL=1 allows no skipping`);
    }
    console.log(`services: ${text}. Tests that need them are skipped.`);
  }
  if (!corpora) console.log(`corpora: ${folder} is not there. Tests on evaluation sets are skipped.`);
  return stop;
}

function findBrowser(): string | null {
  const named = process.env['SOURCELINK_BROWSER'];
  if (named) return existsSync(named) ? named : null;
  return which('chromium') ?? which('chromium-browser') ?? which('google-chrome-stable') ?? which('google-chrome');
}
