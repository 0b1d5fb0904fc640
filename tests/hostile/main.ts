/**
 * Hostile inputs: each is visited by a real pipeline in a process of its own, and must end as an article or as an error of ours,
 * in time and without much memory; nothing private may be reached, and nothing may be published that runs.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Terminal } from '../../cli/terminal.js';
import { setTrap } from '../crawlers/net/trap.js';
import { CORPUS, chosen } from './corpus.js';
import { KINDS, type Kind } from './input.js';
import { codesOf, faultsOf, MAX_MB, MAX_SECONDS, rowsOf, sharesBlame, tableOf } from './judge.js';
import { openOutlets } from './outlets.js';
import { type Measured, openWatched } from './watched.js';

const HELP = `npm run hostile [-- OPTIONS]: ${CORPUS.length} hostile inputs, each through the whole pipeline.

  --kinds A,B      only these
  --name TEXT      only those with this in their name
  --parallel N     processes at a time (2)
  --slowest N      also list the slowest and the largest
  --table FILE     write the table as Markdown
  --json           results as one object on standard output
  --list           kinds and inputs

Ends with 1 when one took more than ${MAX_SECONDS} s or ${MAX_MB} MB, ended in an error that nobody foresaw or in another than it may, reached a
private address, or when something was published that could run at a reader's.

Examples:
  npm run hostile
  npm run hostile -- --kinds slow,traps
  npm run hostile -- --kinds xml --name laughs --json
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      kinds: { type: 'string', default: '' },
      name: { type: 'string', default: '' },
      parallel: { type: 'string', default: '2' },
      slowest: { type: 'string', default: '0' },
      table: { type: 'string' },
      json: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) process.stdout.write(HELP);
  if (values.list) process.stdout.write(CORPUS.map((input) => `${input.kind.padEnd(12)} ${input.name}\n`).join(''));
  if (values.help || values.list) return 0;
  const [parallel, slowest] = [count(values.parallel, 1), count(values.slowest, 0)];
  const numbers = chosen(values.kinds, values.name);
  if (numbers.length === 0) throw new Error('no input is meant by --kinds and --name');
  const { stdout, stderr, env } = process;
  const terminal = new Terminal({ stdout, stderr, env, signal: new AbortController().signal }, values.json);
  const began = performance.now();
  const { seen, broken, reached } = await runAll(terminal, numbers, parallel);
  const missed = seen.flatMap((s) => faultsOf(s).map((fault) => ({ ...named(s.number), fault })));
  const rows = rowsOf(seen);
  const ok = missed.length === 0 && broken.length === 0 && reached === 0;
  const seconds = (performance.now() - began) / 1000;
  if (values.table) writeFileSync(values.table, `${tableOf(rows)}\n`);
  showTable(terminal, rows);
  for (const key of ['seconds', 'mb'] as const)
    for (const s of seen.toSorted((a, b) => b[key] - a[key]).slice(0, slowest))
      terminal.print(
        `${s.seconds.toFixed(1)} s, ${s.mb.toFixed(0)} MB: ${named(s.number).kind}, ${named(s.number).name}`,
      );
  for (const m of missed) terminal.item(`${m.kind}, ${m.name}: ${m.fault}`);
  for (const b of broken) terminal.item(`the ledger's law is broken: ${b}`);
  terminal.print(
    `${seen.length} inputs in ${seconds.toFixed(0)} s: ${new Set(missed.map((m) => m.name)).size} missed, ${reached} private addresses reached, ${broken.length} violations of the invariant`,
  );
  const results = seen.map(({ messages, ...s }) => ({ ...named(s.number), ...s, published: messages.length }));
  terminal.result({ ok, seconds, reached, broken, missed, rows, results });
  return ok ? 0 : 1;
}

const LIGHT: Kind[] = ['scripts', 'compression', 'addresses', 'charsets', 'dates', 'traps', 'slow', 'consumers'];
const GROUP = 8;

const named = (number: number) => ({ kind: CORPUS[number]?.kind, name: CORPUS[number]?.name });

async function runAll(terminal: Terminal, numbers: number[], parallel: number) {
  const trap = await setTrap();
  const outlets = await openOutlets(trap.port);
  const entries = numbers.map((n) => outlets.entryOf(n));
  const warmUp = outlets.entryOf(
    CORPUS.findIndex((i) => i.kind === 'compression' && i.name.endsWith('as it should be')),
  );
  const waiting = inGroups(numbers);
  const seen: Measured[] = [];
  const broken: string[] = [];
  const meter = terminal.meter('hostile inputs');
  const tell = (measured: Measured[]): void => {
    seen.push(...measured);
    for (const m of measured)
      for (const fault of faultsOf(m))
        terminal.note(`missed: ${named(m.number).kind}, ${named(m.number).name}: ${fault}`);
    const { kind, name } = named(seen.at(-1)?.number ?? 0);
    const data = { done: seen.length, all: numbers.length };
    meter.update({ ...data, text: `${seen.length}/${numbers.length} ${KINDS[kind as Kind]}: ${name}`, data });
  };
  const line = async (): Promise<void> => {
    const watched = openWatched({ entries, outlets, warmUp });
    for (let group = waiting.shift(); group; group = waiting.shift()) {
      const together = await watched.measure(group);
      const again = group.length === 1 ? [] : together.filter(sharesBlame);
      tell(together.filter((m) => !again.includes(m)));
      if (again.length > 0) await watched.renew();
      for (const { number } of again) tell(await watched.measure([number]));
    }
    broken.push(...(await watched.close()));
  };
  try {
    await Promise.all(Array.from({ length: parallel }, line));
  } finally {
    meter.end();
    await outlets.close();
    await trap.close();
  }
  if (outlets.faults.length > 0) throw new Error(`the corpus is wrong: ${outlets.faults.join('; ')}`);
  return { seen: seen.sort((a, b) => a.number - b.number), broken, reached: trap.reached() };
}

/** Kinds that cost little or mostly wait are visited several at a time. */
function inGroups(numbers: number[]): number[][] {
  const groups: number[][] = [];
  for (const number of numbers) {
    const kind = CORPUS[number]?.kind;
    const last = groups.at(-1);
    const size = kind && LIGHT.includes(kind) ? GROUP : 1;
    if (last && last.length < size && CORPUS[last[0] ?? 0]?.kind === kind) last.push(number);
    else groups.push([number]);
  }
  return groups;
}

function showTable(terminal: Terminal, rows: ReturnType<typeof rowsOf>): void {
  const right = (head: string) => ({ head, align: 'right' as const });
  terminal.table(
    [
      { head: 'Kind' },
      ...['Inputs', 'Succeeded', 'Typed', 'Untyped', 'Slowest', 'Memory'].map(right),
      { head: 'Errors', grow: true },
    ],
    rows.map((r) => [
      r.kind,
      ...[r.inputs, r.succeeded, r.typed, r.untyped].map(String),
      `${r.seconds.toFixed(1)} s`,
      `${r.mb.toFixed(0)} MB`,
      codesOf(r),
    ]),
  );
}

function count(text: string, least: number): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < least) throw new Error(`\`${text}\` is no number from ${least} on`);
  return n;
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  return 2;
});
