import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Settings } from '../../config/settings.js';
import { resolveSource, SourceEntry } from '../../config/sources.js';
import { evaluateExtraction } from '../../evaluate/extraction.js';
import { evaluateMetadata } from '../../evaluate/metadata.js';
import { extractionReport } from '../../evaluate/report/extraction-report.js';
import { metadataReport } from '../../evaluate/report/metadata-report.js';

const LABELLED = join(import.meta.dirname, '../fixtures/labelled');
const OPTIONS = {
  half: 'all' as const,
  byOutlet: false,
  worst: 9,
  sources: [],
  settings: Settings.parse({}),
  fetchedAt: new Date('2026-04-01T12:00:00Z'),
};

let broken: string;
beforeAll(() => {
  broken = mkdtempSync(join(tmpdir(), 'sourcelink-broken-'));
  cpSync(LABELLED, broken, { recursive: true });
  rmSync(join(broken, 'pages/quay-vote.html'));
  writeFileSync(join(broken, 'pages/quay-vote.html.gz'), 'not zipped at all');
});
afterAll(() => rmSync(broken, { recursive: true, force: true }));

describe('evaluation of the text', () => {
  it('scores ours beside plain Readability', async () => {
    const { scores, outputs } = await evaluateExtraction(LABELLED, { ...OPTIONS, half: 'dev' });
    const [set] = scores.sets;
    expect(set).toMatchObject({ name: 'labelled', ours: { pages: 3, accuracy: 2 / 3, empty: 0 } });
    // Plain Readability keeps a caption and a link to another article.
    expect(set?.plain.f1).toBeLessThan(set?.ours.f1 ?? 0);
    expect(set?.errorTaken).toBeGreaterThan(0.2);
    expect(Object.keys(outputs).sort()).toEqual(['lamp-festival', 'market-hall', 'quay-vote']);
    expect(outputs['market-hall']).toMatchObject({ authors: ['Ines Okafor'], date: '2026-01-20' });
  });

  it('tells what lies between the worst pages and their labels, and shows none of the frozen half', async () => {
    const { scores } = await evaluateExtraction(LABELLED, OPTIONS);
    expect(scores.sets[0]?.ours.below50).toBe(1);
    expect(scores.worst).toEqual([
      expect.objectContaining({
        id: 'lamp-festival',
        diff: [
          { sign: '-', text: 'The mayor will light the first of them at eight.' },
          { sign: '+', text: expect.stringMatching(/^The bridge at the fish market/) },
        ],
      }),
    ]);
  });

  it('counts and names a page that cannot be read, and reads the others', async () => {
    const { scores } = await evaluateExtraction(broken, OPTIONS);
    expect(scores.failed).toEqual([
      { set: expect.any(String), id: 'quay-vote', by: 'file', reason: expect.stringContaining('header') },
    ]);
    expect(scores.sets[0]?.ours).toMatchObject({ pages: 5, empty: 1 });
  });

  it("reads the pages of an outlet in sources.yaml by that outlet's rules", async () => {
    const entry = {
      id: 'courier',
      name: 'Courier',
      url: 'https://courier.example/',
      extract: { body: '.story p:first-child' },
    };
    const sources = [resolveSource(SourceEntry.parse(entry))];
    const { outputs, scores } = await evaluateExtraction(LABELLED, { ...OPTIONS, sources });
    expect(outputs['market-hall']?.articleBody).toMatch(/^The market hall .{100,130} pay for it\.$/);
    expect(scores.sets[0]?.refused).toHaveProperty('too-short');
  });

  it('decodes a page by the encoding that its label names', async () => {
    const truth = { greek: { url: 'https://courier.example/g', body: 'x', charset: 'iso-8859-7' } };
    const folder = mkdtempSync(join(tmpdir(), 'sourcelink-greek-'));
    cpSync(LABELLED, folder, { recursive: true });
    writeFileSync(join(folder, 'truth.json'), JSON.stringify(truth));
    const words = Array.from({ length: 60 }, () => [0xeb, 0xfc, 0xe3, 0xef, 0xf2, 0x20]).flat();
    const page = Buffer.concat([Buffer.from('<h1>T</h1><article><p>'), Buffer.from(words), Buffer.from('</article>')]);
    writeFileSync(join(folder, 'pages/greek.html'), page);
    const { outputs } = await evaluateExtraction(folder, OPTIONS);
    rmSync(folder, { recursive: true });
    expect(outputs['greek']?.articleBody).toMatch(/^λόγος λόγος/);
  });

  it('stops between two pages when it is told to', async () => {
    const stop = new AbortController();
    const onPage = (done: number) => done === 2 && stop.abort(new Error('enough'));
    await expect(evaluateExtraction(LABELLED, { ...OPTIONS, signal: stop.signal, onPage })).rejects.toThrow('enough');
  });
});

describe('evaluation of metadata', () => {
  it('counts each measure over the pages that have the field', async () => {
    const { scores } = await evaluateMetadata(LABELLED, OPTIONS);
    expect(scores.sets[0]?.ours).toEqual({
      titleExact: { right: 3, of: 5, share: 0.6 },
      titleContains: { right: 4, of: 5, share: 0.8 },
      authorsExact: { right: 4, of: 4, share: 1 },
      authorsContains: { right: 4, of: 4, share: 1 },
      authorsInvented: { right: 1, of: 1, share: 1 },
      dateSameDay: { right: 4, of: 5, share: 0.8 },
      dateWithinDay: { right: 5, of: 5, share: 1 },
    });
  });

  it('tells which fields are wrong and where they were found, and shows no page of the frozen half', async () => {
    const { scores } = await evaluateMetadata(LABELLED, OPTIONS);
    expect(scores.worst.map(({ id, wrong }) => [id, wrong])).toEqual([
      [
        'market-hall',
        [
          { field: 'authors', expected: null, got: 'Ines Okafor', from: 'json-ld author', close: false },
          {
            field: 'date',
            expected: '2026-01-21',
            got: '2026-01-20',
            from: 'json-ld datePublished',
            close: true,
          },
        ],
      ],
      ['lamp-festival', [expect.objectContaining({ field: 'title', close: true })]],
    ]);
  });
});

describe('the report', () => {
  it('holds the scores, both plots and the diffs, loads nothing and names no page of the frozen half', async () => {
    const text = await extractionReport(await evaluateExtraction(LABELLED, OPTIONS));
    expect(text).toContain('5 pages in 1 set');
    expect(text.match(/<circle/g)).toHaveLength(5);
    expect(text).toContain('<title>lamp-festival: ours 0.');
    expect(text).toContain('<del>The mayor will light the first of them at eight.</del>');
    expect(text.match(/<script|<link|<img|src=|url\(/g)).toBeNull();
    expect(text).not.toContain('night-bus');
  });

  it('escapes whatever comes from a page or a label', async () => {
    const { scores, points } = await evaluateExtraction(LABELLED, { ...OPTIONS, half: 'dev' });
    const bad = '"><script>alert(1)</script>';
    const worst = { set: bad, id: bad, url: `https://a.example/${bad}`, f1: 0, plainF1: 0 };
    const text = await extractionReport({
      points: points.map((p) => ({ ...p, id: bad, set: bad })),
      scores: {
        ...scores,
        sets: scores.sets.map((s) => ({ ...s, name: bad, refused: { [bad]: 1 } })),
        worst: [{ ...worst, diff: [{ sign: '+', text: bad }] }],
        failed: [{ set: bad, id: bad, by: 'ours', reason: bad }],
      },
    });
    expect(text).not.toContain('<script');
    expect(text).toContain('&lt;script&gt;alert(1)');
  });

  it('has the counts of metadata, and what was read instead', async () => {
    const text = await metadataReport((await evaluateMetadata(LABELLED, OPTIONS)).scores);
    expect(text).toMatch(/title exact<\/td><td class="lead">0\.600<\/td>\s*<td>3 of 5</);
    expect(text).toContain('found by json-ld datePublished');
    expect(text).not.toContain('night-bus');
  });
});
