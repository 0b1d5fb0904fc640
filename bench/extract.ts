/**
 * What it costs to read a page: Readability on jsdom, Readability on linkedom, and our whole extraction (limits, metadata,
 * images, body, profile, rights, language, sanitising), on the same pages. Each way has a process of its own; they take
 * turns page by page, so that whatever else the machine does hits all alike. Then pages a second through the thread pool,
 * and memory over thousands of pages.
 * `npm run bench extract [-- --pages DIR … --count 120 --rounds 3 --load 400 --memory 5000 --json]`
 */
import { parseArgs } from 'node:util';
import { Terminal } from '../cli/terminal.js';
import { type Comparison, compare, startContender, WAYS, type Way } from './extract-compare.js';
import type { Load, MemoryRow, Ready } from './extract-contender.js';
import { type BenchPage, findPages } from './extract-pages.js';

const NAMES: Record<Way, string> = {
  jsdom: 'Readability on jsdom',
  linkedom: 'Readability on linkedom',
  sourcelink: 'Sourcelink, everything',
};
const MEMORY_STEPS = 5;

const { values } = parseArgs({
  options: {
    pages: { type: 'string', multiple: true, default: [] },
    count: { type: 'string', default: '120' },
    rounds: { type: 'string', default: '3' },
    load: { type: 'string', default: '400' },
    memory: { type: 'string', default: '5000' },
    json: { type: 'boolean', default: false },
  },
});
const terminal = new Terminal(
  { stdout: process.stdout, stderr: process.stderr, env: process.env, signal: new AbortController().signal },
  values.json,
);

async function main(): Promise<void> {
  const { from, pages } = await findPages(values.pages, whole('count'));
  terminal.print(`${pages.length} pages from ${from}; Node ${process.version}`);
  const { comparison, profiled } = await costs(pages);
  showCosts(comparison, profiled);
  const load = whole('load') > 0 ? await pace(pages) : [];
  showPace(load);
  const memory = whole('memory') > 0 ? await growth(pages) : [];
  showMemory(memory);
  terminal.result({ node: process.version, from, profiled, rounds: whole('rounds'), ...comparison, load, memory });
}

function whole(name: 'count' | 'rounds' | 'load' | 'memory'): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number >= (name === 'load' || name === 'memory' ? 0 : 1)) return number;
  throw new Error(`--${name} ${values[name]} is no whole number of things to do`);
}

async function costs(pages: BenchPage[]): Promise<{ comparison: Comparison; profiled: number }> {
  const contenders = { jsdom: startContender(), linkedom: startContender(), sourcelink: startContender() };
  const meter = terminal.meter('pages in all ways');
  try {
    let profiled = 0;
    for (const way of WAYS) profiled += (await contenders[way].ask<Ready>({ do: 'prepare', way, pages })).profiled;
    const comparison = await compare(pages, whole('rounds'), contenders, (done, all) =>
      meter.update({ done, all, text: `${done} of ${all}`, data: { done, all } }),
    );
    return { comparison, profiled };
  } finally {
    meter.end();
    for (const contender of Object.values(contenders)) contender.end();
  }
}

async function pace(pages: BenchPage[]): Promise<Load[]> {
  const rows: Load[] = [];
  for (const threads of [1, 2]) {
    const contender = startContender();
    try {
      const title = `${whole('load')} pages through ${threads === 1 ? 'one thread' : `${threads} threads`} …`;
      await contender.ask({ do: 'prepare', way: 'sourcelink', pages });
      const ask = () => contender.ask<Load>({ do: 'load', threads, pages: whole('load') });
      rows.push(await terminal.while(title, ask, true));
    } finally {
      contender.end();
    }
  }
  return rows;
}

async function growth(pages: BenchPage[]): Promise<MemoryRow[]> {
  const contender = startContender(['--expose-gc']);
  const meter = terminal.meter('memory');
  try {
    await contender.ask({ do: 'prepare', way: 'sourcelink', pages });
    const rows: MemoryRow[] = [];
    const all = whole('memory');
    const step = Math.ceil(all / MEMORY_STEPS);
    for (let done = 0; done < all; done += step) {
      meter.update({ done, all, text: `${done} of ${all} pages`, data: { done, all } });
      rows.push(await contender.ask<MemoryRow>({ do: 'memory', pages: Math.min(step, all - done) }));
    }
    return rows;
  } finally {
    meter.end();
    contender.end();
  }
}

const right = (...heads: string[]) => heads.map((head) => ({ head, align: 'right' as const }));

function showCosts({ ways, times, failed, pages }: Comparison, profiled: number): void {
  const ms = (n: number) => n.toFixed(1);
  terminal.table(
    [
      { head: 'milliseconds a page' },
      ...right('CPU mean', 'median', '95th', 'wall median', '95th', 'times ours', '95 % interval'),
    ],
    ways.map(({ way, cpuMs, wallMs }) => {
      const t = times.find((other) => other.way === way);
      return [
        NAMES[way],
        ...[cpuMs.mean, cpuMs.median, cpuMs.p95, wallMs.median, wallMs.p95].map(ms),
        ...(t ? [t.ratio.toFixed(1), `${t.low.toFixed(1)} to ${t.high.toFixed(1)}`] : ['1', '']),
      ];
    }),
  );
  terminal.print(
    terminal.wrapped(
      `Each page's median of ${values.rounds} rounds after one to warm up; ${pages} pages, ${profiled} of them with a profile of their outlet. CPU time is the whole process's, garbage collection and compilation included.`,
    ),
  );
  for (const { way, url, reason } of failed) terminal.item(`left out: ${url}: ${NAMES[way]}: ${reason.slice(0, 120)}`);
}

function showPace(rows: Load[]): void {
  if (rows.length === 0) return;
  terminal.print();
  terminal.table(
    [{ head: 'through the pool' }, ...right('pages', 'pages/s', 'CPU ms a page')],
    rows.map((r) => [
      r.threads === 1 ? 'one thread' : `${r.threads} threads`,
      String(r.pages),
      (r.pages / r.seconds).toFixed(1),
      (r.cpuMs / r.pages).toFixed(1),
    ]),
  );
}

function showMemory(rows: MemoryRow[]): void {
  if (rows.length === 0) return;
  terminal.print();
  terminal.table(
    [{ head: 'MB after' }, ...right('live heap', 'process', 'peak')],
    rows.map((r) => [`${r.pages} pages`, ...[r.heapMb, r.rssMb, r.peakRssMb].map((n) => n.toFixed(0))]),
  );
}

main().catch((error: unknown) => {
  terminal.error(error);
  process.exitCode = 1;
});
