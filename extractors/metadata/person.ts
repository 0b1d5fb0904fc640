import { startMatcher } from '../../text/words/matcher.js';
import { BY } from '../../text/words/phrases.js';
import { ORGANISATION, ROLE_WORDS } from '../../text/words/roles.js';

/** Length of the words that introduce a byline; null when a text does not begin like one. */
export const startsWithBy = startMatcher(BY);
/** Lower-case words inside names. */
const PARTICLES = new Set(
  "de del della der den di da das do dos du des la le los las van von vom zu zur ter ten te y e i al el bin ibn ben af av of st st. d' o' mac mc und et 't op".split(
    ' ',
  ),
);
const SEPARATOR =
  /\s*(?:[,;|•·/]|\s[–—-]\s|\n|&|(?:^|\s)(?:and|und|et|y|og|och|en|ja|i|ve|и|и|та|و|with|with reporting by|additional reporting by)(?=\s))\s*/iu;
const NOISE =
  /https?:\/\/\S+|\bwww\.\S+|[\w.+-]+@[\w-]+\.[\w.]+|(?:^|\s)@\w+|\([^)]*\)|\[[^\]]*\]|\b\d{1,2}:\d{2}\b.*$|\b(?:on|published|updated|posted|last)\s+\d?.*\d{4}.*$|<[^>]*>/giu;
const TAIL = /\s+(?:for|of|at|in|from|via|is|was|has|the|special to|für|pour|para|per|dla|для)\s.*$/iu;
const CREDENTIALS =
  /^(?:md|m\.d\.|phd|ph\.d\.|dr|rd|rdn|mph|mba|ms|ma|jr\.?|sr\.?|esq\.?|cfa|cfp|rn|cpt|ldn|dds|dvm|ii|iii|lcsw|obe|mbe)$/i;
const HONORIFIC = /^(?:dr|prof|sir|dame|mr|mrs|ms|rev|sen|rep|gov)\.?\s+/i;
const UNCASED =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Arabic}\p{sc=Hebrew}\p{sc=Devanagari}\p{sc=Thai}\p{sc=Bengali}\p{sc=Tamil}]/u;

/** Words of organisations that are also surnames. */
const MAYBE_SURNAME = /\s(?:post|press|club|journal|studios?|partners)$/iu;
const JOB =
  /\b(?:writer|reporter|editor|correspondent|columnist|journalist\w*|redakteur\w*|korrespondent\w*|redactora?|periodista|giornalista|repórter)\b/iu;
/** What links to a writer's page say instead of a name. */
const LINK_WORDS =
  /^(?:view|see|read|more|all|posts?|articles?|follow|bio|profile|about|full|latest|stories|mehr|alle|voir|tous|ver|todos|vedi|tutti|bekijk)$/i;
const COLLECTIVE =
  /(?:^|\s)(?:staff|team|desk|newsroom|editors|writers|reporters|news|editorial|admin|agency|agencies|wires?|newswire|report|contributors?|daily \w+|tips|guide|network|service|services)$/iu;

export type NameContext = {
  /** Names of the site, its publisher and host, as they must not be authors; lower case. */
  sites: Set<string>;
  /** A single word may be a name: true where the page says that it is a person's. */
  single: boolean;
};

/** A byline without addresses, handles, brackets, times and dates. */
export function withoutNoise(raw: string): string {
  return raw
    .replace(/\s*\n\s*/g, '\n')
    .replace(NOISE, ' ')
    .replace(/[^\S\n]+/g, ' ')
    .trim();
}

/** The persons that a byline or an author field names: no roles, organisations, addresses or times. */
export function personNames(raw: string, context: NameContext): string[] {
  const text = withoutNoise(raw);
  if (text === '' || text.length > 300) return [];
  const names: string[] = [];
  const pieces = hintLastFirst(text.split(SEPARATOR).filter((p) => p?.trim()));
  for (const piece of pieces) {
    const name = cleanName(piece, context);
    if (name && !names.some((n) => n.toLowerCase() === name.toLowerCase())) names.push(name);
  }
  return names;
}

/** True when a text names the job of somebody who writes. */
export const namesJob = (text: string): boolean => JOB.test(text);

/** `Smith, John` is one person. */
function hintLastFirst(pieces: string[]): string[] {
  const [last, first] = pieces.map((p) => p.trim());
  const simple = (p: string | undefined) =>
    p !== undefined && /^\p{Lu}[\p{L}'’-]+$/u.test(p) && !ROLE_WORDS.has(p.toLowerCase());
  return pieces.length === 2 && simple(last) && simple(first) ? [`${first} ${last}`] : pieces;
}

function cleanName(piece: string, context: NameContext): string | null {
  let name = piece.trim();
  for (let i = 0; i < 2; i++) {
    const by = startsWithBy(name);
    // `Di Maio` and `Da Silva` are names: a preposition that is capitalised counts only where more than two words follow.
    if (by && !(name.split(' ').length <= 2 && /^\p{Lu}\p{Ll}/u.test(name) && !/^by\b/i.test(name)))
      name = name.slice(by).trim();
  }
  name = name
    .replace(TAIL, '')
    .replace(/^[\s\p{P}\p{S}]+|[\s:;,\p{Pd}"”»*|]+$/gu, '')
    .trim();
  // An office, however many words of jobs its name ends with.
  if (COLLECTIVE.test(name)) return null;
  let words = name.split(' ').filter((w) => w && !CREDENTIALS.test(w.replace(/,$/, '')));
  while (words.length > 0 && ROLE_WORDS.has(words.at(-1)?.toLowerCase() ?? '')) words = words.slice(0, -1);
  while (words.length > 2 && ROLE_WORDS.has(words[0]?.toLowerCase() ?? '')) words = words.slice(1);
  name = words.join(' ').replace(HONORIFIC, '');
  return isPerson(name, context) ? properCase(name) : null;
}

function isPerson(name: string, context: NameContext): boolean {
  const words = name.split(/\s+/);
  const lower = name.toLowerCase();
  if (name.length < 2 || name.length > 60 || words.length > 6 || /\d|[_=<>{}#$%]|\.(?:com|net|org|co)\b/i.test(name))
    return false;
  if (context.sites.has(lower.replace(/[^\p{L}\p{N}]+/gu, ''))) return false;
  if (words.every((w) => ROLE_WORDS.has(w.toLowerCase()) || LINK_WORDS.test(w))) return false;
  if (ORGANISATION.test(name) && !(context.single && words.length === 2 && MAYBE_SURNAME.test(name))) return false;
  if (UNCASED.test(name)) return true;
  if (words.length === 1)
    return context.single && name.length > 2 && /^\p{Lu}[\p{L}'’.-]*\p{Ll}[\p{L}'’.-]*$/u.test(name);
  return words.every(
    (w) => /^[\p{Lu}“"'’(]/u.test(w) || PARTICLES.has(w.toLowerCase()) || /^(?:d|l|o|al)['’-]\p{Lu}/iu.test(w),
  );
}

/** `JANE DOE` as `Jane Doe`; mixed case stays as it is. */
function properCase(name: string): string {
  if (name !== name.toUpperCase() || name.length < 5 || UNCASED.test(name)) return name;
  return name
    .toLowerCase()
    .replace(/(^|[\s'’-])(\p{L})/gu, (_, before: string, c: string) => before + c.toUpperCase())
    .replace(/\b(Mc)(\p{L})/gu, (_, mc: string, c: string) => mc + c.toUpperCase());
}
