import { parseDate, toInstant, type WrittenDate } from './date.js';
import { type JsonLd, textField } from './json-ld.js';

export type Dates = {
  publishedAt: string | null;
  /** Calendar day as written. */
  publishedDay: string | null;
  updatedAt: string | null;
  provenance: { publishedAt?: string; updatedAt?: string };
};

const PUBLISHED_META = [
  'article:published_time',
  'og:article:published_time',
  'article:published',
  'og:published_time',
  'datepublished',
  'date_published',
  'publish-date',
  'publish_date',
  'publishdate',
  'publication_date',
  'publication-date',
  'pubdate',
  'published_time',
  'published-date',
  'published_at',
  'article.published',
  'parsely-pub-date',
  'sailthru.date',
  'dc.date.issued',
  'dcterms.issued',
  'dc.date.created',
  'dcterms.created',
  'dc.date',
  'dcterms.date',
  'article_date_original',
  'originalpublicationdate',
  'article:post_date',
  'citation_publication_date',
  'citation_online_date',
  'citation_date',
  'cxenseparse:recs:publishtime',
  'cxenseparse:publishtime',
  'og:pubdate',
  'og:publish_date',
  'vr:published_time',
  'bt:pubdate',
  'shareaholic:article_published_time',
  'rnews:datepublished',
  'date',
  'article:create_time',
  'nrbi:pubdate',
  'content_create_date',
  'datecreated',
  'created',
];
const UPDATED_META = [
  'article:modified_time',
  'og:updated_time',
  'og:article:modified_time',
  'datemodified',
  'date_modified',
  'last-modified',
  'lastmod',
  'article.updated',
  'article:updated_time',
  'dcterms.modified',
  'dc.date.modified',
  'shareaholic:article_modified_time',
  'revision_date',
];

type Found = { date: WrittenDate; from: string };

/** Publication and last change by the strongest signal that the page gives. Dates after `fetchedAt` become that moment. */
export function readDates(
  document: Document,
  page: {
    url: string;
    metas: Map<string, string[]>;
    article: JsonLd | null;
    objects: JsonLd[];
    selector: string | undefined;
    language: string | null;
    timezone: string | null;
    fetchedAt: string;
    hints: { publishedAt: string | null; updatedAt: string | null };
  },
): Dates {
  const dayFirst = !/^en-us|^en$/i.test(page.language ?? 'en');
  const read = (text: string | null | undefined, from: string): Found | null => {
    const date = text ? parseDate(text, { dayFirst }) : null;
    return date ? { date, from } : null;
  };
  const published = firstOf([
    () => (page.selector ? read(dateOfElement(query(document, page.selector)), `rule ${page.selector}`) : null),
    () => read(textField(page.article, 'datePublished'), 'json-ld datePublished'),
    () => metaDate(page.metas, PUBLISHED_META, read),
    () => markedDate(document, 'datePublished', read),
    () => fromPage(document, read),
    () => read(textField(page.article, 'dateCreated') ?? textField(page.article, 'uploadDate'), 'json-ld dateCreated'),
    () =>
      firstOf(
        page.objects.map((o) => () => read(textField(o, 'datePublished') ?? textField(o, 'uploadDate'), 'json-ld')),
      ),
    () => read(page.hints.publishedAt, 'feed'),
    () => urlDate(page.url),
  ]);
  const updated = firstOf([
    () => read(textField(page.article, 'dateModified'), 'json-ld dateModified'),
    () => metaDate(page.metas, UPDATED_META, read),
    () => markedDate(document, 'dateModified', read),
    () => read(page.hints.updatedAt, 'feed'),
  ]);
  const clamp = (instant: string) => (instant > page.fetchedAt ? page.fetchedAt : instant);
  const result: Dates = { publishedAt: null, publishedDay: null, updatedAt: null, provenance: {} };
  if (published) {
    const instant = toInstant(published.date, page.timezone);
    result.publishedAt = clamp(instant);
    result.publishedDay = published.date.day;
    result.provenance.publishedAt =
      instant > page.fetchedAt ? `${published.from} (${instant} lies after the fetch)` : published.from;
  }
  if (updated) {
    const instant = clamp(toInstant(updated.date, page.timezone));
    // A change before publication is a template's mistake.
    if (result.publishedAt === null || instant >= result.publishedAt) {
      result.updatedAt = instant;
      result.provenance.updatedAt = updated.from;
    }
  }
  return result;
}

type Reader = (text: string | null | undefined, from: string) => Found | null;

function firstOf(attempts: (() => Found | null)[]): Found | null {
  for (const attempt of attempts) {
    const found = attempt();
    if (found) return found;
  }
  return null;
}

function metaDate(metas: Map<string, string[]>, names: string[], read: Reader): Found | null {
  return firstOf(names.map((name) => () => read(metas.get(name)?.[0], `meta ${name}`)));
}

function query(document: Document, selector: string): Element | null {
  try {
    return document.querySelector(selector);
  } catch {
    return null;
  }
}

/** A date in an element's attribute for machines, else in its text. */
function dateOfElement(element: Element | null): string | null {
  if (element === null) return null;
  return (
    element.getAttribute('datetime') ??
    element.getAttribute('content') ??
    element.getAttribute('title') ??
    element.textContent
  );
}

function markedDate(document: Document, prop: string, read: Reader): Found | null {
  for (const element of document.querySelectorAll(`[itemprop~="${prop}"]`)) {
    const found = read(dateOfElement(element), `itemprop ${prop}`) ?? read(element.textContent, `itemprop ${prop}`);
    if (found) return found;
  }
  return null;
}

const DATE_NAME =
  /(?:^|[\s_-])(?:pub(?:lish(?:ed)?)?[\s_-]?(?:date|at|on|time)?|date(?:line)?|datetime|timestamp|post(?:ed)?[\s_-]?(?:on|date|meta|info)|entry[\s_-]?(?:date|meta)|article[\s_-]?(?:date|meta|time)|byline|meta|time|fecha|datum|data|дата)(?=$|[\s_-])/i;
const NOT_THIS =
  /related|sidebar|footer|comment|recommend|popular|teaser|widget|promo|latest|trending|archive|nav|menu/i;
/** How many elements after the headline are looked at. */
const NEAR = 160;

/** The first `time` or dateline near the headline. */
function fromPage(document: Document, read: Reader): Found | null {
  const times = [...document.querySelectorAll('time')].filter((t) => !isAside(t));
  const marked = times.find(
    (t) => t.hasAttribute('pubdate') || /publi|post|entry-date/i.test(t.getAttribute('class') ?? ''),
  );
  const heading =
    document.querySelector('article h1, main h1, h1[itemprop="headline"]') ?? document.querySelector('h1');
  const ordered = marked ? [marked, ...times] : times;
  for (const time of ordered.slice(0, 6)) {
    const found = read(time.getAttribute('datetime'), 'time') ?? read(time.textContent, 'time');
    if (found) return found;
  }
  return heading ? near(heading, read) : null;
}

function isAside(element: Element): boolean {
  let depth = 0;
  for (let at: Element | null = element; at && depth < 7; at = at.parentElement, depth++) {
    if (at.localName === 'aside' || at.localName === 'footer' || at.localName === 'nav') return true;
    if (
      at.localName !== 'body' &&
      at.localName !== 'article' &&
      NOT_THIS.test(`${at.getAttribute('class') ?? ''} ${at.id}`)
    )
      return true;
  }
  return false;
}

/** Looks around the headline: shortly before it, then after it, for a short text that is a date. */
function near(heading: Element, read: Reader): Found | null {
  let at: Element = heading;
  for (let up = 0; up < 4 && at.parentElement && at.parentElement.localName !== 'body'; up++) at = at.parentElement;
  let seen = 0;
  let after = false;
  const walk = (element: Element): Found | null => {
    if (element === heading) {
      after = true;
      return null;
    }
    if (after && ++seen > NEAR) return null;
    const own = ownText(element);
    const named = DATE_NAME.test(`${element.getAttribute('class') ?? ''} ${element.id}`);
    if (own.length >= 6 && own.length < 140 && /\d/.test(own)) {
      const found = named || own.length < 60 ? read(own, 'dateline near the headline') : null;
      if (found) return found;
    }
    if (named && (element.textContent ?? '').length < 160) {
      const found = read(element.textContent, 'dateline near the headline');
      if (found) return found;
    }
    for (let child = element.firstElementChild; child; child = child.nextElementSibling) {
      if (
        child.localName === 'script' ||
        child.localName === 'style' ||
        child.localName === 'nav' ||
        child.localName === 'aside'
      )
        continue;
      const found = walk(child);
      if (found) return found;
    }
    return null;
  };
  return walk(at);
}

function ownText(element: Element): string {
  let text = '';
  for (let node = element.firstChild; node; node = node.nextSibling)
    if (node.nodeType === 3) text += node.nodeValue ?? '';
  return text.trim();
}

/** /2024/03/04/ or /2024-03-04- or -20240304 in the path. */
function urlDate(url: string): Found | null {
  const m = /[/_-]((?:19|20)\d{2})[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)/.exec(safePath(url));
  const date = m ? parseDate(`${m[1]}-${m[2]}-${m[3]}`) : null;
  return date ? { date, from: 'URL' } : null;
}

function safePath(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : '';
}
