import { parseDate, toInstant, type WrittenDate } from '../../text/page-date.js';
import type { Snippet } from './headline-area.js';
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
  'published',
  'release_date',
  'article_date',
  'article:published_date',
  'pub_date',
  'publication_time',
  'dateposted',
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
    area: Snippet[];
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
  const signals: (() => Found | null)[] = [
    () => (page.selector ? read(dateOfElement(query(document, page.selector)), `rule ${page.selector}`) : null),
    () => read(textField(page.article, 'datePublished'), 'json-ld datePublished'),
    () => metaDate(page.metas, PUBLISHED_META, read),
    () => markedDate(document, 'datePublished', read),
    () => fromArea(page.area, read, false) ?? fromTimes(document, read),
    () => read(textField(page.article, 'dateCreated') ?? textField(page.article, 'uploadDate'), 'json-ld dateCreated'),
    () =>
      firstOf(
        page.objects.map((o) => () => read(textField(o, 'datePublished') ?? textField(o, 'uploadDate'), 'json-ld')),
      ),
    () => read(page.hints.publishedAt, 'feed'),
    () => urlDate(page.url),
  ];
  const published = firstOf(signals);
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
    result.publishedDay = dayAsWritten(published, [
      ...[textField(page.article, 'datePublished'), ...PUBLISHED_META.map((n) => page.metas.get(n)?.[0])]
        .map((text) => read(text, 'same moment'))
        .filter((f) => f !== null && f.date.offset !== 0 && toInstant(f.date, page.timezone) === instant),
      fromArea(page.area, read, true),
      urlDate(page.url),
    ]);
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

/**
 * A moment in UTC may lie on the day after or before the outlet's own. Then another signal of the page tells the day as
 * written: the same moment with its zone, the date that readers see, the one in the address.
 */
function dayAsWritten(published: Found, others: (Found | null)[]): string {
  const { day, offset } = published.date;
  if (offset !== 0) return day;
  const near = (other: Found | null) =>
    other !== null && Math.abs(Date.parse(other.date.day) - Date.parse(day)) <= 86_400_000;
  return others.find(near)?.date.day ?? day;
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
/** The first `time` of the page that belongs to no other article. */
function fromTimes(document: Document, read: Reader): Found | null {
  const times = [...document.getElementsByTagName('time')].slice(0, 40).filter((t) => !isAside(t));
  const marked = times.find(
    (t) => t.hasAttribute('pubdate') || /publi|post|entry-date/i.test(t.getAttribute('class') ?? ''),
  );
  for (const time of (marked ? [marked, ...times] : times).slice(0, 6)) {
    const found = read(time.getAttribute('datetime'), 'time') ?? read(time.textContent, 'time');
    if (found) return found;
  }
  return null;
}

const UPDATED =
  /updat|modif|aktualis|bijgewerkt|mis à jour|actualiz|aggiorn|atualiz|zaktualiz|güncel|обновл|оновл|تحديث|עודכן|更新|수정|last\s/i;

/** The date that readers see beside the headline; `shown` asks for the text alone, as it is written. */
function fromArea(area: Snippet[], read: Reader, shown: boolean): Found | null {
  const candidates = area.filter((s) => (s.isTime || /\d/.test(s.text)) && (s.isTime || s.text.length < 140));
  const first = candidates.filter(
    (s) => !UPDATED.test(`${s.text} ${s.names}`) || /publi|posted|veröff|pubbl|опубл/i.test(s.text),
  );
  for (const { text, datetime, names, isTime } of shown ? first : [...first, ...candidates]) {
    const from = isTime ? 'time near the headline' : 'dateline near the headline';
    const found =
      (shown ? null : read(datetime, from)) ??
      (isTime || text.length < 60 || DATE_NAME.test(names) ? read(text, from) : null);
    if (found) return found;
  }
  return null;
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

/** /2024/03/04/ or /2024-03-04- or -20240304 in the path. */
function urlDate(url: string): Found | null {
  const m = /[/_-]((?:19|20)\d{2})[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)/.exec(safePath(url));
  const date = m ? parseDate(`${m[1]}-${m[2]}-${m[3]}`) : null;
  return date ? { date, from: 'URL' } : null;
}

function safePath(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : '';
}
