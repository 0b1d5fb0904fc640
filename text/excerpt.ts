/** Scripts that write no spaces between words; Hangul does. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

const segmenters = new Map<string, Intl.Segmenter>();

function segmenter(language: string | null, granularity: 'word' | 'sentence'): Intl.Segmenter {
  const key = `${granularity} ${language}`;
  const known = segmenters.get(key);
  if (known) return known;
  const made = new Intl.Segmenter(language ?? undefined, { granularity });
  if (segmenters.size < 200) segmenters.set(key, made);
  return made;
}

/** Words of a text: what stands between spaces, and by dictionary where a script has none. */
export function countWords(text: string, language: string | null): number {
  let words = 0;
  for (const [run] of text.matchAll(/\S+/g)) {
    if (!UNSPACED.test(run)) words += /[\p{L}\p{N}]/u.test(run) ? 1 : 0;
    // A run of such a script is a whole clause; one of kilobytes is no text, and is counted in pieces.
    else for (let i = 0; i < run.length; i += 2000) words += wordsIn(run.slice(i, i + 2000), language);
  }
  return words;
}

function wordsIn(run: string, language: string | null): number {
  let words = 0;
  for (const { isWordLike } of segmenter(language, 'word').segment(run)) if (isWordLike) words++;
  return words;
}

/**
 * The first sentences of a text, about `words` words: as many whole ones as fit, else the first one's beginning with an
 * ellipsis.
 */
export function excerptOf(text: string, language: string | null, words = 55): string {
  const opening = text
    .slice(0, words * 40)
    .replace(/\s+/g, ' ')
    .trim();
  let [taken, count] = ['', 0];
  for (const { segment } of segmenter(language, 'sentence').segment(opening)) {
    const size = countWords(segment, language);
    if (count > 0 && count + size > words && !endsInAbbreviation(taken)) break;
    taken += segment;
    count += size;
    if (count >= words && !endsInAbbreviation(taken)) break;
  }
  taken = taken.trim();
  return count <= words * 1.3 ? taken : cut(taken, language, words);
}

/** How long an excerpt may be: in words, and in characters where the page sets a limit. */
export type ExcerptLength = { words: number; characters: number | null };

/**
 * The first sentences of a text, as many whole ones as the length allows; where not even one fits, its beginning with an
 * ellipsis. Never longer than allowed, in any script.
 */
export function shorten(text: string, language: string | null, { words, characters }: ExcerptLength): string {
  const most = characters ?? Number.POSITIVE_INFINITY;
  const clean = text
    .slice(0, Math.min(words * 40, most * 2) + 200)
    .replace(/\s+/g, ' ')
    .trim();
  const whole = clean.length === text.replace(/\s+/g, ' ').trim().length;
  let [taken, next, count] = ['', '', 0];
  for (const { segment } of segmenter(language, 'sentence').segment(clean)) {
    next += segment;
    count += countWords(segment, language);
    if (count > words || next.trimEnd().length > most) break;
    const ended = next.length < clean.length ? !endsInAbbreviation(next) : whole;
    if (ended) taken = next.trimEnd();
  }
  return taken === '' && clean !== '' ? cut(clean, language, words, most) : taken;
}

/** `Mr. Smith` and `U.S. officials` are no two sentences, though the segmenter may think so. */
function endsInAbbreviation(text: string): boolean {
  return /(?:^|[\s(“"])(?:Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|Sgt|Lt|Col|Capt|Prof|St|Jr|Sr|No|vs|\p{Lu}(?:\.\p{Lu})*)\.\s*$/u.test(
    text,
  );
}

function cut(text: string, language: string | null, words: number, characters = Number.POSITIVE_INFINITY): string {
  let [end, count] = [0, 0];
  for (const { segment, index, isWordLike } of segmenter(language, 'word').segment(text)) {
    if (isWordLike && (++count > words || index + segment.length + 2 > characters)) break;
    if (isWordLike) end = index + segment.length;
  }
  if (end === 0 && text !== '') return '';
  return end < text.length ? `${text.slice(0, end)} …` : text;
}
