import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownTable } from '../text/markdown.js';
import { checkout, isStarted } from './checkout.js';
import { type LockedPackage, readLockfile } from './lockfile.js';

/** SPDX ids under which a package may be part of what runs: each allows use and passing on beside MIT. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'Python-2.0',
  'Unlicense',
]);

/** Packages whose package.json does not say it in SPDX's words, with what they say and where. By name and version: look again at a new one. */
const SAID_ELSEWHERE: Record<string, { licence: string; where: string }> = {
  'map-stream@0.1.0': { licence: 'MIT', where: 'its file LICENCE; package.json names none' },
  'pause-stream@0.0.11': { licence: 'MIT OR Apache-2.0', where: 'package.json, as a list' },
};

/** Licences that are allowed for one package, with the reason. */
const ALLOWED_FOR: Record<string, { licence: string; why: string }> = {
  'caniuse-lite': { licence: 'CC-BY-4.0', why: 'data about browsers, credited to caniuse.com by this list' },
};

/** Packages that may run something when they are installed, with the reason. */
export const INSTALL_SCRIPTS: Record<string, string> = {
  'msgpackr-extract':
    'builds a faster decoder where no built one fits the machine; without it `msgpackr` decodes in JavaScript, as in the container image',
};

/** The licence of a package as an SPDX expression; null when nobody says it. */
export function licenceOf({
  name,
  version,
  license,
}: Pick<LockedPackage, 'name' | 'version' | 'license'>): string | null {
  const said = SAID_ELSEWHERE[`${name}@${version}`];
  if (said) return said.licence;
  return typeof license === 'string' ? license.replace(/^\((.*)\)$/, '$1') : null;
}

/** Whether a package may be part of what runs. Of `A OR B` one is enough, of `A AND B` both are needed. */
export function isAllowed(locked: Pick<LockedPackage, 'name' | 'version' | 'license'>): boolean {
  const licence = licenceOf(locked);
  if (licence === null) return false;
  const one = (id: string) => ALLOWED.has(id) || ALLOWED_FOR[locked.name]?.licence === id;
  return licence.split(' OR ').some((part) => part.split(' AND ').every((id) => one(id.trim())));
}

/** docs/licences.md: every package that an installed Sourcelink may hold, with its licence. */
export function licencesPage(packages: readonly LockedPackage[]): string {
  const production = packages.filter((p) => p.production);
  const rows = [...new Map(production.map((p) => [`${p.name}@${p.version}`, p])).values()];
  const counts = new Map<string, number>();
  for (const p of rows) counts.set(licenceOf(p) ?? '?', (counts.get(licenceOf(p) ?? '?') ?? 0) + 1);
  const notes = [
    ...Object.entries(SAID_ELSEWHERE).map(([name, { licence, where }]) => `- \`${name}\`: ${licence}, by ${where}.`),
    ...Object.entries(ALLOWED_FOR).map(([name, { licence, why }]) => `- \`${name}\`: ${licence}; ${why}.`),
  ];
  return `<!-- Written by \`npm run licences\` from package-lock.json and supply/licences.ts. Change them, not this file. -->
# Licences of what is built upon

Sourcelink is under the [MIT licence](../LICENSE). An installation holds the ${rows.length} packages below, some of them only on some
machines. Each keeps its licence text in its own folder of \`node_modules\`. A test allows these licences and no others, and
\`npm run sbom\` prints the same list as CycloneDX for machines.

${markdownTable(
  ['Licence', 'Packages'],
  [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([licence, n]) => [licence, String(n)]),
)}

${notes.join('\n')}

Of these, the following run a script when npm installs them, and no others may:

${Object.entries(INSTALL_SCRIPTS)
  .map(([name, why]) => `- \`${name}\`: ${why}.`)
  .join('\n')}

## Packages

${markdownTable(
  ['Package', 'Version', 'Licence'],
  rows.map((p) => [`\`${p.name}\``, p.version, licenceOf(p) ?? '?']),
)}
`;
}

/** `npm run licences`. */
function main(): void {
  const { root, read } = checkout();
  const packages = readLockfile(read('package-lock.json'));
  writeFileSync(join(root, 'docs/licences.md'), licencesPage(packages));
  const refused = packages.filter((p) => p.production && !isAllowed(p));
  for (const p of refused)
    process.stderr.write(
      `${p.name}@${p.version}: ${licenceOf(p) ?? 'names no licence'}. Use another package, or allow it in supply/licences.ts with the reason.\n`,
    );
  process.stdout.write(
    `docs/licences.md: ${packages.filter((p) => p.production).length} packages, ${refused.length} refused.\n`,
  );
  process.exitCode = refused.length === 0 ? 0 : 1;
}

if (isStarted(import.meta.url)) main();
