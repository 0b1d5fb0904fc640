import type { Command } from 'commander';
import { readEnv } from '../config/env.js';
import { mergeArticle, splitArticle } from '../workers/editorial/rulings.js';
import { withExistingLedger } from './open.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { noArticle, whichReadArticle } from './which.js';

/** `sourcelink articles split` and `merge`: corrections of what counts as a copy. */
export function rulingCommands(articles: Command, act: Act): void {
  articles
    .command('split')
    .description('Rule that an article is not a copy: it is published separately from now on.')
    .argument('<id>', 'the copy: its id or the start of its id, number, slug or URL')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  sourcelink articles split 3f2a91c0')
    .action(act((terminal, id: string) => split(terminal, id)));
  articles
    .command('merge')
    .description(
      'Rule that an article is a copy of another. If it was published, it is retracted; its own copies move with it.',
    )
    .argument('<id>', 'the copy: its id or the start of its id, number, slug or URL')
    .argument('<into>', 'the article that stays')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  sourcelink articles merge 3f2a91c0 17')
    .action(act((terminal, id: string, into: string) => merge(terminal, id, into)));
}

const LATER = 'The next `sourcelink run`, or a running worker, applies this.';

async function split(terminal: Terminal, wanted: string): Promise<ExitCode> {
  const done = await withExistingLedger(terminal, readEnv(terminal.env), null, async (db) => {
    const detail = await whichReadArticle(db, wanted);
    return { article: await splitArticle(db, detail.article.id), from: detail.original };
  });
  if (done === null) throw noArticle(wanted);
  const { article, from } = done;
  terminal.result({ id: article.id, number: article.candidateId, title: article.title, copyOf: null, was: from });
  const apart = from === null ? '' : `, separate from "${from.title}" (${from.source})`;
  terminal.print(`"${article.title}" (${article.source}) is now an article of its own${apart}.`);
  terminal.note(LATER);
  return 0;
}

async function merge(terminal: Terminal, wanted: string, into: string): Promise<ExitCode> {
  const done = await withExistingLedger(terminal, readEnv(terminal.env), null, async (db) => {
    const [copy, stays] = [await whichReadArticle(db, wanted), await whichReadArticle(db, into)];
    return mergeArticle(db, copy.article.id, stays.article.id);
  });
  if (done === null) throw noArticle(wanted);
  const { article, original } = done;
  const copyOf = { id: original.id, source: original.source, title: original.title };
  terminal.result({ id: article.id, number: article.candidateId, title: article.title, copyOf });
  terminal.print(
    `"${article.title}" (${article.source}) is a copy of "${original.title}" (${original.source}, ${original.id.slice(0, 8)}).`,
  );
  terminal.note(LATER);
  return 0;
}
