import { existsSync, statfsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/**
 * Each test file belongs to the first project that names it, and to `unit` when none does: `unit` starts neither a server nor a
 * browser, and needs no build.
 */
const NEEDS = {
  /** `npm run walk`: the quick start in a fresh copy. */
  walk: ['tests/quick-start.test.ts'],
  /** What takes about half a minute or more by its nature: simulated hours, fleets of processes, kills, whole outages. */
  long: [
    'tests/package.test.ts',
    'tests/soak/life.test.ts',
    'tests/fleet/**/*.test.ts',
    'tests/hostile/**/*.test.ts',
    'tests/e2e/newsstand-faults.test.ts',
    'tests/workers/publish/outage.test.ts',
    'tests/workers/publish/sinks/wordpress/**/*.test.ts',
  ],
  /** Chromium. */
  browser: [
    'tests/conformance/xss.test.ts',
    'tests/crawlers/fetch/{browser,browser-crashes,consent,private-addresses}.test.ts',
    'tests/demo/server.test.ts',
    'tests/e2e/rendering.test.ts',
    'tests/server/dashboard/**/*.test.ts',
    'tests/site/browser*.test.ts',
  ],
  /** The program as a user runs it: commands, processes, threads, whole passes. */
  e2e: [
    'tests/{examples,service-files}.test.ts',
    'tests/cli/**/*.test.ts',
    'tests/e2e/**/*.test.ts',
    'tests/extractors/pool/**/*.test.ts',
    'tests/workers/{pass,tracing}.test.ts',
    'tests/workers/publish/sinks/folder.test.ts',
  ],
  /** A ledger or the site's database: PGlite, and PostgreSQL and Redis where they are installed. */
  ledger: [
    'tests/ledger/**/*.test.ts',
    'tests/server/{api,websub}/**/*.test.ts',
    'tests/server/http/feeds.test.ts',
    'tests/site/{comments,desk,desk-stories,feeds,forms,live,markup,newsletter,pages,receive,search,security}.test.ts',
    'tests/workers/{categorize,dedupe,editorial,extract}/**/*.test.ts',
    'tests/workers/crawl/{backfill,identity,rendering}.test.ts',
    'tests/workers/metrics/metrics.test.ts',
    'tests/workers/monitoring/alerts/alerts.test.ts',
    'tests/workers/planning/planner.test.ts',
    'tests/workers/publish/coverage.test.ts',
    'tests/workers/queues.test.ts',
  ],
};

/** Bytes that all that tests write at once fits in many times. */
const ROOM = 4 * 2 ** 30;
const MEMORY = '/dev/shm';
// A ledger is a folder of hundreds of files: in memory a copy of it takes a tenth of the time.
if (process.env['TMPDIR'] === undefined && existsSync(MEMORY)) {
  const { bavail, bsize } = statfsSync(MEMORY);
  if (bavail * bsize > ROOM) process.env['TMPDIR'] = MEMORY;
}

const named = Object.entries(NEEDS);

export default defineConfig({
  test: {
    reporters: ['default'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'unit', include: ['tests/**/*.test.ts'], exclude: Object.values(NEEDS).flat() } },
      ...named.map(([name, include], i) => ({
        extends: true as const,
        test: {
          name,
          include,
          exclude: named.slice(0, i).flatMap(([, files]) => files),
          globalSetup: ['tests/setup/services.ts'],
        },
      })),
    ],
  },
});
