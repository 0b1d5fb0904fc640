import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import pLimit from 'p-limit';
import { replaceFile } from '../config/save.js';
import type { Source } from '../config/sources.js';
import { type Replacement, replaceAddresses } from '../config/sources-text.js';
import { canAsk, confirm } from './confirm.js';
import { chosenSources, openNetwork, readSetup, type Setup } from './open.js';
import { fewArticles } from './sources-add.js';
import type { Checked } from './sources-check-view.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { count } from './wording.js';

/** Sources that are looked at side by side; each host keeps its own pace. */
const SIDE_BY_SIDE = 6;

type Options = { articles: number; accept?: boolean; yes?: boolean };

/** `sourcelink sources check`: what works at each source, and how to fix it. */
export function checkCommand(sources: Command, act: Act): void {
  sources
    .command('check')
    .description(
      'Check where sources list their articles, read one article of each, and show what fails and how to fix it.',
    )
    .argument('[id...]', 'only these sources, even if switched off')
    .option('--all', 'all sources that are switched on (the default)')
    .option('--articles <n>', 'how many articles to read per source', fewArticles, 1)
    .option('--accept', 'if lists have moved, write their new addresses into sources.yaml')
    .option('-y, --yes', 'with --accept: do not ask')
    .addOption(new Option('--json', 'print one JSON object'))
    .addHelpText(
      'after',
      `
Nothing is stored or published. Exits with 1 if a source needs attention.

Examples:
  sourcelink sources check nasa
  sourcelink sources check --all --json
  sourcelink sources check nasa --accept`,
    )
    .action(act((terminal, ids: string[], options: Options) => check(terminal, ids, options)));
}

async function check(terminal: Terminal, ids: string[], options: Options): Promise<ExitCode> {
  const setup = readSetup(terminal);
  const chosen = chosenSources(setup.config.sources, ids);
  const checked = await look(terminal, setup, chosen, options.articles);
  const { checkAsJson, showCheck } = await import('./sources-check-view.js');
  for (const c of checked) showCheck(terminal, c);
  const moved = checked.flatMap(replacementsOf);
  const accepted = options.accept && (await accept(terminal, setup, moved, options)) ? moved : [];
  terminal.result({ sources: checked.map(checkAsJson), accepted });
  return checked.every((c) => c.fine) ? 0 : 1;
}

/** Where nobody can be asked, --accept itself is the yes. @returns whether the new addresses were written */
async function accept(terminal: Terminal, setup: Setup, moved: Replacement[], options: Options): Promise<boolean> {
  if (moved.length === 0) {
    terminal.print('\nNothing has moved.');
    return false;
  }
  const file = join(setup.config.folder, 'sources.yaml');
  const before = readFileSync(file, 'utf8');
  const after = replaceAddresses(before, moved);
  const addresses = count(moved.length, 'new address', 'new addresses');
  terminal.print();
  for (const m of moved) terminal.item(`${m.id}: ${m.was}`, m.now);
  const asked = options.yes !== true && canAsk(terminal);
  const write = !asked || (await confirm(terminal, `Write ${addresses} into ${file}?`));
  if (write) replaceFile(file, before, after);
  terminal.print(write ? `${addresses} written into ${file}.` : 'Nothing was written.');
  return write;
}

function replacementsOf({ source, seen }: Checked): Replacement[] {
  return (seen?.endpoints ?? []).flatMap(({ url, movedTo }) =>
    movedTo === null ? [] : [{ id: source.id, was: url, now: movedTo }],
  );
}

/** What a visit would find at each, and how some of its articles are read. */
async function look(
  terminal: Terminal,
  { env, config }: Setup,
  chosen: Source[],
  articles: number,
): Promise<Checked[]> {
  const [{ lookAt }, { createExtractorPool }, { checkedAs }] = await Promise.all([
    import('../workers/outlets/look.js'),
    import('../extractors/pool/pool.js'),
    import('./sources-check-view.js'),
  ]);
  const { settings } = config;
  const network = await openNetwork(terminal, env, settings);
  const { deadline: deadlineMs, heapMb } = settings.extract;
  const extractor = createExtractorPool({ threads: 2, deadlineMs, heapMb });
  const meter = terminal.meter('Check');
  let done = 0;
  const one = async (source: Source): Promise<Checked> => {
    const signal = AbortSignal.any([terminal.signal, AbortSignal.timeout(settings.fetch.visitTimeout)]);
    const deps = { ...network, settings, extractor, signal, now: () => new Date() };
    try {
      return checkedAs(source, await lookAt(source, articles, deps), null);
    } catch (error) {
      return checkedAs(source, null, error ?? 'unknown error');
    } finally {
      const text = `${++done} of ${count(chosen.length, 'source')} checked, last ${source.id}`;
      meter.update({ done, all: chosen.length, text, data: { done, all: chosen.length, source: source.id } });
    }
  };
  try {
    const limit = pLimit(SIDE_BY_SIDE);
    return await Promise.all(chosen.map((source) => limit(() => one(source))));
  } finally {
    meter.end();
    await Promise.allSettled([network.close(), extractor.close()]);
  }
}
