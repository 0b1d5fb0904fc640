import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setPaused } from '../../ledger/interventions.js';
import { registerSources } from '../../ledger/sources.js';
import { runPass } from '../../workers/pass.js';
import { BACKENDS, type Backend } from '../setup/backends.js';
import { type Desk, openDesk, outlet } from '../setup/desk.js';

for (const { name, available, open } of BACKENDS.slice(0, 1)) {
  describe.skipIf(!available)(`a pass on ${name}`, () => {
    let backend: Backend;
    let desk: Desk;
    beforeAll(async () => {
      backend = await open();
      desk = await openDesk(backend, [outlet('herald', 'The Herald')]);
      await registerSources(desk.db, [...desk.ctx.sources.values()]);
    });
    afterAll(async () => {
      await desk.ledger.close();
      await backend.drop();
    });

    it('waits for no source that is paused while it runs', async () => {
      const late = new AbortController();
      const pass = runPass(desk.ctx, { sources: ['herald'], signal: late.signal }).then(() => 'over');
      expect(await Promise.race([pass, delay(1500, 'waits')])).toBe('waits');
      await setPaused(desk.db, 'herald', true);
      expect(await Promise.race([pass, delay(15_000, 'waits')])).toBe('over');
      late.abort();
    });
  });
}
