import { gunzipSync } from 'node:zlib';
import { Parser } from 'htmlparser2';
import { messageOf, SourcelinkError } from '../../config/errors.js';
import { decodeDocument } from '../../text/decode.js';
import { parseDate } from '../../text/feed-date.js';
import { fold, unescapeEntities } from '../../text/html-text.js';
import type { Found } from './endpoint.js';

/** The protocol's own limits of one file (sitemaps.org). */
const MAX_URLS = 50_000;
const MAX_BYTES = 50 * 1024 * 1024;
/** Fields lie not far below their entry, and there are few of them. */
const MAX_DEPTH = 20;
const MAX_ELEMENTS = 1000;
/** Where reading ends: the parser's own work grows with the square of the depth. */
const STOP_DEPTH = 1000;

export type Sitemap = {
  format: 'sitemap' | 'sitemap-index';
  /** True when any entry is a `news:news` one. */
  news: boolean;
  /** In the file's order. */
  entries: Found[];
  /** Other sitemaps, of an index. */
  children: { url: string; lastModified: string | null }[];
  /** True when the file was longer than the protocol allows. */
  truncated: boolean;
};

export type SitemapOptions = { url: string; contentType?: string | undefined; timezone?: string | null | undefined };

/**
 * Reads a sitemap or sitemap index (sitemaps.org, with Google's news and image extensions), plain, gzipped or as a list
 * of URLs in text. What is ill-formed is read as far as it makes sense.
 * @throws SourcelinkError `DISCOVER_UNREADABLE` when it is neither, or larger than the protocol allows
 */
export function readSitemap(bytes: Uint8Array, options: SitemapOptions): Sitemap {
  const { text } = decodeDocument(unpack(bytes, options.url), options.contentType);
  if (!/^[\s\S]{0,2000}?<(?:[\w-]+:)?(?:urlset|sitemapindex)[\s>]/i.test(text)) return fromLines(text, options.url);
  return fromXml(text, options);
}

/** A sitemap that is a `.gz` file is still packed after HTTP has undone its own compression. */
function unpack(bytes: Uint8Array, url: string): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
  } catch (cause) {
    throw new SourcelinkError('DISCOVER_UNREADABLE', `${url} cannot be unpacked: ${messageOf(cause)}`, { cause });
  }
}

function fromLines(text: string, url: string): Sitemap {
  const lines = text.split(/\r?\n/, MAX_URLS + 1).map((l) => l.trim());
  const urls = lines.filter((l) => l !== '');
  if (urls.length === 0 || !urls.every((l) => /^https?:\/\/\S+$/i.test(l)))
    throw new SourcelinkError(
      'DISCOVER_UNREADABLE',
      `${url} is not a sitemap: it has neither <urlset> nor <sitemapindex>`,
    );
  const entries = urls.slice(0, MAX_URLS).map((loc) => blank(loc, url));
  return { format: 'sitemap', news: false, entries, children: [], truncated: urls.length > MAX_URLS };
}

type Item = { kind: 'url' | 'sitemap'; fields: Map<string, string>; elements: number };

function fromXml(text: string, options: SitemapOptions): Sitemap {
  const map: Sitemap = { format: 'sitemap', news: false, entries: [], children: [], truncated: false };
  let item: Item | null = null;
  const path: string[] = [];
  let field = '';
  const parser = new Parser(
    {
      onopentag(written, attributes) {
        const name = written.slice(written.indexOf(':') + 1).toLowerCase();
        if (name === 'sitemapindex' && path.length === 0) map.format = 'sitemap-index';
        if (name === 'url' || name === 'sitemap') item = { kind: name, fields: new Map(), elements: 0 };
        path.push(name);
        if (path.length > STOP_DEPTH) {
          map.truncated = true;
          parser.pause();
        }
        field = item && ++item.elements <= MAX_ELEMENTS && path.length <= MAX_DEPTH ? fieldOf(path) : '';
        // Google once allowed hreflang alternates here; they are other pages, not this one.
        if (name === 'link' && attributes['rel'] === 'alternate') field = '';
      },
      ontext(piece) {
        if (item && field) item.fields.set(field, ((item.fields.get(field) ?? '') + piece).slice(0, 5000));
      },
      onclosetag() {
        const name = path.pop();
        field = '';
        if (item && name === item.kind) {
          take(map, item, options);
          item = null;
          if (map.entries.length + map.children.length >= MAX_URLS) {
            map.truncated = true;
            parser.reset();
          }
        }
      },
    },
    { xmlMode: true, decodeEntities: false },
  );
  // In pieces, so that reading can end before the file does.
  for (let i = 0; i < text.length && !map.truncated; i += 65_536) parser.write(text.slice(i, i + 65_536));
  return map;
}

/** The name of a field by where it stands: `loc`, `lastmod`, `news.title`, `news.name`, `image.loc`. */
function fieldOf(path: string[]): string {
  const from = Math.max(path.lastIndexOf('url'), path.lastIndexOf('sitemap'));
  const inside = path.slice(from + 1);
  return inside.filter((name) => name !== 'publication').join('.');
}

function take(map: Sitemap, { kind, fields }: Item, options: SitemapOptions): void {
  const get = (name: string): string | null => fold(unescapeEntities(fields.get(name) ?? '')) || null;
  const loc = absolute(get('loc'), options.url);
  if (loc === null) return;
  const lastModified = parseDate(get('lastmod'), options.timezone);
  if (kind === 'sitemap') {
    map.children.push({ url: loc, lastModified });
    return;
  }
  const isNews = [...fields.keys()].some((name) => name.startsWith('news.'));
  map.news ||= isNews;
  const genres = (get('news.keywords') ?? '').split(/\s*[,;]\s*/).filter((k) => k !== '' && k.length <= 100);
  map.entries.push({
    ...blank(loc, options.url),
    title: get('news.title'),
    publishedAt: parseDate(get('news.publication_date'), options.timezone),
    updatedAt: lastModified,
    image: absolute(get('image.loc'), options.url),
    language: isNews ? languageOf(get('news.language')) : null,
    tags: genres.slice(0, 50),
  });
}

function blank(url: string, via: string): Found {
  const none = {
    guid: null,
    title: null,
    publishedAt: null,
    updatedAt: null,
    summary: null,
    image: null,
    language: null,
  };
  return { url, ...none, authors: [], tags: [], via };
}

/** `zh-cn` and `zh-tw` are Google's own; all else is a code of ISO 639. */
function languageOf(language: string | null): string | null {
  try {
    return language === null ? null : (Intl.getCanonicalLocales(language.replaceAll('_', '-'))[0] ?? null);
  } catch {
    return null;
  }
}

function absolute(url: string | null, base: string): string | null {
  if (url === null) return null;
  try {
    const made = new URL(url, base);
    return made.protocol === 'http:' || made.protocol === 'https:' ? made.href : null;
  } catch {
    return null;
  }
}

/** The newest entries, newest first; of one age, in the file's order. Those without a date come last. */
export function newest(entries: Found[], count: number): Found[] {
  const age = (f: Found): string => f.publishedAt ?? f.updatedAt ?? '';
  return entries.toSorted((a, b) => (age(a) < age(b) ? 1 : age(a) > age(b) ? -1 : 0)).slice(0, count);
}

/** Which sitemaps of an index to read: those for news; without any, those for articles or posts; else the ones that changed last. */
export function chooseChildren(children: Sitemap['children'], count: number): string[] {
  const changed = children.toSorted((a, b) => (b.lastModified ?? '').localeCompare(a.lastModified ?? ''));
  const named = (word: RegExp) => changed.filter((c) => word.test(pathOf(c.url)));
  const news = named(/news|latest|recent/i);
  if (news.length > 0) return urls(news, count);
  const others = changed.filter((c) => !listsNoArticles(c.url));
  const posts = others.filter((c) => /post|article|stor(?:y|ies)/i.test(pathOf(c.url)));
  if (posts.length > 0) return urls(latest(posts), count);
  return urls(latest(others.length > 0 ? others : changed), count);
}

/** Whether a sitemap says by its name that it lists something else. */
export function listsNoArticles(url: string): boolean {
  return /(?:categor|tag|author|user|image|video|product|page|taxonom|topic|section)[\w-]*\.xml/i.test(pathOf(url));
}

/** Numbered parts without dates grow at their end (post-sitemap12.xml); by name the last is the newest. */
function latest(children: Sitemap['children']): Sitemap['children'] {
  if (children.some((c) => c.lastModified !== null)) return children;
  return children.toSorted((a, b) => b.url.localeCompare(a.url, 'en', { numeric: true }));
}

function urls(children: Sitemap['children'], count: number): string[] {
  return [...new Set(children.map((c) => c.url))].slice(0, count);
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}
