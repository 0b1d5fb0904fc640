import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { objectOf, operatorFolder, sourcelink } from './command-line.js';

let place: ReturnType<typeof operatorFolder>;
beforeAll(() => {
  place = operatorFolder();
});
afterAll(() => place.drop());

type Finding = { what: string; state: string; detail: string; mend: string | null };
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
    expect(of(findings, 'user agent')).toMatchObject({ state: 'warn', mend: expect.stringContaining('userAgent') });
    expect(of(findings, 'ledger')?.detail).toContain('none yet');
    expect(existsSync(place.env['SOURCELINK_DATA'] ?? '')).toBe(false);
  });

  it('ends with 1 where the database is away, without its password', async () => {
    const { code, findings } = await doctor({ SOURCELINK_DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/x' });
    expect(code).toBe(1);
    expect(of(findings, 'ledger')).toMatchObject({ state: 'fail', mend: expect.stringContaining('DATABASE_URL') });
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

  it('marks each finding and ends in one line for a person', async () => {
    const { out } = await sourcelink(['doctor'], { env: place.env });
    expect(out).toMatch(/✓ Node\.js: /);
    expect(out).toMatch(/\nReady\.\n$/);
  });
});
