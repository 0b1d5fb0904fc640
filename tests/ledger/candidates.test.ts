import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SourcelinkError } from '../../config/errors.js';
import { createLogger } from '../../config/logger.js';
import {
  advance,
  type Claimed,
  claim,
  claimForFetch,
  failed,
  LostLease,
  settle,
  unchanged,
} from '../../ledger/candidates.js';
import { type Ledger, openLedger } from '../../ledger/db/connect.js';
import { migrate } from '../../ledger/db/migrate.js';
import { reviveDead } from '../../ledger/dead.js';
import { recordFound } from '../../ledger/found.js';
import { violations } from '../../ledger/invariant.js';
import type { NewCandidate } from '../../ledger/revisits.js';
import type { Db } from '../../ledger/schema.js';
import { BACKENDS, type Backend } from '../setup/backends.js';
import { empty } from '../setup/empty.js';

const OWNER = '00000000-0000-4000-8000-000000000001';
const OTHER = '00000000-0000-4000-8000-000000000002';
const POLICY = { attempts: 3, retryDelayMs: 1000 };

function candidate(n: number, more: Partial<NewCandidate['hints']> = {}): NewCandidate {
  return {
    url: `https://example.org/${n}`,
    urlKey: `example.org/${n}`,
    hints: {
      guid: null,
      title: `Number ${n}`,
      authors: [],
      publishedAt: null,
      updatedAt: null,
      summary: null,
      image: null,
      language: null,
      tags: [],
      via: 'https://example.org/feed',
      ...more,
    },
    rejected: null,
  };
}

for (const { name, available, open } of BACKENDS.filter((b) => !b.name.includes('Redis'))) {
  describe.skipIf(!available)(`candidates on ${name}`, () => {
    let backend: Backend;
    let ledger: Ledger;
    let db: Db;
    beforeAll(async () => {
      backend = await open();
      ledger = await openLedger({ ...backend, log: createLogger('silent') });
      db = ledger.db;
    });
    afterAll(async () => {
      await ledger.close();
      await backend.drop();
    });
    beforeEach(async () => {
      await empty(db, 'candidate', 'article', 'revision', 'delivery');
    });

    async function row(id: number) {
      return db.selectFrom('sourcelink.candidate').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    }
    async function one(n = 1, owner = OWNER): Promise<Claimed> {
      await recordFound(db, 's', [candidate(n)]);
      const [claimed] = await claimForFetch(db, 's', owner, 1);
      if (!claimed) throw new Error('nothing to claim');
      return claimed;
    }
    async function past(id: number): Promise<void> {
      await sql`UPDATE sourcelink.candidate SET fetched_at = now() - interval '1 hour' WHERE id = ${id}`.execute(db);
    }

    it('writes a URL once, however often it is found', async () => {
      expect(await recordFound(db, 's', [candidate(1), candidate(2)])).toEqual({ added: 2, revisits: 0 });
      expect(await recordFound(db, 's', [candidate(2), candidate(3)])).toEqual({ added: 1, revisits: 0 });
      expect(await recordFound(db, 'other', [candidate(2)])).toEqual({ added: 1, revisits: 0 });
    });

    it('looks again at a settled URL when its source says that it changed, and only then', async () => {
      const c = await one();
      await settle(db, { id: c.id, owner: OWNER }, { outcome: 'published' });
      await past(c.id);
      expect((await recordFound(db, 's', [candidate(1)])).revisits).toBe(0);
      const changed = candidate(1, { updatedAt: new Date().toISOString() });
      expect((await recordFound(db, 's', [changed])).revisits).toBe(1);
      expect(await row(c.id)).toMatchObject({ stage: 'fetch', outcome: null });
      expect((await recordFound(db, 's', [changed])).revisits).toBe(0);
    });

    it('waits longer for a source that says "changed" when nothing did', async () => {
      const c = await one();
      const held = { id: c.id, owner: OWNER };
      await unchanged(db, held, { fetchedAt: new Date() });
      const again = candidate(1, { updatedAt: new Date(Date.now() + 1000).toISOString() });
      expect((await recordFound(db, 's', [again])).revisits).toBe(0);
      await past(c.id);
      expect((await recordFound(db, 's', [again])).revisits).toBe(1);
    });

    it('keeps what a filter left out, with its reason', async () => {
      await recordFound(db, 's', [{ ...candidate(1), rejected: { code: 'FILTER_EXCLUDE', reason: 'matches /x/' } }]);
      expect(await claimForFetch(db, 's', OWNER, 10)).toEqual([]);
      expect(await violations(db, [])).toEqual([]);
    });

    it('lets the dead of discovery be tried again, as all that is dead', async () => {
      const rejected = { code: 'FETCH_BLOCKED_ADDRESS', reason: 'names a private address', dead: true };
      await recordFound(db, 's', [{ ...candidate(1), rejected }]);
      expect(await claimForFetch(db, 's', OWNER, 10)).toEqual([]);
      expect(await violations(db, [])).toEqual([]);
      expect(await reviveDead(db, { sources: ['s'] })).toMatchObject([{ stage: 'fetch' }]);
      expect(await claimForFetch(db, 's', OWNER, 10)).toHaveLength(1);
    });

    it('gives a row to one worker at a time', async () => {
      await recordFound(
        db,
        's',
        [1, 2, 3, 4, 5, 6].map((n) => candidate(n)),
      );
      const [a, b] = await Promise.all([claimForFetch(db, 's', OWNER, 4), claimForFetch(db, 's', OTHER, 4)]);
      const ids = [...a, ...b].map((c) => c.id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBe(6);
    });

    it('undoes the step of a worker whose lease ran out', async () => {
      const c = await one();
      await sql`UPDATE sourcelink.candidate SET lease_until = now() - interval '1 second'`.execute(db);
      expect(await claim(db, 'fetch', [c.id], OTHER)).toHaveLength(1);
      await expect(advance(db, { id: c.id, owner: OWNER }, 'extract')).rejects.toBeInstanceOf(LostLease);
      expect(await row(c.id)).toMatchObject({ stage: 'fetch', leaseOwner: OTHER });
    });

    it('tries again what may succeed later, and gives up with stage, code and reason', async () => {
      const c = await one();
      const held = { id: c.id, owner: OWNER, published: false };
      const error = new SourcelinkError('FETCH_TIMEOUT', 'https://example.org/1 answered too slowly');
      expect(await failed(db, { ...held, attempts: 0 }, 'fetch', error, POLICY)).toBe('retry');
      expect(await claimForFetch(db, 's', OWNER, 1)).toEqual([]);
      await sql`UPDATE sourcelink.candidate SET next_try_at = now()`.execute(db);
      await claimForFetch(db, 's', OWNER, 1);
      expect(await failed(db, { ...held, attempts: 2 }, 'fetch', error, POLICY)).toBe('dead');
      expect(await row(c.id)).toMatchObject({
        outcome: 'dead',
        deadStage: 'fetch',
        code: 'FETCH_TIMEOUT',
        reason: 'https://example.org/1 answered too slowly',
      });
      expect(await violations(db, [])).toEqual([]);
    });

    it('waits as long as the other side asked', async () => {
      const c = await one();
      const error = new SourcelinkError('FETCH_RATE_LIMITED', 'slow down', { retryAfterMs: 120_000 });
      await failed(db, { id: c.id, owner: OWNER, published: false, attempts: 0 }, 'fetch', error, POLICY);
      const { nextTryAt } = await row(c.id);
      expect((nextTryAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(110_000);
    });

    it('finds what breaks the law', async () => {
      const c = await one();
      await sql`UPDATE sourcelink.candidate SET outcome = 'published', stage = 'done' WHERE id = ${c.id}`.execute(db);
      expect((await violations(db, [])).map((v) => v.rule)).toEqual(['published without an article']);
      await sql`UPDATE sourcelink.candidate SET outcome = NULL, stage = 'extract', next_try_at = NULL`.execute(db);
      expect((await violations(db, [])).map((v) => v.rule)).toEqual(['waits, but nothing will drive it']);
      await sql`UPDATE sourcelink.candidate SET outcome = 'dead', stage = 'done'`.execute(db);
      expect((await violations(db, [])).map((v) => v.rule)).toEqual(['dead without stage, code and reason']);
      await sql`UPDATE sourcelink.candidate SET outcome = 'rejected'`.execute(db);
      expect((await violations(db, [])).map((v) => v.rule)).toEqual(['rejected without a reason']);
      await sql`UPDATE sourcelink.candidate SET outcome = 'duplicate'`.execute(db);
      expect((await violations(db, [])).map((v) => v.rule)).toEqual(['duplicate of nothing']);
      await sql`UPDATE sourcelink.candidate SET outcome = NULL`.execute(db);
      expect((await violations(db, [])).map((v) => v.rule)).toContain('outcome and stage disagree');
    });

    it('goes back to an empty schema and forward again', async () => {
      await migrate(db, 0);
      await migrate(db);
      expect(await recordFound(db, 's', [candidate(1)])).toEqual({ added: 1, revisits: 0 });
    });
  });
}
