import { type AnyFeed, parseFeed } from 'feedsmith';
import { messageOf, SourcelinkError } from '../../config/errors.js';
import { MAX_URL_CHARACTERS } from '../../text/address.js';
import { decodeDocument } from '../../text/decode.js';
import { textOf } from '../../text/html-text.js';
import { namesOf } from './author-names.js';
import type { Found } from './endpoint.js';
import { alternateOf, atomText, datesIn, fromAtom, fromJson, fromRss, type RawEntry } from './feed-entry.js';
import { repairXml } from './repair-xml.js';
import { restOfFeed } from './rest.js';

/** More than any newsroom writes between two looks; a longer feed is an archive. */
export const MAX_ENTRIES = 5000;

/** Characters of a title; more is no headline. */
const MAX_TITLE = 500;

/** An entry need not say where its page is. */
export type FeedEntry = Omit<Found, 'url'> & { url: string | null };

export type Feed = {
  format: 'rss' | 'atom' | 'rdf' | 'json';
  encoding: string;
  title: string | null;
  description: string | null;
  /** The site's page. */
  link: string | null;
  language: string | null;
  authors: string[];
  /** WebSub hubs (W3C WebSub, 4), when it names any. */
  hubs: string[];
  /** Its own address as it names it itself, null when it does not. */
  self: string | null;
  /** Milliseconds that it asks to be kept before it is asked for again; null when it asks for nothing. */
  restMs: number | null;
  /** In the feed's order. */
  entries: FeedEntry[];
  /** True when there were more than `MAX_ENTRIES`. */
  truncated: boolean;
};

export type FeedOptions = {
  /** Where the feed was read, after redirects. */
  url: string;
  contentType?: string | undefined;
  /** IANA zone of dates that name none. */
  timezone?: string | null | undefined;
  maxEntries?: number | undefined;
};

/**
 * Reads RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, and JSON Feed, well-formed or not.
 * @throws SourcelinkError `DISCOVER_UNREADABLE` when it is none of these
 */
export function readFeed(bytes: Uint8Array, options: FeedOptions): Feed {
  const { text, encoding } = decodeDocument(bytes, options.contentType);
  const max = options.maxEntries ?? MAX_ENTRIES;
  const parsed = /^\s*\{/.test(text) ? fromText(text, max, options) : fromXml(text, max, options);
  const base = isAbsolute(parsed.link) ? parsed.link : options.url;
  const entries = parsed.entries.slice(0, max).map((raw) => finish(raw, base, parsed, options.url));
  return { ...parsed, encoding, entries, truncated: parsed.truncated || parsed.entries.length > max };
}

type Parsed = Omit<Feed, 'entries' | 'encoding'> & { entries: RawEntry[] };

function fromXml(text: string, max: number, options: FeedOptions): Parsed {
  const { xml, root, truncated, overgrown } = repairXml(text, max);
  if (overgrown) throw unreadable(options.url, 'its entities grow without end');
  if (root !== 'rss' && root !== 'rdf' && root !== 'feed')
    throw unreadable(options.url, `its outermost element is ${root ? `<${root}>` : 'missing'}`);
  return { ...fromText(xml, max, options), truncated };
}

function fromText(text: string, max: number, options: FeedOptions): Parsed {
  let any: AnyFeed;
  try {
    any = parseFeed(text, { maxItems: max + 1 });
  } catch (error) {
    // A feed of an outlet that has nothing to say yet is a feed.
    const empty = /<(?:\w+:)?(rss|feed|rdf)[\s>]/i.exec(text.slice(0, 2000))?.[1]?.toLowerCase();
    if (empty !== 'rss' && empty !== 'rdf' && empty !== 'feed') throw unreadable(options.url, messageOf(error), error);
    const format = empty === 'feed' ? 'atom' : empty;
    return {
      format,
      title: null,
      description: null,
      link: null,
      language: null,
      authors: [],
      hubs: [],
      self: null,
      restMs: null,
      entries: [],
      truncated: false,
    };
  }
  return fromAny(any, options);
}

function fromAny(any: AnyFeed, options: FeedOptions): Parsed {
  const restMs = restOfFeed(any);
  const date = datesIn(options.timezone ?? null);
  const { format } = any;
  if (any.format === 'atom') {
    const { feed } = any;
    return {
      format,
      title: atomText(feed.title),
      description: atomText(feed.subtitle),
      link: absolute(alternateOf(feed.links), options.url),
      language: feed.xml?.lang ?? feed.dc?.languages?.[0] ?? null,
      authors: namesOf(feed.authors?.map((a) => a.name) ?? []),
      hubs: hubsOf(feed.links, options.url),
      self: selfOf(feed.links, options.url),
      restMs,
      entries: feed.entries?.map((e) => fromAtom(e, date)) ?? [],
      truncated: false,
    };
  }
  if (any.format === 'json') {
    const { feed } = any;
    return {
      format,
      title: textOf(feed.title ?? '') || null,
      description: textOf(feed.description ?? '') || null,
      link: absolute(feed.home_page_url ?? null, options.url),
      language: feed.language ?? null,
      authors: namesOf(feed.authors?.map((a) => a.name) ?? []),
      hubs: (feed.hubs ?? []).flatMap((h) => absolute(h.url ?? null, options.url) ?? []),
      self: absolute(feed.feed_url ?? null, options.url),
      restMs,
      entries: feed.items?.map((i) => fromJson(i, date)) ?? [],
      truncated: false,
    };
  }
  const { feed } = any;
  const rss = any.format === 'rss' ? any.feed : null;
  const title = feed.title ?? feed.dc?.titles?.[0];
  return {
    format,
    title: textOf(title ?? '') || null,
    description: textOf(feed.description ?? feed.dc?.descriptions?.[0] ?? rss?.itunes?.summary ?? '') || null,
    link: absolute(feed.link ?? alternateOf(feed.atom?.links), options.url),
    language: rss?.language ?? feed.dc?.languages?.[0] ?? feed.xml?.lang ?? null,
    authors: namesOf([rss?.managingEditor?.name, ...(feed.dc?.creators ?? []), rss?.itunes?.author]),
    hubs: hubsOf(feed.atom?.links, options.url),
    self: selfOf(feed.atom?.links, options.url),
    restMs,
    entries: feed.items?.map((i) => fromRss(i, date)) ?? [],
    truncated: false,
  };
}

/** Makes an entry whole: its URL absolute, and what only the feed says taken from there. */
function finish(raw: RawEntry, base: string, feed: Parsed, via: string): FeedEntry {
  const { link, ...rest } = raw;
  const told = {
    ...rest,
    title: rest.title === null ? null : cut(rest.title, MAX_TITLE),
    guid: (rest.guid?.length ?? 0) > MAX_URL_CHARACTERS ? null : rest.guid,
  };
  // RFC 4287, 4.2.1: a feed's author is that of its entries; an RSS channel's is its editor.
  const authors =
    raw.authors.length === 0 && feed.format !== 'rss' && feed.format !== 'rdf' ? feed.authors : raw.authors;
  const image = short(absolute(raw.image, base));
  const url = absolute(link, base);
  return { ...told, url, authors, image, language: tagOf(raw.language ?? feed.language), via };
}

/** A longer address of a picture is data, or bait. */
const short = (url: string | null): string | null => (url !== null && url.length > MAX_URL_CHARACTERS ? null : url);
const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text;

function hubsOf(links: { href?: string; rel?: string }[] | undefined, base: string): string[] {
  return (links ?? []).filter((l) => l.rel === 'hub').flatMap((l) => absolute(l.href ?? null, base) ?? []);
}

function selfOf(links: { href?: string; rel?: string }[] | undefined, base: string): string | null {
  return absolute(links?.find((l) => l.rel === 'self')?.href ?? null, base);
}

function isAbsolute(url: string | null): url is string {
  return url !== null && /^https?:/i.test(url);
}

/** An absolute http(s) URL, or null. Blanks inside come from line breaks and mean nothing. */
function absolute(url: string | null, base: string): string | null {
  const text = url?.trim();
  if (!text) return null;
  try {
    // `www.example.org/x` is meant as a host, not as a file beside the feed.
    const made = new URL(/^www\.[\w-]+\.\w/i.test(text) ? `http://${text}` : text, base);
    return made.protocol === 'http:' || made.protocol === 'https:' ? made.href : null;
  } catch {
    return null;
  }
}

/** A BCP 47 tag in its canonical form, or null: `en_us` is `en-US`. */
function tagOf(language: string | null): string | null {
  if (!language) return null;
  try {
    return Intl.getCanonicalLocales(language.trim().replaceAll('_', '-'))[0] ?? null;
  } catch {
    return null;
  }
}

function unreadable(url: string, why: string, cause?: unknown): SourcelinkError {
  return new SourcelinkError('DISCOVER_UNREADABLE', `${url} is not a feed: ${why}`, { cause });
}
