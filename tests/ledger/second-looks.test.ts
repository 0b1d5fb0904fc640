import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SourcelinkError } from '../../config/errors.js';
import { claimForFetch, failed, settle } from '../../ledger/candidates.js';
import { recordFound } from '../../ledger/found.js';
import { violations } from '../../ledger/invariant.js';
import { lookAgainAtDead, putOff } from '../../ledger/second-looks.js';
import { BACKENDS, type Backend } from '../setup/backends.js';
import { type Desk, openDesk, outlet } from '../setup/desk.js';
import { empty } from '../setup/empty.js';

const OWNER = '00000000-0000-4000-8000-000000000001';
const hints = {
  guid: null,
  title: 't',
  authors: [],
  publishedAt: null,
  updatedAt: null,
  summary: null,
  image: null,
  language: null,
  tags: [],
  via: 'feed',
};

for (const { name, available, open } of BACKENDS.filter((b) => !b.name.includes('Redis'))) {
  describe.skipIf(!available)(`second looks on ${name}`, () => {
    let backend: Backend;
    let desk: Desk;
    beforeAll(async () => {
      backend = await open();
      desk = await openDesk(backend, [outlet('herald', 'The Herald')]);
    });
    afterAll(async () => {
      await desk.ledger.close();
      await backend.drop();
    });
    beforeEach(async () => {
      await empty(desk.db, 'candidate');
    });

    async function claimed(n: number) {
      const urls = Array.from({ length: n }, (_, i) => `https://herald.example/${i}`);
      const found = urls.map((url) => ({ url, urlKey: url, hints, rejected: null }));
      await recordFound(desk.db, 'herald', found);
      return claimForFetch(desk.db, 'herald', OWNER, n);
    }
    async function die(code: string): Promise<void> {
      const [c] = await claimed(1);
      if (!c) throw new Error('nothing to claim');
      await settle(desk.db, { id: c.id, owner: OWNER }, { outcome: 'dead', stage: 'fetch', code, reason: code });
    }
    const later = (minutes: number) =>
      sql`UPDATE sourcelink.candidate SET changed_at = changed_at - make_interval(mins => ${minutes})`.execute(desk.db);
    const dieAgain = () =>
      sql`UPDATE sourcelink.candidate SET stage = 'done', outcome = 'dead', dead_stage = 'fetch', code = 'FETCH_TIMEOUT',
        reason = 'slow', next_try_at = NULL, changed_at = now()`.execute(desk.db);

    it('come after ten minutes, then ever less often, and end', async () => {
      await die('FETCH_TIMEOUT');
      expect(await lookAgainAtDead(desk.db, 'herald')).toBe(0);
      const waits: number[] = [];
      for (const minutes of [10, 30, 90, 270, 810, 2430, 100_000]) {
        await later(minutes - 1);
        const early = await lookAgainAtDead(desk.db, 'herald');
        await later(1);
        const due = await lookAgainAtDead(desk.db, 'herald');
        expect(early).toBe(0);
        if (due === 1) waits.push(minutes);
        expect(await violations(desk.db, [])).toEqual([]);
        await dieAgain();
      }
      expect(waits).toEqual([10, 30, 90, 270, 810]);
    });

    it('are for what may pass, not for what was forbidden or withdrawn', async () => {
      await die('FETCH_GONE');
      await later(60);
      expect(await lookAgainAtDead(desk.db, 'herald')).toBe(0);
      await sql`UPDATE sourcelink.candidate SET code = 'FETCH_ROBOTS'`.execute(desk.db);
      expect(await lookAgainAtDead(desk.db, 'herald')).toBe(0);
      await sql`UPDATE sourcelink.candidate SET code = 'FETCH_HTTP_4XX'`.execute(desk.db);
      expect(await lookAgainAtDead(desk.db, 'another')).toBe(0);
      expect(await lookAgainAtDead(desk.db, 'herald')).toBe(1);
    });

    it('are not needed where a host only asked for patience: that costs no try', async () => {
      const [c] = await claimed(1);
      if (!c) throw new Error('nothing to claim');
      const policy = { attempts: 3, retryDelayMs: 1000 };
      const held = { id: c.id, owner: OWNER, attempts: 7, published: false };
      const patience = new SourcelinkError('FETCH_RATE_LIMITED', 'not before 60 s from now', { retryAfterMs: 60_000 });
      expect(await failed(desk.db, held, 'fetch', patience, policy)).toBe('retry');
      await sql`UPDATE sourcelink.candidate SET next_try_at = now()`.execute(desk.db);
      await claimForFetch(desk.db, 'herald', OWNER, 1);
      expect(await failed(desk.db, { ...held, attempts: 99 }, 'fetch', patience, policy)).toBe('dead');
    });

    it('are not needed for the rest of a source whose host is down: it waits, at no cost', async () => {
      const three = await claimed(3);
      await putOff(desk.db, 'herald', OWNER, 300_000, new SourcelinkError('FETCH_TIMEOUT', 'herald.example is silent'));
      const rows = await desk.db.selectFrom('sourcelink.candidate').selectAll().execute();
      expect(rows).toHaveLength(three.length);
      for (const r of rows) {
        expect(r).toMatchObject({ outcome: null, attempts: 0, code: 'FETCH_TIMEOUT', leaseOwner: null });
        expect((r.nextTryAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(290_000);
      }
    });
  });
}
