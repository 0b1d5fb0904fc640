import { type Command, Option } from 'commander';
import { readEnv } from '../config/env.js';
import { hintOf } from '../config/errors.js';
import { type ArticleDetail, listArticles, type Standing } from '../ledger/read/views.js';
import { revisionChanges } from '../workers/editorial/revisions.js';
import { whenOf, wholeNumber } from './arguments.js';
import { labelCommand } from './articles-label.js';
import { replayCommand } from './articles-replay.js';
import { retractCommand } from './articles-retract.js';
import { showRevisions } from './articles-revisions.js';
import { rulingCommands } from './articles-rule.js';
import { reasonsOf, showWhy } from './articles-why.js';
import { chosenSources, readSetup, withExistingLedger } from './open.js';
import type { Act, ExitCode, Style, Terminal } from './terminal.js';
import { noArticle, whichArticle, whichReadArticle } from './which.js';
import { ago, count, moment } from './wording.js';

const STANDINGS: Standing[] = ['published', 'duplicate', 'rejected', 'dead', 'retracted', 'waiting'];

const STYLES: Record<Standing, Style> = {
  published: 'green',
  duplicate: 'cyan',
  rejected: 'yellow',
  dead: 'red',
  retracted: 'red',
  waiting: 'dim',
};

type ListOptions = { source?: string[]; category?: string; since?: Date; limit: number; outcome?: Standing[] };

type ShowOptions = { why?: boolean; revisions?: boolean; diff?: boolean };

/** `sourcelink articles`: list, show, label, retract, replay, and rule on copies. */
export function articlesCommand(program: Command, act: Act): void {
  const articles = program
    .command('articles')
    .description('Show what was found, published or left out, and why; retract or resend articles.');
  articles
    .command('list')
    .description('List articles, newest first.')
    .option('-s, --source <id...>', 'only from these sources')
    .option('-c, --category <path>', 'only in this category and its subcategories')
    .option('--since <when>', 'only if discovered since then: 24h, 7d, 2026-03-01', whenOf)
    .option('-n, --limit <number>', 'show at most this many', wholeNumber, 20)
    .addOption(new Option('-o, --outcome <outcome...>', 'only with these outcomes').choices(STANDINGS))
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  sourcelink articles list --since 24h\n  sourcelink articles list --outcome rejected dead --json',
    )
    .action(act((terminal, options: ListOptions) => list(terminal, options)));
  articles
    .command('show')
    .description('Show one article: the origin of each field, its categories, copies, revisions and deliveries.')
    .argument('<id>', 'its id or the start of its id, number, slug or URL')
    .option('--why', 'also explain how each field was found and which rules decided')
    .option('--revisions', 'only list the revisions that were sent to sinks')
    .option('--diff', 'like --revisions, with the changes of each revision')
    .option('--json', 'print everything as one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  sourcelink articles show 3f2a91c0\n  sourcelink articles show 17 --why\n  sourcelink articles show 17 --diff',
    )
    .action(
      act((terminal, id: string, options: ShowOptions) =>
        options.revisions || options.diff
          ? revisions(terminal, id, options.diff ?? false)
          : show(terminal, id, options.why ?? false),
      ),
    );
  rulingCommands(articles, act);
  retractCommand(articles, act);
  replayCommand(articles, act);
  labelCommand(articles, act);
}

async function list(terminal: Terminal, options: ListOptions): Promise<ExitCode> {
  if (options.source) chosenSources(readSetup(terminal).config.sources, options.source);
  const rows = await withExistingLedger(terminal, readEnv(terminal.env), [], (db) =>
    listArticles(db, {
      sources: options.source ?? [],
      category: options.category ?? null,
      since: options.since ?? null,
      standings: options.outcome ?? [],
      limit: options.limit,
    }),
  );
  terminal.result({ articles: rows });
  if (rows.length === 0) {
    terminal.print('No articles found. `sourcelink run` fetches new ones.');
    return 0;
  }
  const now = new Date();
  terminal.table(
    [{ head: 'id' }, { head: 'outcome' }, { head: 'source' }, { head: 'date' }, { head: 'title', grow: true }],
    rows.map((r) => [
      r.id?.slice(0, 8) ?? String(r.candidate),
      styled(terminal, r.standing),
      r.source,
      r.publishedAt === null ? '-' : ago(r.publishedAt, now),
      r.title ?? r.url,
    ]),
  );
  if (rows.length === options.limit)
    terminal.note(terminal.errorStyle('dim', `Only the newest ${options.limit} are shown; --limit shows more.`));
  return 0;
}

function styled(terminal: Terminal, standing: Standing): string {
  return terminal.style(STYLES[standing], standing);
}

async function show(terminal: Terminal, wanted: string, why: boolean): Promise<ExitCode> {
  const categories = why ? readSetup(terminal).config.categories : [];
  const found = await withExistingLedger(terminal, readEnv(terminal.env), null, async (db) => {
    const detail = await whichArticle(db, wanted);
    return { detail, reasons: why ? await reasonsOf(db, detail, categories) : null };
  });
  if (found === null) throw noArticle(wanted);
  const { detail, reasons } = found;
  terminal.result(reasons === null ? detail : { ...detail, why: reasons });
  if (terminal.json) return 0;
  showDetail(terminal, detail);
  if (reasons) showWhy(terminal, detail, reasons);
  if (detail.article?.excerpt) terminal.print(`\n${terminal.wrapped(detail.article.excerpt)}`);
  return 0;
}

async function revisions(terminal: Terminal, wanted: string, diff: boolean): Promise<ExitCode> {
  const found = await withExistingLedger(terminal, readEnv(terminal.env), null, async (db) => {
    const { article } = await whichReadArticle(db, wanted);
    return { article, changes: await revisionChanges(db, article.id) };
  });
  if (found === null) throw noArticle(wanted);
  const { article, changes } = found;
  terminal.result({ id: article.id, title: article.title, revisions: changes });
  if (changes.length === 0) terminal.print(`"${article.title}" was not published.`);
  showRevisions(terminal, changes, diff);
  return 0;
}

function showDetail(terminal: Terminal, d: ArticleDetail): void {
  const { candidate: c, article: a } = d;
  terminal.print(terminal.style('bold', a?.title ?? c.hints.title ?? c.url));
  terminal.facts([
    ['outcome', `${styled(terminal, c.standing)}${c.standing === 'waiting' ? ` for ${c.stage}` : ''}`],
    ['reason', c.reason && `${c.deadStage ? `${c.deadStage}: ` : ''}${c.reason}${c.code ? ` (${c.code})` : ''}`],
    ['hint', c.standing === 'dead' || c.standing === 'rejected' ? hintOf(c.code) : null],
    ['next try', c.nextTryAt && `${moment(c.nextTryAt)} (${count(c.attempts, 'try', 'tries')} so far)`],
    ['source', c.source],
    ['Source link', a?.canonicalUrl ?? c.url],
    ['id', a?.id],
    ['number', String(c.id)],
    ['authors', a?.authors.join(', ')],
    ['agency', a?.agency],
    ['published', a && moment(a.publishedAt)],
    ['updated', a?.updatedAt && moment(a.updatedAt)],
    ['first seen', moment(c.discoveredAt)],
    ['fetched', c.fetchedAt && moment(c.fetchedAt)],
    ['language', a?.language],
    ['words', a && String(a.wordCount)],
    ['image', a?.image?.url],
    ['tags', a?.tags.join(', ')],
    ['rights', a && `${a.rights.level}: ${a.rights.reason}`],
    ['categories', a?.categories.map((k) => `${k.path} ${k.confidence.toFixed(2)} (${k.by})`).join('\n')],
    ['copy of', d.original && `${d.original.title} (${d.original.source}, ${d.original.id.slice(0, 8)})`],
    ['copies', d.copies.map((o) => `${o.source}: ${o.title} (${o.id.slice(0, 8)})`).join('\n')],
    ['retracted', d.retraction && `${moment(d.retraction.at)} by the ${d.retraction.by}: ${d.retraction.reason}`],
    ['revisions', d.revisions.map((r) => `${r.revision} ${r.type} ${moment(r.createdAt)}`).join('\n')],
    ['deliveries', d.deliveries.map(deliveryLine).join('\n')],
  ]);
}

function deliveryLine(d: ArticleDetail['deliveries'][number]): string {
  const when =
    d.state === 'delivered'
      ? moment(d.deliveredAt)
      : `${d.reason ?? ''}${d.state === 'pending' ? ` next try ${moment(d.nextTryAt)}` : ''}`;
  const again = d.replay > 0 ? ` (replay ${d.replay})` : '';
  return `${d.revision} to ${d.sink}${again}: ${d.state} ${when}`.trimEnd();
}
