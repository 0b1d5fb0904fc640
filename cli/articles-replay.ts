import type { Command } from 'commander';
import { countReplay, replay } from '../ledger/replays.js';
import { whenOf } from './arguments.js';
import { readSetup, withExistingLedger } from './open.js';
import { enabledSinks, knownSink } from './sinks.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { whichReadArticle } from './which.js';
import { count, moment } from './wording.js';

type Options = { sink: string; since?: Date; dryRun?: boolean };

/** `sourcelink articles replay`: sends articles again to a sink that lost its data. */
export function replayCommand(articles: Command, act: Act): void {
  articles
    .command('replay')
    .description('Send the newest revision of articles to one sink again, after any waiting news.')
    .argument('[id...]', 'only these articles: ids or the start of an id, numbers, slugs or URLs')
    .requiredOption('--sink <name>', 'name of the sink in sourcelink.yaml')
    .option('--since <when>', 'only if published, changed or retracted since then: 24h, 7d, 2026-03-01', whenOf)
    .option('-n, --dry-run', 'only show how many there are')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Each goes out under a key of its own (ID-REVISION-replay-N), so that a sink which remembers keys takes it.

Examples:
  sourcelink articles replay --sink wordpress --since 24h
  sourcelink articles replay 3f2a91c0 --sink articles`,
    )
    .action(act((terminal, ids: string[], options: Options) => run(terminal, ids, options)));
}

async function run(terminal: Terminal, ids: string[], options: Options): Promise<ExitCode> {
  const { env, config } = readSetup(terminal);
  const sink = knownSink(enabledSinks(config.settings), options.sink);
  const since = options.since ?? null;
  const sent = await withExistingLedger(terminal, env, 0, async (db) => {
    const articles: string[] = [];
    for (const id of ids) articles.push((await whichReadArticle(db, id)).article.id);
    const which = { sink, since, articles: ids.length > 0 ? articles : null };
    return options.dryRun ? countReplay(db, which) : replay(db, which, new Date());
  });
  terminal.result({ sink, since, articles: sent, sent: options.dryRun !== true });
  const from = since === null ? '' : ` since ${moment(since)}`;
  terminal.print(
    options.dryRun
      ? `${count(sent, 'article')}${from} would be sent to ${sink} again.`
      : `${count(sent, 'article')}${from} ${sent === 1 ? 'waits' : 'wait'} to be sent to ${sink} again.`,
  );
  if (sent > 0 && !options.dryRun) terminal.note('The next `sourcelink run`, or a running worker, sends them.');
  return 0;
}
