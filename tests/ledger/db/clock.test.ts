import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLogger } from '../../../config/logger.js';
import { Settings } from '../../../config/settings.js';
import { openClock } from '../../../ledger/db/clock.js';
import { type Ledger, openLedger } from '../../../ledger/db/connect.js';
import { openPipeline } from '../../../workers/main.js';
import { BACKENDS, type Backend } from '../../setup/backends.js';

const HOUR_MS = 3_600_000;
const shared = BACKENDS.find((b) => b.name === 'PostgreSQL');

describe.skipIf(!shared?.available)('the clock of a shared ledger', () => {
  let backend: Backend;
  let ledger: Ledger;
  beforeAll(async () => {
    if (!shared) return;
    backend = await shared.open();
    ledger = await openLedger({ ...backend, log: createLogger('silent') });
  });
  afterAll(async () => {
    await ledger.close();
    await backend.drop();
  });

  it("tells the server's time, carried on by the machine's steady clock", async () => {
    let steady = 0;
    const clock = await openClock(ledger.db, () => steady);
    const first = clock.now();
    expect(Math.abs(first.getTime() - Date.now())).toBeLessThan(2000);
    steady += HOUR_MS;
    expect(clock.now().getTime() - first.getTime()).toBe(HOUR_MS);
  });

  it('goes by the server again after each look at it', async () => {
    let steady = 0;
    const clock = await openClock(ledger.db, () => steady);
    steady += HOUR_MS; // as far as it has drifted
    await clock.sync();
    expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(2000);
  });

  it('does not believe an answer that was long on its way', async () => {
    let steady = 0;
    let perLook = 0;
    const clock = await openClock(ledger.db, () => {
      steady += perLook;
      return steady;
    });
    const before = clock.now();
    perLook = 40_000;
    await clock.sync();
    perLook = 0;
    expect(clock.now().getTime() - before.getTime()).toBe(80_000);
  });

  it('is what a pipeline goes by, whatever the wall clock of its machine says', async () => {
    const options = { sources: [], categories: [], settings: Settings.parse({}), browser: null };
    const pipeline = await openPipeline({ ...options, ...backend, log: createLogger('silent') });
    const now = Date.now();
    const wall = vi.spyOn(Date, 'now').mockImplementation(() => now - HOUR_MS);
    try {
      expect(Math.abs(pipeline.ctx.now().getTime() - now)).toBeLessThan(5000);
    } finally {
      wall.mockRestore();
      await pipeline.close();
    }
  });
});
