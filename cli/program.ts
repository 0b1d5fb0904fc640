import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { SourcelinkError } from '../config/errors.js';
import { COMMANDS } from './commands.js';
import { type Act, type ExitCode, type Surroundings, Terminal } from './terminal.js';

/** Runs one command line. @returns 0 done, 1 failed, 2 wrong usage or configuration */
export async function main(argv: readonly string[], to: Surroundings): Promise<ExitCode> {
  let code: ExitCode = 0;
  const json = argv.includes('--json');
  const terminal = new Terminal(to, json);
  const act: Act = (action) => {
    return async (...args) => {
      code = await action(terminal, ...args);
    };
  };
  const program = new Command('sourcelink')
    .description('A self-hosted news wire: outlets in, attributed articles out.')
    .version(version())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => to.stdout.write(text),
      writeErr: (text) => to.stderr.write(text),
      outputError: (text) => terminal.error(new SourcelinkError('USAGE', text.replace(/^error:\s*/, '').trim())),
      getOutHelpWidth: () => (to.stdout.isTTY ? (to.stdout.columns ?? 80) : 100),
      getErrHelpWidth: () => (to.stderr.isTTY ? (to.stderr.columns ?? 80) : 100),
      getOutHasColors: () => false,
    })
    .addHelpText('after', START_HERE);
  const wanted = commandOf(argv);
  for (const { name, summary, load } of COMMANDS) {
    if (name === wanted) (await load())(program, act);
    else program.command(name).description(summary);
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    terminal.error(error);
    return error instanceof SourcelinkError && /^(?:CONFIG_|USAGE)/.test(error.code) ? 2 : 1;
  }
}

/** The command that a command line names, also behind `help`; undefined for none. */
function commandOf(argv: readonly string[]): string | undefined {
  const [first, second] = argv.filter((word) => !word.startsWith('-'));
  return first === 'help' ? second : first;
}

const START_HERE = `
Start here:
  sourcelink demo          watch the whole pipeline at work, without setup or network
  sourcelink init          write a starting configuration into ./config
  sourcelink run           make one pass over all sources, then exit (for cron)
  sourcelink start         keep running, and visit each source on its schedule

Every command explains its options with --help. --json prints results for programs.
Exit codes: 0 success, 1 failure, 2 wrong usage or configuration.`;

/** Of the package, whether this runs from TypeScript or from `dist/`. */
function version(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (; dirname(folder) !== folder; folder = dirname(folder)) {
    try {
      const read: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      if (typeof read === 'object' && read !== null && 'version' in read) return String(read.version);
    } catch {
      // Not here: one folder up.
    }
  }
  return 'unknown';
}
