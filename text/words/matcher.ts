import type { ByLanguage } from './phrases.js';

const LEADING = /^[\s\p{Pd}•>»▶►→([{【<*|"“”'‘’«_#]+/u;
const OUTER = /^[\s\p{P}\p{S}]+|[\s\p{P}\p{S}\d]+$/gu;
const WORD = /[\p{L}\p{N}]/u;
/** Scripts that are written without spaces: a phrase may be followed by anything. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]$/u;
const LONGEST = 90;

// `İ` becomes two characters in lower case; the dot is dropped.
const fold = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\u0307/g, '')
    .replace(/[’‘ʼ]/g, "'")
    .replace(/\s+/g, ' ');

/** Phrases by their first two characters, the longest first: a text is held against few of them. */
function index(lists: ByLanguage[]): Map<string, string[]> {
  const phrases = [...new Set(lists.flatMap((list) => Object.values(list).flat()).map(fold))];
  const byStart = new Map<string, string[]>();
  for (const phrase of phrases.sort((a, b) => b.length - a.length)) {
    const key = phrase.slice(0, 2);
    const known = byStart.get(key);
    if (known) known.push(phrase);
    else byStart.set(key, [phrase]);
  }
  return byStart;
}

/**
 * Tells whether a text begins with one of the phrases, whatever its case and the quotes, dashes and brackets before it.
 * Gives the length of all that, null when it does not.
 */
export function startMatcher(...lists: ByLanguage[]): (text: string) => number | null {
  const byStart = index(lists);
  return (text) => {
    const skipped = LEADING.exec(text)?.[0].length ?? 0;
    const start = fold(text.slice(skipped, skipped + LONGEST));
    for (const phrase of byStart.get(start.slice(0, 2)) ?? []) {
      if (!start.startsWith(phrase)) continue;
      const next = start.charAt(phrase.length);
      if (next !== '' && WORD.test(next) && WORD.test(phrase.slice(-1)) && !UNSPACED.test(phrase)) continue;
      return skipped + phrase.length;
    }
    return null;
  };
}

/** Tells whether a text is nothing but one of the phrases, punctuation and a trailing number aside. */
export function wholeMatcher(...lists: ByLanguage[]): (text: string) => boolean {
  const bare = (text: string) => fold(text).replace(OUTER, '');
  const phrases = new Set(
    lists
      .flatMap((list) => Object.values(list).flat())
      .map(bare)
      .filter(Boolean),
  );
  return (text) => text.length <= LONGEST && phrases.has(bare(text));
}

/** Counts how many times phrases stand in a text, whatever their case. */
export function countMatcher(...lists: ByLanguage[]): (text: string) => number {
  const phrases = [...new Set(lists.flatMap((list) => Object.values(list).flat()).map(fold))];
  return (text) => {
    const folded = fold(text);
    return phrases.reduce((sum, phrase) => sum + (folded.split(phrase).length - 1), 0);
  };
}
