import type { Command } from 'commander';
import { codeOf, messageOf, SourcelinkError } from '../config/errors.js';
import type { Source } from '../config/sources.js';
import type { Range } from '../ledger/backfill.js';
import type { Context } from '../workers/context.js';
import type { Plan, PlanBook } from '../workers/crawl/backfill-plan.js';
import { whenOf, wholeNumber } from './arguments.js';
import { chosenSources, openNetwork, readSetup, type Setup, withExistingLedger, withPipeline } from './open.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { count } from './wording.js';

const DAY_MS = 24 * 3_600_000;

type Options = { since: Date; until?: Date; limit?: number; undated?: boolean; dryRun?: boolean };

/** `sourcelink sources backfill`: asks for what an outlet published before it was followed. */
export function backfillCommand(sources: Command, act: Act): void {
  sources
    .command('backfill')
    .description("Find a source's older articles in its sitemaps and section pages, and queue them behind the news.")
    .argument('<id>', 'id of the source')
    .requiredOption('--since <date>', 'published since a date (2026-03-01) or a time ago (90d)', whenOf)
    .option('--until <date>', 'published up to and including this day', untilOf)
    .option('--limit <n>', 'add at most this many, newest first', wholeNumber)
    .option('--undated', 'also add links whose date is unknown')
    .option('--dry-run', 'only show how many there are per month')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  sourcelink sources backfill nasa --since 2025-01-01 --dry-run
  sourcelink sources backfill nasa --since 90d --limit 500

You can interrupt and repeat it. \`sourcelink start\`, \`worker\` and \`run\` fetch the pages after the news, at most
\`limits.backfillPerDay\` per day. \`sourcelink sources list\` shows how many are left.`,
    )
    .action(act((terminal, id: string, options: Options) => backfill(terminal, id, options)));
}

function untilOf(text: string): Date {
  const at = whenOf(text);
  return /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(at.getTime() + DAY_MS - 1) : at;
}

async function backfill(terminal: Terminal, id: string, options: Options): Promise<ExitCode> {
  const setup = readSetup(terminal);
  const [source] = chosenSources(setup.config.sources, [id]);
  if (!source?.enabled)
    throw new SourcelinkError('USAGE', `Source \`${id}\` is switched off.`, {
      hint: 'Remove `enabled: false` from it in sources.yaml.',
    });
  // Whole days, so that the same command later in the day is the same back-fill.
  const since = new Date(Math.floor(options.since.getTime() / DAY_MS) * DAY_MS);
  const range = { since, until: options.until ?? null };
  if (range.since.getTime() > (range.until?.getTime() ?? Date.now()))
    throw new SourcelinkError('USAGE', '`--since` is later than `--until`, or in the future.');
  const plan = options.dryRun
    ? await dryRun(terminal, setup, source, range, options)
    : await record(terminal, setup, source, range, options);
  terminal.result({ source: id, ...range, dryRun: options.dryRun ?? false, ...plan });
  show(terminal, source, options, plan);
  const isBlind = plan.found === 0 && plan.problems.length > 0 && plan.problems.length === plan.places;
  return isBlind || terminal.signal.aborted ? 1 : 0;
}

/** A look without a trace; what the ledger has already is left out, where it can be asked. */
async function dryRun(terminal: Terminal, setup: Setup, source: Source, range: Range, options: Options) {
  const { env, config } = setup;
  const network = await openNetwork(terminal, env, config.settings);
  const look = (known: PlanBook['known']) =>
    plan(terminal, source, network, range, options, { skip: new Set(), known, record: null });
  try {
    return await withExistingLedger(terminal, env, null, async (db) => {
      const { knownKeys } = await import('../ledger/backfill.js');
      return look((keys) => knownKeys(db, source.id, keys));
    }).then((seen) => seen ?? look(async () => new Set()));
  } catch (error) {
    if (codeOf(error) !== 'LEDGER_LOCKED') throw error;
    terminal.note(`The ledger cannot be read, so known articles are counted too: ${messageOf(error)}.`);
    return await look(async () => new Set());
  } finally {
    await network.close();
  }
}

async function record(terminal: Terminal, setup: Setup, source: Source, range: Range, options: Options) {
  return withPipeline(terminal, setup, 'warn', async ({ pipeline: { ctx } }) => {
    const { beginBackfill, endPlan, knownKeys, recordArchive } = await import('../ledger/backfill.js');
    const made = await plan(terminal, source, ctx, range, options, {
      skip: await beginBackfill(ctx.db, source.id, range),
      known: (keys) => knownKeys(ctx.db, source.id, keys),
      record: (place, found) => recordArchive(ctx.db, source.id, place, found),
    });
    if (made.complete) await endPlan(ctx.db, source.id);
    return made;
  });
}

async function plan(
  terminal: Terminal,
  source: Source,
  ctx: Pick<Context, 'client'> & Partial<Pick<Context, 'db'>>,
  range: Range,
  options: Options,
  book: PlanBook,
): Promise<Plan> {
  const [{ planBackfill }, { fetcherFor }, { endpointsOf }] = await Promise.all([
    import('../workers/crawl/backfill-plan.js'),
    import('../workers/crawl/discover-source.js'),
    import('../ledger/endpoints.js'),
  ]);
  const meter = terminal.meter('Archive');
  try {
    return await planBackfill(source, ctx.db ? await endpointsOf(ctx.db, source.id) : [], range, book, {
      fetcher: fetcherFor(ctx, source),
      now: () => new Date(),
      signal: terminal.signal,
      undated: options.undated ?? false,
      limit: options.limit ?? null,
      onProgress: (p) =>
        meter.update({
          done: p.places,
          all: p.places + p.left,
          text: `${p.places} of ${p.places + p.left} parts read, ${p.added} of ${count(p.found, 'article')} new`,
          data: { places: p.places, left: p.left, found: p.found, added: p.added },
        }),
    });
  } finally {
    meter.end();
  }
}

function show(terminal: Terminal, source: Source, options: Options, p: Plan): void {
  const months = Object.entries(p.byMonth);
  if (months.length > 0)
    terminal.table(
      [{ head: 'month' }, { head: options.dryRun ? 'would be added' : 'added', align: 'right' }],
      months.map(([month, n]) => [month, String(n)]),
    );
  const days = Math.ceil(p.added / source.limits.backfillPerDay);
  terminal.print(
    `${months.length > 0 ? '\n' : ''}${count(p.found, 'article')} from this period found in ${count(p.places, 'part')} of the archive, ${p.added} of them new.`,
  );
  if (p.added > 0 && !options.dryRun)
    terminal.print(
      `\`sourcelink start\` or \`run\` fetches them after the news, at most ${source.limits.backfillPerDay} per day, which takes about ${count(days, 'day')}.`,
    );
  if (p.filtered > 0) terminal.print(`${count(p.filtered, 'more', 'more')} left out by the filters of ${source.id}.`);
  if (p.undated > 0 && !options.undated)
    terminal.item(
      `${count(p.undated, 'link')} left out because their date is unknown.`,
      'Add `--undated` to include them.',
    );
  for (const problem of p.problems) terminal.item(problem.message, problem.hint);
  if (p.places === 0)
    terminal.item(`${source.id} has no archive that could be read.`, 'List `sitemaps:` or `listings:` for it.');
  if (!p.complete) terminal.print('The archive was not searched to its end. Run the same command again to continue.');
}
