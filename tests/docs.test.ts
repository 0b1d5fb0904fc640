import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { CategoriesFile } from '../config/categories.js';
import { CODES } from '../config/errors.js';
import { fieldsOf } from '../config/reference.js';
import { Settings } from '../config/settings.js';
import { SourcesFile } from '../config/sources.js';
import { contractArticle, messageOf } from '../contract/message.js';
import { contractFields, contractSchema } from '../contract/schema.js';
import { SiteConfig } from '../site/config.js';
import { generateDocs } from '../supply/docs.js';
import { METRICS } from '../workers/metrics/definitions.js';
import { sourcelink } from './cli/command-line.js';
import { articleRow } from './setup/article-row.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const filesBelow = (folder: string, ending: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith(ending))
    .map((f) => join(folder, f));

describe('generated documents', () => {
  it.each([...generateDocs(read)])('%s is current; `npm run docs` writes it', (path, text) => {
    expect(read(path)).toBe(text);
  });

  it('docs/errors.md explains every code that the code writes into the ledger', () => {
    const page = read('docs/errors.md');
    const written = [
      'text',
      'config',
      'crawlers',
      'extractors',
      'contract',
      'analysis',
      'ledger',
      'workers',
      'server',
      'evaluate',
      'cli',
    ].flatMap((folder) =>
      existsSync(join(root, folder))
        ? filesBelow(folder, '.ts').flatMap((f) =>
            [...read(f).matchAll(/(?:code: |SourcelinkError\(\s*)'([A-Z]+(?:_[A-Z0-9]+)+)'/g)].map((m) => m[1] ?? ''),
          )
        : [],
    );
    expect(written.length).toBeGreaterThan(10);
    expect([...new Set(written)].filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });

  it('every error code says the hint, and every metric what it counts', () => {
    expect(Object.entries(CODES).filter(([, { hint }]) => !/^\S.{8,}[.`)]$/.test(hint))).toEqual([]);
    expect(Object.entries(METRICS).filter(([, { help }]) => help.length < 15)).toEqual([]);
  });

  it('every field of the contract and every setting says what it means', () => {
    const { full, retracted } = contractFields();
    const fields = [...full, ...retracted, ...[SourcesFile, Settings, CategoriesFile].flatMap((f) => fieldsOf(f))];
    expect(fields.length).toBeGreaterThan(60);
    expect(fields.filter((f) => f.description === '').map((f) => f.path)).toEqual([]);
  });
});

describe('contract.schema.json', () => {
  const ajv = new Ajv2020({ allErrors: true });
  formats.default(ajv);
  const valid = ajv.compile(contractSchema());
  const source = { id: 'herald', name: 'The Herald', url: 'https://herald.example/' };
  const message = () => {
    const row = articleRow({
      id: '0b4f1de2-6a1c-4e0e-9d3b-0c9f8f6f2a11',
      rights: { level: 'full', reason: 'public domain', signals: [] },
    });
    return messageOf(row, contractArticle(row, source, { excerptWords: 55 }), new Date('2026-03-01T10:00:00Z'));
  };

  it('accepts what the pipeline sends, and fields that it does not know', () => {
    expect(valid(message()), ajv.errorsText(valid.errors)).toBe(true);
    expect(valid({ ...message(), hub: 'later' })).toBe(true);
  });

  it('refuses a message without attribution, one with a date of no zone, and one of another version', () => {
    const { attribution: _gone, ...bare } = contractArticle(articleRow(), source, { excerptWords: 55 });
    expect(valid({ ...message(), article: bare })).toBe(false);
    expect(valid({ ...message(), sentAt: '2026-03-01T10:00:00' })).toBe(false);
    expect(valid({ ...message(), version: 2 })).toBe(false);
  });
});

describe('documents', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', ...filesBelow('docs', '.md')];

  it.each(pages)('%s links only to what exists', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)|(?:src|href)="([^"#]+)"/g)].map(
      (m) => m[1] ?? m[2] ?? '',
    );
    const local = links.filter((l) => !/^[a-z]+:/.test(l));
    expect(local.filter((l) => !existsSync(join(root, normalize(join(dirname(page), l)))))).toEqual([]);
  });

  it('has every page of docs/ in its index', () => {
    const index = read('docs/README.md');
    const linked = [...index.matchAll(/\]\(([^)#]+)/g)].map((m) => normalize(join('docs', m[1] ?? '')));
    const own = pages.filter((p) => p.startsWith('docs/') && !/^docs\/(?:decisions\/\d|README)/.test(p));
    expect(own.filter((p) => !linked.includes(p))).toEqual([]);
    const decisions = read('docs/decisions/README.md');
    const taken = pages.filter((p) => /^docs\/decisions\/\d/.test(p)).map((p) => p.slice('docs/decisions/'.length));
    expect(taken.filter((p) => !decisions.includes(`(${p})`))).toEqual([]);
  });

  it.each(pages)('%s links only to headings that are there', (page) => {
    const anchors = (text: string) =>
      [...text.matchAll(/^#+ (.+)$/gm)].map((m) =>
        (m[1] ?? '')
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
          .trim()
          .replaceAll(' ', '-'),
      );
    const dead = [...read(page).matchAll(/\]\(([^)#\s]*)#([^)\s]+)\)/g)].filter(([, path = '', anchor = '']) => {
      if (/^[a-z]+:/.test(path)) return false;
      const target = path === '' ? page : normalize(join(dirname(page), path));
      return target.endsWith('.md') && !anchors(read(target)).includes(anchor);
    });
    expect(dead.map((m) => m[0])).toEqual([]);
  });

  it("tells every variable of the environment and every key of the site's file", () => {
    const guide = read('docs/operators-guide.md');
    const variables = [...read('config/env.ts').matchAll(/^ {2}([A-Z_]+):/gm)].map((m) => m[1] ?? '');
    expect(variables.length).toBeGreaterThan(8);
    expect(variables.filter((name) => !guide.includes(`| \`${name}\` |`))).toEqual([]);
    const site = read('docs/site.md');
    expect(
      Object.keys(SiteConfig.shape).filter((key) => key !== '$schema' && !new RegExp(`^${key}:`, 'm').test(site)),
    ).toEqual([]);
  });

  it('shows commands that exist, with options that they have', async () => {
    const shown = pages.flatMap((page) =>
      [...read(page).matchAll(/(?:^|npx |`)sourcelink ([a-z]+(?: [a-z]+)?)([^\n`|#]*)/gm)].map(
        ([, words = '', more = '']) => ({
          page,
          words: words.split(' '),
          options: more.match(/(?<=\s)--[a-z][\w-]*/g) ?? [],
        }),
      ),
    );
    expect(shown.length).toBeGreaterThan(60);
    const helps = new Map<string, string>();
    const help = async (words: string[]) => {
      const key = words.join(' ');
      if (!helps.has(key)) helps.set(key, (await sourcelink([...words, '--help'])).out);
      return helps.get(key) ?? '';
    };
    const wrong: string[] = [];
    for (const { page, words, options } of shown) {
      const top = await help(words.slice(0, 1));
      const known = top.startsWith(`Usage: sourcelink ${words[0]}`);
      const below = words[1] !== undefined && top.includes(`\n  ${words[1]}`) ? await help(words) : '';
      if (!known || options.some((o) => !`${top}${below}`.includes(o)))
        wrong.push(`${page}: sourcelink ${[...words, ...options].join(' ')}`);
    }
    expect(wrong).toEqual([]);
  });

  it.each(pages)("%s names no machine's own paths", (page) => {
    expect(read(page).match(/(?<![\w.])\/(?:work|tmp|root|Users)\/\S*/g) ?? []).toEqual([]);
  });
});
