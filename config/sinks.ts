import { z } from 'zod';
import { duration, size, webUrl } from './values.js';

const enabled = z.boolean().default(true).describe('false: nothing is owed to it while it is off.');
const allowPrivateAddress = z
  .boolean()
  .default(false)
  .describe('true: the host of `url` may have a private address. Nothing else gets that right by it.');
const concurrency = z.int().min(1).max(32).default(4).describe('Articles on their way at the same time.');

const place = z.string().regex(/^[^\0]+$/, 'write a folder such as feeds or /var/www/feeds');

/** Standard Webhooks: `whsec_` and 24 to 64 bytes in base64. */
const SECRET = 'write whsec_ and 24 to 64 random bytes in base64, e.g. from `openssl rand -base64 32`';

/** A sink that posts each message, signed, to a URL of the operator's. */
export const WebhookSink = z.strictObject({
  type: z.literal('webhook').describe('A signed POST for each message (Standard Webhooks).'),
  enabled,
  url: webUrl.describe('Where messages are posted.'),
  secrets: z
    .array(z.string().regex(/^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/, SECRET))
    .min(1)
    .max(2)
    .describe('Signs each message; two while you change from one to the other. From the environment.'),
  timeout: duration.prefault('15s').describe('For one answer.'),
  concurrency,
  allowPrivateAddress,
});
export type WebhookSink = z.output<typeof WebhookSink>;

/** A sink that keeps a WordPress site up to date over its REST interface. */
export const WordPressSink = z
  .strictObject({
    type: z.literal('wordpress').describe('Posts of a WordPress site.'),
    enabled,
    url: webUrl.describe('Home page of the site.'),
    user: z.string().min(1).describe('Login name of a user with the role Editor.'),
    applicationPassword: z
      .string()
      .regex(/^[A-Za-z0-9 ]{16,}$/, 'write the application password that WordPress showed for this user')
      .describe('Made in the profile of that user. From the environment.'),
    status: z.enum(['publish', 'draft', 'pending']).default('publish').describe('Of a new post; later it is yours.'),
    retracted: z
      .enum(['trash', 'delete'])
      .default('trash')
      .describe('What becomes of the post of a retracted article.'),
    images: z
      .enum(['excerpt', 'full', 'never'])
      .default('excerpt')
      .describe('Least rights level of an article whose image is copied to the site; `never` copies none.'),
    imageMaxBytes: size.prefault('5MB').describe('A larger image is left out.'),
    tags: z.int().min(0).max(20).default(5).describe("Most of the source's own keywords that become tags."),
    timeout: duration.prefault('30s').describe('For one answer.'),
    concurrency,
    allowPrivateAddress,
  })
  .superRefine((sink, ctx) => {
    if (sink.url.startsWith('http:') && !sink.allowPrivateAddress)
      ctx.addIssue({
        code: 'custom',
        path: ['url'],
        message: 'would send the password unencrypted',
        params: { hint: 'write https://…, or set allowPrivateAddress: true for a site on your own machine' },
      });
  });
export type WordPressSink = z.output<typeof WordPressSink>;

/** A sink that keeps a folder of feeds for a web server. */
export const FeedsSink = z.strictObject({
  type: z.literal('feeds').describe('A folder of feeds: the whole wire, each category, each source.'),
  enabled,
  folder: place.default('feeds').describe('Folder inside the data folder, or an absolute path.'),
  url: webUrl.describe('Where your web server shows that folder.'),
  items: z.int().min(1).max(1000).default(50).describe('Newest articles of each feed.'),
  formats: z
    .array(z.enum(['rss', 'atom', 'json']))
    .min(1)
    .default(['rss', 'atom', 'json'])
    .describe('RSS 2.0, Atom 1.0, JSON Feed 1.1; also the endings of the files.'),
  by: z
    .array(z.enum(['category', 'source']))
    .default(['category', 'source'])
    .describe('What has feeds of its own beside the whole wire.'),
  pages: webUrl
    .superRefine((url, ctx) => {
      if (!/\{(?:slug|id)\}/.test(url))
        ctx.addIssue({
          code: 'custom',
          message: 'is the same for every article',
          params: { hint: 'write {slug} or {id} where the article comes in' },
        });
    })
    .optional()
    .describe(
      "Address of an article's page on your site, e.g. https://wire.example/a/{slug}; with it a Google News sitemap is written.",
    ),
  hub: webUrl.optional().describe('WebSub hub that is told of each feed that changed.'),
  timeout: duration.prefault('15s').describe('For one answer of the hub.'),
  allowPrivateAddress,
});
export type FeedsSink = z.output<typeof FeedsSink>;

const format = z
  .enum(['message', 'ninjs'])
  .default('message')
  .describe('`message`: as in the contract; `ninjs`: IPTC ninjs 3.1.');

/** A sink that appends to a file of JSON lines for each day. */
export const FolderSink = z.strictObject({
  type: z.literal('folder').describe('A folder of JSON lines, one file a day.'),
  enabled,
  folder: place.default('export').describe('Folder inside the data folder, or an absolute path.'),
  format,
});
export type FolderSink = z.output<typeof FolderSink>;

/** A sink that puts each revision into an S3-compatible bucket. */
export const S3Sink = z.strictObject({
  type: z.literal('s3').describe('One object for each revision in an S3-compatible bucket.'),
  enabled,
  url: webUrl.describe('Host, bucket and folder, e.g. https://s3.eu-central-1.amazonaws.com/my-bucket/wire/.'),
  region: z.string().min(1).default('us-east-1').describe('As the service names it; many take any.'),
  accessKeyId: z.string().min(1).describe('From the environment.'),
  secretAccessKey: z.string().min(1).describe('From the environment.'),
  sessionToken: z.string().min(1).optional().describe('Of temporary keys. From the environment.'),
  format,
  timeout: duration.prefault('30s').describe('For one answer.'),
  concurrency,
  allowPrivateAddress,
});
export type S3Sink = z.output<typeof S3Sink>;
