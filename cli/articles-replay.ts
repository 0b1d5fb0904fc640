import type { Command } from 'commander';
import { countReplay, replay } from '../ledger/replays.js';
import { whenOf } from './arguments.js';
import { readSetup, withExistingLedger } from './open.js';
import { enabledSinks, knownSink } from './sinks.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { whichReadArticle } from './which.js';
import { count, moment } from './wording.js';

type Options = { sink: string; since?: Date; dryRun?: boolean };

/** `sourcelink articles replay`: for a sink that lost what it had. */
export function replayCommand(articles: Command, act: Act): void {
  articles
    .command('replay')
    .description('Send the newest revision of articles to one sink once more, behind the news.')
    .argument('[id...]', 'only these: ids or the start of one, numbers, slugs or URLs')
    .requiredOption('--sink <name>', 'the sink, as sourcelink.yaml names it')
    .option('--since <when>', 'only what was published, changed or retracted since: 24h, 7d, 2026-03-01', whenOf)
    .option('-n, --dry-run', 'only say how many')
    .option('--json', 'one object on standard output')
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
  const from = since === null ? '' : ` of since ${moment(since)}`;
  terminal.print(
    options.dryRun
      ? `${count(sent, 'article')}${from} would go to ${sink} again.`
      : `${count(sent, 'article')}${from} ${sent === 1 ? 'waits' : 'wait'} for ${sink} again.`,
  );
  if (sent > 0 && !options.dryRun) terminal.note('The next `sourcelink run`, or one that runs now, sends them.');
  return 0;
}
