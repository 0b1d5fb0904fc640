import { addresses } from './addresses.js';
import { charsets } from './charsets.js';
import { compression } from './compression.js';
import { consumers } from './consumers.js';
import { dates } from './dates.js';
import { huge } from './huge.js';
import { type Input, KINDS } from './input.js';
import { json } from './json.js';
import { patterns } from './patterns.js';
import { redirects } from './redirects.js';
import { robots } from './robots.js';
import { scripts } from './scripts.js';
import { slow } from './slow.js';
import { structure } from './structure.js';
import { traps } from './traps.js';
import { xmlInputs } from './xml.js';

const ALL = [
  scripts,
  xmlInputs,
  json,
  compression,
  addresses,
  charsets,
  dates,
  traps,
  redirects,
  patterns,
  structure,
  huge,
  slow,
  robots,
  consumers,
].flat();

/** Every hostile input, kind by kind; its number is its place in this list. */
export const CORPUS: readonly Input[] = ALL;

/** Which of the corpus is meant by a comma-separated list of kinds, and a part of a name. */
export function chosen(kinds: string, name: string): number[] {
  const wanted = kinds === '' ? Object.keys(KINDS) : kinds.split(',');
  for (const kind of wanted) if (!(kind in KINDS)) throw new Error(`there is no kind \`${kind}\`; --list names them`);
  return CORPUS.flatMap((input, i) => (wanted.includes(input.kind) && input.name.includes(name) ? [i] : []));
}
