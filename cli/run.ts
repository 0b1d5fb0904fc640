import type { Command } from 'commander';
import { hintOf, SourcelinkError } from '../config/errors.js';
import type { Source } from '../config/sources.js';
import type { PassCounts } from '../ledger/read/pass.js';
import { listSources, tallyReasons } from '../ledger/read/views.js';
import type { Pipeline } from '../workers/main.js';
import type { PassSummary } from '../workers/pass.js';
import { chosenSources, readSetup, withPipeline } from './open.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { count, sourceReason } from './wording.js';

/** How often rows that nothing drives are looked for during one pass, in milliseconds. */
const WATCH_MS = 2000;

/** `sourcelink run`: one pass, then exit. */
export function runCommand(program: Command, act: Act): void {
  program
    .command('run')
    .description('Visit each source once, publish what is new, then exit. Use it with cron or to try a configuration.')
    .option('-s, --source <id...>', 'only these sources')
    .option('--due', 'only sources whose next visit is due by their `every:` or `cron:`')
    .option(
      '--json',
      'print progress as JSON lines on standard error and the result as one JSON object on standard output',
    )
    .addHelpText(
      'after',
      `
Examples:
  sourcelink run
  sourcelink run --source nasa noaa
  */15 * * * * cd /srv/sourcelink && npx sourcelink run --json >> run.log         # crontab
  */5 * * * *  cd /srv/sourcelink && npx sourcelink run --due --json >> run.log

Exits with 1 if every source failed. Interrupting a pass loses nothing: the next one continues.`,
    )
    .action(
      act((terminal, options: { source?: string[]; due?: true }) =>
        run(terminal, options.source ?? [], options.due === true),
      ),
    );
}

async function run(terminal: Terminal, ids: string[], onlyDue: boolean): Promise<ExitCode> {
  const setup = readSetup(terminal);
  const wanted = wantedSources(setup.config.sources, ids);
  // What went wrong is told at the end; a person who watches need not read it twice.
  return withPipeline<ExitCode>(terminal, setup, terminal.live ? 'error' : 'warn', async ({ pipeline }) => {
    const unpaused = await withoutPaused(terminal, pipeline, wanted);
    const chosen = onlyDue ? await dueOf(terminal, pipeline, unpaused) : unpaused;
    const began = new Date();
    const summary = await pass(terminal, pipeline, chosen, unpaused);
    if (!terminal.signal.aborted) {
      const { tidy } = await import('../workers/reconcile.js');
      await tidy(pipeline.ctx, pipeline.ledger);
      const [{ watchSources }, { notify }] = await Promise.all([
        import('../workers/monitoring/watch-sources.js'),
        import('../workers/monitoring/notify.js'),
      ]);
      await watchSources(pipeline.ctx);
      await notify(pipeline.ctx);
    }
    showPass(terminal, summary);
    await showProblems(terminal, pipeline, summary, began);
    terminal.result(terminal.signal.aborted ? { ...summary, interrupted: true } : summary);
    if (terminal.signal.aborted)
      terminal.note('Interrupted. Unfinished work is kept, and the next `sourcelink run` continues it.');
    const states = Object.values(summary.bySource).map((s) => s.state);
    const failed = states.length > 0 && states.every((s) => s === 'failing' || s === 'blocked');
    return failed || terminal.signal.aborted ? 1 : 0;
  });
}

/** What is to be visited. @throws USAGE for a source that is unknown or switched off, CONFIG_INVALID when none is on */
function wantedSources(sources: Source[], named: string[]): Source[] {
  const chosen = chosenSources(sources, named);
  const off = chosen.find((s) => !s.enabled);
  if (off)
    throw new SourcelinkError('USAGE', `Source \`${off.id}\` is switched off.`, {
      hint: 'Remove `enabled: false` from it in sources.yaml.',
    });
  if (sources.length === 0)
    throw new SourcelinkError('CONFIG_INVALID', 'sources.yaml lists no sources.', {
      hint: 'Add an outlet with `sourcelink sources add URL`.',
    });
  if (chosen.length === 0)
    throw new SourcelinkError('CONFIG_INVALID', 'All sources in sources.yaml are switched off.', {
      hint: 'Remove `enabled: false` from a source.',
    });
  return chosen;
}

async function withoutPaused(terminal: Terminal, pipeline: Pipeline, chosen: Source[]): Promise<string[]> {
  const paused = new Set((await listSources(pipeline.ctx.db)).filter((s) => s.paused).map((s) => s.id));
  const left = chosen.filter((s) => paused.has(s.id)).map((s) => s.id);
  if (left.length > 0)
    terminal.note(
      `Skipped because they are paused: ${left.join(', ')}. \`sourcelink sources resume ID\` resumes a source.`,
    );
  return chosen.map((s) => s.id).filter((id) => !paused.has(id));
}

/** Those whose time has come; planned anew first where sources.yaml says something else than when they were planned. */
async function dueOf(terminal: Terminal, pipeline: Pipeline, ids: string[]): Promise<string[]> {
  const [{ alignPlans }, { dueSources }] = await Promise.all([
    import('../workers/planning/planner.js'),
    import('../ledger/visits.js'),
  ]);
  const { ctx } = pipeline;
  await alignPlans(ctx);
  const due = await dueSources(ctx.db, ids, ctx.now());
  terminal.note(`Due: ${due.length} of ${count(ids.length, 'source')}.`);
  return due;
}

/** One pass with its progress, by workers in this process. */
export async function pass(
  terminal: Terminal,
  pipeline: Pipeline,
  sources: string[],
  settle = sources,
): Promise<PassSummary> {
  const [{ runPass }, { QUEUE_NAMES }] = await Promise.all([
    import('../workers/pass.js'),
    import('../workers/queues.js'),
  ]);
  pipeline.work(QUEUE_NAMES);
  pipeline.watch(WATCH_MS);
  return watched(terminal, (onProgress) =>
    runPass(pipeline.ctx, { sources, settle, signal: terminal.signal, onProgress }),
  );
}

type OnProgress = NonNullable<Parameters<typeof import('../workers/pass.js').runPass>[1]['onProgress']>;

/** Shows the progress of what `work` does. */
export async function watched<T>(terminal: Terminal, work: (onProgress: OnProgress) => Promise<T>): Promise<T> {
  const meter = terminal.meter('Pass');
  try {
    return await work((p) => {
      meter.update({
        done: p.sources.done + p.settled,
        all: p.sources.all + p.settled + p.waiting,
        text: `${p.sources.done} of ${count(p.sources.all, 'source')} visited, ${p.settled} pages done, ${p.waiting} in progress`,
        data: p,
      });
    });
  } finally {
    meter.end();
  }
}

const SHOWN: [keyof PassCounts, string][] = [
  ['discovered', 'new'],
  ['fetched', 'fetched'],
  ['rendered', 'in browser'],
  ['notModified', 'unchanged'],
  ['published', 'published'],
  ['updated', 'updated'],
  ['retracted', 'retracted'],
  ['duplicates', 'copies'],
  ['rejected', 'rejected'],
  ['dead', 'dead'],
];

/** A table of what a pass did, a line a source; counts that are zero for all sources take no column. */
export function showPass(terminal: Terminal, summary: PassSummary): void {
  const shown = SHOWN.filter(([key]) => key === 'discovered' || key === 'published' || summary[key] > 0);
  const row = (c: PassCounts): string[] => shown.map(([key]) => (c[key] === 0 ? '·' : String(c[key])));
  const rows = Object.entries(summary.bySource).map(([id, c]) => [id, state(terminal, c.state), ...row(c)]);
  const total = [terminal.style('bold', 'all'), '', ...row(summary)];
  terminal.table(
    [
      { head: 'source', grow: true },
      { head: 'state' },
      ...shown.map(([, head]) => ({ head, align: 'right' as const })),
    ],
    rows.length > 1 ? [...rows, total] : rows,
  );
  const waiting = summary.waiting > 0 ? ` ${count(summary.waiting, 'page')} left for a later pass.` : '';
  terminal.print(`\nDone in ${summary.seconds.toFixed(1)} s.${waiting}`);
}

function state(terminal: Terminal, value: string): string {
  const style = value === 'ok' ? 'green' : value === 'failing' || value === 'blocked' ? 'red' : 'yellow';
  return terminal.style(style, value);
}

/** What a person should look at: sources in trouble, pages that died, and why pages were rejected. */
export async function showProblems(
  terminal: Terminal,
  pipeline: Pipeline,
  summary: PassSummary,
  since: Date,
): Promise<void> {
  if (terminal.json) return;
  const { db } = pipeline.ctx;
  const sources = (await listSources(db)).filter((s) => summary.bySource[s.id] && s.code !== null);
  const pages = (await tallyReasons(db, since, ['dead', 'rejected'])).filter((t) => summary.bySource[t.source]);
  if (sources.length + pages.length === 0) return;
  terminal.print(`\n${terminal.style('bold', 'What was left out, and what you can do')}`);
  for (const s of sources) terminal.item(sourceReason(s.id, s.reason ?? s.state), hintOf(s.code));
  for (const p of pages) {
    const what = `${p.source}: ${count(p.n, 'page')} ${p.outcome} (${p.code ?? 'no code'}), e.g. ${p.example}`;
    terminal.item(what, hintOf(p.code));
  }
}
