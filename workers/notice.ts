import type { ContractArticle } from './contract.js';

/** What readers see of an article, as named texts; empty where there is nothing. Both updates and diffs go by it. */
export function seenOf(a: ContractArticle): Record<string, string> {
  return {
    title: a.title,
    author: a.attribution.author ?? '',
    text: a.text ?? a.excerpt,
    image: a.image?.url ?? '',
    'Source link': a.attribution.url,
    rights: a.rights.level,
    'search engines': a.noindex ? 'noindex' : 'index',
  };
}

/** Whether a reader who knows the one would notice the other: white space and the shape of quotes and dashes do not count. */
export function readersNotice(before: ContractArticle, after: ContractArticle): boolean {
  const [a, b] = [seenOf(before), seenOf(after)];
  return Object.keys(b).some((name) => plain(a[name] ?? '') !== plain(b[name] ?? ''));
}

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[‘’‚‛′]/g, "'")
    .replace(/[“”„‟″«»]/g, '"')
    .replace(/[‐‑‒–—―]/g, '-')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
