import { type Command, Option } from 'commander';
import pLimit from 'p-limit';
import { readEnv } from '../config/env.js';
import { codeOf, messageOf, SourcelinkError } from '../config/errors.js';
import { loadConfig } from '../config/load.js';
import type { Source } from '../config/sources.js';
import type { Discovered } from '../crawlers/discover/discover.js';
import { setPaused } from '../workers/ledger/interventions.js';
import { listSources, type SourceView } from '../workers/ledger/views.js';
import { chosenSources, loggerFor, withLedger } from './open.js';
import { mendOf } from './run.js';
import { type Act, ago, count, type ExitCode, type Terminal } from './terminal.js';

/** Sources that `check` looks at side by side; each host keeps its own pace. */
const SIDE_BY_SIDE = 6;

/** `sourcelink sources`: list, check, pause, resume. */
export function sourcesCommand(program: Command, act: Act): void {
  const sources = program.command('sources').description('Look at the outlets: list, check, pause, resume.');
  const json = new Option('--json', 'one object on standard output');
  sources
    .command('list')
    .description('All configured sources and how they are.')
    .addOption(json)
    .addHelpText('after', '\nExample:\n  sourcelink sources list')
    .action(act((terminal) => list(terminal)));
  sources
    .command('check')
    .description('Look where sources list their articles, and say what is found. Nothing is stored or published.')
    .argument('[id...]', 'these sources, also when switched off')
    .option('--all', 'all that are switched on (the default)')
    .addOption(json)
    .addHelpText('after', '\nExamples:\n  sourcelink sources check nasa\n  sourcelink sources check --all --json')
    .action(act((terminal, ids: string[]) => check(terminal, ids)));
  for (const [name, paused] of [
    ['pause', true],
    ['resume', false],
  ] as const)
    sources
      .command(name)
      .description(paused ? 'Stop the visits to sources; what waits is kept.' : 'Visit paused sources again.')
      .argument('<id...>', 'the sources')
      .addOption(json)
      .addHelpText('after', `\nExample:\n  sourcelink sources ${name} nasa`)
      .action(act((terminal, ids: string[]) => pause(terminal, ids, paused)));
}

async function list(terminal: Terminal): Promise<ExitCode> {
  const { sources } = loadConfig(readEnv(terminal.env), terminal.env);
  let known = new Map<string, SourceView>();
  try {
    known = await withLedger(
      terminal,
      async ({ ledger }) => new Map((await listSources(ledger.db)).map((s) => [s.id, s])),
    );
  } catch (error) {
    if (codeOf(error) !== 'LEDGER_LOCKED') throw error;
    terminal.note(`Without their health: ${messageOf(error)}, and only one process can use it.`);
  }
  const now = new Date();
  const all = sources.map((s) => ({ source: s, view: known.get(s.id) ?? null }));
  terminal.result({
    sources: all.map(({ source: s, view: v }) => ({
      ...{ id: s.id, name: s.name, url: s.url, enabled: s.enabled, paused: v?.paused ?? false },
      ...{ everyMs: s.cron === null ? s.everyMs : null, cron: s.cron, republish: s.republish },
      ...{ state: v?.state ?? 'new', failures: v?.failures ?? 0, code: v?.code ?? null, reason: v?.reason ?? null },
      ...{ how: v?.how ?? null, lastRunAt: v?.lastRunAt ?? null, lastArticleAt: v?.lastArticleAt ?? null },
      ...{ published: v?.published ?? 0, waiting: v?.waiting ?? 0, dead: v?.dead ?? 0 },
    })),
  });
  terminal.table(
    [
      ...[{ head: 'id' }, { head: 'name', grow: true }, { head: 'state' }, { head: 'every' }, { head: 'visited' }],
      ...[
        { head: 'published', align: 'right' as const },
        { head: 'dead', align: 'right' as const },
      ],
    ],
    all.map(({ source: s, view: v }) => [
      ...[s.id, s.name, stateOf(terminal, s, v), s.cron ?? interval(s.everyMs), ago(v?.lastRunAt ?? null, now)],
      ...[String(v?.published ?? 0), String(v?.dead ?? 0)],
    ]),
  );
  const troubled = all.filter(({ view }) => view !== null && view.code !== null);
  if (troubled.length > 0) terminal.print();
  for (const { source, view } of troubled)
    terminal.item(`${source.id}: ${view?.reason ?? view?.code}`, mendOf(view?.code ?? null));
  return 0;
}

function stateOf(terminal: Terminal, s: Source, v: SourceView | null): string {
  if (!s.enabled) return terminal.style('dim', 'off');
  if (v?.paused) return terminal.style('yellow', 'paused');
  const state = v?.state ?? 'new';
  return terminal.style(state === 'ok' ? 'green' : state === 'new' || state === 'empty' ? 'yellow' : 'red', state);
}

function interval(ms: number): string {
  const [unit, name] = ms % 3_600_000 === 0 ? [3_600_000, 'h'] : ms % 60_000 === 0 ? [60_000, 'm'] : [1000, 's'];
  return `${ms / Number(unit)}${name}`;
}

type Looked = { source: Source; seen: Discovered | null; error: unknown };

async function check(terminal: Terminal, ids: string[]): Promise<ExitCode> {
  const env = readEnv(terminal.env);
  const config = loadConfig(env, terminal.env);
  const chosen = chosenSources(config.sources, ids);
  const [{ createClient }, { createHostGate }, { discover }, { fetcherFor }] = await Promise.all([
    import('../crawlers/net/client.js'),
    import('../crawlers/net/politeness.js'),
    import('../crawlers/discover/discover.js'),
    import('../workers/crawl.js'),
  ]);
  // What robots.txt files say is kept for this command only: a check must not wait for the ledger.
  const read = new Map<string, Parameters<Parameters<typeof createClient>[0]['robots']['set']>[1]>();
  const client = createClient({
    settings: config.settings,
    gate: createHostGate(),
    robots: { get: async (o) => read.get(o) ?? null, set: async (o, entry) => void read.set(o, entry) },
    log: loggerFor(terminal, env, 'error'),
  });
  const meter = terminal.meter('Check');
  let done = 0;
  const look = async (source: Source): Promise<Looked> => {
    try {
      const limit = AbortSignal.any([terminal.signal, AbortSignal.timeout(config.settings.fetch.runTimeout)]);
      const deps = { fetcher: fetcherFor({ client }, source), now: () => Date.now(), signal: limit };
      return { source, seen: await discover(source, [], deps), error: null };
    } catch (error) {
      return { source, seen: null, error };
    } finally {
      const text = `${++done} of ${count(chosen.length, 'source')} seen, last ${source.id}`;
      meter.update({ done, all: chosen.length, text, data: { done, all: chosen.length, source: source.id } });
    }
  };
  try {
    const limit = pLimit(SIDE_BY_SIDE);
    const looked = await Promise.all(chosen.map((source) => limit(() => look(source))));
    meter.end();
    showLooks(terminal, looked);
    return looked.every((l) => (l.seen?.found.length ?? 0) > 0) ? 0 : 1;
  } finally {
    meter.end();
    await client.close();
  }
}

function showLooks(terminal: Terminal, looked: Looked[]): void {
  terminal.result({
    sources: looked.map(({ source, seen, error }) => ({
      id: source.id,
      articles: seen?.found.length ?? 0,
      how: seen?.how ?? null,
      requests: seen?.requests ?? 0,
      endpoints: seen?.endpoints.map((e) => ({ url: e.url, kind: e.kind, origin: e.origin, error: e.error })) ?? [],
      problems: problemsOf(seen, error),
      newest: newestOf(seen),
    })),
  });
  for (const { source, seen, error } of looked) {
    const found = seen?.found.length ?? 0;
    const mark = found > 0 ? terminal.style('green', '✓') : terminal.style('red', '✗');
    const how = seen?.how ? `, by ${seen.how}` : '';
    terminal.print(`${mark} ${terminal.style('bold', source.id)}  ${count(found, 'article')}${how}`);
    for (const e of seen?.endpoints.filter((e) => e.error === null) ?? [])
      terminal.print(`    ${e.kind.padEnd(8)}${e.url}${e.origin === 'found' ? terminal.style('dim', ' (found)') : ''}`);
    const newest = newestOf(seen);
    if (newest) terminal.print(terminal.style('dim', `    newest  ${newest.title ?? newest.url}`));
    for (const p of problemsOf(seen, error)) terminal.item(`${terminal.style('yellow', p.code)} ${p.message}`, p.mend);
    if (found === 0 && problemsOf(seen, error).length === 0)
      terminal.item('The outlet answers, but lists no articles.', mendOf('DISCOVER_NOTHING'));
  }
}

function newestOf(seen: Discovered | null): { url: string; title: string | null; publishedAt: string | null } | null {
  const sorted = [...(seen?.found ?? [])].sort((a, b) => ((a.publishedAt ?? '') < (b.publishedAt ?? '') ? 1 : -1));
  const first = sorted[0];
  return first ? { url: first.url, title: first.title, publishedAt: first.publishedAt } : null;
}

function problemsOf(seen: Discovered | null, error: unknown): { code: string; message: string; mend: string | null }[] {
  const all = [...(seen?.problems.map((p) => p.error) ?? []), ...(error === null ? [] : [error])];
  return all.map((e) => {
    const mend = e instanceof SourcelinkError ? (e.mend ?? null) : null;
    return { code: codeOf(e), message: messageOf(e), mend };
  });
}

async function pause(terminal: Terminal, ids: string[], paused: boolean): Promise<ExitCode> {
  const { sources } = loadConfig(readEnv(terminal.env), terminal.env);
  const chosen = chosenSources(sources, ids);
  await withLedger(terminal, async ({ ledger }) => {
    const { registerSources } = await import('../workers/ledger/sources.js');
    await registerSources(ledger.db, chosen);
    for (const s of chosen) await setPaused(ledger.db, s.id, paused);
  });
  terminal.result({ paused, sources: chosen.map((s) => s.id) });
  for (const s of chosen)
    terminal.print(`${s.id} is ${paused ? 'paused: it is not visited until resumed' : 'visited again'}.`);
  return 0;
}
