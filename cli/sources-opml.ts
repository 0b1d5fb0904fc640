import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { messageOf, SourcelinkError } from '../config/errors.js';
import { readOpml } from '../config/opml.js';
import { type Merged, mergeOpml } from '../config/opml-merge.js';
import { writeOpml } from '../config/opml-sources.js';
import { replaceFile } from '../config/save.js';
import { appendEntries, readWritten, type WrittenEntry } from '../config/sources-text.js';
import { readSetup } from './open.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { count } from './wording.js';

/** `sourcelink sources import` and `export`: OPML 2.0. */
export function opmlCommands(sources: Command, act: Act): void {
  sources
    .command('import')
    .description('Add the sources of an OPML file to sources.yaml. Existing entries are not changed.')
    .argument('<file>', 'OPML file, or - for standard input')
    .option('-n, --dry-run', 'only show what would be added')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Outlines are read at any depth; folders are not kept. Invalid outlines are reported with their line, and the others are added.

Examples:
  sourcelink sources import subscriptions.opml --dry-run
  sourcelink sources import subscriptions.opml`,
    )
    .action(act((terminal, file: string, options: { dryRun?: boolean }) => importOpml(terminal, file, options)));
  sources
    .command('export')
    .description('Export all sources as OPML 2.0, with their settings in an XML namespace of Sourcelink.')
    .argument('[file]', 'file to write (default: standard output)')
    .option('-f, --force', 'replace the file if it exists')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Secrets that sources.yaml takes from the environment are not exported.

Examples:
  sourcelink sources export sources.opml
  sourcelink sources export > sources.opml`,
    )
    .action(
      act((terminal, file: string | undefined, options: { force?: boolean }) => exportOpml(terminal, file, options)),
    );
}

async function importOpml(terminal: Terminal, name: string, options: { dryRun?: boolean }): Promise<ExitCode> {
  const { config } = readSetup(terminal);
  const file = join(config.folder, 'sources.yaml');
  const before = readFileSync(file, 'utf8');
  const opml = readOpml(decoded(name), name === '-' ? 'standard input' : name);
  const merged = mergeOpml(opml, readWritten(before), terminal.env);
  const after = appendEntries(before, merged.added);
  const write = options.dryRun !== true && merged.added.length > 0;
  if (write) replaceFile(file, before, after);
  const { added, known, bad, folders, gained } = merged;
  const ids = added.map((a) => a.entry['id']);
  terminal.result({ file, written: write, added: ids, known, bad, folders, gained });
  showMerged(terminal, merged, file, write);
  return bad.length > 0 ? 1 : 0;
}

function showMerged(terminal: Terminal, merged: Merged, file: string, written: boolean): void {
  const { added, known, bad, folders, gained } = merged;
  if (added.length > 0)
    terminal.table(
      [{ head: 'added' }, { head: 'name', grow: true }, { head: 'articles from' }],
      added.map(({ entry }) => [String(entry['id']), String(entry['name']), placeOf(entry)]),
    );
  if (added.length > 0) terminal.print();
  for (const k of known) terminal.item(`line ${k.line}: ${k.name} already exists as \`${k.id}\` (${k.why})`);
  for (const b of bad) terminal.item(`${terminal.style('red', `line ${b.line}:`)} ${b.what}`, b.hint);
  if (folders > 0) terminal.item(`${count(folders, 'folder')} not kept: sources.yaml is one list`);
  if (gained.length > 0)
    terminal.item(
      `The defaults of sources.yaml apply to the new sources too: ${gained.join(', ')}.`,
      'To override them, set these fields in the entries.',
    );
  const parts = [`${known.length} existing`, `${bad.length} invalid`];
  const what = written ? `added to ${file}` : added.length > 0 ? 'would be added' : 'added';
  terminal.print(`${count(added.length, 'source')} ${what}, ${parts.join(', ')}.`);
}

function placeOf(entry: WrittenEntry): string {
  const feeds = [entry['feeds'] ?? []].flat().map(String);
  return feeds.length > 1 ? `${feeds[0]} +${feeds.length - 1}` : (feeds[0] ?? String(entry['url']));
}

/** By byte order mark, else as UTF-8, else as the XML declaration says. */
function decoded(name: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(name === '-' ? 0 : name);
  } catch (cause) {
    throw new SourcelinkError('USAGE', `Cannot read ${name}: ${messageOf(cause)}`, {
      cause,
      hint: 'Name an OPML file.',
    });
  }
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const declared = /^<\?xml[^>]*\bencoding=["']([\w.:-]+)["']/i.exec(start)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(declared, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SourcelinkError('CONFIG_INVALID', `${name} is not ${declared} text`, {
      cause,
      hint: 'Save it as UTF-8, or correct the encoding declared in its first line.',
    });
  }
}

async function exportOpml(
  terminal: Terminal,
  file: string | undefined,
  options: { force?: boolean },
): Promise<ExitCode> {
  const { config } = readSetup(terminal);
  const written = readWritten(readFileSync(join(config.folder, 'sources.yaml'), 'utf8'));
  const opml = writeOpml(written, new Date());
  const open = written.sources.filter(holdsSecret).map((s) => String(s['id']));
  if (open.length > 0 || holdsSecret(written.defaults))
    terminal.note(
      `It holds headers or a proxy's password in clear (${open.join(', ') || 'defaults'}): keep it to yourself, or move them to the environment.`,
    );
  if (file === undefined) {
    terminal.result({ file: null, sources: written.sources.length, opml });
    terminal.print(opml.trimEnd());
    return 0;
  }
  if (existsSync(file) && !options.force)
    throw new SourcelinkError('USAGE', `${file} is there already.`, { hint: 'Name another file, or say --force.' });
  try {
    writeFileSync(file, opml);
  } catch (cause) {
    throw new SourcelinkError('USAGE', `Cannot write ${file}: ${messageOf(cause)}`, {
      cause,
      hint: 'Name a file that this user may write.',
    });
  }
  terminal.result({ file, sources: written.sources.length });
  terminal.print(`${count(written.sources.length, 'source')} written to ${basename(file)}.`);
  return 0;
}

/** A header or password that is not taken from the environment. */
function holdsSecret(entry: WrittenEntry): boolean {
  const headers = typeof entry['headers'] === 'object' && entry['headers'] !== null ? entry['headers'] : {};
  const proxy = typeof entry['proxy'] === 'string' ? entry['proxy'] : '';
  return Object.values(headers).some((v) => !String(v).includes('${')) || /\/\/[^/@]*:(?!\$\{)[^/@]+@/.test(proxy);
}
