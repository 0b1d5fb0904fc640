/**
 * What downstream receives: the messages of the queue `articles`, of webhooks and of exports.
 * Published as JSON Schema (docs/contract.schema.json). A field is never removed or given another meaning
 * without a new `version`; new fields may appear at any time.
 */
import { z } from 'zod';

export const CONTRACT_VERSION = 1;

const Instant = z.iso.datetime({ offset: false }).describe('ISO 8601 in UTC.');
const WebUrl = z.url({ protocol: /^https?$/ });

const Image = z
  .object({
    url: WebUrl.describe("On the source's own server."),
    alt: z.string().nullable().describe('Text alternative, as the page gives it.'),
    credit: z.string().nullable().describe('Photographer or agency, as the page names it.'),
    width: z.int().positive().nullable().describe('In pixels, as the page says.'),
    height: z.int().positive().nullable().describe('In pixels, as the page says.'),
  })
  .meta({ id: 'Image' });

const SourceRef = z
  .object({
    id: z.string().describe("Stable, as in the operator's sources.yaml."),
    name: z.string().min(1).describe('What readers see.'),
    homepage: WebUrl.describe('Its home page.'),
  })
  .meta({ id: 'Source' });

export const CategoryRef = z
  .object({
    path: z.string().describe("Path in the operator's tree, e.g. white-house-news/us-foreign-policy."),
    label: z.string().describe('What readers see.'),
    confidence: z.number().min(0).max(1).describe('1 for a pin or a person.'),
    by: z.enum(['pin', 'keywords', 'model', 'person', 'fallback']).describe('Who or what decided.'),
  })
  .meta({ id: 'Category' });

export const Attribution = z
  .object({
    label: z.literal('Source link').describe('The text of the link.'),
    url: WebUrl.describe('Where the original stands.'),
    author: z.string().nullable().describe('Persons, else the agency; null when the page names nobody.'),
    publisher: z.string().min(1).describe('Name of the source.'),
    publishedAt: Instant.nullable().describe('As in article.publishedAt.'),
  })
  .meta({ id: 'Attribution' });

export type Attribution = z.infer<typeof Attribution>;

export type CategoryRef = z.infer<typeof CategoryRef>;

export const ContractArticle = z
  .object({
    id: z.uuid().describe('Stable over all revisions.'),
    slug: z.string().min(1).describe('Readable part of a URL; unique, and stable over all revisions.'),
    title: z.string().min(1).describe('Headline, plain text.'),
    excerpt: z.string().describe('Plain text, ends with a sentence where it can; empty when rights.level is link.'),
    html: z.string().min(1).describe('Sanitised; ends with the Source link.'),
    text: z.string().optional().describe('Only where rights.level is full.'),
    authors: z.array(z.string()).describe('Persons, in the order of the byline; empty when the page names nobody.'),
    language: z.string().nullable().describe('BCP 47.'),
    publishedAt: Instant.nullable().describe('null when the source does not say; never a guess.'),
    updatedAt: Instant.nullable().describe('When the source last changed it, as it says; null when it does not say.'),
    fetchedAt: Instant.describe('When the page behind this revision was fetched.'),
    readingMinutes: z.int().min(1).describe('Of the original article, at 230 words a minute.'),
    wordCount: z.int().min(0).describe('Of the original article, whatever part of it is republished.'),
    image: Image.nullable().describe('Lead image; null when there is none or rights.level is link.'),
    categories: z.array(CategoryRef).describe('Best first; empty when none fits.'),
    tags: z.array(z.string()).describe("The source's own keywords."),
    story: z
      .object({
        id: z.string().describe('The same for all articles about one event.'),
        size: z.int().min(1).describe('How many articles are about it, this one included.'),
        coverage: z
          .array(
            z.object({
              source: z.string().describe('Name of the other source.'),
              url: WebUrl.describe('Where its article stands.'),
              title: z.string().describe('Its headline.'),
            }),
          )
          .describe('Who else reports it.'),
      })
      .nullable()
      .describe('The event that several articles are about; null when none is known.'),
    source: SourceRef.describe('The outlet.'),
    attribution: Attribution.describe('What to show beside the article; the same stands at the end of html.'),
    rights: z
      .object({
        level: z.enum(['full', 'excerpt', 'link']).describe('How much of the article this message carries.'),
        reason: z.string().describe('Why, in words.'),
      })
      .describe('The lowest of what the operator allows and what the page signals.'),
    canonicalUrl: WebUrl.describe('The address of the original, for rel="canonical".'),
    noindex: z.boolean().describe('true: keep your copy out of search engines (robots meta).'),
  })
  .meta({ id: 'Article' });
export type ContractArticle = z.infer<typeof ContractArticle>;

const envelope = {
  version: z.literal(CONTRACT_VERSION).describe('Of this contract.'),
  id: z.uuid().describe("The article's id; with revision, the message's key."),
  revision: z.int().min(1).describe('1, 2, 3, … of one article; a higher one replaces a lower one.'),
  sentAt: Instant.describe('When the revision was written, the same for every sink and every repeat.'),
};

export const ArticlePublished = z.object({
  type: z.literal('article.published').describe('The first revision.'),
  ...envelope,
  article: ContractArticle,
});
export const ArticleUpdated = z.object({
  type: z.literal('article.updated').describe('A later revision; it replaces the earlier one.'),
  ...envelope,
  article: ContractArticle,
});
export const ArticleRetracted = z.object({
  type: z.literal('article.retracted').describe('Remove the article.'),
  ...envelope,
  article: z
    .object({ id: z.uuid().describe('As before.'), canonicalUrl: WebUrl.describe('As before.'), source: SourceRef })
    .describe('Only what identifies it.'),
  reason: z.string().describe('Why, in words.'),
});

/** One message to downstream. */
export const ArticleMessage = z.discriminatedUnion('type', [ArticlePublished, ArticleUpdated, ArticleRetracted]);
export type ArticleMessage = z.infer<typeof ArticleMessage>;
