/**
 * The messages that downstream receives from the queue `articles`, from webhooks and in exports.
 * Published as JSON Schema (docs/contract.schema.json). Removing a field or changing its meaning needs a new `version`;
 * new fields may appear at any time.
 */
import { z } from 'zod';

export const CONTRACT_VERSION = 1;

const Instant = z.iso.datetime({ offset: false }).describe('ISO 8601 in UTC.');
const WebUrl = z.url({ protocol: /^https?$/ });

const Image = z
  .object({
    url: WebUrl.describe("Address of the image on the source's server."),
    alt: z.string().nullable().describe('Alternative text from the page.'),
    credit: z.string().nullable().describe('Photographer or agency that the page names.'),
    width: z.int().positive().nullable().describe('Width in pixels; null when the page does not state it.'),
    height: z.int().positive().nullable().describe('Height in pixels; null when the page does not state it.'),
  })
  .meta({ id: 'Image' });

const SourceRef = z
  .object({
    id: z.string().describe("Source id from the operator's sources.yaml, stable."),
    name: z.string().min(1).describe('Name that readers see.'),
    homepage: WebUrl.describe('Home page of the source.'),
  })
  .meta({ id: 'Source' });

export const CategoryRef = z
  .object({
    path: z.string().describe("Path in the operator's category tree, e.g. white-house-news/us-foreign-policy."),
    label: z.string().describe('Name that readers see.'),
    confidence: z.number().min(0).max(1).describe('From 0 to 1; always 1 when a pin or a person decided.'),
    by: z.enum(['pin', 'keywords', 'model', 'person', 'fallback']).describe('What chose the category.'),
  })
  .meta({ id: 'Category' });

export const Attribution = z
  .object({
    label: z.literal('Source link').describe('Text of the link.'),
    url: WebUrl.describe('Address of the original.'),
    author: z.string().nullable().describe('The authors, else the agency; null when the page names neither.'),
    publisher: z.string().min(1).describe('Name of the source.'),
    publishedAt: Instant.nullable().describe('Same as article.publishedAt.'),
  })
  .meta({ id: 'Attribution' });

export type Attribution = z.infer<typeof Attribution>;

export type CategoryRef = z.infer<typeof CategoryRef>;

export const ContractArticle = z
  .object({
    id: z.uuid().describe('Article id, the same in all revisions.'),
    slug: z.string().min(1).describe('Readable part of a URL; unique, and the same in all revisions.'),
    title: z.string().min(1).describe('Headline as plain text.'),
    excerpt: z
      .string()
      .describe('Plain text that ends with a whole sentence if possible; empty when rights.level is link.'),
    html: z.string().min(1).describe('Sanitised HTML that ends with the Source link.'),
    text: z.string().optional().describe('The whole article as plain text; present only when rights.level is full.'),
    authors: z.array(z.string()).describe('People named in the byline, in its order; empty when it names nobody.'),
    language: z.string().nullable().describe('Language code (BCP 47).'),
    publishedAt: Instant.nullable().describe('When the source published it; null when unknown, never a guess.'),
    updatedAt: Instant.nullable().describe('When the source last changed it; null when the source does not state it.'),
    fetchedAt: Instant.describe('When Sourcelink fetched the page behind this revision.'),
    readingMinutes: z.int().min(1).describe('Reading time of the original article at 230 words per minute.'),
    wordCount: z.int().min(0).describe('Number of words in the original article, whatever part is republished.'),
    image: Image.nullable().describe('Lead image; null when the article has none or rights.level is link.'),
    categories: z.array(CategoryRef).describe('Best match first; empty when no category fits.'),
    tags: z.array(z.string()).describe('Keywords that the source assigned.'),
    story: z
      .object({
        id: z.string().describe('Story id, shared by all articles about one event.'),
        size: z.int().min(1).describe('Number of articles about the event, including this one.'),
        coverage: z
          .array(
            z.object({
              source: z.string().describe('Name of the other source.'),
              url: WebUrl.describe('Address of its article.'),
              title: z.string().describe('Headline of its article.'),
            }),
          )
          .describe('Articles about the event from other sources.'),
      })
      .nullable()
      .describe('The event that this and other articles report; null when no other article is known.'),
    source: SourceRef.describe('The outlet that published the article.'),
    attribution: Attribution.describe('What to show beside the article; html already ends with it.'),
    rights: z
      .object({
        level: z.enum(['full', 'excerpt', 'link']).describe('How much of the article this message contains.'),
        reason: z.string().describe('Why, in a sentence.'),
      })
      .describe('What may be republished: the stricter of what the operator allows and what the page signals.'),
    canonicalUrl: WebUrl.describe('Address of the original, for rel="canonical".'),
    noindex: z.boolean().describe('If true, keep your copy out of search engines with a robots meta tag.'),
  })
  .meta({ id: 'Article' });
export type ContractArticle = z.infer<typeof ContractArticle>;

const envelope = {
  version: z.literal(CONTRACT_VERSION).describe('Version of this contract.'),
  id: z.uuid().describe('Article id; id and revision together are the key of the message.'),
  revision: z.int().min(1).describe('Counts 1, 2, 3, … for each article; a higher revision replaces a lower one.'),
  sentAt: Instant.describe('When the revision was made; the same for every sink and every repeat.'),
};

export const ArticlePublished = z.object({
  type: z.literal('article.published').describe('The first revision.'),
  ...envelope,
  article: ContractArticle,
});
export const ArticleUpdated = z.object({
  type: z.literal('article.updated').describe('A later revision, which replaces the earlier ones.'),
  ...envelope,
  article: ContractArticle,
});
export const ArticleRetracted = z.object({
  type: z.literal('article.retracted').describe('Remove the article.'),
  ...envelope,
  article: z
    .object({
      id: z.uuid().describe('Article id, the same in all revisions.'),
      canonicalUrl: WebUrl.describe('Address of the original.'),
      source: SourceRef,
    })
    .describe('Only what identifies the article.'),
  reason: z.string().describe('Why the article was retracted.'),
});

/** One message that downstream receives. */
export const ArticleMessage = z.discriminatedUnion('type', [ArticlePublished, ArticleUpdated, ArticleRetracted]);
export type ArticleMessage = z.infer<typeof ArticleMessage>;
