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
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { startPostgres } from '../tests/setup/servers.js';
import { MadeArticles } from './site-articles.js';
import { type Load, load, startSite, weight } from './site-load.js';
import type { Plan } from './site-process.js';

type Row = { database: string; page: string; anew: Load; other: Load; kept: Load; bytes: number; gzipped: number };

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
      const other = await load(site, paths, { connections: Math.min(10, paths.length), amount: paths.length });
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
      ms(r.anew.medianMs),
      ms(r.anew.p99Ms),
      ms(r.other.p99Ms),
      r.other.perSecond.toFixed(0),
      ms(r.other.cpuMs),
      r.kept.perSecond.toFixed(0),
      (r.bytes / 1000).toFixed(1),
      (r.gzipped / 1000).toFixed(1),
      String(r.anew.failed + r.other.failed + r.kept.failed),
    ]);
  return table.toString();
}

await main();
