import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { messageOf, SourcelinkError } from '../config/errors.js';

/** Which pages of a set: rules may be made from those of the `dev` half, the `frozen` half shows whether they hold. */
export type Half = 'dev' | 'frozen' | 'all';

/** What is known to be true of a page; a field that the set does not give is absent. */
export type Truth = { url: string; body: string; title?: string; authors?: string[]; date?: string; charset?: string };

export type LabelledPage = { id: string; truth: Truth; file: string };

export type LabelledSet = {
  name: string;
  pages: LabelledPage[];
  /** Pages in the folder, of either half, that truth.json does not name. */
  unlabelled: string[];
};

/** Wrong entries that are named; the rest is counted. */
const NAMED = 5;
const FORM = 'docs/evaluate.md tells the form of a set.';

const url = z.string().refine((s) => URL.canParse(s) && /^https?:/i.test(s), 'write it in full: https://example.org/a');
const day = z.string().regex(/^\d{4}-\d\d-\d\d/, 'write it as YYYY-MM-DD');
const charset = z.string().refine(isEncoding, 'name an encoding: utf-8, windows-1251');
const TruthFile = z.record(
  z.string().regex(/^(?!\.{1,2}$)[^/\\]+$/, 'an id is the name of a file, without a slash'),
  z.object({
    url,
    body: z.string(),
    title: z.string().nullish(),
    authors: z.array(z.string()).nullish(),
    date: day.nullish(),
    charset: charset.nullish(),
  }),
);

/** Whether a page belongs to the `dev` half: the first hexadecimal digit of the SHA-256 of its id is even. */
export const isDev = (id: string): boolean =>
  Number.parseInt(createHash('sha256').update(id).digest('hex').charAt(0), 16) % 2 === 0;

/**
 * The labelled sets at `dir`: itself when it holds truth.json, else its folders that do.
 * @throws SourcelinkError `CONFIG_MISSING`, `CONFIG_INVALID` naming file and id
 */
export function openSets(dir: string, half: Half): LabelledSet[] {
  const paths = pathsOf(dir);
  const sets = paths.map((path) => openSet(path, half));
  if (sets.every((s) => s.pages.length === 0)) {
    const which = half === 'all' ? 'no page' : `no page of the ${half} half`;
    throw new SourcelinkError('CONFIG_INVALID', `${paths.map((p) => join(p, 'truth.json')).join(', ')}: ${which}`, {
      hint: half === 'all' ? `Label some pages; ${FORM}` : 'Label more pages, or leave out --half.',
    });
  }
  return sets;
}

/** The page as it was fetched. @throws when its file is broken */
export function bytesOf(page: LabelledPage): Uint8Array {
  const bytes = readFileSync(page.file);
  return page.file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

function pathsOf(dir: string): string[] {
  if (existsSync(join(dir, 'truth.json'))) return [dir];
  const below = existsSync(dir) ? readdirSync(dir, { withFileTypes: true }) : [];
  const sets = below.filter((d) => d.isDirectory() && existsSync(join(dir, d.name, 'truth.json')));
  if (sets.length > 0) return sets.map((d) => join(dir, d.name)).sort();
  throw new SourcelinkError('CONFIG_MISSING', `${dir} holds no labelled pages: truth.json is missing.`, {
    hint: `Name a folder with truth.json and pages/, or one that holds such folders; ${FORM}`,
  });
}

function openSet(path: string, half: Half): LabelledSet {
  const truths = readTruths(join(path, 'truth.json'));
  const folder = join(path, 'pages');
  const files = new Set(existsSync(folder) ? readdirSync(folder) : []);
  const fileOf = (id: string) => [`${id}.html.gz`, `${id}.html`].find((name) => files.has(name));
  const lost = truths.map(([id]) => id).filter((id) => fileOf(id) === undefined);
  if (lost.length > 0) {
    const named = lost.slice(0, NAMED).map((id) => `pages/${id}.html.gz`);
    throw new SourcelinkError('CONFIG_INVALID', `${path}: ${enumerated(named, lost.length)} missing`, {
      hint: 'Add the page (.html.gz or .html), or take its id out of truth.json.',
    });
  }
  const ids = new Set(truths.map(([id]) => id));
  const there = [...files].filter((f) => /\.html(?:\.gz)?$/.test(f)).map((f) => f.replace(/\.html(?:\.gz)?$/, ''));
  return {
    name: basename(resolve(path)),
    pages: truths
      .filter(([id]) => half === 'all' || isDev(id) === (half === 'dev'))
      .map(([id, truth]) => ({ id, truth, file: join(folder, fileOf(id) ?? '') })),
    unlabelled: there.filter((id) => !ids.has(id)).sort(),
  };
}

function readTruths(file: string): [string, Truth][] {
  const text = readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  let written: unknown;
  try {
    written = JSON.parse(text);
  } catch (cause) {
    const at = /position (\d+)/.exec(messageOf(cause))?.[1];
    const line = at === undefined ? '' : `:${text.slice(0, Number(at)).split('\n').length}`;
    throw new SourcelinkError('CONFIG_INVALID', `${file}${line} is no JSON`, { cause });
  }
  const truths = TruthFile.safeParse(written);
  if (truths.success) return Object.entries(truths.data).map(([id, page]) => [id, withoutEmpty(page)]);
  const { issues } = truths.error;
  const named = issues.slice(0, NAMED).map((i) => {
    const [id, ...field] = i.path.map(String);
    // Of a wrong key zod says only that it is one.
    const said = i.code === 'invalid_key' ? (i.issues[0]?.message ?? i.message) : i.message;
    return `${id === undefined ? '' : `\`${id}\``}${field.length > 0 ? ` ${field.join('.')}` : ''}: ${said}`;
  });
  const more = issues.length > NAMED ? `; and ${issues.length - NAMED} more` : '';
  throw new SourcelinkError('CONFIG_INVALID', `${file}: ${named.join('; ')}${more}`, {
    hint: 'Write {"id": {"url", "body", "title"?, "authors"?, "date"?, "charset"?}}.',
  });
}

function withoutEmpty({ url, body, ...rest }: z.infer<typeof TruthFile>[string]): Truth {
  const { title, authors, date, charset } = rest;
  return {
    url,
    body,
    ...(title ? { title } : {}),
    ...(authors?.length ? { authors } : {}),
    ...(date ? { date } : {}),
    ...(charset ? { charset } : {}),
  };
}

function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label) !== null;
  } catch {
    return false;
  }
}

const enumerated = (named: string[], all: number): string =>
  `${named.join(', ')}${all > named.length ? ` and ${all - named.length} more` : ''}${all === 1 ? ' is' : ' are'}`;
