/**
 * The reference site with 100,000 made articles (bench/site-articles.ts): latency, requests a second on one core and weight
 * of each page. `npm run bench site [-- --articles 100000 --database postgres|pglite|URL --requests 400 --plans --json]`
 *
 * A database named by its URL is kept, and filled only the first time.
 *
 * The site is a process of its own, on one core where `taskset` is there; the client is this one; PostgreSQL has its own
 * processes, PGlite is in the site's. Three ways:
 * - anew: one reader; before each request something changed, so that nothing kept is used;
 * - other: ten readers, every request another page, nothing changes;
 * - kept: ten readers of the same page, as most readers are.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import Table from 'cli-table3';
import { startPostgres, which } from '../tests/setup/servers.js';
import { MadeArticles } from './site-articles.js';
import type { Answer, Order, Plan } from './site-process.js';
import { quantile } from './statistics.js';

type Load = { medianMs: number; p99Ms: number; perSecond: number; cpuMs: number; failed: number };
type Row = { database: string; page: string; anew: Load; other: Load; kept: Load; bytes: number; gzipped: number };

const BROWSER = { 'accept-encoding': 'gzip, deflate', accept: 'text/html' };
const KEPT_SECONDS = 4;

/** The pages of each kind; each list has no page twice. */
function pagesOf(made: MadeArticles, count: number): [kind: string, paths: string[]][] {
  const spread = Array.from({ length: count }, (_, i) => Math.floor((made.count * (i + 0.5)) / count));
  const distinct = (paths: (string | null)[]) => [...new Set(paths.filter((p) => p !== null))];
  const search = (q: string) => `/search?q=${encodeURIComponent(q)}`;
  const tagged = spread.flatMap((n) => made.tags(n).map((t) => `/tag/${t.toLowerCase()}`));
  return [
    ['front', spread.map((n) => `/?${n}`)],
    ['category', spread.map((n) => `/category/${made.category(n).path}?${n}`)],
    ['article', spread.map((n) => `/article/${made.slug(n)}`)],
    ['story', distinct(spread.map((n) => (made.storyId(n) === null ? null : `/story/${made.storyId(n)}`)))],
    ['tag', distinct(tagged).slice(0, count)],
    ['search, word of half of all', spread.map((n) => `${search('president')}&${n}`)],
    ['search, two words', spread.map((n) => `${search('senate hearing')}&${n}`)],
    ['search, word of one', spread.map((n) => search(made.rareWord(n)))],
    ['search, mistyped', spread.map((n) => search(mistyped(made.rareWord(n))))],
    ['source', spread.map((n) => `/source/outlet-${n % 20}?${n}`)],
    ['all sources', spread.map((n) => `/source?${n}`)],
  ];
}

/** Two neighbours change places. */
const mistyped = (word: string): string => `${word.slice(0, 3)}${word[4]}${word[3]}${word.slice(5)}`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      articles: { type: 'string', default: '100000' },
      database: { type: 'string', multiple: true, default: ['postgres'] },
      requests: { type: 'string', default: '400' },
      plans: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const corpora = process.env['SOURCELINK_CORPORA'] ?? '../shared/corpora';
  if (!existsSync(corpora)) throw new Error(`${corpora} is not there; set SOURCELINK_CORPORA`);
  const made = new MadeArticles(corpora, Number(values.articles));
  const rows: Row[] = [];
  for (const database of values.database)
    rows.push(...(await measure(database, made, corpora, Number(values.requests), values.plans)));
  if (values.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
  else process.stdout.write(`${tableOf(rows)}\n`);
}

async function measure(
  database: string,
  made: MadeArticles,
  corpora: string,
  requests: number,
  plans: boolean,
): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sourcelink-bench-'));
  const postgres = database === 'postgres' ? await startPostgres(['shared_buffers=1GB']) : null;
  if (database === 'postgres' && postgres === null) throw new Error('PostgreSQL is not installed (initdb, postgres)');
  const site = await startSite([postgres?.url ?? database, folder, corpora]);
  try {
    await site.ask({ do: 'fill', articles: made.count });
    const rows: Row[] = [];
    for (const [page, paths] of pagesOf(made, requests)) {
      const [first = '/'] = paths;
      // Once through the code, so that no page is measured before it is compiled.
      await load(site, paths.slice(0, 30), { connections: 1, amount: 30 });
      await site.ask({ do: 'anew', on: true });
      const anew = await load(site, paths, { connections: 1, amount: requests });
      await site.ask({ do: 'anew', on: false });
      const other = await load(site, paths, { connections: 10, amount: paths.length });
      const kept = await load(site, [first], { connections: 10, duration: KEPT_SECONDS });
      const [bytes, gzipped] = [await weight(site.url + first, 'identity'), await weight(site.url + first, 'gzip')];
      rows.push({ database, page, anew, other, kept, bytes, gzipped });
      process.stderr.write(`${database}, ${page}: ${anew.medianMs.toFixed(1)} ms, 99th ${anew.p99Ms.toFixed(1)} ms\n`);
    }
    if (plans) for (const [page, [first = '/']] of pagesOf(made, requests)) showPlans(page, await site.plans(first));
    return rows;
  } finally {
    await site.stop();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type SiteProcess = {
  url: string;
  ask(order: Order): Promise<Answer>;
  cpuMs(): Promise<number>;
  plans(path: string): Promise<Plan[]>;
  stop(): Promise<void>;
};

async function startSite(args: string[]): Promise<SiteProcess> {
  const file = fileURLToPath(new URL('./site-process.js', import.meta.url));
  const pinned = which('taskset') !== null && cpus().length > 1 ? ['taskset', '-c', '0'] : [];
  const [command = '', ...rest] = [...pinned, process.execPath, file, ...args];
  const child = spawn(command, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = once(child, 'exit');
  const next = <T>(): Promise<T> =>
    Promise.race([
      once(child, 'message').then(([message]) => message as T),
      ended.then(() => Promise.reject(new Error('the process of the site ended'))),
    ]);
  const ask = async (order: Order): Promise<Answer> => {
    child.send(order);
    return next<Answer>();
  };
  const { url } = await next<{ url: string }>();
  return {
    url,
    ask,
    async cpuMs() {
      const answer = await ask({ do: 'cpu' });
      return 'cpuMs' in answer ? answer.cpuMs : Number.NaN;
    },
    async plans(path) {
      const answer = await ask({ do: 'plans', path });
      return 'plans' in answer ? answer.plans : [];
    },
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** Asks for the pages in turn; each connection begins elsewhere in the list, so that no two ask for the same page. */
async function load(
  site: SiteProcess,
  paths: string[],
  how: { connections: number; amount?: number; duration?: number },
): Promise<Load> {
  const times: number[] = [];
  let started = 0;
  const before = await site.cpuMs();
  const began = performance.now();
  let last = began;
  const result = await new Promise<autocannon.Result>((done, fail) => {
    const options: autocannon.Options = {
      ...{ url: site.url, headers: BROWSER, sampleInt: 100, ...how },
      setupClient(client) {
        const from = Math.floor((started++ * paths.length) / how.connections);
        client.setRequests([...paths.slice(from), ...paths.slice(0, from)].map((path) => ({ path })));
      },
    };
    autocannon(options, (error, ended) => (error ? fail(error) : done(ended))).on('response', (_c, _s, _b, ms) => {
      times.push(ms);
      last = performance.now();
    });
  });
  const cpuMs = (await site.cpuMs()) - before;
  return {
    medianMs: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    perSecond: (times.length / (last - began)) * 1000,
    cpuMs: cpuMs / times.length,
    failed: result.non2xx + result.errors,
  };
}

/** Bytes of a page as they are sent. */
function weight(url: string, encoding: string): Promise<number> {
  return new Promise((done, fail) => {
    request(url, { headers: { 'accept-encoding': encoding } }, (answer) => {
      let bytes = 0;
      answer.on('data', (part: Buffer) => {
        bytes += part.length;
      });
      answer.on('end', () => done(bytes));
    })
      .on('error', fail)
      .end();
  });
}

function showPlans(page: string, plans: Plan[]): void {
  const [slowest] = plans;
  if (!slowest) return;
  const others = plans.slice(1).map((p) => `${p.ms.toFixed(1)} ms`);
  process.stdout.write(
    `\n${page}: ${plans.length} statements; the slowest${others.length ? ` (the others ${others.join(', ')})` : ''}:\n${slowest.statement}\n${slowest.plan}\n`,
  );
}

function tableOf(rows: Row[]): string {
  const table = new Table({
    head: ['', 'anew: median', '99th', 'other: 99th', 'a second', 'CPU each', 'kept: a second', 'KB', 'gzip', 'failed'],
    style: { head: [], border: [] },
    colAligns: ['left', ...Array<'right'>(9).fill('right')],
  });
  const ms = (n: number) => `${n.toFixed(1)} ms`;
  for (const r of rows)
    table.push([
      `${r.page} (${r.database})`,
      ...[ms(r.anew.medianMs), ms(r.anew.p99Ms), ms(r.other.p99Ms), r.other.perSecond.toFixed(0), ms(r.other.cpuMs)],
      ...[r.kept.perSecond.toFixed(0), (r.bytes / 1000).toFixed(1), (r.gzipped / 1000).toFixed(1)],
      String(r.anew.failed + r.other.failed + r.kept.failed),
    ]);
  return table.toString();
}

await main();
