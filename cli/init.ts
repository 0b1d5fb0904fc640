import { copyFileSync, constants as fs, mkdirSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { readEnv } from '../config/env.js';
import { SourcelinkError } from '../config/errors.js';
import { shippedFolder } from '../config/shipped.js';
import type { Act, ExitCode, Terminal } from './terminal.js';

/** `sourcelink init`: a starting configuration. */
export function initCommand(program: Command, act: Act): void {
  program
    .command('init')
    .description('Write a starting configuration. Existing files are not changed.')
    .argument('[dir]', 'folder to write into (default: SOURCELINK_CONFIG, or ./config)')
    .option('--json', 'print the names of the files as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  sourcelink init
  sourcelink init /etc/sourcelink`,
    )
    .action(act((terminal, dir: string | undefined) => init(terminal, dir)));
}

async function init(terminal: Terminal, dir: string | undefined): Promise<ExitCode> {
  const usual = readEnv(terminal.env).configDir;
  const folder = dir ?? usual;
  const shipped = shippedFolder();
  const written: string[] = [];
  const kept: string[] = [];
  try {
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(shipped).filter((n) => /\.(?:yaml|schema\.json)$/.test(n)))
      (copyNew(join(shipped, name), join(folder, name)) ? written : kept).push(name);
  } catch (cause) {
    throw new SourcelinkError('CONFIG_INVALID', `Cannot write into ${folder}`, {
      cause,
      hint: 'Name a folder that this user may write into.',
    });
  }
  terminal.result({ folder: resolve(folder), written, kept });
  for (const name of written) terminal.print(`${terminal.style('green', 'written')}  ${join(folder, name)}`);
  for (const name of kept) terminal.print(`${terminal.style('dim', 'kept')}     ${join(folder, name)}`);
  const named = resolve(folder) === resolve(usual) ? '' : `SOURCELINK_CONFIG=${relative('.', folder) || '.'} `;
  terminal.print(`
Next:
  1. List your outlets in ${join(folder, 'sources.yaml')}; name yourself in ${join(folder, 'sourcelink.yaml')} (userAgent).
  2. ${named}sourcelink sources check   shows what is found at each outlet
  3. ${named}sourcelink run             fetches and publishes`);
  return 0;
}

/** @returns false when there is such a file already */
function copyNew(from: string, to: string): boolean {
  try {
    copyFileSync(from, to, fs.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
