import { type Command, InvalidArgumentError } from 'commander';
import { ENOUGH } from '../analysis/categories/classify.js';
import { SourcelinkError } from '../config/errors.js';
import { nearest } from '../config/problems.js';
import { articlesByPath, type Doubtful, doubtfulArticles, examplesByPath } from '../ledger/corrections.js';
import type { Db } from '../ledger/schema.js';
import { refileArticle } from '../workers/editorial/editing.js';
import { whenOf, wholeNumber } from './arguments.js';
import { readSetup, type Setup, withExistingLedger } from './open.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { noArticle, whichReadArticle } from './which.js';
import { count } from './wording.js';

type ReviewOptions = { below: number; since?: Date; limit: number };

/** `sourcelink categories`: where articles are filed, and corrections of it. */
export function categoriesCommand(program: Command, act: Act): void {
  const categories = program
    .command('categories')
    .description('Show where articles are filed and correct it; the classifier learns from corrections.');
  categories
    .command('list')
    .description('List the category tree with the number of articles, and how many of them people filed.')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  sourcelink categories list')
    .action(act((terminal) => list(terminal)));
  categories
    .command('review')
    .description('List published articles that are unsorted or that the classifier is unsure about.')
    .option('--below <confidence>', 'articles with less confidence than this (0 to 1)', share, 0.5)
    .option('--since <when>', 'only if discovered since then: 24h, 7d, 2026-03-01', whenOf)
    .option('-n, --limit <number>', 'show at most this many', wholeNumber, 20)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  sourcelink categories review --since 24h\n  sourcelink categories review --below 0.4 --json',
    )
    .action(act((terminal, options: ReviewOptions) => review(terminal, options)));
  categories
    .command('accept')
    .description('Confirm that articles are filed in the right main category.')
    .argument('<id...>', 'ids or the start of an id, numbers, slugs or URLs')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  sourcelink categories accept 17 18 3f2a91c0')
    .action(act((terminal, ids: string[]) => file(terminal, ids, [])));
  categories
    .command('file')
    .description('File an article in other categories. Name its main category first.')
    .argument('<id>', 'its id or the start of its id, number, slug or URL')
    .argument('<path...>', 'category paths from categories.yaml')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  sourcelink categories file 17 national-security presidential-news')
    .action(act((terminal, id: string, paths: string[]) => file(terminal, [id], paths)));
}

function share(text: string): number {
  const n = Number(text);
  if (text.trim() === '' || !(n > 0 && n <= 1)) throw new InvalidArgumentError('Write a number above 0 and up to 1.');
  return n;
}

async function list(terminal: Terminal): Promise<ExitCode> {
  const { env, config } = readSetup(terminal);
  const none = { articles: new Map<string, number>(), examples: new Map<string, number>() };
  const { articles, examples } = await withExistingLedger(terminal, env, none, async (db) => ({
    articles: await articlesByPath(db),
    examples: await examplesByPath(db),
  }));
  const rows = config.categories.map((c) => ({
    path: c.path,
    label: c.label,
    iptc: c.iptc,
    articles: articles.get(c.path) ?? 0,
    examples: examples.get(c.path) ?? 0,
  }));
  terminal.result({ categories: rows });
  terminal.table(
    [
      { head: 'path', grow: true },
      { head: 'label' },
      { head: 'articles', align: 'right' },
      { head: 'by people', align: 'right' },
    ],
    rows.map((r) => [r.path, r.label, String(r.articles), String(r.examples)]),
  );
  terminal.note(
    terminal.errorStyle(
      'dim',
      `Once people have filed ${ENOUGH} articles in a category, a model is trained, and used where it does better.`,
    ),
  );
  return 0;
}

async function review(terminal: Terminal, options: ReviewOptions): Promise<ExitCode> {
  const { env } = readSetup(terminal);
  const rows = await withExistingLedger<Doubtful[]>(terminal, env, [], (db) =>
    doubtfulArticles(db, { below: options.below, since: options.since ?? null, limit: options.limit }),
  );
  terminal.result({ articles: rows });
  if (rows.length === 0) {
    terminal.print('Nothing to review.');
    return 0;
  }
  terminal.table(
    [{ head: 'number' }, { head: 'source' }, { head: 'filed under' }, { head: 'title', grow: true }],
    rows.map((r) => [String(r.number), r.source, filedUnder(terminal, r), r.title]),
  );
  terminal.note(
    terminal.errorStyle(
      'dim',
      '`sourcelink categories accept NUMBER …` confirms a category, `categories file NUMBER PATH …` corrects it.',
    ),
  );
  return 0;
}

function filedUnder(terminal: Terminal, { categories }: Doubtful): string {
  const [first] = categories;
  if (!first || first.by === 'fallback')
    return terminal.style('yellow', first ? `${first.path} (unsorted)` : 'unsorted');
  return `${first.path} ${first.confidence.toFixed(2)}`;
}

/** Files articles; without paths, under the first category that each has. */
async function file(terminal: Terminal, wanted: string[], paths: string[]): Promise<ExitCode> {
  const setup = readSetup(terminal);
  for (const path of paths) known(setup, path);
  const filed = await withExistingLedger(terminal, setup.env, null, async (db) => {
    const done = [];
    for (const id of wanted) done.push(await fileOne(db, setup, id, paths));
    return done;
  });
  if (filed === null) throw noArticle(wanted.join(' '));
  terminal.result({ filed });
  for (const f of filed) terminal.print(`"${f.title}" (${f.source}) is filed under ${f.paths.join(', ')}.`);
  terminal.note(
    `The next \`sourcelink run\`, or a running worker, sends ${count(filed.length, 'article')} to the sinks.`,
  );
  return 0;
}

function known({ config }: Setup, path: string): void {
  const paths = config.categories.map((c) => c.path);
  if (paths.includes(path)) return;
  const near = nearest(path, paths);
  throw new SourcelinkError('USAGE', `There is no category \`${path}\`.`, {
    hint: near === null ? 'See `sourcelink categories list`.' : `Did you mean \`${near}\`?`,
  });
}

type Filed = { id: string; title: string; source: string; paths: string[] };

async function fileOne(db: Db, { config }: Setup, wanted: string, paths: string[]): Promise<Filed> {
  const { article } = await whichReadArticle(db, wanted);
  const accepted = article.categories.find((c) => c.by !== 'fallback')?.path;
  const [first, ...more] = paths.length > 0 ? paths : accepted === undefined ? [] : [accepted];
  if (first === undefined)
    throw new SourcelinkError('USAGE', `"${article.title}" is unsorted: there is nothing to accept.`, {
      hint: `File it: \`sourcelink categories file ${wanted} PATH\`.`,
    });
  const enabled = Object.entries(config.settings.publish.sinks).filter(([, sink]) => sink.enabled);
  const sinks = { keys: () => enabled.map(([name]) => name).values() };
  const edited = { db, sinks, queues: null, categories: config.categories, now: () => new Date() };
  await refileArticle(edited, article.id, first, ...more);
  return { id: article.id, title: article.title, source: article.sourceId, paths: [first, ...more] };
}
