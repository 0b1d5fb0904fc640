import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoOutlets, startDemoOutlets } from '../../demo/server.js';
import { readBody } from '../../extractors/body/body.js';
import { parseDocument } from '../../extractors/dom/dom.js';
import { anonymise, wordsOf } from '../../supply/anonymise.js';

const root = join(import.meta.dirname, '../..');
const read = (html: string): string[] => {
  const page = { url: 'https://gazette.test/a', title: '', authors: [], rules: { remove: [] }, jsonLdBody: null };
  return (readBody(parseDocument(html), page)?.text ?? '').split('\n');
};

let outlets: DemoOutlets;
let address = '';
let demo = '';
let made = '';
beforeAll(async () => {
  outlets = await startDemoOutlets();
  const articles = outlets.outlets.flatMap((outlet) => outlet.articles);
  address = articles.reduce((a, b) => (b.words > a.words ? b : a)).url;
  demo = await (await fetch(address)).text();
  made = anonymise(demo);
});
afterAll(() => outlets.close());

describe('an anonymised page', () => {
  it('keeps elements, classes and the shape of each line, and is made alike each time', () => {
    const shape = (html: string) => read(html).map((line) => line.replace(/\p{L}/gu, 'x').replace(/\d/g, '0'));
    expect(shape(made)).toEqual(shape(demo));
    expect(anonymise(demo)).toBe(made);
  });

  it('keeps no word of five letters and more, no address and no script', () => {
    const wordsIn = (html: string) =>
      new Set(
        read(html)
          .join(' ')
          .toLowerCase()
          .match(/\p{L}{5,}/gu),
      );
    const before = wordsIn(demo);
    expect([...wordsIn(made)].filter((word) => before.has(word))).toEqual([]);
    expect(made).not.toMatch(/<script|<style|<link|<!--/);
    expect(
      [...made.matchAll(/https?:\/\/([^/"]+)/g)].filter(
        ([, host]) => host !== 'elsewhere.test' && host !== 'schema.org',
      ),
    ).toEqual([]);
  });

  it('invents words of the same length, script and capitals', () => {
    for (const text of ['Der BUND, 2024: „so“', 'Новости дня', '東京の春', 'خبر اليوم', 'l’été']) {
      const invented = wordsOf(text);
      expect(invented).toHaveLength(text.length);
      expect(invented).not.toBe(text);
      const shape = (s: string) =>
        s
          .replace(/\p{Lu}/gu, 'X')
          .replace(/[\p{L}\p{M}]/gu, 'x')
          .replace(/\d/g, '0');
      expect(shape(invented)).toBe(shape(text));
    }
    expect(wordsOf('Новости')).toMatch(/^\p{sc=Cyrillic}+$/u);
  });
});

describe('npm run fixture', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sourcelink-fixture-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('writes a pair that the pipeline reads as the text beside it says, and overwrites none', async () => {
    const run = () =>
      promisify(execFile)(
        'npm',
        ['run', '--silent', 'fixture', '--', address, '--name', 'long-report', '--folder', folder],
        { cwd: root },
      );
    expect((await run()).stdout).toContain('long-report.txt');
    const text = readFileSync(join(folder, 'long-report.txt'), 'utf8').trim();
    expect(text.split('\n').length).toBeGreaterThan(3);
    expect(read(readFileSync(join(folder, 'long-report.html'), 'utf8')).join('\n')).toBe(text);
    await expect(run()).rejects.toThrow(/exists/);
  });
});
