import { getDomain } from 'tldts';
import { SourcelinkError } from '../config/errors.js';
import type { ExtractRules, RightsLevel } from '../config/sources.js';
import { readBody } from './body.js';
import { decode } from './charset.js';
import { parseDocument } from './dom.js';
import { chooseLead } from './images.js';
import { readLanguage } from './language.js';
import { checkSize, checkStructure } from './limits.js';
import { readMetadata } from './metadata.js';
import { readRights } from './rights.js';
import { sanitize } from './sanitize.js';
import { countWords, firstSentences } from './words.js';

/** Of an excerpt for lists; the contract's own is cut by `publish.excerptWords`. */
const EXCERPT_CHARACTERS = 400;

/** Everything that extraction may know; there is no clock and no network beside it. Structured-cloneable: it goes to a thread. */
export type PageInput = {
  /** Final URL of the page. */
  url: string;
  bytes: Uint8Array;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** ISO 8601. */
  fetchedAt: string;
  source: {
    id: string;
    name: string;
    url: string;
    language: string | null;
    timezone: string | null;
    republish: RightsLevel;
    rules: ExtractRules;
  };
  /** What discovery said; used where the page itself is silent. */
  hints: {
    title: string | null;
    authors: string[];
    publishedAt: string | null;
    updatedAt: string | null;
    summary: string | null;
    image: string | null;
    language: string | null;
    tags: string[];
  };
  limits: { maxBytes: number; maxElements: number; maxDepth: number; minWords: number };
};

export type Rights = {
  level: RightsLevel;
  /** Which signal or setting decided, for a person. */
  reason: string;
  signals: { name: string; value: string; says: string }[];
};

/** An article as read from one page. Dates are ISO 8601 in UTC, null when unknown. */
export type Article = {
  canonicalUrl: string;
  /** The canonical address that the page names on another site: it was taken over from there. */
  syndicatedFrom: string | null;
  title: string;
  authors: string[];
  /** A news agency credited for the text (`Reuters`), else null. */
  agency: string | null;
  publishedAt: string | null;
  updatedAt: string | null;
  /** BCP 47. */
  language: string | null;
  /** First sentences of the text, for lists. */
  excerpt: string;
  /** Plain text, blocks separated by a newline. */
  text: string;
  /** Sanitised; absolute URLs. */
  html: string;
  image: { url: string; alt: string | null; credit: string | null; width: number | null; height: number | null } | null;
  tags: string[];
  section: string | null;
  wordCount: number;
  rights: Rights;
  /** The page asks not to be indexed. */
  noindex: boolean;
  /** What was taken out of the text and why. */
  removed: { what: string; why: string }[];
  /** Where each field was found: `{ title: 'json-ld headline', publishedAt: 'meta article:published_time', … }`. */
  provenance: Record<string, string>;
};

/** Bytes in, article out. @throws SourcelinkError `EXTRACT_…` */
export function extract(page: PageInput): Article {
  checkSize(page.bytes, page.url, page.limits);
  const { html } = decode(page.bytes, page.headers['content-type'], page.source.language);
  checkStructure(html, page.url, page.limits);
  const document = parseDocument(html);
  const { source, hints } = page;
  for (const selector of source.rules.remove) for (const e of document.querySelectorAll(selector)) e.remove();
  const meta = readMetadata(document, page);
  const { rights, noindex } = readRights(document, {
    headers: page.headers,
    jsonLd: meta.jsonLd,
    republish: source.republish,
    source: source.id,
  });
  const body = readBody(document, {
    url: page.url,
    title: meta.title,
    authors: meta.authors,
    rules: source.rules,
    jsonLdBody: meta.jsonLdBody,
  });
  const wordCount = countWords(body?.text ?? '');
  if (body === null || wordCount < page.limits.minWords) {
    const what = body === null ? 'no article text' : `only ${wordCount} words of article text`;
    throw new SourcelinkError('EXTRACT_EMPTY', `${page.url} of source ${source.id} has ${what}`);
  }
  if (meta.title === '')
    throw new SourcelinkError('EXTRACT_NOT_ARTICLE', `${page.url} of source ${source.id} has text but no headline`);
  const clean = sanitize(body.html, page.url);
  const lead = chooseLead(meta.images, clean.pictures, hints.image, page.url);
  const language = readLanguage(body.text, {
    page: meta.declaredLanguage,
    hint: hints.language,
    source: source.language,
  });
  const canonical = identityOf(meta.canonicalUrl, page.url);
  return {
    canonicalUrl: canonical.own,
    syndicatedFrom: canonical.other,
    title: meta.title,
    authors: meta.authors,
    agency: meta.agency,
    publishedAt: meta.publishedAt,
    updatedAt: meta.updatedAt,
    language: language?.language ?? null,
    excerpt: firstSentences(body.text, EXCERPT_CHARACTERS),
    text: body.text,
    html: clean.html,
    image: lead?.image ?? null,
    tags: meta.tags,
    section: meta.section,
    wordCount,
    rights,
    noindex,
    removed: body.removed,
    provenance: {
      ...meta.provenance,
      body: body.by,
      ...(lead ? { image: lead.from } : {}),
      ...(language ? { language: language.from } : {}),
      ...(canonical.own === meta.canonicalUrl ? {} : { canonicalUrl: 'URL' }),
    },
  };
}

/** An outlet may name its own canonical address; one of another site says where the text came from, not where it stands. */
function identityOf(canonical: string, url: string): { own: string; other: string | null } {
  const site = (u: string) => getDomain(u, { allowPrivateDomains: true }) ?? new URL(u).host;
  return site(canonical) === site(url) ? { own: canonical, other: null } : { own: url, other: canonical };
}
