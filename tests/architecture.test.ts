import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const FOLDERS = ['config', 'crawlers', 'extractors', 'workers', 'cli', 'site', 'demo', 'supply'];

/** What each folder may import from: the data flows one way. */
const MAY_IMPORT: Record<string, string[]> = {
  config: ['config'],
  crawlers: ['crawlers', 'config'],
  extractors: ['extractors', 'config'],
  workers: ['workers', 'extractors', 'crawlers', 'config'],
  cli: ['cli', 'workers', 'extractors', 'crawlers', 'config', 'site', 'demo'],
  site: ['site'],
  demo: ['demo'],
  supply: ['supply', 'config'],
};
/** The one file of the pipeline that the site may know. */
const CONTRACT = 'workers/contract.ts';

type Import = { from: string; to: string; line: number };

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((f) => /\.tsx?$/.test(f))
    .map((f) => join(folder, f));
}

const files = FOLDERS.filter((f) => existsSync(join(root, f))).flatMap(filesBelow);
const sources = new Map(files.map((f) => [f, readFileSync(join(root, f), 'utf8')]));

function importsOf(file: string): Import[] {
  const text = sources.get(file) ?? '';
  const found = /^(?:import|export)\b[^'";]*?\bfrom\s+'([^']+)'|\bimport\s*\(\s*'([^']+)'|^import\s+'([^']+)'/gm;
  return [...text.matchAll(found)]
    .map((m) => ({ at: m.index, name: m[1] ?? m[2] ?? m[3] ?? '' }))
    .map((m) => ({
      from: file,
      to: m.name.startsWith('.')
        ? normalize(join(dirname(file), m.name)).replace(/\.js$/, existsTs(join(dirname(file), m.name)))
        : m.name,
      line: text.slice(0, m.at).split('\n').length,
    }));
}

function existsTs(target: string): string {
  return sources.has(normalize(target).replace(/\.js$/, '.tsx')) ? '.tsx' : '.ts';
}

const imports = files.flatMap(importsOf);
const local = imports.filter((i) => sources.has(i.to));
const packageOf = (name: string) => name.split('/', name.startsWith('@') ? 2 : 1).join('/');

describe('architecture', () => {
  it('sees the source files and their imports', () => {
    expect(files.length).toBeGreaterThan(5);
    expect(local.length).toBeGreaterThan(1);
  });

  it('imports run one way: config ← crawlers | extractors ← workers ← cli; the site knows only the contract', () => {
    const wrong = local.filter(({ from, to }) => {
      const [a, b] = [from.split('/')[0] ?? '', to.split('/')[0] ?? ''];
      return !MAY_IMPORT[a]?.includes(b) && !(a === 'site' && to === CONTRACT);
    });
    expect(wrong.map((i) => `${i.from}:${i.line} imports ${i.to}`)).toEqual([]);
  });

  it('has no import cycle', () => {
    const graph = new Map(files.map((f) => [f, local.filter((i) => i.from === f).map((i) => i.to)]));
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: string[]): void => {
      if (path.includes(file)) return void cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      if (done.has(file)) return;
      for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const f of files) visit(f, []);
    expect(cycles).toEqual([]);
  });

  it('extractors touch neither network, disk, database nor clock', () => {
    const forbidden = [
      'node:http',
      'node:https',
      'node:net',
      'node:dns',
      'undici',
      'pg',
      'kysely',
      'bullmq',
      'ioredis',
      'crawlee',
      'playwright',
    ];
    const wrong = imports.filter((i) => i.from.startsWith('extractors/') && forbidden.includes(packageOf(i.to)));
    expect(wrong.map((i) => `${i.from}:${i.line} imports ${i.to}`)).toEqual([]);
    const clock = files.filter(
      (f) =>
        f.startsWith('extractors/') &&
        !f.endsWith('pool.ts') &&
        /\bDate\.now\(\)|new Date\(\)|Math\.random\(\)/.test(sources.get(f) ?? ''),
    );
    expect(clock).toEqual([]);
  });

  it('crawlers know neither ledger nor queue', () => {
    const wrong = imports.filter(
      (i) =>
        i.from.startsWith('crawlers/') &&
        ['pg', 'kysely', 'bullmq', 'ioredis', '@electric-sql/pglite'].includes(packageOf(i.to)),
    );
    expect(wrong.map((i) => `${i.from}:${i.line} imports ${i.to}`)).toEqual([]);
  });

  it('uses only declared packages and node: built-ins', () => {
    const declared = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies);
    const wrong = imports.filter(
      (i) =>
        !i.to.startsWith('.') &&
        !sources.has(i.to) &&
        !i.to.startsWith('node:') &&
        !FOLDERS.includes(i.to.split('/')[0] ?? '') &&
        (builtinModules.includes(i.to) || !declared.includes(packageOf(i.to))),
    );
    expect(wrong.map((i) => `${i.from}:${i.line} imports ${i.to}`)).toEqual([]);
  });

  it('has no catch-all files', () => {
    expect(
      files.filter((f) => /(^|\/)(types|utils?|helpers?|common|misc)(\/|\.tsx?$)/.test(f)).map((f) => relative('.', f)),
    ).toEqual([]);
  });
});
