import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { CategoriesFile, type Category, flattenCategories } from './categories.js';
import { checkCategories, checkSettings, checkSources, type Finding } from './cross-checks.js';
import { type ConfigDocument, type Flaw, readDocument } from './document.js';
import { SourcelinkError } from './errors.js';
import { explain, Outline } from './explain.js';
import { ConfigError, type Problem } from './problems.js';
import { Settings } from './settings.js';
import { shippedFolder } from './shipped.js';
import { resolveSource, type Source, type SourceDefaults, SourcesFile } from './sources.js';

/** The operator's configuration with all defaults filled in. */
export type Config = {
  sources: Source[];
  /** Of sources.yaml, which the sources have taken in already. */
  defaults: SourceDefaults;
  categories: Category[];
  settings: Settings;
  folder: string;
};

type Read<T> = { document: ConfigDocument; data: T | null; flaws: Flaw[] };

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
      hint: 'Run `sourcelink init` to write a starting configuration, or set SOURCELINK_CONFIG to the folder that contains it.',
    });
  const categories =
    readFile(join(folder, 'categories.yaml'), CategoriesFile, variables) ??
    readFile(join(shippedFolder(), 'categories.yaml'), CategoriesFile, variables);
  const settings = readFile(join(folder, 'sourcelink.yaml'), Settings, variables);

  const tree =
    categories === null ? [] : categories.data === null ? null : flattenCategories(categories.data.categories);
  const problems = [
    ...problemsOf(sources, (value) => checkSources(value, tree), join(folder, 'sources.yaml')),
    ...problemsOf(categories, checkCategories, join(folder, 'categories.yaml')),
    ...problemsOf(settings, (value) => checkSettings(value, tree), join(folder, 'sourcelink.yaml')),
  ];
  if (problems.length > 0 || sources.data === null) throw new ConfigError(problems);
  const { defaults = {} } = sources.data;
  return {
    sources: sources.data.sources.map((entry) => resolveSource(entry, defaults)),
    defaults,
    categories: tree ?? [],
    settings: settings?.data ?? Settings.parse({}),
    folder,
  };
}

/** Null when the file does not exist. Any other read error becomes a problem of that file. */
function readFile<S extends z.ZodType>(
  path: string,
  schema: S,
  variables: NodeJS.ProcessEnv,
): Read<z.output<S>> | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
    return readText(text, schema, variables);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === null) throw error;
    const [what, hint] =
      code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
        ? ['is not UTF-8 text', 'save it as UTF-8']
        : [`cannot be read (${String(code)})`, 'check that it is a file that this user may read'];
    return { document: readDocument('', variables), data: null, flaws: [{ ...START, what, hint }] };
  }
}

/** Fields whose values are never shown. */
const SECRET_FIELDS = new Set<PropertyKey>([
  'headers',
  'proxy',
  'secrets',
  'applicationPassword',
  'secretAccessKey',
  'smtp',
]);

const START = { line: 1, column: 1, path: [] };

function readText<S extends z.ZodType>(text: string, schema: S, variables: NodeJS.ProcessEnv): Read<z.output<S>> {
  const document = readDocument(text, variables);
  const flaws = [...document.flaws];
  if (document.value === undefined) return { document, data: null, flaws };
  // A settings file that holds only comments means the defaults, as an absent one does.
  const value = document.value ?? (schema.safeParse({}).success ? {} : null);
  if (value === null) {
    flaws.push({ ...START, what: 'is empty', hint: 'write what `sourcelink init` writes into a new folder' });
    return { document, data: null, flaws };
  }
  const read = schema.safeParse(value);
  if (read.success) return { document, data: read.data, flaws };
  const outline = new Outline(schema);
  for (const issue of read.error.issues) {
    const secrecy = document.secrecy(issue.path);
    // The variable that is not set has been reported; what is left of the value means nothing.
    if (secrecy === 'unset') continue;
    const hidden = secrecy === 'expanded' || issue.path.some((key) => SECRET_FIELDS.has(key));
    for (const found of explain(issue, valueAt(value, issue.path), hidden, outline))
      flaws.push({ ...document.place(found.path, found.at), ...found });
  }
  return { document, data: null, flaws };
}

/** All problems of one file, in the order of its lines. */
function problemsOf(read: Read<unknown> | null, check: (value: unknown) => Finding[], file: string): Problem[] {
  if (read === null) return [];
  const { document, flaws } = read;
  const findings = check(document.value)
    .filter((f) => document.secrecy(f.path) !== 'unset')
    .map((f) => ({ ...document.place(f.path, f.at), ...f }));
  return [...flaws, ...findings]
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .map(({ line, column, path, what, hint }) => {
      return { file, line, column, field: fieldName(path), source: sourceAt(document.value, path), what, hint };
    });
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
