import { linksOf, type parsePage } from './page-links.js';

/** A part of an address that counts the pages of a list, with its number. */
const COUNTED =
  /(?<before>[?&](?:page|paged|pg|p|seite|pagina)=|\/(?:page|seite|pagina)[/-])(?<n>\d{1,6})(?=[/&?#]|$)/i;
const FIRST = /[?&](?:page|paged|pg|p|seite|pagina)=2(?=&|$)|\/(?:page|seite|pagina)[/-]2\/?$/i;

/**
 * The page after this one of the same list, or null: the one that it names as its next, else a link to the same address
 * with the next number. Neither another month of a calendar nor another list is a next page.
 */
export function nextPage(page: ReturnType<typeof parsePage>, url: string): string | null {
  const links = linksOf(page.document, page.base).map((l) => l.url.href);
  const named = [...page.document.querySelectorAll('link[rel~="next"][href], a[rel~="next"][href]')]
    .map((e) => e.getAttribute('href') ?? '')
    .flatMap((href) => (URL.canParse(href, page.base) ? new URL(href, page.base).href : []));
  const counted = COUNTED.exec(url);
  if (counted?.groups) {
    const { before = '', n = '' } = counted.groups;
    const expected =
      url.slice(0, counted.index) + before + (Number(n) + 1) + url.slice(counted.index + counted[0].length);
    return [...named, ...links].find((l) => sameAddress(l, expected)) ?? null;
  }
  return [...named, ...links].find((l) => FIRST.test(l) && sameAddress(l.replace(FIRST, ''), url)) ?? null;
}

function sameAddress(a: string, b: string): boolean {
  const plain = (url: string): string => url.replace(/#.*$/, '').replace(/\/?(?=\?|$)/, '');
  return plain(a) === plain(b);
}
