import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { appendEntries, entryLines, readWritten } from '../../config/sources-text.js';

const shore = { id: 'shore', name: 'The Shore', url: 'https://shore.example/', feeds: ['https://shore.example/rss'] };
const added = (text: string, ...entries: Record<string, unknown>[]) =>
  appendEntries(
    text,
    entries.map((entry) => ({ entry })),
  );

describe('appendEntries', () => {
  it('adds to the shipped file and leaves every other byte as it is', () => {
    const before = readFileSync(new URL('../../config/sources.yaml', import.meta.url), 'utf8');
    const after = added(before, shore);
    expect(after.startsWith(before)).toBe(true);
    expect(after.slice(before.length)).toBe(
      '\n  - id: shore\n    name: The Shore\n    url: https://shore.example/\n    feeds:\n      - https://shore.example/rss\n',
    );
  });

  it('stands behind the comments of the last entry and before what follows the list', () => {
    const before = 'sources:\n- id: a\n  name: A # first\n  # proxy: x\n\n# elsewhere\ndefaults:\n  every: 1h\n';
    expect(added(before, { id: 'b', name: 'B' })).toBe(
      'sources:\n- id: a\n  name: A # first\n  # proxy: x\n\n- id: b\n  name: B\n\n# elsewhere\ndefaults:\n  every: 1h\n',
    );
  });

  it('keeps the line ends of the file, and ends a last line that has none', () => {
    expect(added('sources:\r\n  - id: a\r\n    name: A', { id: 'b', name: 'B' })).toBe(
      'sources:\r\n  - id: a\r\n    name: A\r\n\r\n  - id: b\r\n    name: B\r\n',
    );
  });

  it('adds to a list in brackets, which keeps its comments', () => {
    const after = added('# outlets\nsources: [{ id: a, name: A }] # all\n', { id: 'b', name: 'B' });
    expect(after).toContain('# outlets');
    expect(after).toContain('# all');
    expect(parse(after)).toEqual({
      sources: [
        { id: 'a', name: 'A' },
        { id: 'b', name: 'B' },
      ],
    });
  });

  it('adds behind a block of text, an alias and a merge', () => {
    for (const last of ['note: |\n      two\n      lines\n', '<<: *base\n'])
      expect(
        parse(added(`x: &base { every: 1h }\nsources:\n  - id: a\n    ${last}`, { id: 'b' }), { merge: true }).sources,
      ).toHaveLength(2);
  });

  it('quotes what YAML would read as something else', () => {
    const odd = { id: 'b', name: 'No: 7 # really', url: 'https://b.example/', cron: '*/5 * * * *' };
    expect(parse(added('sources:\n  - id: a\n', odd)).sources[1]).toEqual(odd);
  });

  it('refuses a file that is no YAML or no list', () => {
    expect(() => added('sources: [', shore)).toThrow(/not valid YAML/);
    expect(() => added('- 1\n', shore)).toThrow(/no `sources:` list/);
  });
});

describe('entryLines', () => {
  it('writes comments behind the fields', () => {
    expect(
      entryLines([{ entry: { id: 'a', every: '1h', feeds: ['https://a.example/f'] }, comments: { every: 'slow' } }]),
    ).toBe('- id: a\n  every: 1h # slow\n  feeds:\n    - https://a.example/f\n');
  });
});

describe('readWritten', () => {
  it('leaves placeholders as they are written', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as the operator writes it
    const text = 'defaults: { every: 1h }\nsources:\n  - { id: a, headers: { x-token: "${TOKEN}" } }\n';
    expect(readWritten(text)).toEqual({
      defaults: { every: '1h' },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as the operator writes it
      sources: [{ id: 'a', headers: { 'x-token': '${TOKEN}' } }],
    });
  });
});
