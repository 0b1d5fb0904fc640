import { type Command, Option } from 'commander';
import { setPaused } from '../ledger/interventions.js';
import { chosenSources, readSetup, withLedger } from './open.js';
import { addCommand } from './sources-add.js';
import { backfillCommand } from './sources-backfill.js';
import { checkCommand } from './sources-check.js';
import { list } from './sources-list.js';
import { opmlCommands } from './sources-opml.js';
import { forget, showProfile } from './sources-profile.js';
import type { Act, ExitCode, Terminal } from './terminal.js';

/** `sourcelink sources`: add, import, export, list, check, backfill, profile, pause, resume. */
export function sourcesCommand(program: Command, act: Act): void {
  const sources = program
    .command('sources')
    .description('Manage the outlets: add, import, export, list, check, backfill, profile, pause, resume.');
  const json = new Option('--json', 'print one JSON object');
  sources
    .command('list')
    .description('List all configured sources and their state.')
    .addOption(json)
    .addHelpText('after', '\nExample:\n  sourcelink sources list')
    .action(act((terminal) => list(terminal)));
  checkCommand(sources, act);
  addCommand(sources, act);
  opmlCommands(sources, act);
  backfillCommand(sources, act);
  sources
    .command('profile')
    .description('Show what was learned about a source from its pages, as YAML.')
    .argument('<id>', 'id of the source')
    .option('--forget', 'delete it and learn again from the next articles')
    .addOption(json)
    .addHelpText('after', '\nExamples:\n  sourcelink sources profile nasa\n  sourcelink sources profile nasa --forget')
    .action(
      act((terminal, id: string, options: { forget?: boolean }) =>
        options.forget ? forget(terminal, id) : showProfile(terminal, id),
      ),
    );
  for (const [name, paused] of [
    ['pause', true],
    ['resume', false],
  ] as const)
    sources
      .command(name)
      .description(paused ? 'Stop visiting sources. Waiting pages are kept.' : 'Resume visits to paused sources.')
      .argument('<id...>', 'ids of the sources')
      .addOption(json)
      .addHelpText('after', `\nExample:\n  sourcelink sources ${name} nasa`)
      .action(act((terminal, ids: string[]) => pause(terminal, ids, paused)));
}

async function pause(terminal: Terminal, ids: string[], paused: boolean): Promise<ExitCode> {
  const { env, config } = readSetup(terminal);
  const chosen = chosenSources(config.sources, ids);
  await withLedger(terminal, env, async (db) => {
    const { registerSources } = await import('../ledger/sources.js');
    await registerSources(db, chosen);
    for (const s of chosen) await setPaused(db, s.id, paused);
  });
  terminal.result({ paused, sources: chosen.map((s) => s.id) });
  for (const s of chosen)
    terminal.print(`${s.id} is ${paused ? 'paused: it is not visited until you resume it' : 'visited again'}.`);
  return 0;
}
