import type { Command } from 'commander';
import { SourcelinkError } from '../config/errors.js';
import { findRetractable, type Restored, type Retractable, restore, retract } from '../ledger/retractions.js';
import type { Db } from '../ledger/schema.js';
import { canAsk, confirm } from './confirm.js';
import { chosenSources, readSetup, withExistingLedger } from './open.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { noArticle, whichArticle } from './which.js';
import { count } from './wording.js';

type Options = { url?: string[]; source?: string; reason?: string; undo?: boolean; yes?: boolean };

/** `sourcelink articles retract`: takedowns and undoing them. */
export function retractCommand(articles: Command, act: Act): void {
  articles
    .command('retract')
    .description('Retract articles from every sink, and never publish them or their copies again.')
    .argument('[id...]', 'ids or the start of an id, numbers, slugs or URLs')
    .option('--url <url...>', 'articles with these URLs, at every source')
    .option('-s, --source <id>', 'all articles of this source')
    .option('-r, --reason <text>', 'the reason, sent to every sink')
    .option('--undo', 'undo the retraction: the articles are processed and published again')
    .option('-y, --yes', 'do not ask before all articles of a source are retracted')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  sourcelink articles retract 3f2a91c0 --reason "the publisher asked for it"
  sourcelink articles retract --url https://news.example/2026/a.html --reason "court order 17/26"
  sourcelink articles retract --source gazette --reason "licence ended"
  sourcelink articles retract 3f2a91c0 --undo`,
    )
    .action(act((terminal, ids: string[], options: Options) => run(terminal, ids, options)));
}

async function run(terminal: Terminal, ids: string[], options: Options): Promise<ExitCode> {
  const { url, source, undo = false } = options;
  const reason = options.reason?.trim() ?? '';
  const ways = [ids.length > 0, url !== undefined, source !== undefined].filter(Boolean).length;
  if (ways !== 1)
    throw new SourcelinkError('USAGE', 'Name what to retract, by one of: ids, --url or --source.', {
      hint: 'See `sourcelink articles retract --help`.',
    });
  if (!undo && reason === '')
    throw new SourcelinkError('USAGE', 'A retraction needs --reason, which is sent to every sink.', {
      hint: 'Add --reason "…".',
    });
  const { env, config } = readSetup(terminal);
  if (source !== undefined) chosenSources(config.sources, [source]);
  const done = await withExistingLedger(terminal, env, null, async (db) => {
    const found = await find(db, ids, options);
    if (found.length === 0) return null;
    if (undo)
      return {
        restored: await restore(
          db,
          found.map((f) => f.candidate),
        ),
        found,
      };
    const open = found.filter((f) => !f.already);
    if (source !== undefined && options.yes !== true && canAsk(terminal)) {
      const question = `Retract ${count(open.length, 'article')} of ${source}?`;
      if (!(await confirm(terminal, question))) return { taken: [], found: [] };
    }
    const why = { reason, by: 'operator' as const, everywhere: true, now: new Date() };
    const taken = await retract(
      db,
      open.map((f) => f.candidate),
      why,
    );
    return { taken, found };
  });
  if (done === null) throw noArticle([...ids, ...(url ?? []), ...(source === undefined ? [] : [source])].join(' '));
  if (done.restored) return sayRestored(terminal, done.restored, done.found);
  return sayTaken(terminal, done.taken, done.found, reason);
}

async function find(db: Db, ids: string[], { url, source }: Options): Promise<Retractable[]> {
  if (url !== undefined) return findRetractable(db, { urls: url });
  if (source !== undefined) return findRetractable(db, { source });
  const numbers: number[] = [];
  for (const id of ids) numbers.push((await whichArticle(db, id)).candidate.id);
  return findRetractable(db, { ids: numbers });
}

function sayTaken(terminal: Terminal, taken: number[], found: Retractable[], reason: string): ExitCode {
  const rows = found.map((f) => ({ ...f, retracted: taken.includes(f.candidate) }));
  terminal.result({ reason, retracted: rows.filter((r) => r.retracted), already: rows.filter((r) => r.already) });
  for (const r of rows.filter((r) => r.retracted)) {
    terminal.print(`${r.candidate}  ${r.source}  "${r.title ?? r.url}" is retracted`);
    terminal.item(r.sinks.length > 0 ? `will be sent to ${r.sinks.join(', ')}` : 'it was never sent to a sink');
    if (r.copyOf !== null)
      terminal.item(
        `it was a copy of ${r.copyOf.slice(0, 8)}, which stays published; to remove the text, retract that article too`,
      );
  }
  for (const r of rows.filter((r) => r.already)) terminal.print(`${r.candidate}  was already retracted`);
  if (taken.length > 0)
    terminal.note('The next `sourcelink run`, or a running worker, informs the sinks. `--undo` undoes the retraction.');
  return 0;
}

function sayRestored(terminal: Terminal, restored: Restored[], found: Retractable[]): ExitCode {
  const missed = found.filter((f) => !restored.some((r) => r.candidate === f.candidate)).map((f) => f.candidate);
  terminal.result({ restored, notRetracted: missed });
  for (const r of restored) terminal.print(`${r.candidate}  "${r.title}" is processed again from stage ${r.stage}`);
  for (const id of missed) terminal.print(terminal.style('yellow', `${id} is not retracted`));
  if (restored.length > 0) terminal.note('The next `sourcelink run`, or a running worker, publishes it again.');
  return missed.length > 0 ? 1 : 0;
}
