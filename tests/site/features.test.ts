import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(join(import.meta.dirname, path), 'utf8');

/** The titles of a file's tests, as they stand in its text. */
const titlesOf = (file: string): string[] =>
  [
    ...read(file).matchAll(
      /^ {2}it(?:\.skipIf\(.*?\)|\.each\(\[[\s\S]*?\] as const\))?\(\s*(?:'([^'\n]+)'|"([^"\n]+)")/gm,
    ),
  ].map((m) => m[1] ?? m[2] ?? '');

describe('docs/site.md, “Every feature, with its test”', () => {
  const part = read('../../docs/site.md').split('## Every feature, with its test')[1]?.split('\n## ')[0] ?? '';
  const lists = [...part.matchAll(/\(`([\w-]+\.test\.ts)`\):\n\n((?:- .+\n)+)/g)];

  it('names four files', () => expect(lists).toHaveLength(4));

  it.each(lists.map(([, file = '', lines = '']) => [file, lines] as const))(
    '%s has just the tests it lists',
    (file, lines) => {
      const listed = lines
        .trim()
        .split('\n')
        .map((l) => l.slice(2));
      expect(listed).toEqual(titlesOf(file));
    },
  );
});
