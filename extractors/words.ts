/** Scripts that put no space between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

let segmenter: Intl.Segmenter | undefined;

/** How many words a text has, in any script. */
export function countWords(text: string): number {
  if (!UNSPACED.test(text)) return text.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’_-]*/gu)?.length ?? 0;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
  let words = 0;
  for (const { isWordLike } of segmenter.segment(text)) if (isWordLike) words++;
  return words;
}

/** Full stops that end a sentence, with what may close it. */
const SENTENCE_END = /(?:[.!?…]["”’»)\]]*(?=\s+["“‘«(]?[\p{Lu}\p{Lo}\p{N}])|[。！？]["”’」』）]*)/gu;

/** The first sentences of a text, at most `most` characters; cut at a word, with an ellipsis, where none ends. */
export function firstSentences(text: string, most: number): string {
  const flat = text
    .slice(0, most * 4)
    .replace(/\s+/g, ' ')
    .trim();
  if (flat.length <= most) return flat;
  let end = 0;
  for (const m of flat.matchAll(SENTENCE_END)) {
    const here = m.index + m[0].length;
    if (here > most) break;
    end = here;
  }
  if (end >= most / 3) return flat.slice(0, end);
  return `${flat
    .slice(0, most)
    .replace(/\s+\S*$/, '')
    .replace(/[\s,;:–—-]+$/u, '')} …`;
}
