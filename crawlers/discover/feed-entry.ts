import type { AtomFeed, JsonFeed, RdfFeed, RssFeed } from 'feedsmith';
import { parseDate } from '../../text/feed-date.js';
import { fold, textOf, unescapeEntities } from '../../text/html-text.js';
import { namesOf } from './author-names.js';
import { enclosuresOf, imageOf } from './feed-image.js';

/** An entry as its format tells of it: URLs still as written, dates read. */
export type RawEntry = {
  link: string | null;
  guid: string | null;
  title: string | null;
  authors: string[];
  publishedAt: string | null;
  updatedAt: string | null;
  summary: string | null;
  image: string | null;
  language: string | null;
  tags: string[];
};

type RssItem = RssFeed.Item<string> & { rdf?: NonNullable<RdfFeed.Item<string>['rdf']> };
type Dates = (raw: string | undefined) => string | null;

/** A summary is a hint, no article. */
const SUMMARY_CHARACTERS = 1000;
/** Of a title with its entities, before they are read. */
const TITLE_CHARACTERS = 5000;
/** Of marked-up text that is looked at. */
const MARKUP_CHARACTERS = 100_000;
const MAX_TAGS = 500;

/** Reads dates that name no zone as those of the given one. */
export function datesIn(timezone: string | null): Dates {
  return (raw) => parseDate(raw, timezone);
}

/** An item of RSS 0.9x, 1.0 (RDF) or 2.0, with Dublin Core, Media RSS, Content, iTunes and Atom inside. */
export function fromRss(item: RssItem, date: Dates): RawEntry {
  const html = item.content?.encoded ?? item.atom?.content?.value;
  const text = item.description ?? item.dc?.descriptions?.[0] ?? item.itunes?.summary ?? item.atom?.summary?.value;
  const media = item.media ?? {};
  const guid = item.guid?.value ?? item.atom?.id ?? item.rdf?.about ?? null;
  return {
    link: item.link ?? alternateOf(item.atom?.links) ?? (isUrl(guid) ? guid : null),
    guid,
    title: plain(
      item.title ?? item.dc?.titles?.[0] ?? item.atom?.title?.value ?? media.title?.value ?? item.itunes?.title,
    ),
    authors: namesOf(
      first(
        item.authors?.map((a) => a.name),
        item.dc?.creators,
        item.atom?.authors?.map((a) => a.name),
        [item.itunes?.author],
        media.credits
          ?.filter((c) => c.role === undefined || /author|writer|reporter/i.test(c.role))
          .map((c) => c.value),
      ),
    ),
    publishedAt: firstDate(date, [
      item.pubDate,
      ...(item.dc?.dates ?? []),
      item.atom?.published,
      ...(item.dcterms?.issued ?? []),
      ...(item.dcterms?.created ?? []),
      ...(item.prism?.publicationDates ?? []),
    ]),
    updatedAt: firstDate(date, [item.atom?.updated, ...(item.dcterms?.modified ?? []), item.prism?.modificationDate]),
    summary: summaryOf(text, html, media.description?.value),
    image: imageOf(media, enclosuresOf(item.enclosures), item.itunes?.image, html, item.description),
    language: item.dc?.languages?.[0] ?? item.xml?.lang ?? null,
    tags: tagsOf([
      ...(item.categories?.map((c) => c.name) ?? []),
      ...(item.dc?.subjects ?? []),
      ...(item.atom?.categories?.map((c) => c.label ?? c.term) ?? []),
      ...(media.categories?.map((c) => c.label ?? c.name) ?? []),
      ...(media.keywords ?? []),
      ...(item.itunes?.keywords ?? []),
    ]),
  };
}

/** An entry of Atom 0.3 or 1.0 (RFC 4287); of several alternate links, the one that is a page. */
export function fromAtom(entry: AtomFeed.Entry<string>, date: Dates): RawEntry {
  const media = entry.media ?? {};
  const content = entry.content;
  const html = content === undefined ? undefined : markup(content);
  const guid = entry.id ?? null;
  return {
    link: alternateOf(entry.links) ?? content?.src ?? (isUrl(guid) ? guid : null),
    guid,
    title:
      atomText(entry.title) ?? plain(entry.dc?.titles?.[0] ?? media.title?.value ?? media.groups?.[0]?.title?.value),
    authors: namesOf(
      first(
        entry.authors?.map((a) => a.name),
        entry.dc?.creators,
        entry.source?.authors?.map((a) => a.name),
        [entry.itunes?.author],
      ),
    ),
    publishedAt: firstDate(date, [entry.published, ...(entry.dcterms?.issued ?? []), ...(entry.dc?.dates ?? [])]),
    updatedAt: firstDate(date, [entry.updated, ...(entry.dcterms?.modified ?? [])]),
    summary: summaryOf(
      entry.summary ? markup(entry.summary) : undefined,
      html,
      media.description?.value ?? media.groups?.[0]?.description?.value,
    ),
    image: imageOf(
      media,
      entry.links?.filter((l) => l.rel === 'enclosure').map((l) => ({ url: l.href, type: l.type })) ?? [],
      entry.itunes?.image,
      html,
      entry.summary?.value,
    ),
    language: entry.dc?.languages?.[0] ?? entry.xml?.lang ?? content?.xml?.lang ?? entry.title?.xml?.lang ?? null,
    tags: tagsOf([
      ...(entry.categories?.map((c) => c.label ?? c.term) ?? []),
      ...(entry.dc?.subjects ?? []),
      ...(media.keywords ?? []),
    ]),
  };
}

/** An item of a JSON Feed 1.0 or 1.1. */
export function fromJson(item: JsonFeed.Item<string>, date: Dates): RawEntry {
  const attached = item.attachments?.map((a) => ({ url: a.url, type: a.mime_type })) ?? [];
  return {
    link: item.url ?? item.external_url ?? (isUrl(item.id) ? (item.id ?? null) : null),
    guid: item.id ?? null,
    title: item.title === undefined ? null : fold(unescapeEntities(item.title.slice(0, TITLE_CHARACTERS))) || null,
    authors: namesOf(item.authors?.map((a) => a.name) ?? []),
    publishedAt: date(item.date_published),
    updatedAt: date(item.date_modified),
    summary: summaryOf(item.summary ?? item.content_text, item.content_html, undefined),
    image: item.image ?? item.banner_image ?? imageOf({}, attached, undefined, item.content_html, undefined),
    language: item.language ?? null,
    tags: tagsOf(item.tags ?? []),
  };
}

/** The link to the entry's page: `alternate` (also when no rel is given), HTML before anything else. */
export function alternateOf(links: AtomFeed.Link<string>[] | undefined): string | null {
  const pages =
    links?.filter((l) => l.href && /^(?:|alternate|.*\/relation\/alternate)$/i.test(l.rel?.trim() ?? '')) ?? [];
  const best = pages.find((l) => /html/i.test(l.type ?? '')) ?? pages.find((l) => l.type === undefined) ?? pages[0];
  return best?.href ?? null;
}

/** The text of an Atom text construct; one of type `text` is no HTML, unless it plainly is (an old and common slip). */
export function atomText(text: AtomFeed.Text | undefined): string | null {
  return text === undefined ? null : plain(markup(text));
}

/** An Atom construct as HTML. */
function markup(text: { value?: string; type?: string }): string {
  const value = text.value ?? '';
  const type = text.type?.toLowerCase() ?? 'text';
  if (type !== 'text' && type !== 'text/plain') return value;
  const meansHtml = /<\/[a-z]+\d?\s*>|<(?:br|img|p|b|i|em|strong)\b[^>]*>/i.test(value);
  return meansHtml ? value : value.replaceAll('<', '&lt;');
}

function plain(html: string | undefined): string | null {
  return html === undefined ? null : textOf(html.slice(0, MARKUP_CHARACTERS)) || null;
}

function summaryOf(...htmls: (string | undefined)[]): string | null {
  for (const html of htmls) {
    const text = html === undefined ? '' : textOf(html.slice(0, 200_000));
    if (text) return text.length > SUMMARY_CHARACTERS ? `${text.slice(0, SUMMARY_CHARACTERS - 1).trimEnd()}…` : text;
  }
  return null;
}

function isUrl(text: string | null | undefined): boolean {
  return /^https?:\/\/[^\s/]/i.test(text ?? '');
}

function first<T>(...lists: ((T | undefined)[] | undefined)[]): T[] {
  for (const list of lists) {
    const given = list?.filter((v) => v !== undefined) ?? [];
    if (given.length > 0) return given;
  }
  return [];
}

function firstDate(date: Dates, raws: (string | undefined)[]): string | null {
  for (const raw of raws) {
    const read = date(raw);
    if (read !== null) return read;
  }
  return null;
}

function tagsOf(raws: (string | undefined)[]): string[] {
  const tags = raws
    .slice(0, MAX_TAGS)
    .map((raw) => textOf(raw?.slice(0, TITLE_CHARACTERS) ?? ''))
    .filter((t) => t !== '' && t.length <= 100 && !isUrl(t));
  return [...new Map(tags.toReversed().map((t) => [t.toLowerCase(), t])).values()].reverse().slice(0, 50);
}
