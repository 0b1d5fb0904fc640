/**
 * The whole pipeline on real outlets, from their feeds to published articles, against the script that one would write in an
 * afternoon (bench/afternoon.ts): articles a second, CPU time and memory, wherever ledger and queue live, with one worker
 * process and with two. The ways take turns, each round on empty servers of its own. CPU time is that of our processes and,
 * beside it, of PostgreSQL and Redis; what starting a process takes is not in it.
 * `npm run bench pipeline [-- --pages DIR … --rounds 3 --way pglite … --json]`
 */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse, stringify } from 'yaml';
import { Terminal } from '../cli/terminal.js';
import { startPostgres, startRedis } from '../tests/setup/servers.js';
import { type LedgerCosts, readCosts } from './ledger-costs.js';
import { addressOf } from './newsstand.js';
import type { Job, Told } from './pipeline-job.js';
import { cpuMsOfTree } from './process-tree.js';
import { median, pairedRatio } from './statistics.js';

type Way = { name: string; title: string; postgres: boolean; redis: boolean; roles: Job['role'][] };
type Run = {
  articles: number;
  seconds: number;
  cpuMs: number;
  serverCpuMs: number;
  peakMb: number;
  costs: LedgerCosts | null;
};

const WAYS: Way[] = [
  { name: 'afternoon', title: 'the afternoon’s script', postgres: false, redis: true, roles: ['afternoon'] },
  { name: 'pglite', title: 'PGlite', postgres: false, redis: false, roles: ['pass'] },
  { name: 'postgres', title: 'PostgreSQL', postgres: true, redis: false, roles: ['pass'] },
  { name: 'postgres2', title: 'PostgreSQL, two workers', postgres: true, redis: false, roles: ['pass', 'worker'] },
  { name: 'redis', title: 'PostgreSQL and Redis', postgres: true, redis: true, roles: ['pass'] },
  { name: 'redis2', title: 'the same, two workers', postgres: true, redis: true, roles: ['pass', 'worker'] },
];

const { values } = parseArgs({
  options: {
    pages: { type: 'string', multiple: true },
    way: { type: 'string', multiple: true, default: WAYS.map((w) => w.name) },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});
const terminal = new Terminal(
  { stdout: process.stdout, stderr: process.stderr, env: process.env, signal: new AbortController().signal },
  values.json,
);

async function main(): Promise<void> {
  const corpora = process.env['SOURCELINK_CORPORA'] ?? '../shared/corpora';
  const pages = values.pages ?? ['aeb', 'fundus', 'atf', 'wcxb'].map((set) => join(corpora, 'extraction', set));
  const missing = pages.find((p) => !existsSync(p));
  if (missing)
    throw new Error(`${missing} is not there; name folders of pages with --pages, or set SOURCELINK_CORPORA`);
  const ways = WAYS.filter((w) => values.way.includes(w.name));
  const rounds = Number(values.rounds);
  const runs = new Map<Way, Run[]>(ways.map((w) => [w, []]));
  const meter = terminal.meter('runs');
  for (let round = 0; round < rounds; round++)
    for (const [k, way] of ways.entries()) {
      const done = round * ways.length + k;
      meter.update({ done, all: rounds * ways.length, text: way.title, data: { done, way: way.name } });
      runs.get(way)?.push(await measure(way, pages, join(dirname(corpora), 'newsstand', 'serve.mjs')));
    }
  meter.end();
  show(runs);
  showCosts(runs);
  terminal.result(Object.fromEntries([...runs].map(([way, all]) => [way.name, all])));
}

async function measure(way: Way, pages: string[], serve: string): Promise<Run> {
  const dir = mkdtempSync(join(tmpdir(), 'sourcelink-bench-'));
  const list = join(dir, 'sources.yaml');
  const args = [serve, ...pages.flatMap((p) => ['--pages', p]), '--port', '0', '--sources-yaml', list];
  const newsstand = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const postgres = way.postgres ? await startPostgres() : null;
  const redis = way.redis ? await startRedis() : null;
  try {
    const proxy = await addressOf(newsstand);
    const feeds = listFeeds(list);
    const job = { list, feeds, proxy, databaseUrl: postgres?.url ?? null, queueUrl: redis?.url ?? null };
    const contenders = [];
    for (const role of way.roles) contenders.push(await startContender({ ...job, role, dataDir: join(dir, role) }));
    const serverCpu = () => [postgres, redis].reduce((ms, server) => ms + (server ? cpuMsOfTree(server.pid) : 0), 0);
    const before = serverCpu();
    for (const c of contenders) c.send('go');
    const [first, ...others] = contenders;
    const told = [await first?.told()];
    const serverCpuMs = serverCpu() - before;
    for (const c of others) {
      c.send('end');
      told.push(await c.told());
    }
    const all = told.flatMap((t) => (t && 'seconds' in t ? [t] : []));
    const costs = postgres && way.roles.includes('pass') ? await readCosts(postgres.url, redis?.url ?? null) : null;
    return {
      costs,
      articles: all[0]?.articles ?? 0,
      seconds: all[0]?.seconds ?? Number.NaN,
      cpuMs: all.reduce((ms, t) => ms + t.cpuMs, 0),
      serverCpuMs,
      peakMb: Math.max(...all.map((t) => t.peakMb)),
    };
  } finally {
    newsstand.kill();
    await redis?.stop();
    await postgres?.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Both sides are told the outlets' feeds; hosts on loopback need no second between two requests. */
function listFeeds(list: string): string[] {
  const file = parse(readFileSync(list, 'utf8')) as { sources: { url: string; feeds?: string[] }[] };
  for (const source of file.sources) source.feeds = [new URL('/feed.xml', source.url).href];
  writeFileSync(list, stringify({ ...file, defaults: { delay: '0ms' } }));
  return file.sources.flatMap((s) => s.feeds ?? []);
}

async function startContender(job: Job) {
  const child = fork(fileURLToPath(new URL('pipeline-contender.js', import.meta.url)));
  const next = async (): Promise<Told> => {
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the process for ${job.role} ended with ${code}`);
    });
    const told = once(child, 'message').then(([message]) => message as Told);
    return Promise.race([told, ended]);
  };
  const ready = next();
  child.send(job);
  await ready;
  const told = next();
  return { send: (word: string) => child.send(word), told: () => told };
}

function show(runs: Map<Way, Run[]>): void {
  const script = [...runs].find(([way]) => way.name === 'afternoon')?.[1];
  const right = (head: string) => ({ head, align: 'right' as const });
  terminal.table(
    [
      { head: 'way' },
      ...[
        'articles',
        'seconds',
        'articles/s',
        'times the script',
        'CPU ms each',
        'of servers',
        'peak MB a process',
      ].map(right),
    ],
    [...runs].map(([way, all]) => {
      const of = (pick: (run: Run) => number) => median(all.map(pick));
      const times =
        script && script !== all
          ? pairedRatio(
              script.map((r) => r.seconds / r.articles),
              all.map((r) => r.seconds / r.articles),
            )
          : null;
      return [
        way.title,
        of((r) => r.articles).toFixed(0),
        of((r) => r.seconds).toFixed(1),
        of((r) => r.articles / r.seconds).toFixed(1),
        times ? `${times.ratio.toFixed(1)} (${times.low.toFixed(1)} to ${times.high.toFixed(1)})` : '',
        of((r) => r.cpuMs / r.articles).toFixed(0),
        of((r) => r.serverCpuMs / r.articles).toFixed(0),
        of((r) => r.peakMb).toFixed(0),
      ];
    }),
  );
}

/** What one article leaves in the ledger, from the last run on PostgreSQL and Redis. */
function showCosts(runs: Map<Way, Run[]>): void {
  const last = [...runs.values()].flat().findLast((run) => run.costs !== null && run.costs.redisCommands > 0);
  if (!last?.costs) return;
  const each = (n: number) => (n / last.articles).toFixed(1);
  terminal.print(
    terminal.wrapped(
      `An article of ${last.articles}: ${each(last.costs.transactions)} transactions of PostgreSQL, ${each(last.costs.redisCommands)} commands of Redis, and in the ledger:`,
    ),
  );
  terminal.table(
    [
      { head: 'table' },
      { head: 'rows an article', align: 'right' },
      { head: 'kB an article, indexes included', align: 'right' },
    ],
    last.costs.tables
      .filter((t) => t.rows > 0)
      .map((t) => [t.table, each(t.rows), (t.bytes / 1024 / last.articles).toFixed(2)]),
  );
}

main().catch((error: unknown) => {
  terminal.error(error);
  process.exitCode = 1;
});
