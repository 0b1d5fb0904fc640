import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { SourcelinkError } from '../config/errors.js';
import { replaceFile } from '../config/save.js';
import { RightsLevel, resolveSource, type Source, SourceEntry } from '../config/sources.js';
import { appendEntries, entryLines } from '../config/sources-text.js';
import type { Chosen, Looked, Proposal } from '../workers/outlets/propose.js';
import { canAsk, confirm } from './confirm.js';
import { openNetwork, readSetup, type Setup } from './open.js';
import type { Act, ExitCode, Terminal } from './terminal.js';

type Options = Chosen & { yes?: boolean; dryRun?: boolean; articles: number };

/** Articles that are read of a new outlet. */
const ARTICLES = 10;
/** A host that speaks no HTTPS at all, as opposed to one that refuses. */
const NO_HTTPS = ['FETCH_CONNECT', 'FETCH_TLS', 'FETCH_TIMEOUT'];

/** `sourcelink sources add`: an outlet by its home page. */
export function addCommand(sources: Command, act: Act): void {
  sources
    .command('add')
    .description('Examine an outlet, read some of its articles, and add an entry for it to sources.yaml.')
    .argument('<url>', 'its home page, or the section that you want')
    .option('-y, --yes', 'write without asking')
    .option('-n, --dry-run', 'only show what would be written')
    .option('--articles <n>', 'how many articles to read', fewArticles, ARTICLES)
    .option('--id <id>', 'id of the source (default: made from the host name)')
    .option('--name <name>', 'name for the attribution (default: taken from its pages)')
    .option('--category <path>', 'file all its articles in this category')
    .addOption(
      new Option('--republish <level>', 'how much of an article may be republished').choices(RightsLevel.options),
    )
    .option('--every <interval>', 'how often to visit: auto, 15m, 5m..12h (default: from `defaults`)')
    .option('--json', 'print one JSON object; needs --yes or --dry-run')
    .addHelpText(
      'after',
      `
The command obeys robots.txt and stores nothing but the entry. Comments and layout of sources.yaml are kept.

Examples:
  sourcelink sources add herald.example
  sourcelink sources add https://herald.example/politics/ --id herald-politics --yes
  sourcelink sources add https://herald.example/ --dry-run --json`,
    )
    .action(act((terminal, url: string, options: Options) => add(terminal, url, options)));
}

async function add(terminal: Terminal, given: string, options: Options): Promise<ExitCode> {
  const setup = readSetup(terminal);
  const addresses = addressesOf(given);
  await refuseListed(setup.config.sources, addresses);
  refuseWrong(setup, options);
  if (!options.yes && !options.dryRun && !canAsk(terminal))
    throw new SourcelinkError(
      'USAGE',
      'This is not a terminal, so the question whether to write the entry cannot be asked.',
      {
        hint: 'Add --yes to write it, or --dry-run to only show it.',
      },
    );
  const file = join(setup.config.folder, 'sources.yaml');
  const before = readFileSync(file, 'utf8');
  const { looked, proposal } = await look(terminal, setup, addresses, options);
  const { nothingFound, showLooked } = await import('./sources-add-view.js');
  if (terminal.signal.aborted) {
    terminal.note('Stopped; nothing was written.');
    return 1;
  }
  if (proposal === null) return nothingFound(terminal, looked);
  await refuseListed(setup.config.sources, [looked.url, ...[proposal.entry['feeds'] ?? []].flat().map(String)]);
  refuseInvalid(proposal);
  const after = appendEntries(before, [proposal]);
  showLooked(terminal, looked, proposal, entryLines([proposal]));
  const where = `${file} as \`${String(proposal.entry['id'])}\``;
  const write = !options.dryRun && (options.yes || (await confirm(terminal, `Add it to ${where}?`)));
  if (write) replaceFile(file, before, after);
  const { entry, categories, perDay, newest } = proposal;
  terminal.result({ added: write, file, entry, categories, perDay, newest, ...(await resultOf(looked)) });
  terminal.print(write ? `Added to ${where}.` : 'Nothing was written.');
  if (write) terminal.print(`Next: \`sourcelink run --source ${String(entry['id'])}\``);
  return write || options.dryRun ? 0 : 1;
}

/** A host without a scheme is asked by HTTPS first. @throws USAGE */
function addressesOf(given: string): string[] {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(given);
  const written = full ? [given] : [`https://${given}`, `http://${given}`];
  return written.map((address) => {
    const url = URL.canParse(address) ? new URL(address) : null;
    if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.hostname !== '') {
      url.hash = '';
      return url.href;
    }
    throw new SourcelinkError('USAGE', `${given} is not the address of a web page.`, {
      hint: 'Write it as https://herald.example/ or herald.example.',
    });
  });
}

/** @throws USAGE when one of the addresses is a source's home page or feed */
async function refuseListed(sources: Source[], addresses: string[]): Promise<void> {
  const { listedAs } = await import('../workers/outlets/known.js');
  const listed = listedAs(sources, addresses);
  if (listed === null) return;
  throw new SourcelinkError('USAGE', `${listed.address} is already listed as \`${listed.id}\`.`, {
    hint: `\`sourcelink sources check ${listed.id}\` checks it. To add another section of the outlet, name the address of that section.`,
  });
}

/** @throws USAGE for what can be known before anybody is asked */
function refuseWrong({ config }: Setup, { id, category, every }: Options): void {
  if (id !== undefined && config.sources.some((s) => s.id === id))
    throw new SourcelinkError('USAGE', `A source \`${id}\` already exists.`, { hint: 'Choose another --id.' });
  if (category !== undefined && !config.categories.some((c) => c.path === category))
    throw new SourcelinkError('USAGE', `\`${category}\` is not a category.`, {
      hint: `Name a path of categories.yaml, such as ${config.categories[0]?.path ?? 'world'}.`,
    });
  const fields = SourceEntry.pick({ id: true, every: true }).partial().safeParse({ id, every });
  const [issue] = fields.error?.issues ?? [];
  if (issue) throw new SourcelinkError('USAGE', `--${String(issue.path[0])}: ${issue.message}`);
}

function refuseInvalid({ entry }: Proposal): void {
  const [issue] = SourceEntry.safeParse(entry).error?.issues ?? [];
  if (issue)
    throw new SourcelinkError('CONFIG_INVALID', `${issue.path.join('.')} of the entry: ${issue.message}`, {
      hint: 'Add the entry by hand; `--dry-run` prints it.',
    });
}

/** Looks at the first address that answers. `proposal` is null when no article was found. */
async function look(
  terminal: Terminal,
  { env, config }: Setup,
  addresses: string[],
  options: Options,
): Promise<{ looked: Looked; proposal: Proposal | null }> {
  const [{ lookAt }, { propose }, { createClassifier }, { createExtractorPool }] = await Promise.all([
    import('../workers/outlets/look.js'),
    import('../workers/outlets/propose.js'),
    import('../analysis/categories/classify.js'),
    import('../extractors/pool/pool.js'),
  ]);
  const { settings } = config;
  const network = await openNetwork(terminal, env, settings);
  const { deadline: deadlineMs, heapMb } = settings.extract;
  const extractor = createExtractorPool({ threads: 2, deadlineMs, heapMb });
  const meter = terminal.meter('Look');
  const deps = { ...network, settings, extractor, signal: terminal.signal, now: () => new Date() };
  try {
    let looked: Looked | null = null;
    let defaultEvery: Source['every'] | null = null;
    for (const url of addresses) {
      // The page's own wishes are to be seen, so nothing is held back by a setting.
      const entry = SourceEntry.parse({ id: 'new', name: new URL(url).hostname, url, republish: 'full' });
      const source = resolveSource(entry, config.defaults);
      defaultEvery = source.cron === null ? source.every : null;
      looked = await lookAt(source, options.articles, deps, (text, done, all) =>
        meter.update({ done, all, text, data: { done, all, text } }),
      );
      if (looked.seen.found.length > 0 || !NO_HTTPS.includes(looked.seen.problems[0]?.error.code ?? '')) break;
    }
    if (looked === null) throw new SourcelinkError('USAGE', 'No address was given.');
    if (looked.seen.found.length === 0) return { looked, proposal: null };
    const taken = new Set(config.sources.map((s) => s.id));
    const classifier = createClassifier(config.categories, settings.categorize);
    return { looked, proposal: propose(looked, { taken, chosen: options, classifier, defaultEvery }) };
  } finally {
    meter.end();
    await Promise.allSettled([network.close(), extractor.close()]);
  }
}

async function resultOf({ seen, sampled }: Looked) {
  const { fillRates } = await import('../workers/outlets/sample.js');
  return { found: seen.found.length, how: seen.how, fill: fillRates(sampled) };
}

/** Reads how many articles of an outlet to fetch, as an option says it. */
export function fewArticles(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 0 || n > 50) throw new InvalidArgumentError('Write a whole number from 0 to 50.');
  return n;
}
