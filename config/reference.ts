import { z } from 'zod';
import { markdownTable } from '../text/markdown.js';
import { CategoriesFile } from './categories.js';
import { Settings } from './settings.js';
import { resolveSource, SourceEntry, SourcesFile } from './sources.js';
import { duration, interval, size } from './values.js';

/** The parts of JSON Schema that the configuration's schemas come out as. */
type Schema = {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string | string[];
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
};

/** One line of a table: a key with its whole path. */
export type Field = { path: string; type: string; fallback: string; description: string };

const asInput = (schema: z.ZodType): Schema => z.toJSONSchema(schema, { io: 'input' }) as Schema;

const PATTERNS = new Map([
  [asInput(duration).pattern, 'duration'],
  [asInput(interval).pattern, 'interval'],
  [asInput(size).pattern, 'size'],
]);

/** docs/settings.md: every key of the three configuration files, taken from their schemas. */
export function settingsPage(): string {
  return `<!-- Written by \`npm run docs\` from the schemas in config/. Change them, not this file. -->
# Settings

Three files in the configuration folder (\`SOURCELINK_CONFIG\`, default \`./config\`). Only \`sources.yaml\` is required.
If a file is wrong, nothing runs: an error names the file, the line and the field, and says what to write instead.

- A **duration** is written \`30s\`, \`15m\`, \`2h\`, \`7d\`, or combined: \`1h30m\`.
- An **interval** is a duration, two of them as bounds (\`10m..12h\`), or \`auto\`, which is \`5m..6h\`: within bounds the
  outlet's own rhythm decides ([operator's guide](operators-guide.md#when-to-look)).
- A **size** is written \`500KB\` or \`8MB\`.
- \`\${NAME}\` inside a value is replaced by that environment variable, so that no file needs to contain a secret.

## \`sources.yaml\`: the outlets

${tableOf(fieldsOf(SourcesFile).map(withProgramDefault))}

## \`sourcelink.yaml\`: everything else

This file is optional: every setting has a default.

${tableOf(fieldsOf(Settings))}

## \`categories.yaml\`: your tree of categories

The path of a category joins the \`id\` of each parent and its own: \`white-house-news/us-foreign-policy\`.
Subcategories have the same keys as their parents and can be nested to any depth.

${tableOf(fieldsOf(CategoriesFile))}
`;
}

/** Adds the default that `resolveSource` applies when neither the source nor `defaults` sets a value. */
function withProgramDefault(field: Field): Field {
  const [, at, key] = /^(defaults|sources\[\])\.(\w+)$/.exec(field.path) ?? [];
  const bare = resolveSource(SourceEntry.parse({ id: 'example', name: 'Example', url: 'https://example.org/' }));
  const { delayMs, republish, render, concurrency } = bare;
  const program: Record<string, unknown> = {
    every: 'auto',
    delay: shown(delayMs),
    republish,
    render,
    concurrency,
  };
  if (key === undefined || !(key in program)) return field;
  return { ...field, fallback: at === 'defaults' ? `\`${program[key]}\`` : `\`defaults.${key}\`` };
}

const shown = (ms: number): string =>
  ms % 60_000 === 0 ? `${ms / 60_000}m` : ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;

function tableOf(fields: Field[]): string {
  return markdownTable(
    ['Key', 'Value', 'Default', 'Meaning'],
    fields.map((f) => [`\`${f.path}\``, f.type, f.fallback, f.description]),
  );
}

/** All keys of a schema, parents before children. A recursive schema is expanded once. */
export function fieldsOf(schema: z.ZodType): Field[] {
  const root = asInput(schema);
  const resolve = (s: Schema): Schema => (s.$ref ? { ...root.$defs?.[s.$ref.split('/').at(-1) ?? ''], ...s } : s);
  const opened = (s: Schema, open: string[]): string[] => (s.$ref ? [...open, s.$ref] : open);

  const walk = (object: Schema, path: string, open: string[]): Field[] =>
    Object.entries(object.properties ?? {}).flatMap(([key, value]) => {
      if (key === '$schema') return [];
      const required = object.required?.includes(key) ?? false;
      return fieldsAt(value, path === '' ? key : `${path}.${key}`, required, open);
    });

  const fieldsAt = (raw: Schema, path: string, required: boolean, open: string[]): Field[] => {
    const s = resolve(raw);
    const own: Field = {
      path,
      type: typeOf(s, resolve),
      fallback: required ? '**required**' : defaultOf(s),
      description: s.description ?? '',
    };
    // What is an object or null has the object's keys.
    const object = s.properties ? s : s.anyOf?.map(resolve).find((v) => v.properties);
    if (object) {
      const below = walk(object, path, opened(raw, open));
      return own.description === '' ? below : [own, ...below];
    }
    if (s.items) {
      if (s.items.$ref && open.includes(s.items.$ref)) return [own];
      const below = walk(resolve(s.items), `${path}[]`, opened(s.items, open));
      return own.description === '' && below.length > 0 ? below : [own, ...below];
    }
    if (typeof s.additionalProperties === 'object') {
      const value = resolve(s.additionalProperties);
      const variants = value.oneOf ?? value.anyOf ?? [value];
      return [own, ...variants.flatMap((v) => walk(resolve(v), `${path}.<name>`, open).map((f) => ofVariant(f, v)))];
    }
    return [own];
  };
  return walk(root, '', []);
}

/** Marks a key that exists in one `type` of entry only. */
function ofVariant(field: Field, variant: Schema): Field {
  const type = variant.properties?.['type']?.const;
  if (type === undefined || field.path.endsWith('.type')) return field;
  return { ...field, description: `${field.description} Only for \`type: ${String(type)}\`.`.trim() };
}

function typeOf(s: Schema, resolve: (s: Schema) => Schema): string {
  if (s.const !== undefined) return s.const === '' ? 'empty' : `\`${String(s.const)}\``;
  if (s.enum) return s.enum.map((v) => `\`${String(v)}\``).join(', ');
  const variants = Array.isArray(s.type) ? s.type.map((type) => ({ ...s, type })) : (s.anyOf ?? s.oneOf);
  if (variants) return [...new Set(variants.map((v) => typeOf(resolve(v), resolve)))].join(' or ');
  if (s.items) return `list of ${PLURAL[typeOf(resolve(s.items), resolve)] ?? 'values'}`;
  if (s.type === 'object') return s.properties ? 'object' : 'map';
  if (s.pattern !== undefined && PATTERNS.has(s.pattern)) return PATTERNS.get(s.pattern) ?? '';
  if (s.format !== undefined && s.format in FORMATS) return FORMATS[s.format] ?? '';
  if (s.type === 'string') return 'text';
  if (s.type === 'boolean') return '`true`, `false`';
  if (s.type === 'null') return '`null`';
  return `${s.type === 'integer' ? 'whole number' : 'number'}${rangeOf(s)}`;
}

const FORMATS: Record<string, string> = { uri: 'URL', uuid: 'UUID', 'date-time': 'date and time' };

const PLURAL: Record<string, string> = { text: 'texts', URL: 'URLs', object: 'objects' };

function rangeOf({ minimum, maximum }: Schema): string {
  const least = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : null;
  const most = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : null;
  if (least !== null && most !== null) return `, ${least} to ${most}`;
  if (least !== null) return `, at least ${least}`;
  return most === null ? '' : `, at most ${most}`;
}

function defaultOf({ default: d }: Schema): string {
  if (d === undefined) return '';
  if (typeof d !== 'object') return `\`${String(d)}\``;
  return d === null ? '`null`' : `\`${JSON.stringify(d)}\``;
}
