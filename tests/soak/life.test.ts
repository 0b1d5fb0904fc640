import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../config/logger.js';
import { BACKENDS, type Backend } from '../setup/backends.js';
import { type Life, live } from './life.js';
import { type OpenOutlets, openOutlets } from './outlets.js';
import { lostOf } from './run.js';
import { type Hook, openHook, writeConfig } from './surroundings.js';
import { inventOutlets, type Outlet } from './world.js';

const HOURS = 9;
const HOUR_MS = 3_600_000;

for (const { name, available, open } of BACKENDS) {
  describe.skipIf(!available)(`simulated hours on ${name}`, () => {
    let backend: Backend;
    let outlets: OpenOutlets;
    let hook: Hook;
    let life: Life;
    let world: Outlet[];
    let ahead = 0;
    const dir = mkdtempSync(join(tmpdir(), 'sourcelink-life-'));
    const pages: { rows: number; oldestHours: number }[] = [];

    beforeAll(async () => {
      backend = await open();
      world = inventOutlets({ seed: 4, outlets: 12, start: Date.now(), hours: HOURS });
      outlets = await openOutlets(world, () => Date.now() + ahead);
      hook = await openHook();
      writeConfig(dir, outlets, hook.url);
      const { databaseUrl, queueUrl, dataDir } = backend;
      const options = { configDir: join(dir, 'config'), hours: HOURS, stepMs: HOUR_MS / 2 };
      life = await live({ ...options, databaseUrl, queueUrl, dataDir }, createLogger('silent'), {
        async time(to) {
          ahead = to;
        },
        async hour(_, { db }) {
          const { rows } = await sql<{ rows: number; oldestHours: number }>`
            SELECT count(*)::int AS rows, coalesce(extract(epoch FROM clock_timestamp() - min(fetched_at)) * 1000 + ${ahead}::float8, 0)::float8 / ${HOUR_MS}::float8 AS "oldestHours"
            FROM sourcelink.page`.execute(db);
          pages.push(...rows);
        },
      });
    });
    afterAll(async () => {
      await hook.close();
      await outlets.close();
      await backend.drop();
      rmSync(dir, { recursive: true, force: true });
    });

    it('brings every report that sound outlets publish in them, once', () => {
      const end = Date.now() + ahead;
      expect(lostOf(world, outlets, hook.inbox, end)).toEqual([]);
      expect(hook.inbox.articles).toBeGreaterThan(20);
      expect(hook.inbox.twice).toBe(0);
      expect(life.messages).toBeGreaterThanOrEqual(hook.inbox.articles);
      expect(life.violations).toEqual([]);
    });

    it('visits as often as in so many hours', () => {
      // A quarter each: every half hour, every hour, and twice at most as often as the former.
      expect(life.visits).toBeGreaterThan(3 * (2 * HOURS + HOURS));
      expect(life.visits).toBeLessThan(12 * 2 * (HOURS + 1));
    });

    it('clears pages by the same clock', () => {
      expect(pages).toHaveLength(HOURS + 1);
      expect(pages[3]?.rows).toBeGreaterThan(0);
      expect(Math.max(...pages.map((p) => p.oldestHours))).toBeLessThan(5);
    });
  });
}
