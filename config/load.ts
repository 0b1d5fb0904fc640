import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { CategoriesFile, type Category, flattenCategories } from './categories.js';
import { checkCategories, checkSettings, checkSources, type Finding } from './cross-checks.js';
import { type ConfigDocument, readDocument } from './document.js';
import { SourcelinkError } from './errors.js';
import { explain, Outline } from './explain.js';
import { ConfigError, type Problem } from './problems.js';
import { Settings } from './settings.js';
import { shippedFolder } from './shipped.js';
import { resolveSource, type Source, SourcesFile } from './sources.js';

/** Everything that the operator's folder says, with defaults for what it leaves out. */
export type Config = { sources: Source[]; categories: Category[]; settings: Settings; folder: string };

type Read<T> = { document: ConfigDocument; data: T | null; problems: Problem[] };

/**
 * Reads `sources.yaml`, `categories.yaml` (else the shipped tree) and `sourcelink.yaml` (else the defaults).
 * `variables` fill in `${NAME}`. Throws CONFIG_MISSING without a sources.yaml, and ConfigError (CONFIG_INVALID) with
 * every problem of all files at once.
 */
export function loadConfig(env: { configDir: string }, variables: NodeJS.ProcessEnv = process.env): Config {
  const folder = env.configDir;
  const sources = readFile(join(folder, 'sources.yaml'), SourcesFile, variables);
  if (sources === null)
    throw new SourcelinkError('CONFIG_MISSING', `There is no sources.yaml in ${folder}.`, {
      mend: 'Run `sourcelink init` to write a starting configuration, or name its folder in SOURCELINK_CONFIG.',
    });
  const categories =
    readFile(join(folder, 'categories.yaml'), CategoriesFile, variables) ??
    readFile(join(shippedFolder(), 'categories.yaml'), CategoriesFile, variables);
  const settings = readFile(join(folder, 'sourcelink.yaml'), Settings, variables);

  const tree =
    categories === null ? [] : categories.data === null ? null : flattenCategories(categories.data.categories);
  const problems = [
    ...complete(sources, checkSources(sources.document.value, tree), join(folder, 'sources.yaml')),
    ...(categories === null
      ? []
      : complete(categories, checkCategories(categories.document.value), join(folder, 'categories.yaml'))),
    ...(settings === null
      ? []
      : complete(settings, checkSettings(settings.document.value, tree), join(folder, 'sourcelink.yaml'))),
  ];
  if (problems.length > 0 || sources.data === null) throw new ConfigError(problems);
  const { defaults } = sources.data;
  return {
    sources: sources.data.sources.map((entry) => resolveSource(entry, defaults)),
    categories: tree ?? [],
    settings: settings?.data ?? Settings.parse({}),
    folder,
  };
}

/** Null when the file does not exist; any other failure to read it is a problem of the file. */
function readFile<S extends z.ZodType>(
  path: string,
  schema: S,
  variables: NodeJS.ProcessEnv,
): Read<z.output<S>> | null {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    const document = readDocument('', path, variables);
    const [what, mend] =
      error instanceof TypeError
        ? ['is not UTF-8 text', 'save it as UTF-8']
        : [`cannot be read (${String(code)})`, 'check that it is a file that this user may read'];
    return {
      document,
      data: null,
      problems: [{ file: path, line: 1, column: 1, field: '', source: null, what, mend }],
    };
  }
  return readText(text, path, schema, variables);
}

function readText<S extends z.ZodType>(
  text: string,
  file: string,
  schema: S,
  variables: NodeJS.ProcessEnv,
): Read<z.output<S>> {
  const document = readDocument(text, file, variables);
  const problems = document.problems.map((p) => p);
  if (document.value === undefined) return { document, data: null, problems };
  // An absent settings file means the defaults, and so does one that holds only comments.
  const value = document.value ?? (schema.safeParse({}).success ? {} : null);
  if (value === null) {
    const what = 'is empty';
    problems.push({
      file,
      line: 1,
      column: 1,
      field: '',
      source: null,
      what,
      mend: 'write at least what its comments or docs show, or remove it',
    });
    return { document, data: null, problems };
  }
  const read = schema.safeParse(value);
  if (read.success) return { document, data: read.data, problems };
  const outline = new Outline(schema);
  for (const issue of read.error.issues) {
    const secrecy = document.secrecy(issue.path);
    // The variable that is not set has been reported; what is left of the value means nothing.
    if (secrecy === 'unset') continue;
    for (const found of explain(issue, valueAt(value, issue.path), secrecy === 'expanded', outline))
      problems.push(located(found, document, file));
  }
  return { document, data: null, problems };
}

function complete(read: Read<unknown>, findings: Finding[], file: string): Problem[] {
  const all = [
    ...read.problems,
    ...findings.filter((f) => read.document.secrecy(f.path) !== 'unset').map((f) => located(f, read.document, file)),
  ];
  return all.sort((a, b) => a.line - b.line || a.column - b.column);
}

function located(found: Finding | ReturnType<typeof explain>[number], document: ConfigDocument, file: string): Problem {
  const { line, column } = document.place(found.path, found.at);
  return {
    file,
    line,
    column,
    field: fieldName(found.path),
    source: sourceAt(document.value, found.path),
    what: found.what,
    mend: found.mend,
  };
}

/** `sources[2].feeds[0]` */
function fieldName(path: readonly PropertyKey[]): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${String(key)}`)).join('');
}

function sourceAt(value: unknown, path: readonly PropertyKey[]): string | null {
  if (path[0] !== 'sources' || typeof path[1] !== 'number' || path.length < 3) return null;
  const id = valueAt(value, ['sources', path[1], 'id']);
  return typeof id === 'string' && id !== '' ? id : null;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (v, key) => (typeof v === 'object' && v !== null && Object.hasOwn(v, key) ? Reflect.get(v, key) : undefined),
    value,
  );
}
