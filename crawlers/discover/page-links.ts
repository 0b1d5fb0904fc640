import { parseHTML } from 'linkedom';
import { MAX_URL_CHARACTERS } from '../../text/address.js';
import { parseDate } from '../../text/feed-date.js';
import { fold } from '../../text/html-text.js';
import { cleanUrl } from '../url.js';
import { readable } from './page-size.js';

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

/** A page's document, as far as it is read, and its base URL from `<base href>` or the page's own. */
export function parsePage(page: string, url: string): { document: Page; base: string; truncated: string | null } {
  const { html, truncated } = readable(page);
  const { document } = parseHTML(html);
  const href = document.querySelector('base[href]')?.getAttribute('href');
  return { document, base: (href && resolve(href, url)?.href) || url, truncated };
}

/** The http(s) links of a page, in order of first appearance. */
export function linksOf(document: Page, base: string, selector: string | null = null): PageLink[] {
  const byUrl = new Map<string, PageLink>();
  const around = aroundLinks(document);
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
  let date = dateIn(anchor, around);
  for (let e = anchor.parentElement, depth = 0; e && depth < 40; e = e.parentElement, depth++) {
    const name = e.localName;
    const kind = kindOf(e, around);
    if (place.length < 4) place.unshift(kind.signature);
    if (/^h[1-6]$/.test(name)) heading = true;
    if (name === 'article' || (depth < 4 && kind.teaser)) teaser = true;
    if (name === 'header') header = true;
    else if (kind.chrome) chrome = true;
    // The header of a teaser is not the header of the page.
    if (name === 'article') header = false;
    // A date belongs to what holds few links: one teaser, not the list.
    if (date === null && depth < 6 && (name === 'article' || (around.links.get(e) ?? 0) < 4)) date = dateIn(e, around);
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

/** What is known of the elements around links; without it each link of a long list would look at the list again. */
type Around = {
  /** Links below an element. */
  links: Map<Element, number>;
  /** The first `datetime` below an element. */
  date: Map<Element, string>;
  kind: Map<Element, Kind>;
};
type Kind = { signature: string; teaser: boolean; chrome: boolean };

/** Counted from the end, so that what is below an element is known before the element's turn. */
function aroundLinks(document: Page): Around {
  const around: Around = { links: new Map(), date: new Map(), kind: new Map() };
  for (const e of [...document.querySelectorAll('*')].reverse()) {
    const parent = e.parentElement;
    if (!parent) continue;
    const own = e.localName === 'a' && e.hasAttribute('href') ? 1 : 0;
    const links = own + (around.links.get(e) ?? 0);
    if (links > 0) around.links.set(parent, (around.links.get(parent) ?? 0) + links);
    const date = (e.localName === 'time' ? e.getAttribute('datetime') : null) ?? around.date.get(e);
    if (date !== undefined) around.date.set(parent, date);
  }
  return around;
}

function dateIn(e: Element, around: Around): string | null {
  return parseDate(around.date.get(e));
}

/** Characters of an element's classes that are looked at. */
const CLASSES = 1000;

function kindOf(e: Element, around: Around): Kind {
  const had = around.kind.get(e);
  if (had) return had;
  const classes = (e.getAttribute('class') ?? '')
    .slice(0, CLASSES)
    .split(/\s+/)
    .filter((c) => c !== '');
  const [first = ''] = classes;
  const kind = {
    // Numbered and hashed names differ within one list.
    signature: first && !/\d{2,}|[A-Z].*\d|__/.test(first) ? `${e.localName}.${first}` : e.localName,
    teaser: classes.some((c) => TEASER.test(c)),
    chrome: isChrome(e, classes),
  };
  around.kind.set(e, kind);
  return kind;
}

function isChrome(e: Element, classes: string[]): boolean {
  if (/^(?:nav|header|footer|aside|form|menu|dialog)$/.test(e.localName)) return true;
  if (/^(?:navigation|banner|contentinfo|complementary|search|menu|menubar|dialog)$/.test(e.getAttribute('role') ?? ''))
    return true;
  return [e.id ?? '', ...classes].some((c) => CHROME.test(c));
}

/** Characters of a link's text that are looked at; what is shown of it is shorter. */
const MAX_TEXT = 2000;

function textOfAnchor(anchor: Element): string {
  const inner = anchor.querySelector('h1,h2,h3,h4,h5,[class*=headline],[class*=title]') ?? anchor;
  const said = [inner.textContent, anchor.textContent, anchor.getAttribute('title'), anchor.getAttribute('aria-label')]
    .map((t) => fold((t ?? '').slice(0, MAX_TEXT)))
    .filter((t) => t !== '' && !t.startsWith('<') && !EMPTY_WORDS.test(t));
  return (said[0] ?? '').slice(0, 300);
}

/** Characters of an address as it is written. */
const WRITTEN = 2 * MAX_URL_CHARACTERS;

function resolve(href: string, base: string): URL | null {
  if (href.length > WRITTEN) return null;
  try {
    const url = new URL(href.trim(), base);
    return url.protocol === 'http:' || url.protocol === 'https:' ? new URL(cleanUrl(url.href)) : null;
  } catch {
    return null;
  }
}
