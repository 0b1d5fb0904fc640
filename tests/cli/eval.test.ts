import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prose } from '../setup/desk.js';
import { objectOf, operatorFolder, sourcelink } from './command-line.js';

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
    ...{ id, source: id, date, title: `Report ${seed}`, body: prose(seed) },
  });
  const lines = (rows: object[]) => rows.map((r) => JSON.stringify(r)).join('\n');
  const articles = [article('x', 1, '2026-03-01'), article('y', 2, '2026-03-01')];
  writeFileSync(join(place.folder, 'articles.jsonl'), lines(articles));
  const edit = { ...article('z', 1, '2026-03-02'), of: 'x', edit: 'cosmetic' };
  writeFileSync(join(place.folder, 'edits.jsonl'), lines([edit]));
  const headline = (id: string, title: string, story: string) => ({
    ...{ id, title, story, publisher: 'P', url: `https://p${id}.example/${id}`, timestamp: 1_772_323_200_000 },
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
    expect(sets).toMatchObject([{ ours: { pages: 1, f1: expect.closeTo(1, 1), titleExact: 1 } }]);
    expect(Object.keys(outputs().a).sort()).toEqual(['articleBody', 'authors', 'date', 'title']);
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
