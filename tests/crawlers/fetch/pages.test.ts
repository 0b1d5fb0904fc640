import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { SourcelinkError } from '../../../config/errors.js';
import { resolveSource, SourceEntry } from '../../../config/sources.js';
import { fetchPages, type PageOutcome, type PageRequest } from '../../../crawlers/fetch/pages.js';
import type { Client } from '../../../crawlers/net/client.js';
import { clientFor, page, type Site, serve, settingsWith } from '../net/loopback.js';

const source = resolveSource(
  SourceEntry.parse({
    id: 'a',
    name: 'A',
    url: 'http://example.org/',
    delay: '0s',
    headers: { 'X-Token': 'agreed' },
    concurrency: 4,
  }),
);
const asked = (id: string, url: string, more: Partial<PageRequest> = {}): PageRequest => ({
  id,
  url,
  etag: null,
  lastModified: null,
  render: 'http',
  ...more,
});

const opened: (Client | Site)[] = [];
afterAll(async () => {
  for (const o of opened) await o.close();
});

async function site(): Promise<{ site: Site; client: Client }> {
  const site = await serve((q, a) => {
    if (q.url === '/robots.txt') a.end('User-agent: *\nDisallow: /private/');
    else if (q.url?.startsWith('/missing')) a.writeHead(404).end();
    else if (q.url?.startsWith('/old')) a.writeHead(304).end();
    else if (q.url?.startsWith('/slow')) setTimeout(() => page(a), 400);
    else if (!q.url?.startsWith('/hang')) page(a, `<!doctype html><p>${q.url}`);
  });
  const client = clientFor([site.host]);
  opened.push(client, site);
  return { site, client };
}

async function run(
  requests: PageRequest[],
  client: Client,
  signal = new AbortController().signal,
): Promise<PageOutcome[]> {
  const outcomes: PageOutcome[] = [];
  await fetchPages(
    source,
    requests,
    { client, settings: settingsWith(), browser: null, signal },
    async (o) => void outcomes.push(o),
  );
  return outcomes;
}

describe('fetchPages', () => {
  it('ends at whatever moment of its start it is stopped', async () => {
    const { site: s, client } = await site();
    for (let steps = 0; steps < 120; steps += 4) {
      const stop = new AbortController();
      const ended = run([asked('1', `${s.origin}/hang`), asked('2', `${s.origin}/hang`)], client, stop.signal);
      for (let i = 0; i < steps; i++) await null;
      stop.abort();
      expect(await Promise.race([ended, delay(4000, 'hangs', { ref: false })]), `${steps} steps`).toEqual([]);
    }
  });

  it('gives each request exactly one outcome', async () => {
    const { site: s, client } = await site();
    const outcomes = await run(
      [
        asked('1', `${s.origin}/a`),
        asked('2', `${s.origin}/missing`),
        asked('3', `${s.origin}/old`, { etag: '"1"' }),
        asked('4', `${s.origin}/private/x`),
        asked('5', 'no url at all'),
        asked('6', 'http://10.0.0.1/'),
        asked('7', `${s.origin}/b`, { render: 'browser' }),
      ],
      client,
    );
    const brief = Object.fromEntries(outcomes.map((o) => [o.id, o.kind === 'failed' ? o.error.code : o.kind]));
    expect(brief).toEqual({
      1: 'page',
      2: 'FETCH_NOT_FOUND',
      3: 'notModified',
      4: 'FETCH_ROBOTS',
      5: 'FETCH_BAD_URL',
      6: 'FETCH_BLOCKED_ADDRESS',
      7: 'FETCH_BROWSER',
    });
    expect(outcomes).toHaveLength(7);
    const first = outcomes.find((o) => o.id === '1');
    expect(first).toMatchObject({
      page: { url: `${s.origin}/a`, via: 'http', headers: { 'content-type': 'text/html; charset=utf-8' } },
    });
    expect(s.asked.find((q) => q.url === '/a')?.headers['x-token']).toBe('agreed');
  });

  it('fetches the same URL again for another request, and in another run', async () => {
    const { site: s, client } = await site();
    for (let i = 0; i < 2; i++) {
      const outcomes = await run([asked('1', `${s.origin}/a`), asked('2', `${s.origin}/a`)], client);
      expect(outcomes.map((o) => o.kind)).toEqual(['page', 'page']);
    }
    expect(s.asked.filter((q) => q.url === '/a')).toHaveLength(4);
  });

  it('wraps what it does not know', async () => {
    const client: Client = {
      fetch: () => Promise.reject(new TypeError('surprise')),
      refusalOf: () => null,
      sitemapsOf: async () => [],
      reservationOf: async () => null,
      close: async () => {},
    };
    const [outcome] = await run([asked('1', 'http://example.org/')], client);
    expect(outcome).toMatchObject({ kind: 'failed', error: expect.any(SourcelinkError) });
    expect(outcome?.kind === 'failed' && outcome.error.message).toContain('surprise');
  });

  it('stops when told to, and leaves out what it did not finish', async () => {
    const { site: s, client } = await site();
    const stop = new AbortController();
    const requests = [
      asked('1', `${s.origin}/a`),
      ...Array.from({ length: 30 }, (_, i) => asked(`h${i}`, `${s.origin}/hang${i}`)),
    ];
    const outcomes: PageOutcome[] = [];
    let stopped = 0;
    await fetchPages(
      source,
      requests,
      { client, settings: settingsWith(), browser: null, signal: stop.signal },
      async (o) => {
        outcomes.push(o);
        setTimeout(() => {
          stopped = Date.now();
          stop.abort();
        }, 200);
      },
    );
    expect(Date.now() - stopped).toBeLessThan(1500);
    expect(outcomes.map((o) => [o.id, o.kind])).toEqual([['1', 'page']]);
    await delay(20);
  });

  it('stops with the error of the one who takes', async () => {
    const { site: s, client } = await site();
    const requests = Array.from({ length: 30 }, (_, i) => asked(`${i}`, `${s.origin}/slow${i}`));
    let taken = 0;
    const broken = fetchPages(
      source,
      requests,
      { client, settings: settingsWith(), browser: null, signal: new AbortController().signal },
      async () => {
        taken++;
        throw new Error('ledger gone');
      },
    );
    await expect(broken).rejects.toThrow('ledger gone');
    expect(taken).toBeLessThan(5);
  });

  it('leaves no storage folder and no listener behind', async () => {
    const { site: s, client } = await site();
    const before = process.listenerCount('SIGINT');
    await run([asked('1', `${s.origin}/a`)], client);
    expect(existsSync('storage')).toBe(false);
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});
