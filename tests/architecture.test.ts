import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The pipeline's rooms in the order of the data. Each may import from itself and from the rooms of earlier rows. */
const ORDER = [
  ['text'],
  ['config'],
  ['crawlers', 'extractors', 'contract'],
  ['analysis'],
  ['ledger'],
  ['workers'],
  ['server', 'evaluate'],
  ['cli'],
];
const PIPELINE = ORDER.flat();
/** What stands beside the pipeline. `supply` writes the generated documents, so it reads the rooms that they describe. */
const MAY_IMPORT: Record<string, string[]> = {
  ...Object.fromEntries(ORDER.flatMap((row, i) => row.map((room) => [room, [room, ...ORDER.slice(0, i).flat()]]))),
  cli: [...PIPELINE, 'site', 'demo'],
  site: ['site'],
  demo: ['demo'],
  supply: ['supply', ...PIPELINE],
};
const ROOMS = Object.keys(MAY_IMPORT);
/** The one file of the pipeline that the site may know. */
const CONTRACT = 'contract/contract.ts';

/** Built-ins that reach outside of the process, or read a clock. */
const NETWORK = ['node:http', 'node:https', 'node:http2', 'node:net', 'node:tls', 'node:dns', 'node:dgram', 'undici'];
const DISK = ['node:fs', 'node:fs/promises', 'node:child_process'];
const CRAWLING = ['@crawlee/basic', 'crawlee', 'playwright', 'proxy-chain'];
const STORES = ['pg', 'kysely', 'bullmq', 'ioredis', '@electric-sql/pglite'];
/** Finds its compiled thread on disk. */
const POOL = 'extractors/pool/pool.ts';
/** Find Chromium, and read what its processes hold: a browser is a program on this machine. */
const BROWSER_ON_DISK = ['crawlers/fetch/chromium.ts', 'crawlers/fetch/page-memory.ts'];

type Import = { from: string; to: string; line: number };

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((f) => /\.tsx?$/.test(f))
    .map((f) => join(folder, f));
}

const files = ROOMS.flatMap(filesBelow);
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
const told = (wrong: Import[]) => wrong.map((i) => `${i.from}:${i.line} imports ${i.to}`);
const of = (room: string, forbidden: string[]) =>
  imports.filter(
    (i) => i.from.startsWith(`${room}/`) && (forbidden.includes(i.to) || forbidden.includes(packageOf(i.to))),
  );

/** The circles of a graph, each once, as `a → b → a`. */
function circlesOf(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (node: string, path: string[]): void => {
    if (path.includes(node)) return void circles.push([...path.slice(path.indexOf(node)), node].join(' → '));
    if (done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...path, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return circles;
}

/**
 * For each folder, what its files and rooms import from one another: `workers/crawl/fetch-due.ts` that imports
 * `workers/context.ts` is, within `workers`, the room `crawl` that imports the file `context.ts`.
 */
function neighbours(edges: Import[]): Map<string, Map<string, Set<string>>> {
  const within = new Map<string, Map<string, Set<string>>>();
  for (const { from, to } of edges) {
    const [a, b] = [from.split('/'), to.split('/')];
    let i = 0;
    while (a[i] === b[i] && i < Math.min(a.length, b.length) - 1) i++;
    if (a[i] === b[i]) continue;
    const parent = a.slice(0, i).join('/');
    const graph = within.get(parent) ?? new Map<string, Set<string>>();
    const key = a.slice(0, i + 1).join('/');
    graph.set(key, (graph.get(key) ?? new Set()).add(b.slice(0, i + 1).join('/')));
    within.set(parent, graph);
  }
  return within;
}

describe('architecture', () => {
  it('sees the source files and their imports', () => {
    expect(files.length).toBeGreaterThan(300);
    expect(local.length).toBeGreaterThan(1000);
    for (const room of ROOMS) expect(files.some((f) => f.startsWith(`${room}/`))).toBe(true);
  });

  it(`imports run one way: ${ORDER.map((row) => row.join(' | ')).join(' ← ')}; the site knows only the contract`, () => {
    const wrong = local.filter(({ from, to }) => {
      const [a, b] = [from.split('/')[0] ?? '', to.split('/')[0] ?? ''];
      return !MAY_IMPORT[a]?.includes(b) && !(a === 'site' && to === CONTRACT);
    });
    expect(told(wrong)).toEqual([]);
  });

  it('has no circle between files', () => {
    const graph = new Map(files.map((f) => [f, new Set(local.filter((i) => i.from === f).map((i) => i.to))]));
    expect(circlesOf(graph)).toEqual([]);
  });

  it('has no circle between the rooms and files of one folder, at any depth', () => {
    const circles = [...neighbours(local)].flatMap(([, graph]) => circlesOf(graph));
    expect(circles).toEqual([]);
  });

  it('finds a circle between rooms that no two files close', () => {
    const edge = (from: string, to: string): Import => ({ from, to, line: 1 });
    const graph = neighbours([edge('w/a/1.ts', 'w/b/2.ts'), edge('w/b/3.ts', 'w/a/4.ts')]).get('w');
    expect(graph && circlesOf(graph)).toEqual(['w/a → w/b → w/a']);
  });

  it('text, contract and analysis touch neither network, disk nor database', () => {
    for (const room of ['text', 'contract', 'analysis'])
      expect(told(of(room, [...NETWORK, ...DISK, ...CRAWLING, ...STORES]))).toEqual([]);
  });

  it('extractors touch neither network, disk, database nor clock; their pool finds its thread on disk', () => {
    const wrong = of('extractors', [...NETWORK, ...DISK, ...CRAWLING, ...STORES]);
    expect(told(wrong.filter((i) => !(i.from === POOL && i.to === 'node:fs')))).toEqual([]);
    const clock = files.filter(
      (f) =>
        f.startsWith('extractors/') &&
        f !== POOL &&
        /\bDate\.now\(\)|new Date\(\)|Math\.random\(\)/.test(sources.get(f) ?? ''),
    );
    expect(clock).toEqual([]);
  });

  it('crawlers touch the network alone: no ledger, no queue, no disk but where the browser is found', () => {
    expect(told(of('crawlers', STORES))).toEqual([]);
    expect(told(of('crawlers', DISK).filter((i) => !BROWSER_ON_DISK.includes(i.from)))).toEqual([]);
  });

  it('only crawlers crawl', () => {
    expect(told(imports.filter((i) => CRAWLING.includes(packageOf(i.to)) && !i.from.startsWith('crawlers/')))).toEqual(
      [],
    );
  });

  it('has one maker of html for readers, so that none is without its Source link', () => {
    // In an object, `html: …,` sets the field; types end their fields with a semicolon.
    const makes = /^\s*html(: (?!z\.)[^;\n]*)?,$|[{,] html[,:][^;\n]*\}/m;
    const rooms = ['contract', 'analysis', 'ledger', 'workers', 'server'];
    const makers = files.filter((f) => rooms.includes(f.split('/')[0] ?? '') && makes.test(sources.get(f) ?? ''));
    // extract.ts stores what was read; message.ts is what makes it a message.
    expect(makers).toEqual(['contract/message.ts', 'workers/extract/extract.ts']);
  });

  it('keeps the statements of the ledger in ledger/', () => {
    const states = /\.(?:selectFrom|insertInto|updateTable|deleteFrom)\(|\bsql(?:<[^`]*>)?`/;
    const rooms = PIPELINE.filter((room) => room !== 'ledger');
    expect(files.filter((f) => rooms.includes(f.split('/')[0] ?? '') && states.test(sources.get(f) ?? ''))).toEqual([]);
  });

  it('uses only declared packages and node: built-ins', () => {
    const declared = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies);
    const wrong = imports.filter(
      (i) =>
        !i.to.startsWith('.') &&
        !sources.has(i.to) &&
        !i.to.startsWith('node:') &&
        !ROOMS.includes(i.to.split('/')[0] ?? '') &&
        (builtinModules.includes(i.to) || !declared.includes(packageOf(i.to))),
    );
    expect(told(wrong)).toEqual([]);
  });

  it('has no catch-all files', () => {
    expect(
      files.filter((f) => /(^|\/)(types|utils?|helpers?|common|misc)(\/|\.tsx?$)/.test(f)).map((f) => relative('.', f)),
    ).toEqual([]);
  });

  it('says in a README of each room what it does, what it may touch and where to start', () => {
    const rooms = [...PIPELINE, ...PIPELINE.flatMap(foldersOf).filter((f) => f.split('/').length === 2)];
    expect(rooms.filter((r) => !existsSync(join(root, r, 'README.md')))).toEqual([]);
  });
});

function foldersOf(room: string): string[] {
  return [...new Set(files.filter((f) => f.startsWith(`${room}/`)).map(dirname))];
}
