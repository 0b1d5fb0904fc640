import { MAX_URL_CHARACTERS } from '../../text/address.js';
import type { PageInput } from '../article.js';
import { readAuthors } from './author.js';
import { headlineArea } from './headline-area.js';
import { articleObject, byId, isObject, type JsonLd, listField, readJsonLd, textField } from './json-ld.js';
import { imageCandidates } from './lead-image.js';
import { readDates } from './published.js';
import { decodeAgain, readTitle } from './title.js';

/** What a page says of its article beside the text. Dates are ISO 8601 in UTC. */
export type Metadata = {
  canonicalUrl: string;
  title: string;
  authors: string[];
  agency: string | null;
  publishedAt: string | null;
  updatedAt: string | null;
  /** Calendar day of publication as the page writes it, YYYY-MM-DD: `publishedAt` may fall on another in UTC. */
  publishedDay: string | null;
  /** As the page declares it; language.ts decides. */
  declaredLanguage: string | null;
  description: string | null;
  tags: string[];
  section: string | null;
  /** `articleBody` of the page's JSON-LD. */
  jsonLdBody: string | null;
  /** Candidates for the lead image, best first; images.ts decides. */
  images: {
    url: string;
    alt: string | null;
    credit: string | null;
    width: number | null;
    height: number | null;
    from: string;
  }[];
  /** All JSON-LD objects of the page, flattened from `@graph`. */
  jsonLd: Record<string, unknown>[];
  provenance: Record<string, string>;
};

/** Reads metadata; leaves `document` as it is. */
export function readMetadata(document: Document, page: PageInput): Metadata {
  const metas = readMetas(document);
  const jsonLd = readJsonLd(document);
  const article = articleObject(jsonLd);
  const index = byId(jsonLd);
  const siteNames = namesOfSite(page, metas, article, jsonLd, index);
  const { rules } = page.source;
  const title = readTitle(document, { metas, article, siteNames, selector: rules.title, hint: page.hints.title });
  const area = headlineArea(document, title.title);
  const authors = readAuthors(document, {
    area,
    metas,
    article,
    index,
    sites: new Set(siteNames.map(pack)),
    selector: rules.author,
    hints: page.hints.authors,
  });
  const declaredLanguage = languageOf(document, metas, article);
  const dates = readDates(document, {
    url: page.url,
    metas,
    article,
    objects: jsonLd,
    area,
    selector: rules.date,
    language: declaredLanguage ?? page.source.language ?? page.hints.language,
    timezone: page.source.timezone,
    fetchedAt: page.fetchedAt,
    hints: page.hints,
  });
  const canonical = canonicalOf(document, metas, article, page.url);
  const tags = tagsOf(metas, article, page.hints.tags);
  const section =
    first(metas, ['article:section', 'og:article:section', 'section', 'parsely-section', 'sailthru.section']) ??
    textField(article, 'articleSection');
  const description =
    first(metas, ['og:description', 'description', 'twitter:description', 'dc.description']) ??
    textField(article, 'description') ??
    page.hints.summary;
  return {
    canonicalUrl: canonical.url,
    title: title.title,
    authors: authors.names,
    agency: authors.agency,
    publishedAt: dates.publishedAt,
    updatedAt: dates.updatedAt,
    publishedDay: dates.publishedDay,
    declaredLanguage,
    description: description ? tidy(description) : null,
    tags,
    section: section ? tidy(section).slice(0, 80) : null,
    jsonLdBody: textField(article, 'articleBody') ?? textField(article, 'text'),
    images: imageCandidates(metas, article, index, page),
    jsonLd,
    provenance: {
      ...(title.title ? { title: title.from } : {}),
      ...(authors.from ? { authors: authors.from } : {}),
      ...dates.provenance,
      canonicalUrl: canonical.from,
    },
  };
}

/** Values of all meta elements by lower-case name or property. */
function readMetas(document: Document): Map<string, string[]> {
  const metas = new Map<string, string[]>();
  for (const meta of document.getElementsByTagName('meta')) {
    const content = meta.getAttribute('content')?.trim();
    if (!content) continue;
    for (const attribute of ['property', 'name', 'itemprop', 'http-equiv']) {
      const name = meta.getAttribute(attribute)?.trim().toLowerCase();
      if (!name) continue;
      const values = metas.get(name);
      if (values) values.push(content);
      else metas.set(name, [content]);
    }
  }
  return metas;
}

const first = (metas: Map<string, string[]>, names: string[]): string | null => {
  for (const name of names) {
    const value = metas.get(name)?.[0];
    if (value) return value;
  }
  return null;
};

const tidy = (text: string): string =>
  decodeAgain(text)
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

const pack = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

/** What the site is called, by everything that says so. */
function namesOfSite(
  page: PageInput,
  metas: Map<string, string[]>,
  article: JsonLd | null,
  objects: JsonLd[],
  index: Map<string, JsonLd>,
): string[] {
  const names = [
    page.source.name,
    ...[
      'og:site_name',
      'application-name',
      'publisher',
      'twitter:site',
      'al:ios:app_name',
      'apple-mobile-web-app-title',
      'dc.publisher',
      'copyright',
    ].flatMap((n) => metas.get(n) ?? []),
  ];
  for (const publisher of listField(article, 'publisher', index)) {
    names.push(typeof publisher === 'string' ? publisher : (textField(publisher, 'name') ?? ''));
  }
  for (const object of objects) {
    if (/WebSite|Organization|NewsMediaOrganization/.test(String(object['@type'] ?? ''))) {
      names.push(textField(object, 'name') ?? '', textField(object, 'alternateName') ?? '');
    }
  }
  if (URL.canParse(page.url)) {
    const host = new URL(page.url).hostname.replace(/^(?:www|m|amp|edition|news)\./, '');
    names.push(host, host.split('.').slice(0, -1).join('.'), host.split('.')[0] ?? '');
  }
  return [...new Set(names.map((n) => n.replace(/^@/, '').trim()).filter((n) => n.length > 1 && n.length < 80))];
}

function languageOf(document: Document, metas: Map<string, string[]>, article: JsonLd | null): string | null {
  const html = document.documentElement;
  const said =
    html?.getAttribute('lang') ??
    html?.getAttribute('xml:lang') ??
    textField(article, 'inLanguage') ??
    first(metas, ['content-language', 'language', 'og:locale', 'dc.language', 'inlanguage']);
  return said?.trim().replace('_', '-') || null;
}

function canonicalOf(
  document: Document,
  metas: Map<string, string[]>,
  article: JsonLd | null,
  url: string,
): { url: string; from: string } {
  const link = document.querySelector('link[rel~="canonical"]')?.getAttribute('href');
  const entity = article?.['mainEntityOfPage'];
  const id = isObject(entity) ? entity['@id'] : entity;
  for (const [value, from] of [
    [link, 'link canonical'],
    [metas.get('og:url')?.[0], 'meta og:url'],
    [typeof id === 'string' ? id : textField(article, 'url'), 'json-ld url'],
  ] as const) {
    if (!value?.trim() || !URL.canParse(value.trim(), url)) continue;
    const absolute = new URL(value.trim(), url);
    if (!/^https?:$/.test(absolute.protocol)) continue;
    // A canonical that names the home page for an article is a template's mistake.
    if (absolute.pathname === '/' && absolute.search === '' && URL.canParse(url) && new URL(url).pathname !== '/')
      continue;
    absolute.hash = '';
    if (absolute.href.length > MAX_URL_CHARACTERS) continue;
    return { url: absolute.href, from };
  }
  return { url, from: 'URL' };
}

/** Tags as the page lists them, without repetition. */
function tagsOf(metas: Map<string, string[]>, article: JsonLd | null, hints: string[]): string[] {
  const keywords = article?.['keywords'];
  const lists = [
    metas.get('article:tag') ?? [],
    Array.isArray(keywords)
      ? keywords.filter((k): k is string => typeof k === 'string')
      : typeof keywords === 'string'
        ? [keywords]
        : [],
    metas.get('news_keywords') ?? [],
    metas.get('parsely-tags') ?? [],
    metas.get('keywords') ?? [],
    hints,
  ];
  const filled = lists.find((list) => list.length > 0) ?? [];
  const tags = filled
    .flatMap((value) => value.split(/[,;،、|]/))
    .map((tag) =>
      tidy(tag)
        .replace(/^\w+:\s*(?=\S)/, '')
        .replace(/^#/, ''),
    )
    .filter((tag) => tag.length > 1 && tag.length <= 60 && !/^https?:/.test(tag));
  const seen = new Set<string>();
  return tags.filter((tag) => !seen.has(tag.toLowerCase()) && seen.add(tag.toLowerCase())).slice(0, 30);
}
