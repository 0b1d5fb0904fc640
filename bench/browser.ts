/**
 * Whether the browser's memory stays flat: real pages from the newsstand, opened one after the other as sources are, with
 * the memory of this process and of all of Chromium's every so many pages. Usage:
 * npm run bench browser [-- --pages 1000] [--every 100] [--open 2] [--restart 400] [--json]
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import pLimit from 'p-limit';
import { codeOf } from '../config/errors.js';
import { createLogger } from '../config/logger.js';
import { Settings } from '../config/settings.js';
import { resolveSource, type Source, SourceEntry } from '../config/sources.js';
import { createBrowserFetcher, findBrowser } from '../crawlers/fetch/browser.js';
import { createClient } from '../crawlers/net/client.js';
import { createHostGate } from '../crawlers/net/politeness.js';
import type { RobotsEntry } from '../crawlers/net/robots.js';
import { addressOf } from './newsstand.js';
import { mean, quantile } from './statistics.js';

const { values } = parseArgs({
  options: {
    pages: { type: 'string', default: '1000' },
    every: { type: 'string', default: '100' },
    open: { type: 'string', default: '2' },
    restart: { type: 'string', default: '400' },
    json: { type: 'boolean', default: false },
  },
});

const sources = new Map<string, Source>();

type Row = {
  pages: number;
  failed: number;
  nodeMb: number;
  heapMb: number;
  chromiumMb: number;
  processes: number;
  secondsPerPage: number;
};

const corpora = process.env['SOURCELINK_CORPORA'] ?? '../shared/corpora';
const newsstand = join(corpora, '..', 'newsstand', 'serve.mjs');
const executablePath = findBrowser(process.env['SOURCELINK_BROWSER'] ?? null);
if (!existsSync(newsstand) || executablePath === null) {
  console.error(
    executablePath === null
      ? 'bench browser: no Chromium; set SOURCELINK_BROWSER'
      : `bench browser: ${newsstand} is not there; set SOURCELINK_CORPORA`,
  );
  process.exit(2);
}
if (process.platform !== 'linux') {
  console.error('bench browser: memory is read from /proc, which this system does not have');
  process.exit(2);
}
await measure(executablePath);

async function measure(browserPath: string): Promise<void> {
  const sets = ['fundus', 'atf', 'wcxb', 'aeb'].map((s) => join(corpora, 'extraction', s)).filter((d) => existsSync(d));
  const args = [newsstand, ...sets.flatMap((d) => ['--pages', d]), '--port', '0', '--latency', '10'];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const settings = Settings.parse({
    // On a busy machine a page takes long; how long is not what is measured here.
    fetch: { timeout: '60s', browser: { pages: Number(values.open), pagesPerStart: Number(values.restart) } },
  });
  const log = createLogger('silent');
  const kept = new Map<string, RobotsEntry>();
  const robots = {
    get: async (o: string) => kept.get(o) ?? null,
    set: async (o: string, entry: RobotsEntry) => void kept.set(o, entry),
  };
  const client = createClient({ settings, gate: createHostGate(), robots, log });
  const browser = createBrowserFetcher({ executablePath: browserPath, settings, client, log });
  try {
    const proxy = await addressOf(server);
    const wanted = await urlsOf(proxy, Number(values.pages));
    const rows: Row[] = [];
    const failures = new Map<string, number>();
    let done = 0;
    let failed = 0;
    let since = performance.now();
    const open = pLimit(Number(values.open));
    await open.map(wanted, async (url) => {
      await browser.render(sourceOf(url, proxy), url).catch((error) => {
        failed++;
        failures.set(codeOf(error), (failures.get(codeOf(error)) ?? 0) + 1);
      });
      if (++done % Number(values.every) !== 0) return;
      const secondsPerPage = (performance.now() - since) / 1000 / Number(values.every);
      rows.push({ pages: done, failed, ...memoryNow(), secondsPerPage });
      since = performance.now();
      if (!values.json) process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`);
    });
    report(rows, failures);
  } finally {
    await browser.close();
    await client.close();
    server.kill();
  }
}

/** So many addresses, each once as long as there are enough, a host's together, as visits to sources bring them. */
async function urlsOf(proxy: string, count: number): Promise<string[]> {
  const expected: unknown = await (await fetch(`${proxy}/__newsstand/expected`)).json();
  const all = Array.isArray(expected) ? expected : (expected as { articles: unknown[] }).articles;
  const urls = all.map((a) => (a as { url: string }).url);
  return Array.from({ length: count }, (_, i) => urls[i % urls.length] ?? '');
}

function sourceOf(url: string, proxy: string): Source {
  const { hostname, origin } = new URL(url);
  const known = sources.get(hostname);
  if (known) return known;
  const id = hostname.slice(0, 60);
  const made = resolveSource(SourceEntry.parse({ id, name: hostname, url: origin, proxy, delay: '0s' }));
  sources.set(hostname, made);
  return made;
}

/** This process, and all that descend from it but the newsstand: what is theirs alone and their share of the rest. */
function memoryNow(): Pick<Row, 'nodeMb' | 'heapMb' | 'chromiumMb' | 'processes'> {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  const chromium = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isChromium(pid));
  const kb = chromium.map((pid) => Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0));
  const chromiumMb = kb.reduce((a, b) => a + b, 0) / 1024;
  return { nodeMb: rss / 2 ** 20, heapMb: heapUsed / 2 ** 20, chromiumMb, processes: chromium.length };
}

function isChromium(pid: string): boolean {
  let at = pid;
  for (let n = 0; n < 8 && at !== '0'; n++) {
    if (at === String(process.pid)) return read(`/proc/${pid}/cmdline`).includes('chrom');
    at = /^PPid:\s+(\d+)/m.exec(read(`/proc/${at}/status`))?.[1] ?? '0';
  }
  return false;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

/** By least squares, in megabytes for each 100 pages; the first row is the start and not counted. */
function slope(rows: Row[], of: (row: Row) => number): number {
  const later = rows.slice(1);
  const [x, y] = [mean(later.map((r) => r.pages)), mean(later.map(of))];
  const above = later.reduce((sum, r) => sum + (r.pages - x) * (of(r) - y), 0);
  return (100 * above) / later.reduce((sum, r) => sum + (r.pages - x) ** 2, 0);
}

function report(rows: Row[], failures: Map<string, number>): void {
  const slopes = {
    node: slope(rows, (r) => r.nodeMb),
    heap: slope(rows, (r) => r.heapMb),
    chromium: slope(rows, (r) => r.chromiumMb),
  };
  const most = quantile(
    rows.map((r) => r.nodeMb + r.chromiumMb),
    1,
  );
  if (values.json) {
    console.log(JSON.stringify({ rows, slopes, maxMb: most, failures: Object.fromEntries(failures) }));
    return;
  }
  const head = ['pages', 'failed', 'node MB', 'of it heap', 'Chromium MB', 'processes', 's/page'];
  const table = new Table({ head, colAligns: head.map(() => 'right' as const), style: { head: [], border: [] } });
  for (const r of rows)
    table.push([
      r.pages,
      r.failed,
      r.nodeMb.toFixed(0),
      r.heapMb.toFixed(0),
      r.chromiumMb.toFixed(0),
      r.processes,
      r.secondsPerPage.toFixed(2),
    ]);
  console.log(table.toString());
  const signed = (n: number): string => `${n >= 0 ? '+' : ''}${n.toFixed(1)}`;
  console.log(
    `Slope in MB for each 100 pages, without the first row: node ${signed(slopes.node)}, its heap ${signed(slopes.heap)}, Chromium ${signed(slopes.chromium)}.`,
  );
  console.log(
    `Most at once: ${most.toFixed(0)} MB. Failed: ${[...failures].map(([c, n]) => `${n} ${c}`).join(', ') || 'none'}.`,
  );
}
