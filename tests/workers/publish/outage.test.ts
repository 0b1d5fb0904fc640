import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SourcelinkError } from '../../../config/errors.js';
import { sinksToServe } from '../../../ledger/deliveries.js';
import { violations } from '../../../ledger/invariant.js';
import { listSinks, registerSinks } from '../../../ledger/sinks.js';
import { categorize } from '../../../workers/categorize/categorize.js';
import { publish } from '../../../workers/publish/publish.js';
import type { Outgoing, Sink } from '../../../workers/sink.js';
import { operatorFolder, sourcelink } from '../../cli/command-line.js';
import { BACKENDS, type Backend } from '../../setup/backends.js';
import { type Desk, openDesk, outlet, prose } from '../../setup/desk.js';

const ARTICLES = 1000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

for (const { name, available, open } of BACKENDS.filter((b) => !b.name.includes('Redis'))) {
  describe.skipIf(!available)(`a sink that is down for an hour on ${name}`, () => {
    let backend: Backend;
    let desk: Desk;
    let place: ReturnType<typeof operatorFolder>;
    // The hour ends now, so that the command, which reads the real clock, sees it whole.
    let clock = Date.now() - HOUR;
    const began = clock;
    let down = true;
    let asked = 0;
    const got: Outgoing[] = [];
    const sink: Sink = {
      name: 'articles',
      deliver: async (batch) => {
        asked++;
        if (down) throw new SourcelinkError('SINK_FAILED', 'site.example does not answer');
        got.push(...batch);
        return batch.map(() => null);
      },
      close: async () => undefined,
    };
    const openAt = async (): Promise<void> => {
      desk = await openDesk(backend, [outlet('herald', 'The Herald')], { now: () => new Date(clock) });
      desk.ctx.sinks.set('articles', sink);
      await registerSinks(desk.db, ['articles']);
    };
    /** The command opens the ledger by itself, which on PGlite nobody else may have open. */
    const sinksList = async (): Promise<string> => {
      await desk.ledger.close();
      const { out } = await sourcelink(['sinks', 'list'], { env: place.env, columns: 100 });
      await openAt();
      return stripVTControlCharacters(out);
    };

    beforeAll(async () => {
      backend = await open();
      place = operatorFolder();
      place.env['SOURCELINK_DATA'] = backend.dataDir;
      if (backend.databaseUrl) place.env['SOURCELINK_DATABASE_URL'] = backend.databaseUrl;
      await openAt();
    }, 240_000);
    afterAll(async () => {
      await desk.ledger.close();
      await backend.drop();
      place.drop();
    });

    const order: string[] = [];
    const arrive = async (n: number): Promise<void> => {
      const ids: number[] = [];
      for (let i = 0; i < n; i++) {
        const a = await desk.put({ source: 'herald', text: prose(order.length, 4), stage: 'categorize' });
        ids.push(a.candidateId);
        order.push(a.id);
      }
      await categorize(desk.ctx, { ids });
    };
    const serve = async (): Promise<void> => {
      if ((await sinksToServe(desk.db, desk.ctx.now())).length > 0) await publish(desk.ctx, { sink: 'articles' });
    };

    it('is asked seldom, and shown with its lag, its error and the hint', async () => {
      for (let minute = 0; minute < 60; minute++) {
        clock = began + minute * MINUTE;
        await arrive(Math.round((ARTICLES * (minute + 1)) / 60) - order.length);
        await serve();
      }
      clock = Math.max(began + HOUR, Date.now());
      expect(order).toHaveLength(ARTICLES);
      // 1, 2, 4, 8 s fall between the minutes; then pauses of 30 s to 5 min.
      expect(asked).toBeLessThan(25);
      const [state] = await listSinks(desk.db, desk.ctx.now());
      expect(state).toMatchObject({ waiting: ARTICLES, failures: asked, code: 'SINK_FAILED', paused: false });
      expect(state?.lagSeconds).toBeGreaterThanOrEqual(3600);
      expect(await sinksList()).toMatch(
        /articles +down +1000 +1 h +0 +never\narticles: \d+ failures in a row for 1 h(?:; next attempt in \d+ s)?\n- site.example does not answer\n {2}→ Check that the sink is reachable/,
      );
    }, 900_000);

    it('has everything in order, once, soon after it is back', async () => {
      down = false;
      asked = 0;
      clock += 5 * MINUTE;
      await serve();
      expect(got.map((g) => g.message.id)).toEqual(order);
      expect(new Set(got.map((g) => g.key)).size).toBe(ARTICLES);
      expect(asked).toBeLessThanOrEqual(1 + Math.ceil(ARTICLES / 50));
      expect(await listSinks(desk.db, desk.ctx.now())).toMatchObject([
        { waiting: 0, lagSeconds: 0, failures: 0, code: null },
      ]);
      expect(await sinksList()).toMatch(/articles +ok +0 +- +0 +just now\n$/);
      expect(await violations(desk.db, ['articles'])).toEqual([]);
    }, 300_000);
  });
}
