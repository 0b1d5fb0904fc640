import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { middleCut } from '../../cli/wording.js';
import { articlePage } from '../extractors/page-input.js';
import { objectOf, operatorFolder, sourcelink } from './command-line.js';

let place: ReturnType<typeof operatorFolder>;
let file: string;
let [narrow, wide, all, piped] = ['', '', '', ''];
const PICTURE = `https://img.herald.example/${'a'.repeat(120)}/quay.jpg`;

beforeAll(async () => {
  place = operatorFolder(`
sources:
  - { id: herald, name: The Herald, url: "https://herald.example/", republish: full }
  - { id: gazette, name: Gazette, url: "https://gazette.example/" }
`);
  writeFileSync(join(place.folder, 'sourcelink.yaml'), 'extract: { deadline: 60s, threads: 1 }\n');
  file = join(place.folder, 'saved.html');
  const html = articlePage({
    paragraphs: 12,
    head: `<link rel="canonical" href="https://herald.example/2026/03/quay-vote"><meta name="author" content="Ada Quill">
      <meta property="og:image" content="${PICTURE}"><meta property="og:image:width" content="1200">
      <meta property="og:image:height" content="630"><meta name="robots" content="noarchive">`,
    before: '<p>© 2026 The Herald. All rights reserved.</p>',
  });
  writeFileSync(file, html.replaceAll(/<\/p>\n<p>(?=The council)/g, '</p><p>Advertisement</p><p>'));
  const shown = async (columns?: number, ...options: string[]) => {
    const ended = await sourcelink(['try', file, ...options], { env: place.env, ...(columns && { columns }) });
    expect(ended.code).toBe(0);
    return ended.out;
  };
  narrow = await shown(80);
  wide = stripVTControlCharacters(await shown(120));
  all = stripVTControlCharacters(await shown(80, '--text'));
  piped = await shown();
});
afterAll(() => place.drop());

describe('try, on a terminal', () => {
  it.each([80, 120])('fits %i columns but for addresses, which stay whole to be copied', (columns) => {
    const lines = stripVTControlCharacters(columns === 80 ? narrow : wide).split('\n');
    expect(lines.filter((l) => l.length > columns && !l.includes('https://'))).toEqual([]);
    const picture = lines.find((l) => l.startsWith('image')) ?? '';
    expect(picture.length).toBeLessThanOrEqual(columns);
    expect(picture).toMatch(/^image +https:\/\/img\.herald.*…a*\/quay\.jpg$/);
    expect(lines.join('\n')).toContain('1200 × 630');
  });

  it('tells where each field was found, what decided the rights and what was taken out why', () => {
    expect(wide).toMatch(/authors +Ada Quill {2}← meta author/);
    expect(wide).toMatch(/published +unknown/);
    expect(wide).toMatch(/rights +excerpt .*noarchive/);
    expect(wide).toMatch(/signals +meta robots noarchive → no copy/);
    expect(wide).toMatch(/charset +UTF-8 \(/);
    expect(wide).toMatch(/Removed from the text \(\d+ parts?\)/);
    expect(wide).toMatch(/[a-z] +Advertisement \(2 times\)/);
  });

  it('shows beginning and end of what was read where only an excerpt is published, and all with --text', () => {
    const out = stripVTControlCharacters(narrow);
    expect(out).toContain('As published (excerpt)');
    expect(out).toMatch(/Text as extracted \(not published\)[\s\S]*… 6 more paragraphs; --text shows them …/);
    expect(all).not.toContain('more paragraphs');
    expect(all.length).toBeGreaterThan(out.length + 1000);
  });

  it('has colours there alone', () => {
    expect(narrow).toContain('\u001b[');
    expect(piped).toContain('Ada Quill');
    expect(piped).not.toContain('\u001b');
  });
});

describe('try --steps', () => {
  it.each([80, 120])('numbers, names and times the steps in %i columns, with what each took out', async (columns) => {
    const { code, out } = await sourcelink(['try', file, '--steps'], { env: place.env, columns });
    const said = stripVTControlCharacters(out);
    expect(code).toBe(0);
    const steps = said.slice(said.indexOf('\nSteps\n'));
    expect(steps).toMatch(/ 1 {2}decode +\d+\.\d ms {2}UTF-8 \(/);
    expect(steps).toMatch(/\d+ {2}Readability +\d+\.\d ms {2}\d+ blocks/);
    expect(steps).toMatch(/\d+ {2}boilerplate +\d+\.\d ms {2}took out \d+ parts?\n {4}− [a-z ]+: /);
    expect(steps.split('\n').filter((line) => line.length > columns)).toEqual([]);
  });

  it('shows prose that was lost without a reason, and where it stands, also as JSON', async () => {
    const lost = `The tide tables of the harbour are printed by the council each spring, and sold at its gate for a penny.`;
    const page = join(place.folder, 'lost.html');
    const html = articlePage({ paragraphs: 12, head: '', before: '' });
    writeFileSync(page, html.replace(/<\/html>|$/, `<div class="sidebar"><section><p>${lost}</p></section></div>$&`));
    const argv = ['try', page, '--url', 'https://herald.example/a', '--steps'];
    const { why } = objectOf(await sourcelink([...argv, '--json'], { env: place.env })) as {
      why: { steps: { step: number; name: string; ms: number }[]; lost: object[] };
    };
    expect(why.steps.map((s) => s.step)).toEqual(why.steps.map((_, i) => i + 1));
    expect(why.steps.map((s) => s.name)).toEqual(expect.arrayContaining(['parse', 'boilerplate', 'sanitise']));
    expect(why.lost).toContainEqual({ what: lost, where: expect.stringMatching(/sidebar > section > p$/) });
    const { out } = await sourcelink(argv, { env: place.env });
    expect(out).toContain('Lost without a reason (1 paragraph)');
  });

  it('shows the steps of a page that gives no article', async () => {
    const page = join(place.folder, 'empty.html');
    writeFileSync(page, '<title>Quay</title><h1>Quay</h1><p>Soon.</p>');
    const argv = ['try', page, '--url', 'https://herald.example/a', '--steps'];
    const { code, out, err } = await sourcelink(argv, { env: place.env });
    expect(code).toBe(1);
    expect(out).toMatch(/\d+ {2}Readability/);
    expect(err).toContain('at least');
  });
});

describe('try, for machines', () => {
  it('has the text as read, the provenance, all that was taken out, and the signals', async () => {
    const { why, article } = objectOf(await sourcelink(['try', file, '--json'], { env: place.env })) as {
      why: Record<string, unknown>;
      article: Record<string, unknown>;
    };
    expect(article).not.toHaveProperty('text');
    expect(String(why['text']).split('\n')).toHaveLength(12);
    expect(why).toMatchObject({
      source: 'herald',
      syndicatedFrom: null,
      leftOut: null,
      provenance: { authors: 'meta author', canonicalUrl: 'link canonical' },
      signals: [{ name: 'meta robots', value: 'noarchive' }],
    });
    expect(why['removed']).toContainEqual({ what: 'Advertisement', why: expect.any(String) });
  });
});

describe('an address cut in its middle', () => {
  it.each([
    ['https://a.example/picture.jpg', 40, 'https://a.example/picture.jpg'],
    ['https://a.example/picture.jpg', 20, 'https://a.exa…re.jpg'],
    ['https://a.example/picture.jpg', Number.POSITIVE_INFINITY, 'https://a.example/picture.jpg'],
  ])('%s in %d columns', (text, width, cut) => {
    expect(middleCut(text, width)).toBe(cut);
  });
});
