import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { STAGES } from '../../cli/worker.js';
import { freePort } from '../setup/servers.js';
import { operatorFolder, sourcelink } from './command-line.js';

const places: { drop(): void }[] = [];
afterEach(() => {
  for (const p of places.splice(0)) p.drop();
});

async function folder(http: Record<string, unknown>) {
  const place = operatorFolder();
  places.push(place);
  const port = await freePort();
  writeFileSync(join(place.folder, 'sourcelink.yaml'), JSON.stringify({ http: { port, ...http } }));
  return { ...place, at: `http://127.0.0.1:${port}` };
}

async function until(url: string): Promise<Response> {
  for (let n = 0; n < 900; n++) {
    const answer = await fetch(url).catch(() => null);
    if (answer) return answer;
    await delay(100);
  }
  throw new Error(`${url} never answered`);
}

describe.each([
  ['serve', {}, []],
  ['start', { enabled: true }, STAGES],
] as const)('%s', (command, http, stages) => {
  it('answers over HTTP until it is ended, and says where', async () => {
    const { env, at } = await folder(http);
    const stop = new AbortController();
    const ending = sourcelink([command, '--json'], { env, signal: stop.signal });
    expect(await (await until(`${at}/healthz`)).json()).toEqual({ status: 'ok' });
    const ready = await fetch(`${at}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      {
        status: 'ready',
        ledger: { ok: true, detail: expect.stringMatching(/^schema \d+$/) },
        queue: { ok: true, detail: 'postgres' },
        stages,
      },
    ]);
    const { sources } = await (await fetch(`${at}/v1/sources`)).json();
    expect(sources.map((s: { id: string }) => s.id)).toEqual(['herald', 'gazette']);
    expect((await fetch(`${at}/v1/openapi.json`)).headers.get('content-type')).toBe('application/json');
    expect((await fetch(`${at}/v1/sources/herald/pause`, { method: 'POST' })).status).toBe(403);
    stop.abort();
    const ended = await ending;
    expect([ended.code, JSON.parse(ended.out)]).toEqual([0, expect.objectContaining({ http: at })]);
    await expect(fetch(`${at}/healthz`)).rejects.toThrow();
  }, 180_000);
});

describe('start', () => {
  it('opens no server unless that is switched on', async () => {
    const { env, at } = await folder({});
    const stop = new AbortController();
    const ending = sourcelink(['start', '--json'], { env, signal: stop.signal });
    await delay(2000);
    stop.abort();
    expect(JSON.parse((await ending).out)).toMatchObject({ http: null });
    await expect(fetch(`${at}/healthz`)).rejects.toThrow();
  }, 180_000);
});
