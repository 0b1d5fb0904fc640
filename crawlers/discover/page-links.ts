import { parseHTML } from 'linkedom';
import { cleanUrl } from '../url.js';
import { parseDate } from './feed-date.js';
import { fold } from './html-text.js';

/** A link of a page and what surrounds it; all links to one URL are one. */
export type PageLink = {
  url: URL;
  /** The longest text that any of its anchors shows. */
  text: string;
  /** Inside navigation, head, foot or margin, wherever it stands. */
  chrome: boolean;
  /** Inside or around a heading. */
  heading: boolean;
  /** Inside an `<article>` or a list of teasers marked as such. */
  teaser: boolean;
  /** Marked as paid for or as not to be vouched for. */
  sponsored: boolean;
  /** Of a `<time>` beside it, ISO 8601. */
  date: string | null;
  image: string | null;
  /** The elements above it: links of one list share them. */
  place: string;
};

type Page = ReturnType<typeof parseHTML>['document'];

const CHROME =
  /^(?:nav|navbar|navigation|main-?nav|site-?nav|subnav|menu|main-menu|mega-?menu|header|site-header|page-header|masthead|footer|site-footer|page-footer|breadcrumbs?|social|share|sharing|cookie|subscribe|newsletter|login|legal|pagination|pager|skip-link)$/i;
const TEASER = /(?:^|[-_])(?:article|story|post|card|teaser|entry|headline|promo|hentry)(?:$|[-_])/i;
const EMPTY_WORDS =
  /^(?:(?:read|see|show|view|learn|load) (?:more|all|now|on|full story)|more|continue(?: reading)?|full story|comments?|share|subscribe|watch|listen|video|photos?|gallery|weiterlesen|mehr|lire la suite|leer más|\d+ comments?)\W*$/i;

/** A page's document, its base URL from `<base href>` or the page's own. */
export function parsePage(html: string, url: string): { document: Page; base: string } {
  const { document } = parseHTML(html);
  const href = document.querySelector('base[href]')?.getAttribute('href');
  return { document, base: (href && resolve(href, url)?.href) || url };
}

/** The http(s) links of a page, in order of first appearance. */
export function linksOf(document: Page, base: string, selector: string | null = null): PageLink[] {
  const byUrl = new Map<string, PageLink>();
  const around: Around = { links: new Map(), date: new Map() };
  for (const anchor of anchorsOf(document, selector)) {
    const url = resolve(anchor.getAttribute('href') ?? '', base);
    if (!url) continue;
    const link = look(anchor, url, base, around);
    const had = byUrl.get(url.href);
    byUrl.set(url.href, had ? join(had, link) : link);
  }
  return [...byUrl.values()];
}

/** A selector may name the links or what holds them. */
function anchorsOf(document: Page, selector: string | null): Element[] {
  if (selector === null) return [...document.querySelectorAll('a[href]')];
  const chosen = [...document.querySelectorAll(selector)];
  return chosen.flatMap((e) => (e.matches('a[href]') ? [e] : [...e.querySelectorAll('a[href]')]));
}

function join(a: PageLink, b: PageLink): PageLink {
  // The place of the better anchor counts: the headline, not the picture.
  const better = !b.chrome && (a.chrome || b.text.length > a.text.length) ? b : a;
  return {
    ...better,
    chrome: a.chrome && b.chrome,
    heading: a.heading || b.heading,
    teaser: a.teaser || b.teaser,
    sponsored: a.sponsored || b.sponsored,
    date: a.date ?? b.date,
    image: a.image ?? b.image,
  };
}

function look(anchor: Element, url: URL, base: string, around: Around): PageLink {
  const place: string[] = [];
  let [chrome, header, teaser, heading] = [false, false, false, anchor.querySelector('h1,h2,h3,h4,h5') !== null];
  let date = dateIn(anchor);
  for (let e = anchor.parentElement, depth = 0; e && depth < 40; e = e.parentElement, depth++) {
    const name = e.localName;
    if (place.length < 4) place.unshift(signature(e));
    if (/^h[1-6]$/.test(name)) heading = true;
    if (name === 'article' || (depth < 4 && [...e.classList].some((c) => TEASER.test(c)))) teaser = true;
    if (name === 'header') header = true;
    else if (isChrome(e)) chrome = true;
    // The header of a teaser is not the header of the page.
    if (name === 'article') header = false;
    // A date belongs to what holds few links: one teaser, not the list.
    if (date === null && depth < 6 && (name === 'article' || once(around.links, e, linksIn) < 4))
      date = once(around.date, e, dateIn);
    if (name === 'article' || name === 'main') break;
  }
  const rel = anchor.getAttribute('rel') ?? '';
  const picture = anchor.querySelector('img[src]')?.getAttribute('src');
  return {
    url,
    text: textOfAnchor(anchor),
    chrome: chrome || header,
    heading,
    teaser,
    sponsored: /sponsored|ugc/i.test(rel),
    date,
    image: picture && !picture.startsWith('data:') ? (resolve(picture, base)?.href ?? null) : null,
    place: place.join('>'),
  };
}

/** What is known of the elements around links; without it each link of a long list would count the list again. */
type Around = { links: Map<Element, number>; date: Map<Element, string | null> };

function once<T>(known: Map<Element, T>, e: Element, find: (e: Element) => T): T {
  const had = known.get(e);
  if (had !== undefined) return had;
  const value = find(e);
  known.set(e, value);
  return value;
}

function linksIn(e: Element): number {
  return e.querySelectorAll('a[href]').length;
}

function textOfAnchor(anchor: Element): string {
  const inner = anchor.querySelector('h1,h2,h3,h4,h5,[class*=headline],[class*=title]') ?? anchor;
  const said = [inner.textContent, anchor.textContent, anchor.getAttribute('title'), anchor.getAttribute('aria-label')]
    .map((t) => fold(t ?? ''))
    .filter((t) => t !== '' && !t.startsWith('<') && !EMPTY_WORDS.test(t));
  return (said[0] ?? '').slice(0, 300);
}

function signature(e: Element): string {
  const [first = ''] = e.classList;
  // Numbered and hashed names differ within one list.
  return first && !/\d{2,}|[A-Z].*\d|__/.test(first) ? `${e.localName}.${first}` : e.localName;
}

function isChrome(e: Element): boolean {
  if (/^(?:nav|header|footer|aside|form|menu|dialog)$/.test(e.localName)) return true;
  if (/^(?:navigation|banner|contentinfo|complementary|search|menu|menubar|dialog)$/.test(e.getAttribute('role') ?? ''))
    return true;
  return CHROME.test(e.id ?? '') || [...e.classList].some((c) => CHROME.test(c));
}

function dateIn(e: Element): string | null {
  const time = e.querySelector('time[datetime]')?.getAttribute('datetime');
  return time ? parseDate(time) : null;
}

function resolve(href: string, base: string): URL | null {
  try {
    const url = new URL(href.trim(), base);
    return url.protocol === 'http:' || url.protocol === 'https:' ? new URL(cleanUrl(url.href)) : null;
  } catch {
    return null;
  }
}
