import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addToSet, type ReadArticle } from '../../evaluate/draft-set.js';
import { bytesOf, openSets } from '../../evaluate/labelled-set.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sourcelink-draft-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const html = '<!doctype html><meta charset="windows-1252"><p>Caf\xe9 opens';
const article = (id: string, more: Partial<ReadArticle> = {}): ReadArticle => ({
  id,
  text: 'Café opens',
  title: 'Café opens',
  authors: ['Ada Quill'],
  publishedAt: new Date('2026-03-01T08:00Z'),
  page: { url: `https://courier.example/${id}`, headers: {}, bytes: Buffer.from(html, 'latin1') },
  ...more,
});
const truth = () => JSON.parse(readFileSync(join(dir, 'truth.json'), 'utf8'));

describe('a set that is begun from pages of the ledger', () => {
  it('holds the bytes as they were fetched, and what was read of them as labels', () => {
    expect(addToSet(dir, [article('cafe')])).toEqual({ added: ['cafe'], there: [] });
    const [{ pages } = { pages: [] }] = openSets(dir, 'all');
    expect(pages[0]?.truth).toEqual({
      url: 'https://courier.example/cafe',
      body: 'Café opens',
      title: 'Café opens',
      authors: ['Ada Quill'],
      date: '2026-03-01',
      charset: 'windows-1252',
    });
    const [page] = pages;
    if (!page) throw new Error('no page');
    expect(Buffer.from(bytesOf(page)).toString('latin1')).toBe(html);
  });

  it('gives no date and no encoding where there is nothing to say', () => {
    const page = { url: 'https://courier.example/a', headers: {}, bytes: Buffer.from('<p>plain') };
    addToSet(dir, [article('a', { publishedAt: null, page })]);
    expect(Object.keys(truth()['a'])).toEqual(['url', 'body', 'title', 'authors']);
  });

  it('leaves labels that a person corrected as they stand', () => {
    addToSet(dir, [article('a')]);
    writeFileSync(join(dir, 'truth.json'), JSON.stringify({ a: { ...truth()['a'], title: 'Corrected' } }));
    expect(addToSet(dir, [article('a', { title: 'Read again' }), article('b')])).toEqual({
      added: ['b'],
      there: ['a'],
    });
    expect(truth()['a'].title).toBe('Corrected');
    expect(readdirSync(join(dir, 'pages')).sort()).toEqual(['a.html.gz', 'b.html.gz']);
  });

  it('writes nothing over a truth.json that it cannot read', () => {
    writeFileSync(join(dir, 'truth.json'), '{ "a": ');
    expect(() => addToSet(dir, [article('b')])).toThrow(/truth\.json cannot be added to/);
    expect(readFileSync(join(dir, 'truth.json'), 'utf8')).toBe('{ "a": ');
    expect(readdirSync(dir)).toEqual(['truth.json']);
  });
});
