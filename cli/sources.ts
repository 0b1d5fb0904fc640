import { type Command, Option } from 'commander';
import { codeOf, messageOf } from '../config/errors.js';
import type { Source } from '../config/sources.js';
import { setPaused } from '../workers/ledger/interventions.js';
import { listSources, type SourceView } from '../workers/ledger/views.js';
import { chosenSources, readSetup, withExistingLedger, withLedger } from './open.js';
import { addCommand } from './sources-add.js';
import { check } from './sources-check.js';
import { opmlCommands } from './sources-opml.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { ago, mendOf, sourceReason } from './wording.js';

/** `sourcelink sources`: add, import, export, list, check, pause, resume. */
export function sourcesCommand(program: Command, act: Act): void {
  const sources = program
    .command('sources')
    .description('The outlets: add, import, export, list, check, pause, resume.');
  const json = new Option('--json', 'one object on standard output');
  sources
    .command('list')
    .description('All configured sources and how they are.')
    .addOption(json)
    .addHelpText('after', '\nExample:\n  sourcelink sources list')
    .action(act((terminal) => list(terminal)));
  sources
    .command('check')
    .description('Look where sources list their articles, and say what is found. Nothing is stored or published.')
    .argument('[id...]', 'these sources, also when switched off')
    .option('--all', 'all that are switched on (the default)')
    .addOption(json)
    .addHelpText('after', '\nExamples:\n  sourcelink sources check nasa\n  sourcelink sources check --all --json')
    .action(act((terminal, ids: string[]) => check(terminal, ids)));
  addCommand(sources, act);
  opmlCommands(sources, act);
  for (const [name, paused] of [
    ['pause', true],
    ['resume', false],
  ] as const)
    sources
      .command(name)
      .description(paused ? 'Stop the visits to sources; what waits is kept.' : 'Visit paused sources again.')
      .argument('<id...>', 'the sources')
      .addOption(json)
      .addHelpText('after', `\nExample:\n  sourcelink sources ${name} nasa`)
      .action(act((terminal, ids: string[]) => pause(terminal, ids, paused)));
}

async function list(terminal: Terminal): Promise<ExitCode> {
  const { env, config } = readSetup(terminal);
  const { sources } = config;
  let known = new Map<string, SourceView>();
  try {
    known = await withExistingLedger(terminal, env, known, async (db) => {
      return new Map((await listSources(db)).map((s) => [s.id, s]));
    });
  } catch (error) {
    if (codeOf(error) !== 'LEDGER_LOCKED') throw error;
    terminal.note(`Without their health: ${messageOf(error)}, and only one process can use it.`);
  }
  const now = new Date();
  const all = sources.map((s) => ({ source: s, view: known.get(s.id) ?? null }));
  terminal.result({
    sources: all.map(({ source: s, view: v }) => ({
      ...{ id: s.id, name: s.name, url: s.url, enabled: s.enabled, paused: v?.paused ?? false },
      ...{ everyMs: s.cron === null ? s.everyMs : null, cron: s.cron, republish: s.republish },
      ...{ state: v?.state ?? 'new', failures: v?.failures ?? 0, code: v?.code ?? null, reason: v?.reason ?? null },
      ...{ how: v?.how ?? null, lastRunAt: v?.lastRunAt ?? null, lastArticleAt: v?.lastArticleAt ?? null },
      ...{ published: v?.published ?? 0, waiting: v?.waiting ?? 0, dead: v?.dead ?? 0 },
    })),
  });
  terminal.table(
    [
      ...[{ head: 'id' }, { head: 'name', grow: true }, { head: 'state' }, { head: 'every' }, { head: 'visited' }],
      ...[
        { head: 'published', align: 'right' as const },
        { head: 'dead', align: 'right' as const },
      ],
    ],
    all.map(({ source: s, view: v }) => [
      ...[s.id, s.name, stateOf(terminal, s, v), s.cron ?? interval(s.everyMs), ago(v?.lastRunAt ?? null, now)],
      ...[String(v?.published ?? 0), String(v?.dead ?? 0)],
    ]),
  );
  const troubled = all.filter(({ view }) => view !== null && view.code !== null);
  if (troubled.length > 0) terminal.print();
  for (const { source, view } of troubled)
    terminal.item(sourceReason(source.id, view?.reason ?? view?.code ?? ''), mendOf(view?.code ?? null));
  return 0;
}

function stateOf(terminal: Terminal, s: Source, v: SourceView | null): string {
  if (!s.enabled) return terminal.style('dim', 'off');
  if (v?.paused) return terminal.style('yellow', 'paused');
  const state = v?.state ?? 'new';
  return terminal.style(state === 'ok' ? 'green' : state === 'new' || state === 'empty' ? 'yellow' : 'red', state);
}

function interval(ms: number): string {
  const [unit, name] = ms % 3_600_000 === 0 ? [3_600_000, 'h'] : ms % 60_000 === 0 ? [60_000, 'm'] : [1000, 's'];
  return `${ms / Number(unit)}${name}`;
}

async function pause(terminal: Terminal, ids: string[], paused: boolean): Promise<ExitCode> {
  const { env, config } = readSetup(terminal);
  const chosen = chosenSources(config.sources, ids);
  await withLedger(terminal, env, async (db) => {
    const { registerSources } = await import('../workers/ledger/sources.js');
    await registerSources(db, chosen);
    for (const s of chosen) await setPaused(db, s.id, paused);
  });
  terminal.result({ paused, sources: chosen.map((s) => s.id) });
  for (const s of chosen)
    terminal.print(`${s.id} is ${paused ? 'paused: it is not visited until resumed' : 'visited again'}.`);
  return 0;
}
