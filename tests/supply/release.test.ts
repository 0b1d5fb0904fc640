import { describe, expect, it } from 'vitest';
import { checkout } from '../../supply/checkout.js';
import { notesOf, obstacles } from '../../supply/release.js';

const { read } = checkout();
const CHANGELOG = `# Changelog

## [Unreleased]

## [1.2.0] - 2026-03-01

### Added

- A thing.

## [1.1.0] - 2026-02-01

- An older one.
`;
const files = (more: Record<string, string> = {}) => {
  const all: Record<string, string> = {
    'package.json': '{ "version": "1.2.0" }',
    'package-lock.json': '{ "version": "1.2.0" }',
    'compose.yaml': 'services:\n  a:\n    image: sourcelink:1.2.0\n',
    'CHANGELOG.md': CHANGELOG,
    ...more,
  };
  return (path: string) => all[path] ?? '';
};

describe('release', () => {
  it('takes its notes from the section of its version', () => {
    expect(notesOf(CHANGELOG, '1.2.0')).toBe('### Added\n\n- A thing.');
    expect(notesOf(CHANGELOG, '1.1.0')).toBe('- An older one.');
    expect(notesOf(CHANGELOG, '1.2')).toBeNull();
  });

  it('is let through when tag, package, lockfile, image and changelog agree', () => {
    expect(obstacles('v1.2.0', files())).toEqual([]);
  });

  it.each([
    ['a tag of another version', 'v1.3.0', {}, 'package.json says 1.2.0'],
    ['a tag without v', '1.2.0', {}, 'Tag v1.2.0'],
    ['an old lockfile', 'v1.2.0', { 'package-lock.json': '{ "version": "1.1.0" }' }, 'package-lock.json'],
    ['an old image', 'v1.2.0', { 'compose.yaml': 'image: sourcelink:1.1.0\n' }, 'compose.yaml'],
    [
      'a changelog without the version',
      'v1.2.0',
      { 'CHANGELOG.md': '## [Unreleased]\n\n- A thing.\n' },
      'CHANGELOG.md',
    ],
    [
      'an empty section',
      'v1.2.0',
      { 'CHANGELOG.md': '## [1.2.0] - 2026-03-01\n\n## [1.1.0] - 2026-02-01\n' },
      'CHANGELOG.md',
    ],
  ])('is held up by %s', (_what, tag, more, said) => {
    expect(obstacles(tag, files(more))).toEqual([expect.stringContaining(said)]);
  });

  it('of this checkout waits for nothing but its section of the changelog', () => {
    const { version } = JSON.parse(read('package.json'));
    const wrong = obstacles(`v${version}`, read);
    expect(wrong.filter((w) => !w.startsWith('CHANGELOG.md'))).toEqual([]);
  });
});
