import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { CategoriesFile } from '../config/categories.js';
import { fieldsOf } from '../config/reference.js';
import { Settings } from '../config/settings.js';
import { SourcesFile } from '../config/sources.js';
import { contractFields, contractSchema } from '../workers/contract-schema.js';
import { generateDocs } from '../workers/docs.js';
import { contractArticle, messageOf } from '../workers/message.js';
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
    const written = ['workers', 'crawlers', 'extractors', 'config', 'cli'].flatMap((folder) =>
      existsSync(join(root, folder))
        ? filesBelow(folder, '.ts').flatMap((f) =>
            [...read(f).matchAll(/(?:code: |SourcelinkError\(\s*)'([A-Z]+(?:_[A-Z0-9]+)+)'/g)].map((m) => m[1] ?? ''),
          )
        : [],
    );
    expect(written.length).toBeGreaterThan(10);
    expect([...new Set(written)].filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
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

  it.each(pages)("%s names no machine's own paths", (page) => {
    expect(read(page).match(/(?<![\w.])\/(?:work|tmp|root|Users)\/\S*/g) ?? []).toEqual([]);
  });
});
