import type { ContractArticle } from './contract.js';

/** What readers see of an article, as named texts; empty where there is nothing. Both updates and diffs go by it. */
export function seenOf(a: ContractArticle): Record<string, string> {
  return {
    title: a.title,
    author: a.attribution.author ?? '',
    text: a.text ?? a.excerpt,
    // Of a text that is only begun here: a correction further down is still one, and whoever follows the Source link reads it.
    words: a.text === undefined ? String(a.wordCount) : '',
    image: a.image?.url ?? '',
    categories: a.categories.map((c) => c.path).join(', '),
    'Source link': a.attribution.url,
    rights: a.rights.level,
    'search engines': a.noindex ? 'noindex' : 'index',
  };
}

/** Whether a reader who knows the one would notice the other. */
export function readersNotice(before: ContractArticle, after: ContractArticle): boolean {
  const [a, b] = [seenOf(before), seenOf(after)];
  return Object.keys(b).some((name) => plain(a[name] ?? '') !== plain(b[name] ?? ''));
}

/**
 * A line that is nothing but what a page counts by itself: readers, comments, minutes of reading, how long ago it was changed.
 * A number alone is none: it may be a result.
 */
const COUNTER =
  /^\W*(?:(?:updated|published|posted|last (?:updated|modified)|aktualisiert|mis à jour|actualizado|aggiornato|atualizado|bijgewerkt|обновлено|оновлено)\W.{0,40}|\D{0,12}\d[\d.,\s]*\s*[kKmM]?\s*(?:views?|reads?|shares?|comments?|likes?|min(?:ute)?s?\.? read|min(?:utes?)? de lecture|min\.? lesezeit|minuten lesezeit|aufrufe|kommentare|vues|commentaires|visitas|comentarios|comentários|visualizzazioni|commenti|reacties|просмотр\p{L}*|комментари\p{L}*|переглядів|коментар\p{L}*)(?:\s+ago)?\W*)$/iu;

/** A text as a reader remembers it: without what pages count, and whatever the shape of its white space, quotes and dashes. */
export const plain = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !COUNTER.test(line))
    .join('\n')
    .normalize('NFKC')
    .replace(/[‘’‚‛′]/g, "'")
    .replace(/[“”„‟″«»]/g, '"')
    .replace(/[‐‑‒–—―]/g, '-')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
