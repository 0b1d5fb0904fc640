import { z } from 'zod';
import { Alerts } from './alerts.js';
import { FeedsSink, FolderSink, S3Sink, WebhookSink, WordPressSink } from './sinks.js';
import { duration, size, term, webUrl } from './values.js';

const enabled = z.boolean().default(true).describe('false: nothing is owed to it while it is off.');
const QueueSink = z.strictObject({ type: z.literal('queue').describe('The BullMQ queue `articles`.'), enabled });
const FeedSink = z.strictObject({
  type: z.literal('feed').describe('A JSON Feed file.'),
  enabled,
  file: z
    .string()
    .regex(/^[^\0]+\.json$/, 'write a file name that ends with .json')
    .default('feed.json')
    .describe('File name inside the data folder.'),
  items: z.int().min(1).max(1000).default(100).describe('Newest articles kept in the file.'),
});

/** `config/sourcelink.yaml`: everything has a default, the file may be absent. */
export const Settings = z.strictObject({
  $schema: z.string().optional(),
  userAgent: z
    .string()
    .min(10)
    .default('Sourcelink/0.1 (+https://example.org/bot; bot@example.org)')
    .describe('Sent with each request; name a page or address where publishers can reach you.'),
  site: z
    .strictObject({
      enabled: z
        .boolean()
        .default(false)
        .describe(
          'true: `sourcelink start` opens the reference site. It takes the queue `articles`, so nothing else should.',
        ),
      name: z.string().default('Sourcelink').describe('Title of the feed and of the site.'),
      url: webUrl.default('http://127.0.0.1:8080/').describe('As readers reach it.'),
      host: z.string().default('127.0.0.1').describe('Address it listens on.'),
      port: z.int().min(0).max(65535).default(8080).describe('Port it listens on.'),
    })
    .prefault({}),
  http: z
    .strictObject({
      enabled: z.boolean().default(false).describe('true: `sourcelink start` opens the HTTP API; `serve` always does.'),
      host: z.string().default('127.0.0.1').describe('Address it listens on.'),
      port: z.int().min(0).max(65535).default(8081).describe('Port it listens on.'),
      url: webUrl.nullable().default(null).describe('As others reach it; where it listens when null.'),
      proxies: z
        .int()
        .min(0)
        .max(5)
        .default(0)
        .describe('Reverse proxies in front of it; their X-Forwarded-For then says who a client is.'),
      perMinute: z.int().min(1).max(1_000_000).default(600).describe('Requests of one client, in the long run.'),
      burst: z.int().min(1).max(1_000_000).default(120).describe('Requests of one client at once.'),
      cors: z
        .array(z.union([z.literal('*'), webUrl]))
        .default([])
        .describe('Origins whose pages may read the API in a browser; `"*"` for all.'),
    })
    .prefault({}),
  metrics: z
    .strictObject({
      host: z.string().default('127.0.0.1').describe('Address on which `worker` and `scheduler` are watched.'),
      port: z
        .int()
        .min(1)
        .max(65535)
        .nullable()
        .default(null)
        .describe('Port of their /metrics, /healthz and /readyz; null: none. `--metrics-port` overrides it.'),
    })
    .prefault({}),
  fetch: z
    .strictObject({
      timeout: duration.prefault('20s').describe('For one answer, redirects included.'),
      connectTimeout: duration.prefault('10s').describe('For one connection, TLS included.'),
      maxBytes: size.prefault('8MB').describe('Of one answer after decompression.'),
      maxRedirects: z.int().min(0).max(20).default(5).describe('Followed for one URL.'),
      attempts: z.int().min(1).max(10).default(3).describe('Tries of a page before it is dead.'),
      retryDelay: duration.prefault('2s').describe('Before the second try; doubles with each further one.'),
      allowHosts: z
        .array(z.string())
        .default([])
        .describe('Hosts that may have private addresses, by name and optional port; for demos and tests.'),
      concurrency: z
        .int()
        .min(1)
        .max(256)
        .default(16)
        .describe('Requests at the same time, over all hosts, in one process.'),
      respectRobots: z.literal(true).default(true).describe('robots.txt is always obeyed.'),
      maxArticlesPerVisit: z.int().min(1).default(500).describe('Of one source.'),
      visitTimeout: duration.prefault('10m').describe('For one visit to one source.'),
      browser: z
        .strictObject({
          pages: z.int().min(1).max(32).default(2).describe('Open at the same time; each takes a core for a while.'),
          pagesPerContext: z
            .int()
            .min(1)
            .default(40)
            .describe('Pages of one source that share a cache before it is thrown away.'),
          pagesPerStart: z.int().min(1).default(400).describe('Pages after which Chromium is started anew.'),
          pageMemory: size.prefault('1GB').describe('A page that takes more is ended; known on Linux alone.'),
          idle: duration.prefault('1m').describe('Chromium is closed when no page was asked for that long.'),
        })
        .prefault({}),
    })
    .prefault({}),
  websub: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .describe('Subscribe to hubs that feeds name (W3C WebSub); needs http.url, where hubs reach this server.'),
      lease: duration.prefault('10d').describe('How long a subscription is asked for; it is renewed before it ends.'),
      slower: z
        .number()
        .min(1)
        .max(100)
        .default(4)
        .describe('How many times rarer a source is visited while its hub brings all of its feeds.'),
    })
    .prefault({}),
  backfill: z
    .strictObject({
      share: z
        .number()
        .min(0.01)
        .max(1)
        .default(0.25)
        .describe("Share of the time that a back-fill may keep an outlet's host busy, one page after the other."),
      perPass: duration.prefault('2m').describe('How long `sourcelink run` goes on with back-fills after the news.'),
    })
    .prefault({}),
  extract: z
    .strictObject({
      threads: z
        .int()
        .min(0)
        .max(64)
        .default(0)
        .describe('Worker threads; 0 means one for each core but one, which fetching and writing need.'),
      deadline: duration.prefault('10s').describe('For one page.'),
      heapMb: z.int().min(64).default(256).describe('Of one thread.'),
      maxBytes: size.prefault('8MB').describe('A larger page is not read.'),
      maxElements: z.int().default(60_000).describe('A page with more elements is not read.'),
      maxDepth: z.int().default(400).describe('A page that nests deeper is not read.'),
      minWords: z.int().min(0).default(30).describe('A page with fewer words of article text is no article.'),
    })
    .prefault({}),
  dedupe: z
    .strictObject({
      window: duration.prefault('72h').describe('How far apart two copies of one report may be.'),
      duplicate: z
        .number()
        .min(0)
        .max(1)
        .default(0.5)
        .describe('Shared 5-word shingles, as a share of the shorter text, from which two texts are one.'),
      related: z.number().min(0).max(1).default(0.35).describe('The same share, from which two texts are related.'),
    })
    .prefault({}),
  stories: z
    .strictObject({
      open: duration
        .prefault('72h')
        .describe('How long after its last report a story takes in another. Open stories are held in memory.'),
    })
    .prefault({}),
  categorize: z
    .strictObject({
      threshold: z.number().min(0).max(1).default(0.3).describe('Least confidence for a category.'),
      fallback: z.string().nullable().default(null).describe('Category path for articles under the threshold.'),
    })
    .prefault({}),
  publish: z
    .strictObject({
      excerptWords: z.int().min(10).max(200).default(55).describe('Most words of an excerpt.'),
      coverageDelay: duration
        .prefault('10m')
        .describe('How long the growth of a story is gathered before its published articles are sent anew.'),
      sinks: z
        .record(
          z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower-case letters, digits and dashes, a letter first'),
          z.discriminatedUnion('type', [
            QueueSink,
            FeedSink,
            FeedsSink,
            WebhookSink,
            WordPressSink,
            FolderSink,
            S3Sink,
          ]),
        )
        .prefault({
          articles: { type: 'queue' },
          feed: { type: 'feed' },
        })
        .describe('Where articles go, each by a name of your choice. Naming one replaces the default pair.'),
    })
    .prefault({}),
  alerts: Alerts.prefault({}),
  retract: z
    .strictObject({
      gone: z
        .boolean()
        .default(true)
        .describe('Take an article back when its page is gone (410), or not found (404) at looks over two days.'),
      notice: z
        .boolean()
        .default(true)
        .describe('Take an article back when its page says that it was retracted or removed.'),
      look: z
        .array(duration)
        .prefault(['1d', '7d'])
        .describe(
          'So long after an article was found its page is looked at again, conditionally. []: only when its source says that it changed.',
        ),
    })
    .prefault({}),
  keep: z
    .strictObject({
      pages: duration.prefault('7d').describe('Fetched pages, so that anything can be replayed.'),
      visits: duration.prefault('30d').describe('Records of visits to sources.'),
      articles: term
        .prefault('forever')
        .describe(
          'Articles since their last change, with revisions, deliveries and stories; at least 7d. Consumers are told nothing and keep theirs.',
        ),
      rejected: term
        .prefault('90d')
        .describe('URLs that were rejected or died, once no list of their source names them; at least 7d.'),
    })
    .prefault({}),
});
export type Settings = z.output<typeof Settings>;
