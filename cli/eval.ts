import { existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Argument, type Command, Option } from 'commander';
import { readEnv } from '../config/env.js';
import { codeOf, SourcelinkError } from '../config/errors.js';
import { type Config, loadConfig } from '../config/load.js';
import { shippedFolder } from '../config/shipped.js';
import { wholeNumber } from './arguments.js';
import { showExtraction, showMetadata } from './eval-pages.js';
import { showCategories, showDedupe, showStories } from './eval-tables.js';
import type { Act, ExitCode, Terminal } from './terminal.js';

type Options = {
  outputs?: string;
  html?: string;
  pairs?: string;
  worst?: number;
  byOutlet?: boolean;
  half?: 'dev' | 'frozen' | 'all';
};
/** Pairs of each kind that a person is given to judge. */
const PAIRS = 50;

type Kind = 'extraction' | 'metadata' | 'dedupe' | 'categories' | 'stories';

/** Options that not every kind has. */
const ONLY: Partial<Record<keyof Options, Kind[]>> = {
  html: ['extraction', 'metadata'],
  pairs: ['dedupe'],
  worst: ['extraction', 'metadata', 'dedupe'],
  byOutlet: ['extraction', 'metadata'],
  half: ['extraction', 'metadata'],
};

/** What a kind of evaluation comes to: its scores, and what was decided of each item. */
type Evaluated = { scores: object; outputs: unknown; show(): void; html?(): Promise<string>; pairs?: unknown[] };

/** `sourcelink eval`: how good each judgement is, on a labelled set. */
export function evalCommand(program: Command, act: Act): void {
  program
    .command('eval')
    .description('Score extraction, metadata, dedupe, categories or stories on a labelled set.')
    .addArgument(new Argument('<kind>', 'what to score').choices(Object.keys(KINDS)))
    .argument('<dir>', 'folder of the labelled set')
    .option('--outputs <file>', 'write the decision on each item to this file, as JSON')
    .option('--html <file>', 'extraction, metadata: write an HTML report with charts')
    .option('--pairs <file>', 'dedupe: write up to fifty duplicate and fifty related pairs for a person to judge')
    .option('--worst <n>', 'extraction, metadata, dedupe: show the worst items', wholeNumber)
    .option('--by-outlet', 'extraction, metadata: use what was learned from the other pages of the same outlet')
    .addOption(
      new Option(
        '--half <half>',
        'extraction, metadata: which half of the pages, by the SHA-256 of their ids; all by default',
      ).choices(['dev', 'frozen', 'all']),
    )
    .option('--json', 'print the scores as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  sourcelink eval extraction sets/extraction --half dev --worst 5
  sourcelink eval metadata sets/extraction/mine --html report.html
  sourcelink eval dedupe sets/dedupe --json --outputs links.json`,
    )
    .action(act((terminal, kind: Kind, dir: string, options: Options) => evaluate(terminal, kind, dir, options)));
}

async function evaluate(terminal: Terminal, kind: Kind, dir: string, options: Options): Promise<ExitCode> {
  if (!existsSync(dir))
    throw new SourcelinkError('USAGE', `There is no folder ${dir}.`, { hint: 'Name the folder of a labelled set.' });
  for (const [option, kinds] of Object.entries(ONLY)) {
    if (!(option in options) || kinds.includes(kind)) continue;
    const flag = `--${option.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
    throw new SourcelinkError('USAGE', `\`eval ${kind}\` has no ${flag}.`, { hint: `It is for ${kinds.join(', ')}.` });
  }
  // Said before the work, not after it.
  for (const file of [options.outputs, options.html, options.pairs]) {
    if (file === undefined || existsSync(dirname(file))) continue;
    throw new SourcelinkError('USAGE', `Cannot write ${file}: there is no folder ${dirname(file)}.`, {
      hint: 'Create the folder, or name another file.',
    });
  }
  let found: Evaluated;
  try {
    found = await KINDS[kind](terminal, dir, configOf(terminal), options);
  } catch (error) {
    if (!terminal.signal.aborted) throw error;
    terminal.result({ kind, dir, interrupted: true });
    terminal.note('Stopped before the end: there are no scores.');
    return 1;
  }
  const { scores, outputs, show, html, pairs } = found;
  if (options.outputs !== undefined) write(options.outputs, `${JSON.stringify(outputs)}\n`);
  if (options.html !== undefined && html) write(options.html, await html());
  if (options.pairs !== undefined && pairs) write(options.pairs, pairs.map((p) => `${JSON.stringify(p)}\n`).join(''));
  terminal.result({ kind, dir, ...scores });
  show();
  if (options.outputs !== undefined) terminal.note(`The decision on each item is in ${options.outputs}.`);
  if (options.html !== undefined) terminal.note(`The report is in ${options.html}; open it in a browser.`);
  if (options.pairs !== undefined)
    terminal.note(`The pairs are in ${options.pairs}, one per line; they quote texts of the set.`);
  return 0;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new SourcelinkError('USAGE', `Cannot write ${file}`, { cause, hint: 'Name another file.' });
  }
}

/** The operator's configuration, else the shipped one: a set can be scored anywhere. */
function configOf(terminal: Terminal): Config {
  try {
    return loadConfig(readEnv(terminal.env), terminal.env);
  } catch (error) {
    if (codeOf(error) !== 'CONFIG_MISSING') throw error;
    return loadConfig({ configDir: shippedFolder() }, {});
  }
}

type Score = (terminal: Terminal, dir: string, config: Config, options: Options) => Promise<Evaluated>;

const KINDS: Record<Kind, Score> = {
  async extraction(terminal, dir, config, options) {
    const [{ evaluateExtraction }, { extractionReport }] = await Promise.all([
      import('../evaluate/extraction.js'),
      import('../evaluate/report/extraction-report.js'),
    ]);
    const found = await reading(terminal, 'Extraction', (onPage) =>
      evaluateExtraction(dir, { ...pageOptions(terminal, config, options), onPage }),
    );
    const show = () => showExtraction(terminal, asked(found.scores, options));
    return { ...found, show, html: () => extractionReport(found) };
  },
  async metadata(terminal, dir, config, options) {
    const [{ evaluateMetadata }, { metadataReport }] = await Promise.all([
      import('../evaluate/metadata.js'),
      import('../evaluate/report/metadata-report.js'),
    ]);
    const found = await reading(terminal, 'Metadata', (onPage) =>
      evaluateMetadata(dir, { ...pageOptions(terminal, config, options), onPage }),
    );
    const show = () => showMetadata(terminal, asked(found.scores, options));
    return { ...found, show, html: () => metadataReport(found.scores) };
  },
  async dedupe(terminal, dir, { settings: { dedupe: d } }, options) {
    const { evaluateDedupe } = await import('../evaluate/dedupe.js');
    const { report, items, pairs } = await terminal.while('Comparing …', () =>
      evaluateDedupe(dir, {
        windowMs: d.window,
        duplicate: d.duplicate,
        related: d.related,
        examples: options.worst ?? 0,
      }),
    );
    return { scores: report, outputs: items, show: () => showDedupe(terminal, report), pairs: pairs(PAIRS) };
  },
  async categories(terminal, dir, { categories }) {
    const { evaluateCategories } = await import('../evaluate/categories.js');
    const { report, items } = await terminal.while('Filing …', async () => evaluateCategories(dir, { categories }));
    return { scores: report, outputs: items, show: () => showCategories(terminal, report) };
  },
  async stories(terminal, dir) {
    const { evaluateStories } = await import('../evaluate/stories.js');
    const { report, items } = await terminal.while('Grouping …', async () => evaluateStories(dir));
    return { scores: report, outputs: items, show: () => showStories(terminal, report) };
  },
};

/** Worst pages in a report when nobody says how many. */
const WORST_IN_REPORT = 20;

function pageOptions(terminal: Terminal, { sources, settings }: Config, options: Options) {
  return {
    sources,
    settings,
    fetchedAt: new Date(),
    signal: terminal.signal,
    half: options.half ?? 'all',
    byOutlet: options.byOutlet ?? false,
    worst: options.worst ?? (options.html === undefined ? 0 : WORST_IN_REPORT),
  };
}

/** On the terminal stand only those of the worst pages that were asked for. */
const asked = <T extends { worst: unknown[] }>(scores: T, { worst }: Options): T =>
  worst === undefined ? { ...scores, worst: [] } : scores;

async function reading<T>(
  terminal: Terminal,
  what: string,
  run: (onPage: (done: number, all: number) => void) => Promise<T>,
): Promise<T> {
  const meter = terminal.meter(what);
  try {
    return await run((done, all) => meter.update({ done, all, text: `${done} of ${all} pages`, data: { done, all } }));
  } finally {
    meter.end();
  }
}
