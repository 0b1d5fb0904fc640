export type Licence = { name: string; url: string };

/** Most licences of one page that are told; a page of many has them of its pictures. */
const MOST = 3;

/** Licences that the page names, those of the whole page first. `whole`: it is not said of a picture alone. */
export function readLicences(document: Document, jsonLd: Record<string, unknown>[]): (Licence & { whole: boolean })[] {
  const links = Array.from(document.querySelectorAll('link[rel~="license"], a[rel~="license"]'), (l) => ({
    name: 'link rel=license',
    url: l.getAttribute('href')?.trim() ?? '',
    whole: l.closest('figure, figcaption, aside, picture') === null,
  }));
  const metas = Array.from(document.querySelectorAll('meta'))
    .filter((m) => /^(?:dc\.rights\.license|dcterms\.license)$/i.test(m.getAttribute('name')?.trim() ?? ''))
    .map((m) => ({ name: 'meta dcterms.license', url: m.getAttribute('content')?.trim() ?? '', whole: true }));
  const named = jsonLd.flatMap((node) => {
    const url = node['license'];
    return typeof url === 'string' ? [{ name: 'JSON-LD license', url: url.trim(), whole: isText(node) }] : [];
  });
  const found = new Map<string, Licence & { whole: boolean }>();
  for (const one of [...links, ...metas, ...named]) {
    if (!/^https?:\/\//i.test(one.url)) continue;
    const known = found.get(one.url);
    if (known === undefined || (one.whole && !known.whole)) found.set(one.url, one);
  }
  return [...found.values()].sort((a, b) => Number(b.whole) - Number(a.whole)).slice(0, MOST);
}

/** The licence among these that the operator has named as enough for the whole text. */
export function sufficient<T extends Licence & { whole: boolean }>(licences: T[], named: string[]): T | null {
  return licences.find((l) => l.whole && named.some((n) => covers(plain(n), plain(l.url)))) ?? null;
}

/** `…/licenses/by/4.0/` covers `…/licenses/by/4.0/deed.de`, but `…/licenses/by/` not `…/licenses/by-nc/`. */
function covers(named: string, url: string): boolean {
  return url === named || url.startsWith(`${named}/`);
}

/** Without what makes no other licence: protocol, `www.`, case, query and a last slash. */
function plain(url: string): string {
  return url
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\/(?:www\.)?/, '')
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '');
}

function isText(node: Record<string, unknown>): boolean {
  return [node['@type']].flat().some((type) => /(?:Article|BlogPosting|Report|WebPage|Review)$/.test(String(type)));
}
