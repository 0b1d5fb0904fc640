import { describe, expect, it } from 'vitest';
import { checkout } from '../../supply/checkout.js';
import { INSTALL_SCRIPTS, isAllowed, licenceOf, licencesPage } from '../../supply/licences.js';
import { readLockfile } from '../../supply/lockfile.js';

const { read } = checkout();
const packages = readLockfile(read('package-lock.json'));
const production = packages.filter((p) => p.production);
const named = (p: { name: string; version: string }) => `${p.name}@${p.version}`;
const locked = (license: string | string[] | undefined) => ({
  name: 'a',
  version: '1.0.0',
  ...(license === undefined ? {} : { license }),
});

describe('licences', () => {
  it('of all packages that run are known and allowed', () => {
    expect(production.length).toBeGreaterThan(100);
    expect(production.filter((p) => !isAllowed(p)).map((p) => `${named(p)}: ${licenceOf(p)}`)).toEqual([]);
  });

  it.each([
    'GPL-3.0-only',
    'AGPL-3.0-or-later',
    'CC-BY-4.0',
    'SEE LICENSE IN LICENSE',
    'MIT AND GPL-2.0-only',
    undefined,
  ])('do not allow %s', (license) => expect(isAllowed(locked(license))).toBe(false));

  it.each(['MIT', '(MIT OR GPL-3.0-only)', 'MIT AND ISC'])('allow %s', (license) =>
    expect(isAllowed(locked(license))).toBe(true),
  );

  it('are in docs/licences.md as in the lockfile; `npm run licences` writes it', () => {
    expect(read('docs/licences.md')).toBe(licencesPage(packages));
  });
});

describe('package-lock.json', () => {
  it('has a hash for every package, of this machine and of others', () => {
    expect(packages.filter((p) => !/^sha512-[\w+/]{86}==$/.test(p.integrity ?? '')).map(named)).toEqual([]);
  });

  it('names no place to load from, so that all come from the one registry that npm is set to', () => {
    expect(packages.filter((p) => p.resolved !== undefined || p.link).map(named)).toEqual([]);
  });

  it('lets none run a script at installation but those whose reason is written down', () => {
    const scripts = production.filter((p) => p.hasInstallScript).map((p) => p.name);
    expect(scripts).toEqual(Object.keys(INSTALL_SCRIPTS));
  });

  it('is of the versions that package.json fixes', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json'));
    const all: [string, string][] = Object.entries({ ...dependencies, ...devDependencies });
    expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    const known = new Set(packages.map(named));
    expect(all.map(([name, version]) => `${name}@${version}`).filter((p) => !known.has(p))).toEqual([]);
  });
});
