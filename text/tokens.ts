/** Scripts that are written without spaces: their words are found by dictionary. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const APOSTROPHES = /['’‘ʼ＇`´]/g;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;

const segmenter = new Intl.Segmenter('und', { granularity: 'word' });

/** The words of a text in order, for comparing: compatibility forms folded, case and apostrophes dropped, in any script. */
export function tokenise(text: string): string[] {
  const folded = text.normalize('NFKC').toLowerCase().replace(APOSTROPHES, '');
  const words: string[] = folded.match(WORD) ?? [];
  return UNSPACED.test(folded) ? words.flatMap(segment) : words;
}

function segment(word: string): string | string[] {
  if (!UNSPACED.test(word)) return word;
  const parts: string[] = [];
  for (const s of segmenter.segment(word)) if (s.isWordLike) parts.push(s.segment);
  return parts;
}
