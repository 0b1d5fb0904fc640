import { type Command, Option } from 'commander';
import { hintOf, SourcelinkError } from '../config/errors.js';
import { nearest } from '../config/problems.js';
import type { Settings } from '../config/settings.js';
import { listSinks, type SinkView, setSinkPaused } from '../ledger/sinks.js';
import { type SinkState, sinkState } from '../workers/monitoring/sink-report.js';
import { readSetup, withExistingLedger, withLedger } from './open.js';
import type { Act, ExitCode, Style, Terminal } from './terminal.js';
import { ago, count, span } from './wording.js';

/** `sourcelink sinks`: list, pause, resume. */
export function sinksCommand(program: Command, act: Act): void {
  const sinks = program
    .command('sinks')
    .description('Show the sinks that articles are sent to; pause and resume them.');
  const json = new Option('--json', 'print one JSON object');
  sinks
    .command('list')
    .description('List all sinks: state, waiting deliveries, age of the oldest one, last error and hint.')
    .addOption(json)
    .addHelpText('after', '\nExample:\n  sourcelink sinks list')
    .action(act((terminal) => list(terminal)));
  for (const [name, paused] of [
    ['pause', true],
    ['resume', false],
  ] as const)
    sinks
      .command(name)
      .description(
        paused
          ? 'Stop deliveries to sinks. New ones wait in order.'
          : 'Resume deliveries to sinks at once, even after failures.',
      )
      .argument('<name...>', 'names of the sinks in sourcelink.yaml')
      .addOption(json)
      .addHelpText('after', `\nExample:\n  sourcelink sinks ${name} wordpress`)
      .action(act((terminal, names: string[]) => pause(terminal, names, paused)));
}

/** Names of the sinks that are switched on. */
export const enabledSinks = (settings: Settings): string[] =>
  Object.entries(settings.publish.sinks).flatMap(([name, sink]) => (sink.enabled ? [name] : []));

/** @throws USAGE for a sink that is not configured */
export function knownSink(sinks: string[], wanted: string): string {
  if (sinks.includes(wanted)) return wanted;
  const near = nearest(wanted, sinks);
  throw new SourcelinkError('USAGE', `There is no sink \`${wanted}\`.`, {
    hint: near === null ? `Known sinks: ${sinks.join(', ')}.` : `Did you mean \`${near}\`?`,
  });
}

type State = SinkState | 'off';
const STYLES: Record<State, Style> = { ok: 'green', failing: 'yellow', down: 'red', paused: 'cyan', off: 'dim' };

async function list(terminal: Terminal): Promise<ExitCode> {
  const { env, config } = readSetup(terminal);
  const enabled = enabledSinks(config.settings);
  const now = new Date();
  const known = await withExistingLedger(terminal, env, [], (db) => listSinks(db, now));
  const sinks = known
    .filter((s) => enabled.includes(s.name) || s.waiting + s.dead > 0)
    .map((s) => ({ ...s, state: enabled.includes(s.name) ? sinkState(s) : ('off' as const), hint: hintOf(s.code) }));
  terminal.result({ sinks, unused: enabled.filter((name) => !known.some((k) => k.name === name)) });
  if (sinks.length === 0) terminal.print('Nothing has been published yet. Start with `sourcelink run`.');
  else
    terminal.table(
      HEAD,
      sinks.map((s) => row(terminal, s, now)),
    );
  for (const s of sinks.filter((s) => s.reason !== null)) {
    const next = s.nextTryAt === null ? '' : `; next attempt in ${inTime(s.nextTryAt, now)}`;
    const since = s.failedSince === null ? '' : ` for ${span(now.getTime() - s.failedSince.getTime())}`;
    terminal.print(`${s.name}: ${count(s.failures, 'failure')} in a row${since}${next}`);
    terminal.item(s.reason ?? '', s.hint);
  }
  if (sinks.some((s) => s.dead > 0)) terminal.note('\n`sourcelink dead list` shows what each sink refused, and why.');
  return 0;
}

const HEAD = [
  { head: 'sink' },
  { head: 'state' },
  { head: 'waiting', align: 'right' as const },
  { head: 'lag', align: 'right' as const },
  { head: 'dead', align: 'right' as const },
  { head: 'last delivery', grow: true },
];

const row = (terminal: Terminal, s: SinkView & { state: State }, now: Date): string[] => [
  s.name,
  terminal.style(STYLES[s.state], s.state),
  String(s.waiting),
  s.waiting === 0 ? '-' : span(s.lagSeconds * 1000),
  String(s.dead),
  ago(s.lastDeliveredAt, now),
];

const inTime = (at: Date, now: Date): string => `${Math.max(1, Math.round((at.getTime() - now.getTime()) / 1000))} s`;

async function pause(terminal: Terminal, wanted: string[], paused: boolean): Promise<ExitCode> {
  const { env, config } = readSetup(terminal);
  const names = wanted.map((name) => knownSink(enabledSinks(config.settings), name));
  await withLedger(terminal, env, async (db) => {
    for (const name of names) await setSinkPaused(db, name, paused);
  });
  terminal.result({ paused, sinks: names });
  for (const name of names)
    terminal.print(`${name} is ${paused ? 'paused: new deliveries wait in order' : 'receiving deliveries again'}.`);
  return 0;
}
