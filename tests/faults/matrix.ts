/**
 * Fault runs: a whole pipeline of separate processes on PostgreSQL and Redis, in which one thing goes wrong at a seeded moment.
 * After each run the ledger's invariant must hold, and every article must have arrived at every sink once.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Server, startPostgres } from '../setup/servers.js';
import type { Fault } from './fault.js';
import { PROCESS_FAULTS } from './processes.js';
import { type Result, runFault } from './run.js';
import { DATABASE_FAULTS, REDIS_FAULTS } from './stores.js';
import { CLOCK_FAULTS, PARTITION_FAULTS } from './surroundings.js';
import { tableOf } from './table.js';

const FAULTS = [...PROCESS_FAULTS, ...REDIS_FAULTS, ...DATABASE_FAULTS, ...PARTITION_FAULTS, ...CLOCK_FAULTS];

const HELP = `npm run faults [-- OPTIONS]: breaks a running pipeline in ${FAULTS.length} ways and looks whether anything is lost.

  --runs N         runs of each fault (1)
  --faults A,B     only these
  --seed N         of the first run; each further one takes the next (1)
  --parallel N     runs at a time (2)
  --results FILE   add each run to it as a line of JSON, and do not repeat those that it holds: many runs may be done in turns
  --table FILE     write the table as Markdown
  --json           results as one object on standard output
  --list           the faults by their names for --faults

Ends with 1 when a run failed: an article lost or twice downstream, a violation of the invariant, a recovery of more than 90 s.
A fault that this machine cannot show is said not to have run.

Examples:
  npm run faults
  npm run faults -- --faults kill-publish,redis-wiped --runs 20
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '1' },
      faults: { type: 'string', default: '' },
      seed: { type: 'string', default: '1' },
      parallel: { type: 'string', default: '2' },
      results: { type: 'string' },
      table: { type: 'string' },
      json: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) process.stdout.write(HELP);
  if (values.list) process.stdout.write(FAULTS.map((f) => `${f.id.padEnd(22)} ${f.name}\n`).join(''));
  if (values.help || values.list) return 0;
  const [runs, seed, parallel] = [count(values.runs, 1), count(values.seed, 0), count(values.parallel, 1)];
  const chosen = choose(values.faults);
  const skipped = new Map(
    chosen.flatMap((f): [string, string][] => (f.missing?.() ? [[f.id, f.missing() ?? '']] : [])),
  );
  for (const [id, why] of skipped) process.stderr.write(`${id} is not run: ${why}\n`);
  const waiting = Array.from({ length: runs }, (_, i) => i)
    .flatMap((i) => chosen.map((fault) => ({ fault, run: i })))
    .filter(({ fault }) => !skipped.has(fault.id))
    .map(({ fault }, i) => ({ fault, seed: seed + i }));
  const done = values.results ? readResults(values.results).filter((r) => waiting.some(isOf(r))) : [];
  const left = waiting.filter((w) => !done.some((r) => isOf(r)(w)));
  if (done.length > 0)
    process.stderr.write(`${done.length} of ${waiting.length} runs are in ${values.results} already\n`);
  const keep = (r: Result) => values.results && appendFileSync(values.results, `${JSON.stringify(r)}\n`);
  const results = [...done, ...(left.length > 0 ? await runAll(left, parallel, keep) : [])];
  const table = tableOf(chosen, results, skipped);
  if (values.table) writeFileSync(values.table, `${table}\n`);
  const failed = results.filter((r) => !r.ok).length;
  if (values.json) process.stdout.write(`${JSON.stringify({ runs: results.length, failed, results })}\n`);
  else process.stdout.write(`${table}\n\n${results.length} runs, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

function count(text: string, least: number): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < least) throw new Error(`\`${text}\` is no number from ${least} on`);
  return n;
}

function choose(text: string): Fault[] {
  if (text === '') return FAULTS;
  return text.split(',').map((id) => {
    const fault = FAULTS.find((f) => f.id === id);
    if (!fault) throw new Error(`there is no fault \`${id}\`; --list names them`);
    return fault;
  });
}

type Run = { fault: Fault; seed: number };

const isOf = (r: Result) => (run: Run) => r.fault === run.fault.id && r.seed === run.seed;

function readResults(path: string): Result[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Result);
}

async function runAll(waiting: Run[], parallel: number, keep: (r: Result) => void): Promise<Result[]> {
  const postgres = await startPostgres(['max_connections=500']);
  if (!postgres) throw new Error('fault runs need PostgreSQL (initdb, postgres)');
  const all = waiting.length;
  const results: Result[] = [];
  const line = async (shared: Server): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { fault, seed } = next;
      const ran = runFault(fault, seed, shared).then((result) => {
        keep(result);
        return result;
      });
      const result = await ran.catch((error: unknown) => neverRan(fault, seed, error));
      results.push(result);
      process.stderr.write(`${results.length}/${all} ${said(result)}\n`);
    }
  };
  try {
    await Promise.all(Array.from({ length: parallel }, () => line(postgres)));
  } finally {
    await postgres.stop();
  }
  return results;
}

/** A run that broke down by itself has shown nothing, and must not look as if it had. */
function neverRan(fault: Fault, seed: number, error: unknown): Result {
  const none = { articles: 0, arrived: 0, lost: 0, twice: 0, repeats: 0, violations: 0 };
  const note = `the run itself failed: ${error instanceof Error ? error.message : String(error)}`;
  return { fault: fault.id, seed, ...none, recoverySeconds: null, seconds: 0, ok: false, note };
}

function said(r: Result): string {
  const recovery = r.recoverySeconds === null ? 'no recovery' : `recovered in ${r.recoverySeconds.toFixed(1)} s`;
  return `${r.ok ? 'ok  ' : 'FAIL'} ${r.fault} (seed ${r.seed}): ${r.arrived}/${r.articles} arrived, ${r.repeats} repeated, ${r.twice} twice, ${r.violations} violations, ${recovery}, ${r.seconds.toFixed(0)} s in all${r.note ? `: ${r.note}` : ''}`;
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  return 2;
});
