import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../config/logger.js';
import { createHostGate } from '../../crawlers/net/politeness.js';
import { type Ledger, openLedger } from '../../ledger/db/connect.js';
import { createKeptGate, createRobotsStore, createSharedGate } from '../../ledger/hosts.js';
import { violations } from '../../ledger/invariant.js';
import { BACKENDS, type Backend } from '../setup/backends.js';

const OWNERS = ['1', '2', '3'].map((n) => `00000000-0000-4000-8000-00000000000${n}`);
const log = createLogger('silent');
const free = { concurrency: 2, delayMs: 0 };

for (const { name, available, open } of BACKENDS.slice(0, 2)) {
  describe.skipIf(!available)(`politeness kept in the ledger on ${name}`, () => {
    let backend: Backend;
    let ledger: Ledger;
    /** What a process that starts now has. */
    const gate = (owner = OWNERS[0] ?? '') =>
      ledger.kind === 'postgres'
        ? createSharedGate(ledger.db, createHostGate(), { owner, requestMs: 20_000 })
        : createKeptGate(ledger.db, createHostGate());
    beforeAll(async () => {
      backend = await open();
      ledger = await openLedger({ ...backend, log });
    });
    afterAll(async () => {
      expect(await violations(ledger.db, [])).toEqual([]);
      await ledger.close();
      await backend.drop();
    });

    it('keeps a Retry-After for the process that comes next, and refuses at once what would wait too long', async () => {
      await gate().pause('busy.example.org', 600_000);
      await ledger.close();
      ledger = await openLedger({ ...backend, log });
      const next = gate(OWNERS[1]);
      const refused = await next.acquire('busy.example.org', free).catch((e) => e);
      expect(refused).toMatchObject({ code: 'FETCH_RATE_LIMITED' });
      expect(refused.retryAfterMs).toBeGreaterThan(500_000);
      expect(refused.retryAfterMs).toBeLessThanOrEqual(600_000);
      await (await next.acquire('other.example.org', free))();
    });

    it('waits for a short Retry-After of another process', async () => {
      await gate().pause('soon.example.org', 300);
      const started = Date.now();
      await (await gate(OWNERS[1]).acquire('soon.example.org', free))();
      expect(Date.now() - started).toBeGreaterThan(200);
    });

    it('gives a turn back in its own process even when the ledger cannot be told', async () => {
      if (ledger.kind !== 'postgres') return; // alone on its ledger, a process keeps its turns to itself
      let away = false;
      const db = ledger.db.withPlugin({
        transformQuery: ({ node }) => {
          if (away) throw new Error('cannot execute UPDATE in a read-only transaction');
          return node;
        },
        transformResult: async ({ result }) => result,
      });
      const local = createHostGate();
      const shared = createSharedGate(db, local, { owner: OWNERS[0] ?? '', requestMs: 20_000 });
      const one = { concurrency: 1, delayMs: 0 };
      const leave = await shared.acquire('readonly.example.org', one);
      away = true;
      await leave();
      const next = local.acquire('readonly.example.org', one).then(() => 'its turn');
      expect(await Promise.race([next, delay(2000, 'waits for ever', { ref: false })])).toBe('its turn');
    });

    it('never makes a pause shorter', async () => {
      await gate().pause('long.example.org', 900_000);
      await gate(OWNERS[1]).pause('long.example.org', 1000);
      const refused = await gate(OWNERS[2])
        .acquire('long.example.org', free)
        .catch((e) => e);
      expect(refused.retryAfterMs).toBeGreaterThan(800_000);
    });

    it('keeps what robots.txt said', async () => {
      const entry = { state: 'unreachable' as const, text: 'it answered 503', fetchedAt: '2026-01-01T00:00:00.000Z' };
      await createRobotsStore(ledger.db).set('https://example.org', entry);
      expect(await createRobotsStore(ledger.db).get('https://example.org')).toEqual(entry);
    });
  });
}

const postgres = BACKENDS.find((b) => b.name === 'PostgreSQL');

describe.skipIf(!postgres?.available)('politeness shared by processes', () => {
  let backend: Backend;
  let ledger: Ledger;
  let server: Server;
  const seen = { inside: 0, most: 0, starts: [] as number[] };
  beforeAll(async () => {
    if (!postgres) return;
    backend = await postgres.open();
    ledger = await openLedger({ ...backend, log });
    server = createServer(async (q, a) => {
      if (q.url === '/robots.txt') return void a.writeHead(404).end();
      seen.most = Math.max(seen.most, ++seen.inside);
      seen.starts.push(Date.now());
      await delay(40);
      seen.inside--;
      a.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>Text');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterAll(async () => {
    server.close();
    await ledger.close();
    await backend.drop();
  });

  /** A process of its own that asks for `count` pages as fast as it may. */
  function crawler(owner: string, count: number, policy: { concurrency: number; delayMs: number }): ChildProcess {
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const script = `
      const { createLogger } = await import('./dist/config/logger.js');
      const { Settings } = await import('./dist/config/settings.js');
      const { createClient } = await import('./dist/crawlers/net/client.js');
      const { createHostGate } = await import('./dist/crawlers/net/politeness.js');
      const { openLedger } = await import('./dist/ledger/db/connect.js');
      const { createRobotsStore, createSharedGate } = await import('./dist/ledger/hosts.js');
      const log = createLogger('silent');
      const ledger = await openLedger({ databaseUrl: ${JSON.stringify(backend.databaseUrl)}, dataDir: '.', log });
      const gate = createSharedGate(ledger.db, createHostGate(), { owner: '${owner}', requestMs: 20000 });
      const settings = Settings.parse({ fetch: { allowHosts: ['${host}'] } });
      const client = createClient({ settings, gate, robots: createRobotsStore(ledger.db), log });
      const urls = Array.from({ length: ${count} }, (_, i) => 'http://${host}/${owner}/' + i);
      const got = await Promise.all(urls.map((url) => client.fetch({ url, ...${JSON.stringify(policy)} })));
      await client.close();
      await ledger.close();
      process.exit(got.every((g) => g.status === 200) ? 0 : 1);`;
    return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'inherit', 'inherit'] });
  }

  async function together(count: number, policy: { concurrency: number; delayMs: number }): Promise<void> {
    Object.assign(seen, { inside: 0, most: 0, starts: [] });
    const children = OWNERS.map((owner) => crawler(owner, count, policy));
    const codes = await Promise.all(children.map((c) => new Promise((done) => c.on('exit', done))));
    expect(codes).toEqual([0, 0, 0]);
    expect(seen.starts.length).toBe(3 * count);
  }

  it('holds the concurrency of a host over three of them', async () => {
    await together(20, { concurrency: 2, delayMs: 0 });
    expect(seen.most).toBe(2);
  }, 60_000);

  it('holds the delay of a host over three of them', async () => {
    await together(5, { concurrency: 2, delayMs: 200 });
    // From the first to the last: what happens on the way to the server moves single starts, not their sum.
    expect(Math.max(...seen.starts) - Math.min(...seen.starts)).toBeGreaterThan(14 * 200 * 0.95);
  }, 60_000);

  it('gives back the slots of one that died', async () => {
    const one = { concurrency: 1, delayMs: 0 };
    const host = 'left.example.org';
    const gate = (owner = '') => createSharedGate(ledger.db, createHostGate(), { owner, requestMs: 20_000 });
    await gate(OWNERS[0]).acquire(host, one);
    await expect(gate(OWNERS[1]).acquire(host, one, AbortSignal.timeout(400))).rejects.toThrow();
    const { rows } = await sql<{
      s: number;
    }>`SELECT extract(epoch FROM lease_until - now())::float8 AS s FROM sourcelink.host WHERE host = ${host} AND slot = 0`.execute(
      ledger.db,
    );
    expect(rows[0]?.s).toBeGreaterThan(45);
    expect(rows[0]?.s).toBeLessThanOrEqual(50);
    await sql`UPDATE sourcelink.host SET lease_until = now() - interval '1 second' WHERE host = ${host}`.execute(
      ledger.db,
    );
    await (await gate(OWNERS[1]).acquire(host, one))();
  });
});
