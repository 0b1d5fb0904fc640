import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SourcelinkError } from '../../config/errors.js';
import { bytesOf, isDev, openSets } from '../../evaluate/labelled-set.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sourcelink-labelled-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const PAGE = { url: 'https://courier.example/a', body: 'Text.' };
function set(truth: unknown, files: Record<string, string | Buffer>, below = '.'): void {
  mkdirSync(join(dir, below, 'pages'), { recursive: true });
  writeFileSync(join(dir, below, 'truth.json'), typeof truth === 'string' ? truth : JSON.stringify(truth));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(dir, below, 'pages', name), bytes);
}

/** What is said of a set, without the folder's name. */
function refusal(): { says: string; hint: string | undefined } {
  try {
    openSets(dir, 'all');
  } catch (error) {
    if (!(error instanceof SourcelinkError)) throw error;
    return { says: error.message.replaceAll(dir, 'DIR'), hint: error.hint };
  }
  throw new Error('the set was taken');
}

describe('a labelled set', () => {
  it('holds pages zipped and plain, and leaves out fields that are empty', () => {
    set({ a: { ...PAGE, title: null, authors: [] }, b: PAGE }, { 'a.html.gz': gzipSync('<p>A'), 'b.html': '<p>B' });
    const [{ pages, unlabelled } = { pages: [], unlabelled: [] }] = openSets(dir, 'all');
    expect(pages.map((p) => [p.id, new TextDecoder().decode(bytesOf(p))])).toEqual([
      ['a', '<p>A'],
      ['b', '<p>B'],
    ]);
    expect(pages[0]?.truth).toEqual(PAGE);
    expect(unlabelled).toEqual([]);
  });

  it('names the pages that nobody has labelled', () => {
    set({ a: PAGE }, { 'a.html': '', 'b.html.gz': '', 'notes.txt': '' });
    expect(openSets(dir, 'all')[0]?.unlabelled).toEqual(['b']);
  });

  it('may be one of several in a folder', () => {
    set({ a: PAGE }, { 'a.html': '' }, 'two');
    set({ a: PAGE }, { 'a.html': '' }, 'one');
    mkdirSync(join(dir, 'other'));
    expect(openSets(dir, 'all').map((s) => s.name)).toEqual(['one', 'two']);
  });

  it('falls into two halves that make the whole, by nothing but the ids', () => {
    const ids = Array.from({ length: 40 }, (_, i) => `page-${i}`);
    const files = Object.fromEntries(ids.map((id) => [`${id}.html`, '']));
    set(Object.fromEntries(ids.map((id) => [id, PAGE])), files);
    const half = (name: 'dev' | 'frozen') => (openSets(dir, name)[0]?.pages ?? []).map((p) => p.id);
    expect([...half('dev'), ...half('frozen')].sort()).toEqual([...ids].sort());
    expect(half('dev').every(isDev)).toBe(true);
    expect(half('dev').length).toBeGreaterThan(10);
    expect(half('frozen').length).toBeGreaterThan(10);
  });

  it.each<[string, unknown, Record<string, string>, RegExp]>([
    ['no JSON', '{\n  "a": {,}\n}', {}, /DIR\/truth\.json:2 is no JSON/],
    ['a field of the wrong type', { quay: { ...PAGE, body: 7 } }, {}, /DIR\/truth\.json: `quay` body: .*string/],
    ['authors as a text', { quay: { ...PAGE, authors: 'Ana Lima' } }, {}, /`quay` authors: .*array/],
    ['a field too few', { quay: { url: PAGE.url } }, {}, /`quay` body/],
    ['a date of another form', { quay: { ...PAGE, date: '3 May 2026' } }, {}, /`quay` date: .*YYYY-MM-DD/],
    ['an address without a host', { quay: { ...PAGE, url: '/a' } }, {}, /`quay` url: write it in full/],
    ['an encoding that is none', { quay: { ...PAGE, charset: 'utf-9' } }, {}, /`quay` charset: name an encoding/],
    ['an id that leads elsewhere', { '../quay': PAGE }, {}, /`\.\.\/quay`: an id is the name of a file/],
    ['a page too few', { quay: PAGE, wall: PAGE }, { 'wall.html': '' }, /DIR: pages\/quay\.html\.gz is missing/],
    ['no entry', {}, {}, /DIR\/truth\.json: no page/],
    ['a list', [], {}, /DIR\/truth\.json: .*record/],
  ])('with %s is refused by file, id and hint', (_, truth, files, says) => {
    set(truth, files);
    const said = refusal();
    expect(said.says).toMatch(says);
    expect(said.hint).toBeTruthy();
  });

  it('without truth.json is none', () => {
    expect(refusal()).toEqual({
      says: 'DIR holds no labelled pages: truth.json is missing.',
      hint: expect.stringContaining('docs/evaluate.md'),
    });
  });

  it('has no page of a half in which there is none', () => {
    const frozen = ['a', 'b', 'c', 'd', 'e'].find((id) => !isDev(id)) ?? '';
    set({ [frozen]: PAGE }, { [`${frozen}.html`]: '' });
    expect(() => openSets(dir, 'dev')).toThrow(/no page of the dev half/);
  });
});
