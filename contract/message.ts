import { SourcelinkError } from '../config/errors.js';
import type { RightsLevel, Source } from '../config/sources.js';
import { escapeHtml } from '../text/escape.js';
import { shorten } from '../text/excerpt.js';
import { type ArticleMessage, Attribution, CONTRACT_VERSION, type ContractArticle } from './contract.js';

/** Reading speed of an average news reader. */
const WORDS_A_MINUTE = 230;

type SourceRef = Pick<Source, 'id' | 'name' | 'url'>;

/** The article as the ledger stores it, from which a message is made. */
export type PublishableArticle = {
  id: string;
  slug: string;
  title: string;
  excerpt: string;
  text: string;
  html: string;
  authors: string[];
  agency: string | null;
  language: string | null;
  publishedAt: Date | null;
  updatedAt: Date | null;
  fetchedAt: Date;
  wordCount: number;
  image: ContractArticle['image'];
  categories: ContractArticle['categories'];
  tags: string[];
  story?: ContractArticle['story'];
  rights: { level: RightsLevel; reason: string; maxCharacters?: number | null };
  canonicalUrl: string;
  noindex: boolean;
  revision: number;
  /** Null while the article is not published. */
  publishedHash: string | null;
};

/**
 * The article as downstream receives it: as much as its rights allow, with the Source link at its end.
 * Only this function and `asLink` make an `html` field, so no message can leave without attribution.
 * @throws PUBLISH_NO_ATTRIBUTION when source name, home page or the article's URL is missing
 */
export function contractArticle(
  a: PublishableArticle,
  source: SourceRef,
  options: { excerptWords: number },
): ContractArticle {
  const attribution = attributionOf(a, source);
  const level = a.rights.level;
  const length = { words: options.excerptWords, characters: a.rights.maxCharacters ?? null };
  const excerpt = level === 'link' ? '' : shorten(a.excerpt || a.text, a.language, length);
  return {
    id: a.id,
    slug: a.slug,
    title: a.title,
    excerpt,
    html: `${bodyOf(level, a.html, excerpt)}${sourceLink(attribution)}`,
    ...(level === 'full' ? { text: a.text } : {}),
    authors: a.authors,
    language: a.language,
    publishedAt: iso(a.publishedAt),
    updatedAt: iso(a.updatedAt),
    fetchedAt: a.fetchedAt.toISOString(),
    readingMinutes: Math.max(1, Math.round(a.wordCount / WORDS_A_MINUTE)),
    wordCount: a.wordCount,
    image: level === 'link' ? null : a.image,
    categories: a.categories,
    tags: a.tags,
    story: a.story ?? null,
    source: { id: source.id, name: source.name, homepage: source.url },
    attribution,
    rights: { level, reason: a.rights.reason },
    canonicalUrl: a.canonicalUrl,
    noindex: a.noindex || level === 'full',
  };
}

/** The next message of an article: `published` if it is new or was retracted, else `updated`. */
export function messageOf(a: PublishableArticle, article: ContractArticle, sentAt: Date): ArticleMessage {
  return {
    type: a.publishedHash === null ? 'article.published' : 'article.updated',
    version: CONTRACT_VERSION,
    id: a.id,
    revision: a.revision + 1,
    sentAt: sentAt.toISOString(),
    article,
  };
}

/** The article reduced to what may be shown when only title and link are allowed. */
export function asLink({ text: _text, ...article }: ContractArticle, reason: string): ContractArticle {
  const html = sourceLink(article.attribution);
  return { ...article, excerpt: '', html, image: null, rights: { level: 'link', reason } };
}

/** The message that retracts an article. */
export function retractionOf(
  a: Pick<PublishableArticle, 'id' | 'revision' | 'canonicalUrl'>,
  source: SourceRef,
  reason: string,
  sentAt: Date,
): ArticleMessage {
  return {
    type: 'article.retracted',
    version: CONTRACT_VERSION,
    id: a.id,
    revision: a.revision + 1,
    sentAt: sentAt.toISOString(),
    article: {
      id: a.id,
      canonicalUrl: a.canonicalUrl,
      source: { id: source.id, name: source.name, homepage: source.url },
    },
    reason,
  };
}

function attributionOf(a: PublishableArticle, source: SourceRef): Attribution {
  const parsed = Attribution.safeParse({
    label: 'Source link',
    url: a.canonicalUrl,
    author: a.authors.length > 0 ? a.authors.join(', ') : a.agency,
    publisher: source.name.trim(),
    publishedAt: iso(a.publishedAt),
  });
  if (!parsed.success || !source.url) {
    const missing = parsed.success
      ? 'home page of the source'
      : parsed.error.issues.map((i) => i.path.join('.')).join(', ');
    throw new SourcelinkError(
      'PUBLISH_NO_ATTRIBUTION',
      `article ${a.id} of source ${source.id} cannot be attributed: ${missing} missing or wrong`,
    );
  }
  return parsed.data;
}

function bodyOf(level: RightsLevel, html: string, excerpt: string): string {
  if (level === 'full') return html;
  return excerpt === '' ? '' : `<p>${escapeHtml(excerpt)}</p>`;
}

/** The visible attribution; the last thing in every `html`. */
function sourceLink(by: Attribution): string {
  const credit = [by.author, by.publisher].filter((s, i, all) => s && all.indexOf(s) === i).join(', ');
  const date = by.publishedAt ? `, <time datetime="${by.publishedAt}">${by.publishedAt.slice(0, 10)}</time>` : '';
  return `<p>${escapeHtml(credit)}${date} — <a href="${escapeHtml(by.url)}" rel="noopener external">${by.label}</a></p>`;
}

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

/** The readable part of a URL: the title in lower case with hyphens, and enough of the id to make it unique. */
export function slugOf(title: string, id: string): string {
  const words = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  const short = words.length <= 70 ? words : words.slice(0, 70).replace(/-[^-]*$/, '');
  return `${short || 'article'}-${id.slice(0, 8)}`;
}
