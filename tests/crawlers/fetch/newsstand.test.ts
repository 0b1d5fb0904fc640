import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../../config/logger.js';
import { resolveSource, SourceEntry } from '../../../config/sources.js';
import { fetchPages, type PageOutcome } from '../../../crawlers/fetch/pages.js';
import { type Client, createClient } from '../../../crawlers/net/client.js';
import { createHostGate } from '../../../crawlers/net/politeness.js';
import { memoryRobots, settingsWith } from '../net/loopback.js';

const corpora = process.env['SOURCELINK_CORPORA'] ?? '../shared/corpora';
const newsstand = join(corpora, '..', 'newsstand', 'serve.mjs');
const present = existsSync(newsstand);
if (!present) console.log(`newsstand: ${newsstand} is not there; crawling real outlets is skipped`);

type Expected = { id: string; url: string; fault?: string | null };
type Log = { hosts: Record<string, { maxConcurrency: number; early429: number }>; disallowed: unknown[] };

describe.skipIf(!present)('fetchPages on real outlets through a forward proxy', () => {
  let server: ChildProcess;
  let proxy = '';
  let articles: Expected[] = [];
  const clients: Client[] = [];

  beforeAll(async () => {
    const pages = join(corpora, 'extraction', 'fundus');
    server = spawn(
      process.execPath,
      [newsstand, '--pages', pages, '--port', '0', '--latency', '20', '--faults', 'loop=apnews.com,429=www.cnbc.com:1'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let said = '';
    for await (const chunk of server.stdout ?? []) {
      said += chunk;
      if (/:\d+ /.test(said)) break;
    }
    proxy = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '';
    const answer = await (await fetch(`${proxy}/__newsstand/expected`)).json();
    articles = Array.isArray(answer) ? answer : answer.articles;
  });
  afterAll(async () => {
    for (const c of clients) await c.close();
    server?.kill();
  });

  it('gets every page that is there, asks nothing that robots.txt forbids, and keeps to the concurrency', async () => {
    const client = createClient({
      settings: settingsWith(),
      gate: createHostGate(),
      robots: memoryRobots(),
      log: createLogger('silent'),
    });
    clients.push(client);
    const source = resolveSource(
      SourceEntry.parse({ id: 'a', name: 'A', url: 'http://apnews.com/', proxy, delay: '10ms', concurrency: 2 }),
    );
    const [first] = articles;
    const hidden = new URL('/private/preview', first?.url).href;
    const requests = [...articles, { id: 'hidden', url: hidden }].map(({ id, url }) => ({
      id,
      url,
      etag: null,
      lastModified: null,
      render: 'http' as const,
    }));
    const outcomes: PageOutcome[] = [];
    const signal = new AbortController().signal;
    const deps = { client, settings: settingsWith(), browser: null, signal };
    await fetchPages(source, requests, deps, async (o) => void outcomes.push(o));
    // What a host put off is asked again, as the ledger does it.
    const put = outcomes.filter((o) => o.kind === 'failed' && o.error.code === 'FETCH_RATE_LIMITED').map((o) => o.id);
    const kept = outcomes.filter((o) => !put.includes(o.id));
    await fetchPages(
      source,
      requests.filter((r) => put.includes(r.id)),
      deps,
      async (o) => void kept.push(o),
    );

    expect(kept).toHaveLength(requests.length);
    expect(put.length).toBeGreaterThan(0);
    const failed = kept.flatMap((o) => (o.kind === 'failed' ? [o.error.code] : []));
    expect(failed.sort()).toEqual(['FETCH_REDIRECT_LOOP', 'FETCH_ROBOTS']);
    const log: Log = await (await fetch(`${proxy}/__newsstand/log`)).json();
    expect(log.disallowed).toEqual([]);
    expect(Object.keys(log.hosts).length).toBeGreaterThan(3);
    for (const host of Object.values(log.hosts)) {
      expect(host.maxConcurrency).toBeLessThanOrEqual(2);
      // One that was under way when the other was refused; whatever starts later waits.
      expect(host.early429).toBeLessThanOrEqual(1);
    }
  });
});
