import type { Command } from 'commander';
import { readEnv } from '../config/env.js';
import { articlesWithPages } from '../ledger/read/articles-with-pages.js';
import { wholeNumber } from './arguments.js';
import { chosenSources, readSetup, withExistingLedger } from './open.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { count } from './wording.js';

type Options = { source?: string[]; limit: number };

/** `sourcelink articles label`: the start of a labelled set, for `sourcelink eval`. */
export function labelCommand(articles: Command, act: Act): void {
  articles
    .command('label')
    .description('Write pages that the ledger keeps, with what was read of them, as a set to correct and to score.')
    .argument('<dir>', 'folder of the set; what is labelled there already stays as it is')
    .option('-s, --source <id...>', 'only of these sources')
    .option('-n, --limit <number>', 'at most so many, the newest first', wholeNumber, 20)
    .option('--json', 'one object on standard output')
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
    terminal.print(
      'The ledger keeps no pages of articles. `sourcelink run` fetches some; `keep.pages` says for how long.',
    );
    return 0;
  }
  const { addToSet } = await import('../evaluate/draft-set.js');
  const { added, there } = addToSet(
    dir,
    found.map(({ slug, ...article }) => ({ id: slug, ...article })),
  );
  terminal.result({ dir, added, there });
  const stayed = there.length > 0 ? `; ${there.length} stood there already` : '';
  terminal.print(`${count(added.length, 'page')} added to ${dir}${stayed}.`);
  terminal.print('Correct the labels in truth.json by hand: what you leave as it is counts as right.');
  terminal.print(`Then: sourcelink eval extraction ${dir} --worst 5`);
  return 0;
}
