/**
 * Pages a second and processor time a page of our fetching, beside the same URLs through plain undici and through
 * Crawlee's HttpCrawler. Real pages from the newsstand, each run in a process of its own, the contenders in turn.
 * Usage: node dist/bench/crawl.js [--runs 5] [--pages 500] [--hosts 20] [--latency 10] [--concurrency 16] [--json]
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import Table from 'cli-table3';
import type { RobotsEntry } from '../crawlers/net/robots.js';
import { addressOf } from './newsstand.js';
import { median } from './statistics.js';

const kept = new Map<string, RobotsEntry>();

type Run = { pages: number; seconds: number; cpuMs: number; rssMb: number };
type Job = { urls: string[]; proxy: string; concurrency: number };

const CONTENDERS: Record<string, (job: Job) => Promise<number>> = { sourcelink, undici, HttpCrawler };

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    pages: { type: 'string', default: '500' },
    hosts: { type: 'string', default: '20' },
    latency: { type: 'string', default: '10' },
    concurrency: { type: 'string', default: '16' },
    json: { type: 'boolean', default: false },
    contender: { type: 'string' },
    job: { type: 'string' },
  },
});

if (values.contender !== undefined) await measure(values.contender, JSON.parse(values.job ?? '{}'));
else await compare();

async function sourcelink({ urls, proxy, concurrency }: Job): Promise<number> {
  const { createLogger } = await import('../config/logger.js');
  const { Settings } = await import('../config/settings.js');
  const { resolveSource, SourceEntry } = await import('../config/sources.js');
  const { fetchPages } = await import('../crawlers/fetch/pages.js');
  const { createClient } = await import('../crawlers/net/client.js');
  const { createHostGate } = await import('../crawlers/net/politeness.js');
  const settings = Settings.parse({ fetch: { concurrency } });
  const source = resolveSource(
    SourceEntry.parse({ id: 'bench', name: 'Bench', url: 'http://example.org/', proxy, delay: '0s', concurrency }),
  );
  const client = createClient({
    settings,
    gate: createHostGate(),
    // Kept from the warm-up, as the ledger keeps it for a day.
    robots: { get: async (o) => kept.get(o) ?? null, set: async (o, entry) => void kept.set(o, entry) },
    log: createLogger('silent'),
  });
  const requests = urls.map((url, i) => ({
    id: String(i),
    url,
    etag: null,
    lastModified: null,
    render: 'http' as const,
  }));
  let pages = 0;
  const signal = new AbortController().signal;
  await fetchPages(source, requests, { client, settings, browser: null, signal }, async (o) => {
    if (o.kind === 'page' && o.page.bytes.length > 0) pages++;
  });
  await client.close();
  return pages;
}

async function undici({ urls, proxy, concurrency }: Job): Promise<number> {
  const { ProxyAgent, request } = await import('undici');
  const { default: pLimit } = await import('p-limit');
  const dispatcher = new ProxyAgent({ uri: proxy, proxyTunnel: false });
  const limit = pLimit(concurrency);
  const unpack = promisify(gunzip);
  const pages = await limit.map(urls, async (url) => {
    const { body, headers } = await request(url, { dispatcher, headers: { 'accept-encoding': 'gzip' } });
    const bytes = Buffer.from(await body.arrayBuffer());
    return (headers['content-encoding'] === 'gzip' ? await unpack(bytes) : bytes).length;
  });
  await dispatcher.close();
  return pages.filter((n) => n > 0).length;
}

async function HttpCrawler({ urls, proxy, concurrency }: Job): Promise<number> {
  const { Configuration, HttpCrawler: Crawler, log, LogLevel, ProxyConfiguration } = await import('crawlee');
  log.setLevel(LogLevel.OFF);
  let pages = 0;
  const crawler = new Crawler(
    {
      proxyConfiguration: new ProxyConfiguration({ proxyUrls: [proxy] }),
      useSessionPool: false,
      maxConcurrency: concurrency,
      autoscaledPoolOptions: { desiredConcurrency: concurrency },
      async requestHandler({ body }) {
        if (body.length > 0) pages++;
      },
    },
    new Configuration({ persistStorage: false, purgeOnStart: false }),
  );
  // Its own idea of which URLs are one would leave out most.
  await crawler.run(urls.map((url, i) => ({ url, uniqueKey: String(i) })));
  return pages;
}

/** One contender in this process, after a warm-up with a page of each host: libraries loaded, code compiled. */
async function measure(name: string, job: Job): Promise<void> {
  const run = CONTENDERS[name];
  if (!run) throw new Error(`no contender ${name}`);
  await run({ ...job, urls: [...new Map(job.urls.map((u) => [new URL(u).host, u])).values()] });
  const cpu = cpuMs();
  const started = performance.now();
  const pages = await run(job);
  const seconds = (performance.now() - started) / 1000;
  const result: Run = { pages, seconds, cpuMs: cpuMs() - cpu, rssMb: process.memoryUsage().rss / 2 ** 20 };
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}

/** Milliseconds of this process and, where `/proc` tells, of those that it started and that have ended. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  const own = (user + system) / 1000;
  if (!existsSync('/proc/self/stat')) return own;
  // Fields 16 and 17, in hundredths of a second; the name in field 2 may hold spaces.
  const [, rest = ''] = readFileSync('/proc/self/stat', 'latin1').split(') ');
  const [children = 0, kernel = 0] = rest.split(' ').slice(13, 15).map(Number);
  return own + 10 * (children + kernel);
}

async function compare(): Promise<void> {
  const corpora = process.env['SOURCELINK_CORPORA'] ?? '../shared/corpora';
  const newsstand = join(corpora, '..', 'newsstand', 'serve.mjs');
  if (!existsSync(newsstand)) {
    console.error(`bench crawl: ${newsstand} is not there; set SOURCELINK_CORPORA`);
    process.exit(2);
  }
  const sets = ['fundus', 'atf', 'wcxb', 'aeb'].map((s) => join(corpora, 'extraction', s)).filter((d) => existsSync(d));
  const args = [newsstand, ...sets.flatMap((d) => ['--pages', d]), '--port', '0', '--latency', values.latency];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const proxy = await addressOf(server);
    const expected: unknown = await (await fetch(`${proxy}/__newsstand/expected`)).json();
    const all = Array.isArray(expected) ? expected : (expected as { articles: unknown[] }).articles;
    const urls = spread(
      all.map((a) => (a as { url: string }).url),
      Number(values.hosts),
      Number(values.pages),
    );
    const job: Job = { urls, proxy, concurrency: Number(values.concurrency) };
    const runs = new Map<string, Run[]>(Object.keys(CONTENDERS).map((name) => [name, []]));
    for (let i = 0; i < Number(values.runs); i++)
      for (const [name, list] of runs) {
        const child = [fileURLToPath(import.meta.url), '--contender', name, '--job', JSON.stringify(job)];
        process.stderr.write(`run ${i + 1} of ${values.runs}: ${name}\n`);
        list.push(JSON.parse(execFileSync(process.execPath, child, { encoding: 'utf8', cwd: dirname(newsstand) })));
      }
    report(runs, urls.length);
  } finally {
    server.kill();
  }
}

/** So many URLs, of the hosts that have most and each in turn. What is short is asked for again, under a parameter that a host overlooks. */
function spread(urls: string[], hosts: number, pages: number): string[] {
  const byHost = new Map<string, string[]>();
  for (const url of urls) byHost.set(new URL(url).host, [...(byHost.get(new URL(url).host) ?? []), url]);
  const chosen = [...byHost.values()].sort((a, b) => b.length - a.length).slice(0, hosts);
  return Array.from({ length: pages }, (_, i) => {
    const own = chosen[i % chosen.length] ?? [];
    const turn = Math.floor(i / chosen.length);
    const url = new URL(own[turn % own.length] ?? '');
    url.searchParams.set('utm_campaign', String(turn));
    return url.href;
  });
}

function report(runs: Map<string, Run[]>, asked: number): void {
  const rows = [...runs].map(([name, list]) => ({
    name,
    pages: median(list.map((r) => r.pages)),
    pagesPerSecond: median(list.map((r) => r.pages / r.seconds)),
    cpuMsPerPage: median(list.map((r) => r.cpuMs / Math.max(r.pages, 1))),
    rssMb: median(list.map((r) => r.rssMb)),
  }));
  if (values.json) {
    console.log(
      JSON.stringify({ asked, runs: Number(values.runs), latencyMs: Number(values.latency), contenders: rows }),
    );
    return;
  }
  const table = new Table({
    head: ['', `pages of ${asked}`, 'pages/s', 'CPU ms/page', 'RSS MB'],
    colAligns: ['left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const r of rows)
    table.push([r.name, r.pages, r.pagesPerSecond.toFixed(1), r.cpuMsPerPage.toFixed(2), r.rssMb.toFixed(0)]);
  console.log(table.toString());
}
