import { type Command, InvalidArgumentError, Option } from 'commander';
import { readEnv } from '../config/env.js';
import { SourcelinkError } from '../config/errors.js';
import { duration } from '../config/values.js';
import {
  type ArticleDetail,
  articleDetail,
  findCandidates,
  listArticles,
  type Standing,
} from '../workers/ledger/views.js';
import { chosenSources, readSetup, withExistingLedger } from './open.js';
import type { Act, ExitCode, Style, Terminal } from './terminal.js';
import { ago, count, mendOf, moment } from './wording.js';

const STANDINGS: Standing[] = ['published', 'duplicate', 'rejected', 'dead', 'retracted', 'waiting'];

type ListOptions = { source?: string[]; category?: string; since?: Date; limit: number; outcome?: Standing[] };

/** `sourcelink articles`: list and show. */
export function articlesCommand(program: Command, act: Act): void {
  const articles = program.command('articles').description('Look at what was found, published or left out, and why.');
  articles
    .command('list')
    .description('Articles, newest first.')
    .option('-s, --source <id...>', 'only of these sources')
    .option('-c, --category <path>', 'only in this category and below it')
    .option('--since <when>', 'only seen since: 24h, 7d, 2026-03-01', whenOf)
    .option('-n, --limit <number>', 'at most so many', wholeNumber, 20)
    .addOption(new Option('-o, --outcome <outcome...>', 'only with these outcomes').choices(STANDINGS))
    .option('--json', 'one object on standard output')
    .addHelpText(
      'after',
      '\nExamples:\n  sourcelink articles list --since 24h\n  sourcelink articles list --outcome rejected dead --json',
    )
    .action(act((terminal, options: ListOptions) => list(terminal, options)));
  articles
    .command('show')
    .description('One article: where each field came from, its categories, copies, revisions and deliveries.')
    .argument('<id>', 'its id or the start of it, number, slug or URL')
    .option('--why', 'also how each field was found and what decided')
    .option('--json', 'everything as one object on standard output')
    .addHelpText('after', '\nExamples:\n  sourcelink articles show 3f2a91c0\n  sourcelink articles show 17 --why')
    .action(act((terminal, id: string, options: { why?: boolean }) => show(terminal, id, options.why ?? false)));
}

/** @throws InvalidArgumentError, as commander wants it */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1) throw new InvalidArgumentError('Write a whole number from 1.');
  return Number(text);
}

/** A moment, as a date or as how long ago. @throws InvalidArgumentError */
export function whenOf(text: string): Date {
  const back = duration.safeParse(text);
  if (back.success) return new Date(Date.now() - back.data);
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new InvalidArgumentError('Write how long ago (24h, 7d) or a date (2026-03-01).');
  return new Date(at);
}

async function list(terminal: Terminal, options: ListOptions): Promise<ExitCode> {
  if (options.source) chosenSources(readSetup(terminal).config.sources, options.source);
  const rows = await withExistingLedger(terminal, readEnv(terminal.env), [], (db) =>
    listArticles(db, {
      ...{ sources: options.source ?? [], category: options.category ?? null, since: options.since ?? null },
      ...{ standings: options.outcome ?? [], limit: options.limit },
    }),
  );
  terminal.result({ articles: rows });
  if (rows.length === 0) {
    terminal.print('No such articles. `sourcelink run` fetches new ones.');
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
    terminal.note(terminal.errorStyle('dim', `The newest ${options.limit}; --limit shows more.`));
  return 0;
}

const STYLES: Record<Standing, Style> = {
  ...{ published: 'green', duplicate: 'cyan', rejected: 'yellow' },
  ...{ dead: 'red', retracted: 'red', waiting: 'dim' },
};

function styled(terminal: Terminal, standing: Standing): string {
  return terminal.style(STYLES[standing], standing);
}

async function show(terminal: Terminal, wanted: string, why: boolean): Promise<ExitCode> {
  const env = readEnv(terminal.env);
  const detail = await withExistingLedger(terminal, env, null, async (db) => {
    const found = await findCandidates(db, wanted);
    const [one, another] = found;
    if (one === undefined) return null;
    if (another !== undefined)
      throw new SourcelinkError('USAGE', `\`${wanted}\` may be ${count(found.length, 'article')}.`, {
        mend: `Name one by its number: ${found.map((f) => f.id).join(', ')}.`,
      });
    return articleDetail(db, one.id);
  });
  if (detail === null)
    throw new SourcelinkError('USAGE', `There is no article \`${wanted}\`.`, {
      mend: 'See `sourcelink articles list`.',
    });
  terminal.result(detail);
  if (!terminal.json) showDetail(terminal, detail, why);
  return 0;
}

function showDetail(terminal: Terminal, d: ArticleDetail, why: boolean): void {
  const { candidate: c, article: a } = d;
  terminal.print(terminal.style('bold', a?.title ?? c.hints.title ?? c.url));
  terminal.facts([
    ['outcome', `${styled(terminal, c.standing)}${c.standing === 'waiting' ? ` for ${c.stage}` : ''}`],
    ['reason', c.reason && `${c.deadStage ? `${c.deadStage}: ` : ''}${c.reason}${c.code ? ` (${c.code})` : ''}`],
    ['mend', c.standing === 'dead' || c.standing === 'rejected' ? mendOf(c.code) : null],
    ['next try', c.nextTryAt && `${moment(c.nextTryAt)} (${count(c.attempts, 'try', 'tries')} so far)`],
    ['source', c.source],
    ['Source link', a?.canonical_url ?? c.url],
    ['id', a?.id],
    ['number', String(c.id)],
    ['authors', a?.authors.join(', ')],
    ['agency', a?.agency],
    ['published', a && moment(a.published_at)],
    ['updated', a?.updated_at && moment(a.updated_at)],
    ['first seen', moment(c.discoveredAt)],
    ['fetched', c.fetchedAt && moment(c.fetchedAt)],
    ['language', a?.language],
    ['words', a && String(a.word_count)],
    ['image', a?.image?.url],
    ['tags', a?.tags.join(', ')],
    ['rights', a && `${a.rights.level}: ${a.rights.reason}`],
    ['categories', a?.categories.map((k) => `${k.path} ${k.confidence.toFixed(2)} (${k.by})`).join('\n')],
    ['copy of', d.original && `${d.original.title} (${d.original.source}, ${d.original.id.slice(0, 8)})`],
    ['copies', d.copies.map((o) => `${o.source}: ${o.title} (${o.id.slice(0, 8)})`).join('\n')],
    ['revisions', d.revisions.map((r) => `${r.revision} ${r.type} ${moment(r.createdAt)}`).join('\n')],
    ['deliveries', d.deliveries.map(deliveryLine).join('\n')],
  ]);
  if (why) showWhy(terminal, d);
  if (a?.excerpt) terminal.print(`\n${terminal.wrapped(a.excerpt)}`);
}

function deliveryLine(d: ArticleDetail['deliveries'][number]): string {
  const when =
    d.state === 'delivered'
      ? moment(d.deliveredAt)
      : `${d.reason ?? ''}${d.state === 'pending' ? ` next try ${moment(d.nextTryAt)}` : ''}`;
  return `${d.revision} to ${d.sink}: ${d.state} ${when}`.trimEnd();
}

function showWhy(terminal: Terminal, { article: a, candidate: c, pages }: ArticleDetail): void {
  terminal.print(`\n${terminal.style('bold', 'Why')}`);
  terminal.facts([
    ['discovered by', c.hints.via],
    ['pages', pages.map((p) => `${moment(p.fetchedAt)} ${p.via}, ${p.bytes} bytes, ${p.url}`).join('\n')],
    ['looks', c.unchangedLooks > 0 ? `${count(c.unchangedLooks, 'later look')} found nothing new` : null],
    ...Object.entries(a?.provenance ?? {}),
    ...(a?.rights.signals ?? []).map((s): [string, string] => ['rights', `${s.name} ${s.value}: ${s.says}`]),
    ['duplicate', a?.duplicate_why ? JSON.stringify(a.duplicate_why) : null],
    ['related', (a?.related ?? []).map((r) => `${r.id.slice(0, 8)} ${r.score.toFixed(2)}`).join(', ')],
  ]);
}
