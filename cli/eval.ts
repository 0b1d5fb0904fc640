import { existsSync, writeFileSync } from 'node:fs';
import { Argument, type Command, Option } from 'commander';
import { readEnv } from '../config/env.js';
import { codeOf, SourcelinkError } from '../config/errors.js';
import { type Config, loadConfig } from '../config/load.js';
import { shippedFolder } from '../config/shipped.js';
import { wholeNumber } from './articles.js';
import { showCategories, showDedupe, showExtraction, showStories } from './eval-tables.js';
import type { Act, ExitCode, Terminal } from './terminal.js';

type Options = { outputs?: string; worst?: number; byOutlet?: boolean; half: 'dev' | 'frozen' | 'all' };
type Kind = 'extraction' | 'dedupe' | 'categories' | 'stories';

/** What a kind of evaluation comes to: its scores, and what was decided of each item. */
type Evaluated = { scores: object; outputs: unknown; show(): void };

/** `sourcelink eval`: how good each judgement is, on a labelled set. */
export function evalCommand(program: Command, act: Act): void {
  program
    .command('eval')
    .description('Score extraction, dedupe, categories or stories on a labelled set.')
    .addArgument(new Argument('<kind>', 'what to score').choices(Object.keys(KINDS)))
    .argument('<dir>', 'folder of the set')
    .option('--outputs <file>', 'write what was decided of each item, as JSON')
    .option('--worst <n>', 'extraction, dedupe: show the worst items', wholeNumber)
    .option('--by-outlet', "extraction: give each page what was learned from its outlet's other pages")
    .addOption(
      new Option('--half <half>', 'extraction: which half of the pages, by the SHA-256 of their ids')
        .choices(['dev', 'frozen', 'all'])
        .default('all'),
    )
    .option('--json', 'the scores as one object')
    .addHelpText(
      'after',
      `
Examples:
  sourcelink eval extraction sets/extraction --half dev --worst 5
  sourcelink eval dedupe sets/dedupe --json --outputs links.json`,
    )
    .action(act((terminal, kind: Kind, dir: string, options: Options) => evaluate(terminal, kind, dir, options)));
}

async function evaluate(terminal: Terminal, kind: Kind, dir: string, options: Options): Promise<ExitCode> {
  if (!existsSync(dir))
    throw new SourcelinkError('USAGE', `There is no folder ${dir}.`, { mend: 'Name the folder of a labelled set.' });
  const { scores, outputs, show } = await KINDS[kind](terminal, dir, configOf(terminal), options);
  if (options.outputs !== undefined) {
    try {
      writeFileSync(options.outputs, `${JSON.stringify(outputs)}\n`);
    } catch (cause) {
      throw new SourcelinkError('USAGE', `Cannot write ${options.outputs}`, { cause, mend: 'Name another file.' });
    }
  }
  terminal.result({ kind, dir, ...scores });
  show();
  if (options.outputs !== undefined) terminal.note(`What was decided of each item stands in ${options.outputs}.`);
  return 0;
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
  async extraction(terminal, dir, _config, options) {
    const { evaluateExtraction } = await import('../workers/evaluate/extraction.js');
    const meter = terminal.meter('Extraction');
    const { outputs, ...scores } = await evaluateExtraction(dir, {
      half: options.half,
      worst: options.worst ?? 0,
      byOutlet: options.byOutlet ?? false,
      fetchedAt: new Date().toISOString(),
      onPage: (done, all) => meter.update({ done, all, text: `${done} of ${all} pages`, data: { done, all } }),
    });
    meter.end();
    return { scores, outputs, show: () => showExtraction(terminal, scores) };
  },
  async dedupe(terminal, dir, { settings: { dedupe: d } }, options) {
    const { evaluateDedupe } = await import('../workers/evaluate/dedupe.js');
    const { report, items } = await terminal.while('Comparing …', () =>
      evaluateDedupe(dir, {
        ...{ windowMs: d.window, duplicate: d.duplicate, related: d.related, examples: options.worst ?? 0 },
      }),
    );
    return { scores: report, outputs: items, show: () => showDedupe(terminal, report) };
  },
  async categories(terminal, dir, { categories }) {
    const { evaluateCategories } = await import('../workers/evaluate/categories.js');
    const { report, items } = await terminal.while('Filing …', async () => evaluateCategories(dir, { categories }));
    return { scores: report, outputs: items, show: () => showCategories(terminal, report) };
  },
  async stories(terminal, dir) {
    const { evaluateStories } = await import('../workers/evaluate/stories.js');
    const { report, items } = await terminal.while('Grouping …', async () => evaluateStories(dir));
    return { scores: report, outputs: items, show: () => showStories(terminal, report) };
  },
};
