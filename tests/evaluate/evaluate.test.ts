import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CategoriesFile, flattenCategories } from '../../config/categories.js';
import { SourcelinkError } from '../../config/errors.js';
import { evaluateCategories } from '../../evaluate/categories.js';
import { evaluateDedupe } from '../../evaluate/dedupe.js';
import { evaluateStories } from '../../evaluate/stories.js';
import { prose } from '../setup/desk.js';
import { CORPORA, sampleOf, WHOLE_SETS } from '../setup/labelled-pages.js';

const root = join(import.meta.dirname, '../..');
const OPTIONS = { windowMs: 72 * 3_600_000, duplicate: 0.5, related: 0.35 };
const at = (name: string): string => join(CORPORA, name);
const missing = (name: string): boolean => {
  if (existsSync(at(name))) return false;
  console.log(`evaluation set ${name} not found in ${CORPORA}; its scores are not tested`);
  return true;
};

/** Rows of a sample; SOURCELINK_WHOLE_SETS=1 takes all. */
const SAMPLE = { dedupe: 600, categories: 1500 };

type SetRow = { id: string; of?: string };

/** A folder with a fixed sample of a set: rows whose ids have the smallest SHA-256, and the edits of these. */
function sampled(name: string, rows: string, most: number): string {
  if (WHOLE_SETS) return at(name);
  const dir = mkdtempSync(join(tmpdir(), `sourcelink-${name}-`));
  made.push(dir);
  const read = (file: string): SetRow[] =>
    gunzipSync(readFileSync(join(at(name), file)))
      .toString('utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  const write = (file: string, kept: SetRow[]) =>
    writeFileSync(join(dir, file), gzipSync(kept.map((row) => JSON.stringify(row)).join('\n')));
  const kept = sampleOf(read(`${rows}.jsonl.gz`), (row) => row.id, most);
  const ids = new Set(kept.map((row) => row.id));
  for (const { name: file } of readdirSync(at(name), { withFileTypes: true }).filter((entry) => entry.isFile())) {
    if (file === `${rows}.jsonl.gz`) write(file, kept);
    else if (file === 'edits.jsonl.gz')
      write(
        file,
        read(file).filter((row) => ids.has(row.of ?? '')),
      );
    else copyFileSync(join(at(name), file), join(dir, file));
  }
  return dir;
}

const made: string[] = [];
afterAll(() => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

describe('evaluation of a small set', () => {
  let dir: string;
  const write = (name: string, rows: object[]): void =>
    writeFileSync(join(dir, `${name}.jsonl.gz`), gzipSync(rows.map((r) => JSON.stringify(r)).join('\n')));
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'sourcelink-eval-'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('counts right links, missed copies, and links to the wrong text', async () => {
    const row = (id: string, body: string) => ({
      id,
      url: `https://a.example/${id}`,
      source: id,
      date: '2026-03-01',
      title: id,
      body,
    });
    write('articles', [row('a', prose(1)), row('b', prose(2)), row('c', prose(3))]);
    write('edits', [
      { ...row('e1', prose(1)), of: 'a', edit: 'same' },
      { ...row('e2', prose(9)), of: 'b', edit: 'lost' },
      { ...row('e3', prose(3)), of: 'b', edit: 'stray' },
    ]);
    const { report, items } = await evaluateDedupe(dir, OPTIONS);
    expect(items.map((i) => [i.id, i.duplicateOf])).toEqual([
      ['a', null],
      ['b', null],
      ['c', null],
      ['e1', 'a'],
      ['e2', null],
      ['e3', 'c'],
    ]);
    expect(report.byEdit).toMatchObject({
      same: { recall: 1, precision: 1, realCopies: 0 },
      lost: { recall: 0, precision: 1 },
      stray: { recall: 0, realCopies: 1 },
    });
    expect(report.recall).toBeCloseTo(1 / 3);
  });

  it('names the line that has not the form of its set', () => {
    write('headlines', [{ id: '1', title: 'x', url: 'https://a.example/', timestamp: 1, story: 's' }, { id: 2 }]);
    expect(() => evaluateStories(dir)).toThrow(SourcelinkError);
    expect(() => evaluateStories(dir)).toThrow(/headlines\.jsonl\.gz:2/);
    expect(() => evaluateStories(join(dir, 'nowhere'))).toThrow(/nowhere/);
  });
});

describe.skipIf(missing('dedupe'))('duplicates on the development set', () => {
  it('reach F1 .995, and .95 recall for each kind of edit', async () => {
    const { report } = await evaluateDedupe(sampled('dedupe', 'articles', SAMPLE.dedupe), OPTIONS);
    expect(report.f1).toBeGreaterThanOrEqual(0.995);
    for (const [edit, score] of Object.entries(report.byEdit)) expect(score.recall, edit).toBeGreaterThanOrEqual(0.95);
    expect(report.natural.wrong).toBe(0);
  }, 120_000);
});

describe.skipIf(missing('categories'))('categories on the development set', () => {
  const { categories } = CategoriesFile.parse(parse(readFileSync(join(root, 'config/categories.yaml'), 'utf8')));
  it('reach .60 first and .86 among three with words and headlines alone', () => {
    const { report } = evaluateCategories(sampled('categories', 'articles', SAMPLE.categories), {
      categories: flattenCategories(categories),
      train: false,
    });
    expect(report.words?.top1).toBeGreaterThanOrEqual(0.6);
    expect(report.words?.top3).toBeGreaterThanOrEqual(0.86);
    expect(report.words?.calibrationError).toBeLessThanOrEqual(0.05);
  }, 180_000);
});

describe.skipIf(missing('stories'))('stories on the development set', () => {
  it('reach a B-cubed F1 of .78', () => {
    const { report } = evaluateStories(at('stories'));
    expect(report.f1).toBeGreaterThanOrEqual(0.78);
    expect(report.headlinesPerMinute).toBeGreaterThanOrEqual(5000);
  });
});
