import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prose } from '../setup/desk.js';
import { objectOf, operatorFolder, sourcelink } from './command-line.js';

const LABELLED = join(import.meta.dirname, '../fixtures/labelled');

let place: ReturnType<typeof operatorFolder>;
const run = (...argv: string[]) => sourcelink(['eval', ...argv], { env: place.env });
const outputs = () => JSON.parse(readFileSync(join(place.folder, 'out.json'), 'utf8'));

beforeAll(() => {
  place = operatorFolder();
  mkdirSync(join(place.folder, 'pages'));
  const text = prose(7, 30).split('\n');
  const html = `<!doctype html><html lang="en"><head><title>Harbour opens</title></head><body><nav>Menu <a href="/">Home</a></nav><article><h1>Harbour opens</h1>${text.map((p) => `<p>${p}</p>`).join('')}</article></body></html>`;
  writeFileSync(join(place.folder, 'pages', 'a.html.gz'), gzipSync(html));
  const truth = { a: { url: 'https://herald.example/a', body: text.join('\n'), title: 'Harbour opens' } };
  writeFileSync(join(place.folder, 'truth.json'), JSON.stringify(truth));
  const article = (id: string, seed: number, date: string) => ({
    id,
    source: id,
    date,
    title: `Report ${seed}`,
    body: prose(seed),
  });
  const lines = (rows: object[]) => rows.map((r) => JSON.stringify(r)).join('\n');
  const articles = [article('x', 1, '2026-03-01'), article('y', 2, '2026-03-01')];
  writeFileSync(join(place.folder, 'articles.jsonl'), lines(articles));
  const edit = { ...article('z', 1, '2026-03-02'), of: 'x', edit: 'cosmetic' };
  writeFileSync(join(place.folder, 'edits.jsonl'), lines([edit]));
  const headline = (id: string, title: string, story: string) => ({
    id,
    title,
    story,
    publisher: 'P',
    url: `https://p${id}.example/${id}`,
    timestamp: 1_772_323_200_000,
  });
  const headlines = [
    headline('1', 'Harbour of Port Verity reopens after storm', 'a'),
    headline('2', 'Port Verity harbour reopens after the storm', 'a'),
    headline('3', 'Parliament debates a tax on sugar', 'b'),
  ];
  writeFileSync(join(place.folder, 'headlines.jsonl'), lines(headlines));
});
afterAll(() => place.drop());

describe('eval', () => {
  it('scores extraction and writes what was read of each page', async () => {
    const ended = await run('extraction', place.folder, '--json', '--outputs', join(place.folder, 'out.json'));
    expect(ended.code).toBe(0);
    const { kind, sets } = objectOf(ended);
    expect(kind).toBe('extraction');
    expect(sets).toMatchObject([{ ours: { pages: 1, f1: expect.closeTo(1, 1) } }]);
    expect(Object.keys(outputs().a).sort()).toEqual(['articleBody', 'authors', 'date', 'title']);
  });

  it('scores metadata and writes the same of each page', async () => {
    const ended = await run(
      'metadata',
      LABELLED,
      '--json',
      '--worst',
      '1',
      '--outputs',
      join(place.folder, 'out.json'),
    );
    const { kind, sets, worst } = objectOf(ended);
    expect(kind).toBe('metadata');
    expect(sets).toMatchObject([{ ours: { titleExact: { right: 3, of: 5, share: 0.6 } }, plain: {} }]);
    expect(worst).toMatchObject([{ id: 'market-hall', wrong: [{ field: 'authors' }, { field: 'date' }] }]);
    expect(Object.keys(outputs()['quay-vote']).sort()).toEqual(['articleBody', 'authors', 'date', 'title']);
  });

  it.each(['extraction', 'metadata'])(
    'shows the worst pages of %s in 80 columns, in colour on a terminal alone',
    async (kind) => {
      const argv = ['eval', kind, LABELLED, '--worst', '5'];
      const seen = await sourcelink(argv, { env: place.env, columns: 80 });
      const lines = seen.out.split('\n').map(stripVTControlCharacters);
      expect(lines.filter((l) => l.length > 80)).toEqual([]);
      expect(lines.join('\n')).toContain('labelled/lamp-festival');
      expect(seen.out).toContain('\u001b[31m');
      const piped = await run(kind, LABELLED, '--worst', '5');
      expect(piped.out).toMatch(/\n {2}- .*\n {2}\+ /);
      expect(piped.out).not.toContain('\u001b');
    },
  );

  it.each(['extraction', 'metadata'])('writes a report of %s for a browser', async (kind) => {
    const file = join(place.folder, 'report.html');
    const ended = await run(kind, LABELLED, '--html', file);
    expect(ended.code).toBe(0);
    expect(ended.err).toContain(file);
    expect(ended.out).not.toContain('courier.example');
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>[\s\S]*lamp-festival[\s\S]*<\/html>\n$/);
  });

  it.each([
    [['stories', '.', '--html', 'x.html'], /`eval stories` has no --html[\s\S]*extraction, metadata/],
    [['dedupe', '.', '--by-outlet'], /`eval dedupe` has no --by-outlet/],
    [['extraction', '.', '--html', 'nowhere/x.html'], /no folder nowhere/],
    [['metadata', '.'], /holds no labelled pages/],
  ])('ends with 2 before any work for %j', async (argv, says) => {
    const ended = await run(...argv);
    expect(ended.code).toBe(2);
    expect(ended.err).toMatch(says);
  });

  it('ends in order when it is interrupted', async () => {
    const argv = ['eval', 'extraction', LABELLED, '--json'];
    const ended = await sourcelink(argv, { env: place.env, signal: AbortSignal.abort() });
    expect(ended.code).toBe(1);
    expect(objectOf(ended)).toEqual({ kind: 'extraction', dir: LABELLED, interrupted: true });
  });

  it('scores dedupe and writes the links', async () => {
    const ended = await run('dedupe', place.folder, '--json', '--outputs', join(place.folder, 'out.json'));
    expect(objectOf(ended)).toMatchObject({ kind: 'dedupe', edits: 1, recall: 1, precision: 1 });
    expect(outputs()).toContainEqual(expect.objectContaining({ id: 'z', duplicateOf: 'x' }));
  });

  it('scores stories and writes the groups', async () => {
    const ended = await run('stories', place.folder, '--json', '--outputs', join(place.folder, 'out.json'));
    expect(objectOf(ended)).toMatchObject({ kind: 'stories', headlines: 3, f1: 1 });
    const [one, two, three] = outputs();
    expect([one.story === two.story, one.story === three.story]).toEqual([true, false]);
  });

  it('prints a table for a person', async () => {
    expect((await run('dedupe', place.folder)).out).toMatch(/cosmetic +1 +1\.000/);
  });

  it('ends with 2 for a folder that is no such set', async () => {
    const ended = await run('categories', join(place.folder, 'pages'));
    expect(ended.code).toBe(2);
    expect(ended.err).toMatch(/articles\.jsonl/);
  });
});
