import type { Command } from 'commander';
import { readEnv } from '../config/env.js';
import { hintOf, SourcelinkError } from '../config/errors.js';
import { listDead, reviveDead } from '../ledger/dead.js';
import { findCandidates } from '../ledger/read/views.js';
import { wholeNumber } from './arguments.js';
import { chosenSources, readSetup, withExistingLedger } from './open.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { ago, count } from './wording.js';

/** `sourcelink dead`: lists what failed for good and retries it. */
export function deadCommand(program: Command, act: Act): void {
  const dead = program.command('dead').description('Show pages and deliveries that failed for good, and retry them.');
  dead
    .command('list')
    .description('List pages and deliveries that failed for good, with stage, code, reason and hint.')
    .option('-s, --source <id...>', 'only from these sources')
    .option('-n, --limit <number>', 'show at most this many', wholeNumber, 50)
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  sourcelink dead list --source nasa')
    .action(
      act((terminal, options: { source?: string[]; limit: number }) =>
        list(terminal, options.source ?? [], options.limit),
      ),
    );
  dead
    .command('retry')
    .description('Retry dead pages and deliveries from the stage where they failed, with a fresh count of attempts.')
    .argument('[id...]', 'numbers shown by `dead list`, or article ids')
    .option('--all', 'everything that is dead')
    .option('-s, --source <id...>', 'everything that is dead at these sources')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExamples:\n  sourcelink dead retry 17 18\n  sourcelink dead retry --source nasa')
    .action(
      act((terminal, ids: string[], options: { all?: boolean; source?: string[] }) => retry(terminal, ids, options)),
    );
}

async function list(terminal: Terminal, sources: string[], limit: number): Promise<ExitCode> {
  if (sources.length > 0) chosenSources(readSetup(terminal).config.sources, sources);
  const rows = await withExistingLedger(terminal, readEnv(terminal.env), [], (db) => listDead(db, { sources, limit }));
  terminal.result({ dead: rows.map((r) => ({ ...r, hint: hintOf(r.code) })) });
  if (rows.length === 0) terminal.print('Nothing is dead.');
  const now = new Date();
  for (const r of rows) {
    const at = r.sinks.length > 0 ? `${r.stage} to ${r.sinks.join(', ')}` : r.stage;
    const head = `${r.candidate}  ${r.source}  ${at}  ${r.code}  ${ago(r.since, now)}`;
    terminal.print(terminal.style('bold', head));
    terminal.item(r.title ? `${r.title} <${r.url}>` : r.url);
    const [first, ...others] = r.deliveries.map((d) => `revision ${d.revision} to ${d.sink}: ${d.reason}`);
    terminal.item(first ?? r.reason, hintOf(r.code));
    for (const other of others) terminal.item(other);
  }
  if (rows.length > 0) terminal.note('\n`sourcelink dead retry NUMBER` retries one of them, `--all` retries all.');
  return 0;
}

type Retried = { back: Awaited<ReturnType<typeof reviveDead>>; missed: string[] };

async function retry(
  terminal: Terminal,
  wanted: string[],
  options: { all?: boolean; source?: string[] },
): Promise<ExitCode> {
  const ways = [wanted.length > 0, options.all === true, options.source !== undefined].filter(Boolean).length;
  if (ways !== 1)
    throw new SourcelinkError('USAGE', 'Name what to retry, by one of: numbers, --source ID or --all.', {
      hint: 'See `sourcelink dead list`.',
    });
  const { source } = options;
  if (source) chosenSources(readSetup(terminal).config.sources, source);
  const none = { back: [], missed: wanted };
  const { back, missed } = await withExistingLedger<Retried>(terminal, readEnv(terminal.env), none, async (db) => {
    if (options.all) return { back: await reviveDead(db, 'all'), missed: [] };
    if (source) return { back: await reviveDead(db, { sources: source }), missed: [] };
    const found = await Promise.all(wanted.map((id) => findCandidates(db, id)));
    const ids = found.map((f) => (f.length === 1 ? f[0]?.id : undefined));
    const back = await reviveDead(db, { ids: ids.filter((id) => id !== undefined) });
    const missed = wanted.filter((_, i) => !back.some((b) => b.id === ids[i]));
    return { back, missed };
  });
  terminal.result({ retried: back, notDead: missed });
  for (const b of back) terminal.print(`${b.id}  ${b.sourceId}  back to ${b.stage}  ${b.url}`);
  for (const id of missed) terminal.print(terminal.style('yellow', `${id} is not dead, or matches several articles`));
  if (back.length > 0)
    terminal.print(
      `${count(back.length, 'page')} will be tried again by the next \`sourcelink run\` or a running worker.`,
    );
  else if (missed.length === 0) terminal.print('Nothing is dead.');
  return missed.length > 0 ? 1 : 0;
}
