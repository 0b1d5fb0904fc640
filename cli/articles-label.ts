import type { Command } from 'commander';
import { readEnv } from '../config/env.js';
import { articlesWithPages } from '../ledger/read/articles-with-pages.js';
import { wholeNumber } from './arguments.js';
import { chosenSources, readSetup, withExistingLedger } from './open.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { count } from './wording.js';

type Options = { source?: string[]; limit: number };

/** `sourcelink articles label`: starts a labelled set for `sourcelink eval`. */
export function labelCommand(articles: Command, act: Act): void {
  articles
    .command('label')
    .description(
      'Export kept pages and their extracted fields as a labelled set, to correct by hand and score with `eval`.',
    )
    .argument('<dir>', 'folder of the set; existing labels are not changed')
    .option('-s, --source <id...>', 'only from these sources')
    .option('-n, --limit <number>', 'at most this many, newest first', wholeNumber, 20)
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  sourcelink articles label sets/herald --source herald --limit 40')
    .action(act((terminal, dir: string, options: Options) => label(terminal, dir, options)));
}

async function label(terminal: Terminal, dir: string, { source = [], limit }: Options): Promise<ExitCode> {
  if (source.length > 0) chosenSources(readSetup(terminal).config.sources, source);
  const found = await withExistingLedger(terminal, readEnv(terminal.env), [], (db) =>
    articlesWithPages(db, { sources: source, limit }),
  );
  if (found.length === 0) {
    terminal.result({ dir, added: [], there: [] });
    terminal.print('The ledger has no pages. `sourcelink run` fetches some; `keep.pages` sets how long they are kept.');
    return 0;
  }
  const { addToSet } = await import('../evaluate/draft-set.js');
  const { added, there } = addToSet(
    dir,
    found.map(({ slug, ...article }) => ({ id: slug, ...article })),
  );
  terminal.result({ dir, added, there });
  const stayed = there.length > 0 ? `; ${there.length} were there already` : '';
  terminal.print(`${count(added.length, 'page')} added to ${dir}${stayed}.`);
  terminal.print('Correct the labels in truth.json by hand: what you do not change counts as correct.');
  terminal.print(`Then: sourcelink eval extraction ${dir} --worst 5`);
  return 0;
}
