import { z } from 'zod';
import { nearest } from './problems.js';

type Json = z.core.JSONSchema.BaseSchema;
type Path = readonly PropertyKey[];

/** What a schema allows at each place of a file. */
export class Outline {
  readonly #root: Json;
  constructor(schema: z.ZodType) {
    this.#root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  }

  /** Names of the fields allowed at `path`. */
  fields(path: Path): string[] {
    return [...new Set(this.#at(path).flatMap((s) => Object.keys(s.properties ?? {})))].filter((f) => f !== '$schema');
  }

  /** The description of the field in the schema, or null. */
  description(path: Path): string | null {
    return this.#at(path).find((s) => s.description !== undefined)?.description ?? null;
  }

  #at(path: Path): Json[] {
    let here = this.#unfold(this.#root);
    for (const key of path)
      here = here.flatMap((s) => {
        const next = typeof key === 'number' ? s.items : (s.properties?.[String(key)] ?? s.additionalProperties);
        return typeof next === 'object' && !Array.isArray(next) ? this.#unfold(next) : [];
      });
    return here;
  }

  /** A schema with its reference followed and its alternatives side by side. */
  #unfold(schema: Json | boolean): Json[] {
    if (typeof schema === 'boolean') return [];
    const name = schema.$ref?.split('/').at(-1);
    const target = schema.$ref === '#' ? this.#root : name === undefined ? undefined : this.#root.$defs?.[name];
    const own = target === undefined ? [schema] : [schema, ...this.#unfold(target)];
    return [...own, ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((s) => this.#unfold(s))];
  }
}

export type Explained = { path: Path; at: 'key' | 'value'; what: string; hint: string };

const TYPES: Record<string, { name: string; hint: string }> = {
  string: { name: 'text', hint: 'write text, in quotes when it looks like a number' },
  number: { name: 'a number', hint: 'write a number without quotes' },
  int: { name: 'a whole number', hint: 'write a whole number without quotes' },
  boolean: { name: 'true or false', hint: 'write true or false without quotes' },
  array: { name: 'a list', hint: 'write a list: [first, second], or a line with a dash for each' },
  object: { name: 'a mapping', hint: 'write fields below it, each as name: value' },
  record: { name: 'a mapping', hint: 'write fields below it, each as name: value' },
};

/** Translates a schema error into words for the author of the file. `hidden`: the value may be a secret and is not shown. */
export function explain(issue: z.core.$ZodIssue, value: unknown, hidden: boolean, outline: Outline): Explained[] {
  const path = issue.path;
  const one = (what: string, hint: string, at: 'key' | 'value' = 'value'): Explained[] => [{ path, at, what, hint }];
  const shown = hidden ? 'the value' : show(value);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const known = outline.fields(path);
        const meant = nearest(key, known);
        const hint = meant === null ? `remove it; known here: ${known.join(', ')}` : `did you mean "${meant}"?`;
        return { path: [...path, key], at: 'key', what: 'unknown field', hint };
      });
    case 'invalid_type': {
      if (value === undefined) {
        const purpose = outline.description(path);
        return one('is missing', `add it${purpose === null ? '' : `: ${purpose.replace(/\.$/, '')}`}`);
      }
      const wanted = TYPES[issue.expected] ?? { name: issue.expected, hint: `write ${issue.expected}` };
      const hint = ownMessage(issue.message) ?? wanted.hint;
      if (value === null) return one('is empty', `${hint}, or remove the line`, 'key');
      return one(
        ownMessage(issue.message) === null
          ? `${shown} is ${kind(value)}, not ${wanted.name}`
          : `${shown} is not understood`,
        hint,
      );
    }
    case 'invalid_value': {
      const values = issue.values.map(String);
      const meant = hidden ? null : nearest(String(value), values);
      const hint =
        meant === null ? `write ${values.join(', ')}`.replace(/, ([^,]*)$/, ' or $1') : `did you mean "${meant}"?`;
      return value === undefined
        ? one('is missing', hint)
        : one(`${shown} is not ${values.length === 1 ? 'allowed here' : `one of ${values.join(', ')}`}`, hint);
    }
    case 'invalid_format':
      return one(`${shown} is not understood`, ownMessage(issue.message) ?? 'correct it');
    case 'too_small':
      if (issue.origin === 'string' || issue.origin === 'array')
        return one(
          issue.minimum === 1 ? 'is empty' : `${shown} is too short`,
          ownMessage(issue.message) ?? atLeast(issue),
        );
      return one(`${shown} is too small`, `write ${issue.minimum} or more`);
    case 'too_big':
      return one(`${shown} is too large`, `write ${issue.maximum} or less`);
    case 'invalid_union':
      if ('discriminator' in issue && 'options' in issue && Array.isArray(issue.options)) {
        const options = issue.options.map(String);
        const meant = typeof value === 'string' ? nearest(value, options) : null;
        const hint = meant === null ? `write one of ${options.join(', ')}` : `did you mean "${meant}"?`;
        return one(value === undefined ? 'is missing' : `${shown} is not one of ${options.join(', ')}`, hint);
      }
      return one(`${shown} is not understood`, outline.description(path) ?? 'see the documentation of this field');
    case 'invalid_key':
      return one(
        'is not a valid name here',
        issue.issues.map((i) => ownMessage(i.message) ?? i.message).join('; '),
        'key',
      );
    case 'custom': {
      const hint: unknown = issue.params?.['hint'];
      const advice = typeof hint === 'string' ? hint : (outline.description(path) ?? 'correct it');
      // A message may quote part of the value (a protocol, the place in a pattern), so a secret's is not repeated.
      return hidden ? one('the value is not valid', advice) : one(`${shown} ${issue.message}`, advice);
    }
    default:
      return one(hidden ? 'the value is not valid' : `${shown}: ${issue.message}`, 'correct it');
  }
}

/** The message that our schema set, or null where zod generated one. */
const ownMessage = (message: string): string | null =>
  /^(Invalid|Too (small|big)|Unrecognized|Expected)/.test(message) ? null : message;

const atLeast = (issue: z.core.$ZodIssueTooSmall): string =>
  issue.minimum === 1 ? 'write something, or remove the line' : `write at least ${issue.minimum} characters`;

const kind = (value: unknown): string =>
  Array.isArray(value)
    ? 'a list'
    : typeof value === 'object'
      ? 'a mapping'
      : typeof value === 'string'
        ? 'text'
        : typeof value === 'boolean'
          ? 'true or false'
          : typeof value === 'number' && !Number.isInteger(value)
            ? 'a fraction'
            : 'a number';

function show(value: unknown): string {
  if (typeof value === 'object' && value !== null) return 'the value';
  const text = (JSON.stringify(value) ?? 'the value').replace(/\/\/[^/@\s]*@/, '//…@');
  return text.length > 60 ? `${text.slice(0, 56)} …"` : text;
}
