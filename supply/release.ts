import { z } from 'zod';
import { checkout, isStarted } from './checkout.js';

const Manifest = z.object({ version: z.string() });

/** The section of a version in a changelog after “Keep a Changelog”; null when there is none, or none with a date. */
export function notesOf(changelog: string, version: string): string | null {
  const lines = changelog.split('\n');
  const at = lines.findIndex((l) => l.startsWith(`## [${version}] - `) && /\d{4}-\d\d-\d\d$/.test(l));
  if (at < 0) return null;
  const end = lines.findIndex((l, n) => n > at && l.startsWith('## '));
  const notes = lines
    .slice(at + 1, end < 0 ? undefined : end)
    .join('\n')
    .trim();
  return notes === '' ? null : notes;
}

/** What keeps a tag from being released, each with its hint. `read` gives a file of the checkout. */
export function obstacles(tag: string, read: (path: string) => string): string[] {
  const { version } = Manifest.parse(JSON.parse(read('package.json')));
  const wrong: string[] = [];
  if (tag !== `v${version}`)
    wrong.push(`The tag is ${tag}, package.json says ${version}. Tag v${version}, or run \`npm version\` first.`);
  if (Manifest.parse(JSON.parse(read('package-lock.json'))).version !== version)
    wrong.push(`package-lock.json is of another version than ${version}. Run \`npm install --package-lock-only\`.`);
  if (!read('compose.yaml').includes(`image: sourcelink:${version}\n`))
    wrong.push(`compose.yaml names another image than sourcelink:${version}.`);
  if (notesOf(read('CHANGELOG.md'), version) === null)
    wrong.push(`CHANGELOG.md has no section “## [${version}] - YYYY-MM-DD”, or an empty one. Rename “[Unreleased]”.`);
  return wrong;
}

/** `npm run release:notes v1.2.3`: prints the notes of that release, or what is wrong. */
function main(tag: string): void {
  const { read } = checkout();
  const wrong = obstacles(tag, read);
  for (const line of wrong) process.stderr.write(`${line}\n`);
  if (wrong.length === 0) process.stdout.write(`${notesOf(read('CHANGELOG.md'), tag.slice(1))}\n`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

if (isStarted(import.meta.url)) main(process.argv[2] ?? '');
