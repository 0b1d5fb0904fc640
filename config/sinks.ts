import { z } from 'zod';
import { duration, size, webUrl } from './values.js';

const enabled = z
  .boolean()
  .default(true)
  .describe('Set to false to switch this sink off. Articles published while it is off are not sent to it later.');
const allowPrivateAddress = z
  .boolean()
  .default(false)
  .describe(
    'Set to true when the host of `url` has a private address, such as a server in your own network. This permission applies to this host only.',
  );
const concurrency = z.int().min(1).max(32).default(4).describe('How many articles are sent at the same time.');

const place = z.string().regex(/^[^\0]+$/, 'write a folder such as feeds or /var/www/feeds');

/** Standard Webhooks: `whsec_` and 24 to 64 bytes in base64. */
const SECRET = 'write whsec_ and 24 to 64 random bytes in base64, e.g. from `openssl rand -base64 32`';

/** A sink that posts each message, signed, to a URL of the operator's. */
export const WebhookSink = z.strictObject({
  type: z.literal('webhook').describe('Sends each message as a signed POST request (Standard Webhooks).'),
  enabled,
  url: webUrl.describe('URL that receives the messages.'),
  secrets: z
    .array(z.string().regex(/^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/, SECRET))
    .min(1)
    .max(2)
    .describe(
      'Secrets that sign each message. Give two while you rotate them: the old and the new one. Take them from an environment variable.',
    ),
  timeout: duration
    .prefault('15s')
    .describe('How long one request may take. A request that takes longer fails and is retried.'),
  concurrency,
  allowPrivateAddress,
});
export type WebhookSink = z.output<typeof WebhookSink>;

/** A sink that keeps a WordPress site up to date over its REST interface. */
export const WordPressSink = z
  .strictObject({
    type: z.literal('wordpress').describe('Publishes articles as posts of a WordPress site.'),
    enabled,
    url: webUrl.describe('Home page of the WordPress site.'),
    user: z.string().min(1).describe('Login name of a WordPress user with the role Editor.'),
    applicationPassword: z
      .string()
      .regex(/^[A-Za-z0-9 ]{16,}$/, 'write the application password that WordPress showed for this user')
      .describe(
        'Application password of that user, created in the WordPress profile. Take it from an environment variable.',
      ),
    status: z
      .enum(['publish', 'draft', 'pending'])
      .default('publish')
      .describe('Status of a new post. Updates leave the status as you set it in WordPress.'),
    retracted: z
      .enum(['trash', 'delete'])
      .default('trash')
      .describe('What to do with the post of a retracted article: move it to the trash or delete it.'),
    images: z
      .enum(['excerpt', 'full', 'never'])
      .default('excerpt')
      .describe(
        'Lowest rights level at which the image of an article is copied to the site. `never` copies no images.',
      ),
    imageMaxBytes: size
      .prefault('5MB')
      .describe('Largest image that is copied. A larger one is left out, and the post is published without it.'),
    tags: z.int().min(0).max(20).default(5).describe("How many of the source's keywords become tags, at most."),
    timeout: duration
      .prefault('30s')
      .describe('How long one request may take. A request that takes longer fails and is retried.'),
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
  type: z
    .literal('feeds')
    .describe('Writes a folder of feeds: one for all articles, one per category and one per source.'),
  enabled,
  folder: place
    .default('feeds')
    .describe('Folder to write into: a path relative to the data folder, or an absolute path.'),
  url: webUrl.describe('Public address at which your web server serves that folder.'),
  items: z.int().min(1).max(1000).default(50).describe('How many articles each feed holds, newest first.'),
  formats: z
    .array(z.enum(['rss', 'atom', 'json']))
    .min(1)
    .default(['rss', 'atom', 'json'])
    .describe('Formats to write: RSS 2.0, Atom 1.0 and JSON Feed 1.1. The format is also the file extension.'),
  by: z
    .array(z.enum(['category', 'source']))
    .default(['category', 'source'])
    .describe('Which additional feeds to write beside the one with all articles.'),
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
      "Address of an article's page on your site, e.g. https://wire.example/a/{slug}. If it is set, a Google News sitemap is written too.",
    ),
  hub: webUrl.optional().describe('WebSub hub to notify when a feed changes.'),
  timeout: duration.prefault('15s').describe('How long the hub may take to answer.'),
  allowPrivateAddress,
});
export type FeedsSink = z.output<typeof FeedsSink>;

const format = z
  .enum(['message', 'ninjs'])
  .default('message')
  .describe('Format of each article: `message` is the format described in the contract, `ninjs` is IPTC ninjs 3.1.');

/** A sink that appends to a file of JSON lines for each day. */
export const FolderSink = z.strictObject({
  type: z.literal('folder').describe('Appends messages to a folder of JSON Lines files, one file per day.'),
  enabled,
  folder: place
    .default('export')
    .describe('Folder to write into: a path relative to the data folder, or an absolute path.'),
  format,
});
export type FolderSink = z.output<typeof FolderSink>;

/** A sink that puts each revision into an S3-compatible bucket. */
export const S3Sink = z.strictObject({
  type: z.literal('s3').describe('Stores one object per revision in an S3-compatible bucket.'),
  enabled,
  url: webUrl.describe(
    'Address of the bucket and folder to write to, e.g. https://s3.eu-central-1.amazonaws.com/my-bucket/wire/.',
  ),
  region: z
    .string()
    .min(1)
    .default('us-east-1')
    .describe('Region of the bucket. Many S3-compatible services accept any value.'),
  accessKeyId: z.string().min(1).describe('Access key ID. Take it from an environment variable.'),
  secretAccessKey: z.string().min(1).describe('Secret access key. Take it from an environment variable.'),
  sessionToken: z
    .string()
    .min(1)
    .optional()
    .describe('Session token, needed for temporary keys only. Take it from an environment variable.'),
  format,
  timeout: duration
    .prefault('30s')
    .describe('How long one request may take. A request that takes longer fails and is retried.'),
  concurrency,
  allowPrivateAddress,
});
export type S3Sink = z.output<typeof S3Sink>;
