/** How much of what real outlets list is found, with their feeds and sitemaps and without: on replayed real URLs and headlines. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveSource, SourceEntry } from '../../../config/sources.js';
import { discover, type Fetcher } from '../../../crawlers/discover/discover.js';
import { urlKey } from '../../../crawlers/url.js';
import { plainFetcher } from './loopback.js';

const corpora = process.env['SOURCELINK_CORPORA'] ?? '../shared/corpora';
const serve = join(corpora, '../newsstand/serve.mjs');
const sets = ['aeb', 'fundus', 'atf', 'wcxb'].map((s) => join(corpora, 'extraction', s)).filter((s) => existsSync(s));
const has = existsSync(serve) && sets.length > 0;
if (!has) console.log(`newsstand: ${serve} or its pages are absent, discovery on real outlets is skipped`);

type Score = { right: number; wrong: number; missed: number; requests: number; how: Map<string, number> };

describe.skipIf(!has)('discovery on replayed outlets', () => {
  let child: ChildProcess;
  let origin: string;

  beforeAll(async () => {
    child = spawn(process.execPath, [serve, ...sets.flatMap((s) => ['--pages', s]), '--port', '0', '--latency', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    origin = await new Promise<string>((done, fail) => {
      child.once('exit', () => fail(new Error('the newsstand did not start')));
      child.stdout?.on('data', (data: Buffer) => {
        const at = /http:\/\/127\.0\.0\.1:\d+/.exec(data.toString());
        if (at) done(at[0]);
      });
    });
  });
  afterAll(() => void child?.kill());

  async function score(fetcher: Fetcher): Promise<Score> {
    const api = async (path: string) =>
      (await fetch(`${origin}/__newsstand/${path}`)).json() as Promise<Record<string, string>[]>;
    const total: Score = { right: 0, wrong: 0, missed: 0, requests: 0, how: new Map() };
    const expected = await api('expected');
    for (const { host } of await api('outlets')) {
      const source = resolveSource(SourceEntry.parse({ id: 'outlet', name: 'Outlet', url: `http://${host}/` }));
      const seen = await discover(source, [], { fetcher, now: Date.now, signal: new AbortController().signal });
      const found = new Set(seen.found.map((f) => urlKey(f.url)));
      const listed = new Set(expected.filter((e) => e['host'] === host).map((e) => urlKey(e['url'] ?? '')));
      for (const key of found) listed.has(key) ? total.right++ : total.wrong++;
      for (const key of listed) if (!found.has(key)) total.missed++;
      total.requests += seen.requests;
      const how = seen.how.replace(/\(.*\)/, '(…)');
      total.how.set(how, (total.how.get(how) ?? 0) + 1);
    }
    return total;
  }

  function report(name: string, s: Score): { precision: number; recall: number } {
    const [precision, recall] = [s.right / (s.right + s.wrong), s.right / (s.right + s.missed)];
    const how = [...s.how].map(([k, n]) => `${n} × ${k}`).join('; ');
    console.log(
      `${name}: precision ${(precision * 100).toFixed(1)} %, recall ${(recall * 100).toFixed(1)} %, ${s.requests} requests; ${how}`,
    );
    return { precision, recall };
  }

  const network = () => plainFetcher((u) => ({ origin, host: u.host }));

  it('finds every article by feed and news sitemap', async () => {
    const { precision, recall } = report('feeds and sitemaps', await score(network()));
    expect(precision).toBeGreaterThanOrEqual(0.99);
    expect(recall).toBeGreaterThanOrEqual(0.99);
  }, 120_000);

  it('finds nearly every article by the pages alone', async () => {
    const whole = network();
    const withheld = /(?:feed|rss|atom|index)(?:\.xml|\.json)?$|sitemap/;
    const fetcher: Fetcher = {
      fetch: (request) =>
        whole.fetch(withheld.test(request.url) ? { ...request, url: `${request.url}-withheld` } : request),
      sitemapsOf: async () => [],
    };
    const { precision, recall } = report('pages alone', await score(fetcher));
    expect(precision).toBeGreaterThanOrEqual(0.98);
    expect(recall).toBeGreaterThanOrEqual(0.96);
  }, 120_000);
});
