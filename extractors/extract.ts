import { SourcelinkError } from '../config/errors.js';
import { decode } from '../text/charset.js';
import { countWords, excerptOf } from '../text/excerpt.js';
import { wellFormedIn } from '../text/well-formed.js';
import type { Article, PageInput } from './article.js';
import { type Body, readBody } from './body/body.js';
import type { NotArticle } from './body/quality.js';
import { parseDocument } from './dom/dom.js';
import { checkSize, watchStructure } from './dom/limits.js';
import { chooseCanonical } from './metadata/canonical.js';
import { decideLanguage } from './metadata/language.js';
import { type Metadata, readMetadata } from './metadata/metadata.js';
import { absolute, chooseLead } from './output/images.js';
import { sanitize } from './output/sanitize.js';
import { signalsOf } from './profile/digest.js';
import { noticesIn, retractionNotice } from './rights/retraction.js';
import { readRights } from './rights/rights.js';
import { step, type Trace } from './trace.js';

/**
 * Bytes in, article out: the same bytes always give the same article. A `trace` records each step, whatever comes of it.
 * @throws SourcelinkError `EXTRACT_TOO_LARGE`, `EXTRACT_TOO_MANY_ELEMENTS`, `EXTRACT_TOO_DEEP`, `EXTRACT_EMPTY`,
 * `EXTRACT_RETRACTED`, `EXTRACT_FAILED`
 */
export function extract(page: PageInput, trace: Trace | null = null): Article {
  try {
    return read(page, trace);
  } catch (error) {
    if (error instanceof SourcelinkError) throw error;
    throw new SourcelinkError('EXTRACT_FAILED', `${where(page)} cannot be read`, { cause: error });
  }
}

/** What stands on a page, before anything judges whether that is an article. */
export type PageParts = {
  meta: Metadata;
  /** null where neither the page nor the feed has one. */
  title: { text: string; from: string } | null;
  body: Body | null;
  /** Of `body`; empty without one. */
  text: string;
  rights: ReturnType<typeof readRights>;
  /** What relative addresses are relative to. */
  base: string;
  /** Name of the encoding and what named it. */
  charset: string;
  /** Its publisher's words by which the article was taken back; null when there are none. */
  retraction: string | null;
};

/**
 * Reads a page by the one way that there is: extraction judges the parts, the evaluation scores them.
 * @throws SourcelinkError `EXTRACT_TOO_LARGE`, `EXTRACT_TOO_MANY_ELEMENTS`, `EXTRACT_TOO_DEEP`
 */
export function readParts(page: PageInput, trace: Trace | null = null): PageParts {
  const { url, source, limits } = page;
  checkSize(page.bytes, url, limits);
  const {
    html: markup,
    charset,
    from,
  } = step(
    trace,
    'decode',
    () => decode(page.bytes, page.headers['content-type'], source.language),
    (decoded) => ({ note: `${decoded.charset} (${decoded.from})` }),
  );
  const document = step(trace, 'parse', () => parseDocument(markup, { watch: watchStructure(url, limits) }));
  const base = baseOf(document, url);
  const meta = step(trace, 'metadata', () => readMetadata(document, page));
  const rights = step(
    trace,
    'rights',
    () =>
      readRights({
        document,
        headers: page.headers,
        jsonLd: meta.jsonLd,
        republish: source.republish,
        fullLicences: source.fullLicences,
        fetchedAt: page.fetchedAt,
        reservation: page.reservation ?? null,
      }),
    (decided) => ({ note: decided.rights.level }),
  );
  const title = titleOf(meta, page);
  const notices = noticesIn(document);
  // From here on the document is no longer what the page said.
  const body = readBody(document, {
    url,
    title: title?.text ?? '',
    authors: meta.authors,
    signals: signalsOf(meta.provenance),
    rules: source.rules,
    jsonLdBody: meta.jsonLdBody,
    profile: page.profile,
    trace,
  });
  const text = tidyLines(body?.text ?? '');
  const retraction = retractionNotice({ jsonLd: meta.jsonLd, title: title?.text ?? '', text, notices });
  return { meta, title, body, text, rights, base, charset: `${charset} (${from})`, retraction };
}

function read(page: PageInput, trace: Trace | null): Article {
  const { url, limits } = page;
  const { meta, title, body, text, base, charset, retraction, rights: signals } = readParts(page, trace);
  if (retraction !== null) throw retracted(page, retraction);
  if (body?.notArticle) throw notAnArticle(page, body.notArticle);
  if (title === null) throw untitled(page);
  const { authors } = meta;
  const { rights, noindex, noImage } = signals;
  const language = step(
    trace,
    'language',
    () => languageOf(meta, text, page),
    (found) => ({ note: found === null ? 'unknown' : `${found.language} (${found.from})` }),
  );
  const wordCount = countWords(text, language?.language ?? null);
  if (body === null || wordCount < Math.max(1, limits.minWords)) throw tooShort(page, wordCount, body);
  const { html, pictures } = step(trace, 'sanitise', () => sanitize(body.html, base, { images: !noImage }));
  const lead = noImage ? null : chooseLead(meta.images, pictures, page.hints.image, base);
  const canonical = chooseCanonical(meta.canonicalUrl, url);
  const dates = datesOf(meta, page);
  const excerpt = excerptOf(text, language?.language ?? null);
  const byFeed = authors.length === 0 && page.hints.authors.length > 0;
  const tags = meta.tags.length > 0 ? meta.tags : page.hints.tags;
  return wellFormedIn({
    canonicalUrl: canonical.url,
    syndicatedFrom: canonical.from === 'URL' && meta.canonicalUrl !== url ? meta.canonicalUrl : null,
    title: title.text,
    authors: byFeed ? page.hints.authors : authors,
    agency: meta.agency,
    publishedAt: dates.publishedAt,
    updatedAt: dates.updatedAt,
    language: language?.language ?? null,
    excerpt,
    text,
    html,
    image: lead?.image ?? null,
    tags,
    section: meta.section,
    wordCount,
    rights,
    noindex,
    removed: body.removed,
    digest: body.digest,
    provenance: {
      ...meta.provenance,
      title: title.from,
      ...(byFeed && { authors: 'feed' }),
      ...dates.provenance,
      ...(canonical.from === 'URL' && { canonicalUrl: 'URL' }),
      ...(language && { language: language.from }),
      text: body.by,
      ...(lead && { image: lead.from }),
      ...(tags.length > 0 && meta.tags.length === 0 && { tags: 'feed' }),
      charset,
    },
  });
}

function where(page: PageInput): string {
  return `${page.url} (source ${page.source.id})`;
}

/** What relative addresses are relative to: `<base href>`, else the page. */
function baseOf(document: Document, url: string): string {
  const href = document.querySelector('base[href]')?.getAttribute('href')?.trim();
  return (href && absolute(href, url)) || url;
}

/** Characters of a title; what is longer is a text in the wrong place. */
const MAX_TITLE = 500;

function shortTitle(text: string): string {
  return text.length > MAX_TITLE ? `${text.slice(0, MAX_TITLE - 1).trimEnd()}…` : text;
}

function titleOf(meta: Metadata, page: PageInput): PageParts['title'] {
  if (meta.title) return { text: shortTitle(meta.title), from: meta.provenance['title'] ?? 'page' };
  return page.hints.title ? { text: page.hints.title, from: 'feed' } : null;
}

function untitled(page: PageInput): SourcelinkError {
  return new SourcelinkError('EXTRACT_EMPTY', `${where(page)} has no title`, {
    hint: 'Set `extract.title` for this source, or exclude such URLs.',
  });
}

function datesOf(meta: Metadata, page: PageInput) {
  const provenance: Record<string, string> = {};
  const choose = (name: 'publishedAt' | 'updatedAt') => {
    if (meta[name] !== null) return meta[name];
    if (page.hints[name] !== null) provenance[name] = 'feed';
    return page.hints[name];
  };
  return { publishedAt: choose('publishedAt'), updatedAt: choose('updatedAt'), provenance };
}

function languageOf(meta: Metadata, text: string, page: PageInput) {
  return decideLanguage({
    text,
    declared: meta.declaredLanguage,
    declaredBy: meta.provenance['language'] ?? meta.provenance['declaredLanguage'] ?? null,
    header: page.headers['content-language'],
    hint: page.hints.language,
    source: page.source.language,
  });
}

/** `retryable` where a browser may see more than was fetched: behind a notice that scripts take away. */
function notAnArticle(page: PageInput, { kind, reason }: NotArticle): SourcelinkError {
  const retryable = kind === 'consent' || kind === 'locked';
  return new SourcelinkError('EXTRACT_NOT_ARTICLE', `${where(page)} is not an article: ${reason}`, { retryable });
}

function retracted(page: PageInput, notice: string): SourcelinkError {
  return new SourcelinkError('EXTRACT_RETRACTED', `${where(page)} was retracted by its publisher: "${notice}"`);
}

function tooShort(page: PageInput, words: number, body: Body | null): SourcelinkError {
  const found = body === null || words === 0 ? 'no article text' : `only ${words} words of article text`;
  return new SourcelinkError(
    'EXTRACT_EMPTY',
    `${where(page)} has ${found}; at least ${page.limits.minWords} words make an article`,
  );
}

function tidyLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}
