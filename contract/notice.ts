import type { ContractArticle } from './contract.js';

/** What readers see of an article, as named texts; empty where it has none. Updates and diffs both compare these. */
export function seenOf(a: ContractArticle): Record<string, string> {
  return {
    title: a.title,
    author: a.attribution.author ?? '',
    text: a.text ?? a.excerpt,
    // An excerpt does not show a correction further down, but readers who follow the Source link see it.
    words: a.text === undefined ? String(a.wordCount) : '',
    image: a.image?.url ?? '',
    categories: a.categories.map((c) => c.path).join(', '),
    'Source link': a.attribution.url,
    rights: a.rights.level,
    'search engines': a.noindex ? 'noindex' : 'index',
  };
}

/** Whether a reader would notice the difference between two revisions. */
export function readersNotice(before: ContractArticle, after: ContractArticle): boolean {
  const [a, b] = [seenOf(before), seenOf(after)];
  return Object.keys(b).some((name) => plain(a[name] ?? '') !== plain(b[name] ?? ''));
}

/**
 * A line with nothing but a counter of the page: readers, comments, reading minutes, or the time since the last change.
 * A number alone does not count, because it may be a result.
 */
const COUNTER =
  /^\W*(?:(?:updated|published|posted|last (?:updated|modified)|aktualisiert|mis à jour|actualizado|aggiornato|atualizado|bijgewerkt|обновлено|оновлено)\W.{0,40}|\D{0,12}\d[\d.,\s]*\s*[kKmM]?\s*(?:views?|reads?|shares?|comments?|likes?|min(?:ute)?s?\.? read|min(?:utes?)? de lecture|min\.? lesezeit|minuten lesezeit|aufrufe|kommentare|vues|commentaires|visitas|comentarios|comentários|visualizzazioni|commenti|reacties|просмотр\p{L}*|комментари\p{L}*|переглядів|коментар\p{L}*)(?:\s+ago)?\W*)$/iu;

/** A text without counters and with white space, quotes and dashes unified, so that only real changes differ. */
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
