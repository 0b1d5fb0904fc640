import { ROLE_WORDS } from '../../text/words/roles.js';
import type { Snippet } from './headline-area.js';
import { isObject, type JsonLd, listField, textField, typesOf } from './json-ld.js';
import { type NameContext, namesJob, personNames, startsWithBy, withoutNoise } from './person.js';

export type Authors = { names: string[]; from: string | null; agency: string | null };

const META_NAMES = [
  'author',
  'article:author',
  'article:author_name',
  'og:author',
  'og:article:author',
  'parsely-author',
  'sailthru.author',
  'dc.creator',
  'dcterms.creator',
  'dc.contributor',
  'citation_author',
  'byl',
  'byline',
  'cxenseparse:author',
  'authors',
  'article.author',
  'rnews:author',
  'shareaholic:article_author_name',
];

/** Agencies by the words they are credited with. */
const AGENCIES: [string, RegExp][] = [
  ['Reuters', /\breuters\b/i],
  ['AP', /\bassociated press\b|\bAP\b|\bap (?:news|staff)\b/],
  ['AFP', /\bAFP\b|agence france[- ]presse/i],
  ['dpa', /\bdpa\b|deutsche presse-agentur/i],
  ['PA Media', /\bPA media\b|press association/i],
  ['EFE', /\bEFE\b/],
  ['ANSA', /\bANSA\b/],
  ['ITAR-TASS', /\bTASS\b|\bтасс\b/i],
  ['Xinhua', /\bxinhua\b|新华社|新華社/i],
  ['Kyodo', /\bkyodo\b|共同通信/i],
  ['Yonhap', /\byonhap\b|연합뉴스/i],
  ['Bloomberg', /\bbloomberg news\b/i],
  ['UPI', /\bUPI\b/],
  ['ANI', /\bANI\b/],
  ['PTI', /\bPTI\b|press trust of india/i],
  ['APA', /\bAPA\b/],
  ['Lusa', /\blusa\b/i],
  ['PAP', /\bPAP\b/],
  ['Ukrinform', /\bukrinform\b|укрінформ/i],
  ['Anadolu', /\banadolu\b/i],
  ['Belga', /\bbelga\b/i],
  ['ANP', /\bANP\b/],
];

/** The persons who wrote the page's article, by the strongest signal; none rather than a guess. */
export function readAuthors(
  document: Document,
  page: {
    metas: Map<string, string[]>;
    article: JsonLd | null;
    index: Map<string, JsonLd>;
    sites: Set<string>;
    area: Snippet[];
    selector: string | undefined;
    hints: string[];
  },
): Authors {
  const said: string[] = [];
  const persons = (texts: string[], single: boolean): string[] => {
    said.push(...texts);
    const context: NameContext = { sites: page.sites, single };
    const names = texts.flatMap((text) => personNames(text, context));
    return names.filter((n, i) => names.findIndex((m) => m.toLowerCase() === n.toLowerCase()) === i);
  };
  const attempts: [string, () => string[]][] = [
    [`rule ${page.selector}`, () => (page.selector ? persons(textsOf(document, page.selector), true) : [])],
    ['json-ld author', () => persons(jsonLdAuthors(page.article, page.index), true)],
    ['meta author', () => firstFilled(META_NAMES.map((n) => () => persons(metaTexts(page.metas, n), true)))],
    ['twitter:data', () => persons(twitterAuthor(page.metas), true)],
    ['itemprop author', () => persons(markedAuthors(document), false)],
    ['byline near the headline', () => areaAuthors(page.area, page.sites)],
    ['byline', () => firstFilled(bylineTexts(document).map((text) => () => persons([text], false)))],
    ['feed', () => persons(page.hints, true)],
  ];
  let found: { names: string[]; from: string } | null = null;
  for (const [from, attempt] of attempts) {
    const names = attempt();
    if (names.length === 0) continue;
    found = { names: names.slice(0, 12), from };
    break;
  }
  // Templates often give machines the first author only.
  if (found && /json-ld|meta/.test(found.from)) {
    const shown = areaAuthors(page.area, page.sites);
    if (
      shown.length > found.names.length &&
      shown.length < 7 &&
      found.names.every((n) => shown.some((s) => same(s, n)))
    ) {
      found = { names: shown.slice(0, 12), from: 'byline near the headline' };
    }
  }
  return { names: found?.names ?? [], from: found?.from ?? null, agency: agencyIn(said.join(' · ')) };
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const PROFILE =
  /\/(?:authors?|writers?|staff|contributors?|journalists?|reporters?|bio|producers?|columnists?|autor(?:en|es|a)?|auteurs?|redaktion|redazione|firmas?|redakcja)\/[^/]{2,}/i;
/** Between the last two of several names. */
const AND = /(?:^|\s)(?:and|und|et|y|e|og|och|en|ve|и|та|و)\s|&/iu;

/** Names in a text by the headline that begins like a byline, that is called one, or in links there to a writer's own page. */
function areaAuthors(area: Snippet[], sites: Set<string>): string[] {
  const read = (text: string) => personNames(text, { sites, single: false });
  const candidates = area.map((snippet) => {
    const by = startsWithBy(snippet.text);
    const linked = unique(snippet.links.filter((l) => PROFILE.test(l.href)).flatMap((l) => read(l.text)));
    return { ...snippet, by, linked, named: BYLINE_NAME.test(snippet.names) };
  });
  // Who took the picture is credited alike; a job beside the name tells the writer.
  const ranked = [...candidates.filter((c) => namesJob(c.text)), ...candidates.filter((c) => !namesJob(c.text))];
  const explained = (names: string[], text: string, by: number | null) =>
    names.reduce((sum, n) => sum + n.length, 0) / Math.max(1, withoutJobs(withoutNoise(text)).length - (by ?? 0));
  const best =
    ranked.find((c) => c.linked.length > 0 && (c.by !== null || c.named)) ??
    ranked.find((c) => c.linked.length > 0 && c.text.length < 120);
  if (best) {
    const said = AND.test(best.text) ? read(best.text) : [];
    return said.length > best.linked.length && explained(said, best.text, best.by) > 0.75 ? said : best.linked;
  }
  for (const { text, by, named } of [...ranked.filter((c) => c.named), ...ranked.filter((c) => !c.named)]) {
    const said = by === null ? [] : read(text);
    if (said.length === 0 || explained(said, text, by) < 0.35) continue;
    return AND.test(text) && explained(said, text, by) > 0.75
      ? said
      : named && !AND.test(text)
        ? said
        : said.slice(0, 1);
  }
  return [];
}

/** A job beside a name explains itself, and a short name is none the less one for it. */
const withoutJobs = (text: string): string =>
  text.replace(/[\s,]*(\p{L}+)/gu, (whole, word: string) => (ROLE_WORDS.has(word) ? '' : whole));

const unique = (names: string[]): string[] => names.filter((n, i) => names.findIndex((m) => same(m, n)) === i);

/** The agency that a byline or dateline credits. */
function agencyIn(text: string): string | null {
  return AGENCIES.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}

function firstFilled(attempts: (() => string[])[]): string[] {
  for (const attempt of attempts) {
    const names = attempt();
    if (names.length > 0) return names;
  }
  return [];
}

function jsonLdAuthors(article: JsonLd | null, index: Map<string, JsonLd>): string[] {
  const authors = listField(article, 'author', index);
  const all = authors.length > 0 ? authors : listField(article, 'creator', index);
  return all.flatMap((author) => {
    if (typeof author === 'string') return [author];
    if (typesOf(author).some((t) => /Organization|Corporation|WebSite/.test(t))) return [];
    const name = author['name'];
    if (Array.isArray(name)) return name.filter((n): n is string => typeof n === 'string');
    if (isObject(name)) return [textField(name, 'name') ?? ''];
    return [textField(author, 'name') ?? ''];
  });
}

function metaTexts(metas: Map<string, string[]>, name: string): string[] {
  return (metas.get(name) ?? []).filter((value) => !/^(?:https?:)?\/\//.test(value));
}

/** Cards name their second label and value: `Written by`, `Jane Doe`. */
function twitterAuthor(metas: Map<string, string[]>): string[] {
  return [1, 2].flatMap((n) => {
    const label = metas.get(`twitter:label${n}`)?.[0] ?? '';
    return /written by|verfasst|écrit par|escrito por|scritto da|geschreven|napisane|yazan|автор/i.test(label)
      ? (metas.get(`twitter:data${n}`) ?? [])
      : [];
  });
}

function textsOf(document: Document, selector: string): string[] {
  try {
    return [...document.querySelectorAll(selector)].map((e) => e.getAttribute('content') ?? e.textContent ?? '');
  } catch {
    return [];
  }
}

const NOT_THIS =
  /related|sidebar|footer|comment|recommend|popular|teaser|widget|promo|latest|trending|recirc|card|carousel|list-item|more-/i;

function isAside(element: Element): boolean {
  let depth = 0;
  for (let at: Element | null = element; at && depth < 8; at = at.parentElement, depth++) {
    const tag = at.localName;
    if (tag === 'aside' || tag === 'footer' || tag === 'nav') return true;
    if (
      tag !== 'body' &&
      tag !== 'article' &&
      tag !== 'main' &&
      NOT_THIS.test(`${at.getAttribute('class') ?? ''} ${at.id}`)
    )
      return true;
  }
  return false;
}

function markedAuthors(document: Document): string[] {
  const marked = [...document.querySelectorAll('[itemprop~="author"], [itemprop~="creator"]')].filter(
    (e) => !isAside(e),
  );
  const texts = marked.slice(0, 6).flatMap((element) => {
    const name = element.querySelector('[itemprop~="name"]') ?? element;
    return [name.getAttribute('content') ?? name.textContent ?? ''];
  });
  if (texts.some((t) => t.trim())) return texts;
  return [...document.querySelectorAll('a[rel~="author"]')]
    .filter((e) => !isAside(e))
    .slice(0, 4)
    .map((e) => e.textContent ?? '');
}

const BYLINE_NAME =
  /(?:^|[\s_-])(?:byline|by-line|author|authors|author-?name|post-author|entry-author|article-author|contributor|writer|vcard|autor|auteur|autore)(?:$|[\s_-])/i;

/** Texts of elements that are called a byline, the most exact first; those of other articles' teasers left out. */
function bylineTexts(document: Document): string[] {
  const found: { text: string; links: string[] }[] = [];
  for (const element of document.querySelectorAll(
    '[class*="byline" i], [class*="author" i], [id*="byline" i], [class*="autor" i], [class*="auteur" i], [class*="writer" i]',
  )) {
    if (!BYLINE_NAME.test(`${element.getAttribute('class') ?? ''} ${element.id}`) || isAside(element)) continue;
    const text = (element.textContent ?? '').replace(/\s+/g, ' ').trim();
    if (text.length < 3 || text.length > 200) continue;
    const links = [...element.querySelectorAll('a')].map((a) => (a.textContent ?? '').trim()).filter(Boolean);
    found.push({ text, links });
    if (found.length >= 6) break;
  }
  return found.flatMap(({ text, links }) => (links.length > 0 ? [links.join(', '), text] : [text]));
}
