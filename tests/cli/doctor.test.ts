import { existsSync } from 'node:fs';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { BACKENDS } from '../setup/backends.js';
import { objectOf, operatorFolder, sourcelink } from './command-line.js';

let place: ReturnType<typeof operatorFolder>;
beforeAll(() => {
  place = operatorFolder();
});
afterAll(() => place.drop());

type Finding = { what: string; state: string; detail: string; hint: string | null };
async function doctor(env: NodeJS.ProcessEnv = {}): Promise<{ code: number; findings: Finding[] }> {
  const ended = await sourcelink(['doctor', '--json'], { env: { ...place.env, ...env } });
  return { code: ended.code, findings: objectOf(ended)['findings'] as Finding[] };
}
const of = (findings: Finding[], what: string) => findings.find((f) => f.what === what);

describe('doctor', () => {
  it('finds a fresh folder ready, warns of a placeholder and makes nothing', async () => {
    const { code, findings } = await doctor();
    expect(code).toBe(0);
    expect(of(findings, 'Node.js')).toMatchObject({ state: 'ok', detail: process.versions.node });
    expect(of(findings, 'user agent')).toMatchObject({ state: 'warn', hint: expect.stringContaining('userAgent') });
    expect(of(findings, 'ledger')?.detail).toContain('not created yet');
    expect(existsSync(place.env['SOURCELINK_DATA'] ?? '')).toBe(false);
  });

  it('ends with 1 where the database is away, without its password', async () => {
    const { code, findings } = await doctor({ SOURCELINK_DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/x' });
    expect(code).toBe(1);
    expect(of(findings, 'ledger')).toMatchObject({ state: 'fail', hint: expect.stringContaining('DATABASE_URL') });
    expect(JSON.stringify(findings)).not.toContain('secret');
  });

  it('ends with 1 where Redis is away or the configuration is wrong', async () => {
    const away = await doctor({ SOURCELINK_QUEUE_URL: 'redis://127.0.0.1:1' });
    expect([away.code, of(away.findings, 'queue')?.state]).toEqual([1, 'fail']);
    const none = await doctor({ SOURCELINK_CONFIG: '/nowhere' });
    expect([none.code, of(none.findings, 'configuration')?.state]).toEqual([1, 'fail']);
  });

  it.skipIf(inject('redisUrl') === null)('names the version of Redis', async () => {
    const { findings } = await doctor({ SOURCELINK_QUEUE_URL: inject('redisUrl') ?? '' });
    expect(of(findings, 'queue')).toMatchObject({ state: 'ok', detail: expect.stringMatching(/^Redis \d/) });
  });

  it.skipIf(inject('redisUrl') === null)('says what is wrong with a Redis: eviction, persistence, memory', async () => {
    const url = inject('redisUrl') ?? '';
    const redis = new Redis(url);
    const [, policy = ''] = (await redis.config('GET', 'maxmemory-policy')) as string[];
    const [, aof = ''] = (await redis.config('GET', 'appendonly')) as string[];
    try {
      await redis.config('SET', 'maxmemory-policy', 'noeviction');
      await redis.config('SET', 'appendonly', 'yes');
      const good = (await doctor({ SOURCELINK_QUEUE_URL: url })).findings.filter((f) => f.what === 'queue');
      expect(good.map((f) => f.state)).toEqual(['ok']);
      await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
      await redis.config('SET', 'appendonly', 'no');
      await redis.config('SET', 'maxmemory', '1100000');
      const bad = (await doctor({ SOURCELINK_QUEUE_URL: url })).findings
        .filter((f) => f.what === 'queue')
        .map((f) => f.detail);
      expect(bad).toEqual([
        expect.stringMatching(/^Redis \d/),
        expect.stringContaining('Set it to noeviction.'),
        expect.stringContaining('appendonly off'),
        expect.stringMatching(/\d+ % of its memory.*Raise maxmemory/),
      ]);
    } finally {
      await redis.config('SET', 'maxmemory', '0');
      await redis.config('SET', 'maxmemory-policy', policy);
      await redis.config('SET', 'appendonly', aof);
      await redis.quit();
    }
  });

  it.skipIf(inject('postgresUrl') === null)(
    'looks at the server: version, connections, clock, migrations to come',
    async () => {
      const backend = await BACKENDS.find((b) => b.name === 'PostgreSQL')?.open({ migrated: false });
      const env = { SOURCELINK_DATABASE_URL: backend?.databaseUrl ?? '' };
      const first = await doctor(env);
      expect(of(first.findings, 'migrations')).toMatchObject({
        state: 'warn',
        detail: expect.stringContaining('1 (first ledger)'),
      });
      const { findings } = await doctor(env);
      expect(of(findings, 'migrations')).toBeUndefined();
      expect(of(findings, 'connections')?.detail).toMatch(/^\d+ of \d+ are in use/);
      expect([of(findings, 'ledger')?.state, of(findings, 'clock')?.state, of(findings, 'database')]).toEqual([
        'ok',
        'ok',
        undefined,
      ]);
      await backend?.drop();
    },
    60_000,
  );

  it('looks names up, and says which do not resolve', async () => {
    const lost = operatorFolder('sources:\n  - { id: lost, name: Lost, url: "https://nowhere.invalid/" }\n');
    const { findings } = await doctor(lost.env);
    expect(of(findings, 'DNS')).toMatchObject({
      state: 'warn',
      detail: 'nowhere.invalid does not resolve',
      hint: expect.stringContaining('resolv.conf'),
    });
    const here = operatorFolder('sources:\n  - { id: here, name: Here, url: "http://localhost/" }\n');
    expect(of((await doctor(here.env)).findings, 'DNS')).toMatchObject({ state: 'ok' });
    for (const p of [lost, here]) p.drop();
  }, 60_000);

  it('says that no browser is there, and what to do', async () => {
    const { findings } = await doctor({ SOURCELINK_BROWSER: '/nowhere/chromium' });
    expect(of(findings, 'browser')).toMatchObject({ state: 'warn', hint: expect.stringContaining('Install Chromium') });
  });

  it('marks each finding and ends in one line for a person', async () => {
    const { out } = await sourcelink(['doctor'], { env: place.env });
    expect(out).toMatch(/✓ Node\.js: /);
    expect(out).toMatch(/\nReady\.\n$/);
  });
});
