/**
 * What downstream receives: the messages of the queue `articles`, of webhooks and of exports.
 * Published as JSON Schema (docs/contract.schema.json). A field is never removed or given another meaning
 * without a new `version`; new fields may appear at any time.
 */
import { z } from 'zod';

export const CONTRACT_VERSION = 1;

const Instant = z.iso.datetime({ offset: false }).describe('ISO 8601 in UTC.');
const WebUrl = z.url({ protocol: /^https?$/ });

const Image = z.object({
  url: WebUrl,
  alt: z.string().nullable(),
  credit: z.string().nullable(),
  width: z.int().positive().nullable(),
  height: z.int().positive().nullable(),
});

export const CategoryRef = z.object({
  path: z.string().describe("Path in the operator's tree, e.g. white-house-news/us-foreign-policy."),
  label: z.string(),
  confidence: z.number().min(0).max(1),
  by: z.enum(['pin', 'keywords', 'model', 'person', 'fallback']).describe('Who or what decided.'),
});

export const Attribution = z.object({
  label: z.literal('Source link'),
  url: WebUrl.describe('Where the original stands.'),
  author: z.string().nullable(),
  publisher: z.string().min(1),
  publishedAt: Instant.nullable(),
});

export type Attribution = z.infer<typeof Attribution>;

export type CategoryRef = z.infer<typeof CategoryRef>;

export const ContractArticle = z.object({
  id: z.uuid().describe('Stable over all revisions.'),
  slug: z.string().min(1),
  title: z.string().min(1),
  excerpt: z.string(),
  html: z.string().min(1).describe('Sanitised; ends with the Source link.'),
  text: z.string().optional().describe('Only where rights.level is full.'),
  authors: z.array(z.string()),
  language: z.string().nullable().describe('BCP 47.'),
  publishedAt: Instant.nullable().describe('null when the source does not say; never a guess.'),
  updatedAt: Instant.nullable(),
  fetchedAt: Instant,
  readingMinutes: z.int().min(1),
  wordCount: z.int().min(0).describe('Of the original article, whatever part of it is republished.'),
  image: Image.nullable(),
  categories: z.array(CategoryRef),
  tags: z.array(z.string()),
  story: z
    .object({
      id: z.string(),
      size: z.int().min(1),
      coverage: z.array(z.object({ source: z.string(), url: WebUrl, title: z.string() })),
    })
    .nullable(),
  source: z.object({ id: z.string(), name: z.string().min(1), homepage: WebUrl }),
  attribution: Attribution,
  rights: z.object({ level: z.enum(['full', 'excerpt', 'link']), reason: z.string() }),
  canonicalUrl: WebUrl,
  noindex: z.boolean(),
});
export type ContractArticle = z.infer<typeof ContractArticle>;

const envelope = { version: z.literal(CONTRACT_VERSION), id: z.uuid(), revision: z.int().min(1), sentAt: Instant };

export const ArticlePublished = z.object({
  type: z.literal('article.published'),
  ...envelope,
  article: ContractArticle,
});
export const ArticleUpdated = z.object({ type: z.literal('article.updated'), ...envelope, article: ContractArticle });
export const ArticleRetracted = z.object({
  type: z.literal('article.retracted'),
  ...envelope,
  article: z.object({
    id: z.uuid(),
    canonicalUrl: WebUrl,
    source: z.object({ id: z.string(), name: z.string(), homepage: WebUrl }),
  }),
  reason: z.string(),
});

/** One message to downstream. */
export const ArticleMessage = z.discriminatedUnion('type', [ArticlePublished, ArticleUpdated, ArticleRetracted]);
export type ArticleMessage = z.infer<typeof ArticleMessage>;
