import { z } from 'zod';
import { Alerts } from './alerts.js';
import { FeedsSink, FolderSink, S3Sink, WebhookSink, WordPressSink } from './sinks.js';
import { duration, size, term, webUrl } from './values.js';

const enabled = z
  .boolean()
  .default(true)
  .describe('Set to false to switch this sink off. Articles published while it is off are not sent to it later.');
const QueueSink = z.strictObject({
  type: z.literal('queue').describe('Publishes each message to the BullMQ queue `articles`.'),
  enabled,
});
const FeedSink = z.strictObject({
  type: z.literal('feed').describe('Writes a JSON Feed file.'),
  enabled,
  file: z
    .string()
    .regex(/^[^\0]+\.json$/, 'write a file name that ends with .json')
    .default('feed.json')
    .describe('Name of the file, inside the data folder.'),
  items: z.int().min(1).max(1000).default(100).describe('How many articles the file holds, newest first.'),
});

/** `config/sourcelink.yaml`: every setting has a default, so the file is optional. */
export const Settings = z.strictObject({
  $schema: z.string().optional(),
  userAgent: z
    .string()
    .min(10)
    .default('Sourcelink/0.1 (+https://example.org/bot; bot@example.org)')
    .describe(
      'User-Agent header sent with every request. Change it before you crawl: name a web page and an e-mail address where publishers can reach you.',
    ),
  site: z
    .strictObject({
      enabled: z
        .boolean()
        .default(false)
        .describe(
          'Set to true to have `sourcelink start` serve the reference site. The site consumes the queue `articles`, so do not attach another consumer to that queue.',
        ),
      name: z.string().default('Sourcelink').describe('Title of the reference site and of the feeds.'),
      url: webUrl
        .default('http://127.0.0.1:8080/')
        .describe(
          'Public address of the site, used in its links. Change it when the site runs behind a domain name or a reverse proxy.',
        ),
      host: z
        .string()
        .default('127.0.0.1')
        .describe(
          'Address to listen on. The default accepts connections from this machine only; 0.0.0.0 accepts them from everywhere.',
        ),
      port: z.int().min(0).max(65535).default(8080).describe('TCP port to listen on.'),
    })
    .prefault({}),
  http: z
    .strictObject({
      enabled: z
        .boolean()
        .default(false)
        .describe('Set to true to have `sourcelink start` serve the HTTP API. `sourcelink serve` always serves it.'),
      host: z
        .string()
        .default('127.0.0.1')
        .describe(
          'Address to listen on. The default accepts connections from this machine only; 0.0.0.0 accepts them from everywhere.',
        ),
      port: z.int().min(0).max(65535).default(8081).describe('TCP port to listen on.'),
      url: webUrl
        .nullable()
        .default(null)
        .describe(
          'Public address of the API, used in its links and for WebSub. With null, links use the address that it listens on.',
        ),
      proxies: z
        .int()
        .min(0)
        .max(5)
        .default(0)
        .describe(
          'Number of reverse proxies in front of the API. With 1 or more, the client address is read from X-Forwarded-For; leave it at 0 when clients connect directly, because they could forge that header.',
        ),
      perMinute: z
        .int()
        .min(1)
        .max(1_000_000)
        .default(600)
        .describe('Requests that one client may send per minute, on average.'),
      burst: z
        .int()
        .min(1)
        .max(1_000_000)
        .default(120)
        .describe('Requests that one client may send in a burst before `perMinute` limits it.'),
      cors: z
        .array(z.union([z.literal('*'), webUrl]))
        .default([])
        .describe(
          'Origins of the web pages that may call the API from a browser (CORS), such as https://app.example. `"*"` allows all.',
        ),
    })
    .prefault({}),
  metrics: z
    .strictObject({
      host: z
        .string()
        .default('127.0.0.1')
        .describe('Address on which `worker` and `scheduler` serve their metrics and health checks.'),
      port: z
        .int()
        .min(1)
        .max(65535)
        .nullable()
        .default(null)
        .describe(
          'Port on which `worker` and `scheduler` serve /metrics, /healthz and /readyz. With null they serve none of them. `--metrics-port` overrides it.',
        ),
    })
    .prefault({}),
  fetch: z
    .strictObject({
      timeout: duration
        .prefault('20s')
        .describe(
          'How long one request may take, redirects included. Raise it when slow outlets often fail with FETCH_TIMEOUT.',
        ),
      connectTimeout: duration
        .prefault('10s')
        .describe('How long opening one connection may take, TLS handshake included.'),
      maxBytes: size
        .prefault('8MB')
        .describe(
          'Largest response that is read, measured after decompression. A larger one fails with FETCH_TOO_LARGE.',
        ),
      maxRedirects: z.int().min(0).max(20).default(5).describe('How many redirects to follow for one URL.'),
      attempts: z
        .int()
        .min(1)
        .max(10)
        .default(3)
        .describe(
          'How often a page is fetched, at most, before it is given up as dead. `sourcelink dead retry` gives it another chance.',
        ),
      retryDelay: duration
        .prefault('2s')
        .describe('Pause before the second attempt. It doubles with each further attempt.'),
      allowHosts: z
        .array(z.string())
        .default([])
        .describe(
          'Hosts that may resolve to private addresses, as name or name:port. Meant for demos and tests; the default refuses all private addresses.',
        ),
      concurrency: z
        .int()
        .min(1)
        .max(256)
        .default(16)
        .describe(
          'How many requests one process has open at the same time, over all hosts. Raise it when many sources wait although the network is idle.',
        ),
      respectRobots: z
        .literal(true)
        .default(true)
        .describe('Always true: Sourcelink obeys robots.txt, and this cannot be switched off.'),
      maxArticlesPerVisit: z
        .int()
        .min(1)
        .default(500)
        .describe(
          'How many pages to fetch during one visit to one source, at most. The rest waits for the next visit. `limits.perVisit` overrides it for a single source.',
        ),
      visitTimeout: duration
        .prefault('10m')
        .describe('How long one visit to one source may take. Pages not fetched by then wait for the next visit.'),
      browser: z
        .strictObject({
          pages: z
            .int()
            .min(1)
            .max(32)
            .default(2)
            .describe(
              'How many pages the browser renders at the same time. Each one can keep a CPU core busy for seconds.',
            ),
          pagesPerContext: z
            .int()
            .min(1)
            .default(40)
            .describe('How many pages of one source share a browser cache before it is cleared.'),
          pagesPerStart: z
            .int()
            .min(1)
            .default(400)
            .describe('How many pages to render before Chromium is restarted, which frees memory that it leaked.'),
          pageMemory: size
            .prefault('1GB')
            .describe('Memory that one page may use in the browser before it is closed. Enforced on Linux only.'),
          idle: duration.prefault('1m').describe('How long Chromium stays open without work.'),
        })
        .prefault({}),
    })
    .prefault({}),
  websub: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .describe(
          'Subscribes to the WebSub hubs that feeds announce, so that new articles arrive within seconds. Requires `http.url`, because hubs call back to this server.',
        ),
      lease: duration
        .prefault('10d')
        .describe('Duration of a subscription requested from a hub. Sourcelink renews it before it expires.'),
      slower: z
        .number()
        .min(1)
        .max(100)
        .default(4)
        .describe(
          'Visit a source this many times less often while hubs push all of its feeds. With 1 the schedule does not change.',
        ),
    })
    .prefault({}),
  backfill: z
    .strictObject({
      share: z
        .number()
        .min(0.01)
        .max(1)
        .default(0.25)
        .describe(
          "Share of the time that a back-fill may occupy an outlet's host: 0.25 means a quarter. It fetches one page at a time. Raise it for a host of your own or with the publisher's consent.",
        ),
      perPass: duration
        .prefault('2m')
        .describe('How long each `sourcelink run` works on back-fills after it has fetched the news.'),
    })
    .prefault({}),
  extract: z
    .strictObject({
      threads: z
        .int()
        .min(0)
        .max(64)
        .default(0)
        .describe(
          'Number of threads that extract articles. 0 means one thread per CPU core, less one core for fetching and the database.',
        ),
      deadline: duration
        .prefault('10s')
        .describe('How long extracting one page may take. A page that takes longer fails with EXTRACT_TIMEOUT.'),
      heapMb: z
        .int()
        .min(64)
        .default(256)
        .describe(
          'Memory in megabytes that one extraction thread may use. Raise it when pages fail with EXTRACT_OUT_OF_MEMORY.',
        ),
      maxBytes: size
        .prefault('8MB')
        .describe('Largest page that is extracted. A larger one fails with EXTRACT_TOO_LARGE.'),
      maxElements: z
        .int()
        .default(60_000)
        .describe('Largest number of HTML elements in a page. A page with more fails with EXTRACT_TOO_MANY_ELEMENTS.'),
      maxDepth: z
        .int()
        .default(400)
        .describe('Deepest nesting of HTML elements in a page. A deeper page fails with EXTRACT_TOO_DEEP.'),
      minWords: z
        .int()
        .min(0)
        .default(30)
        .describe(
          'Fewest words of text that make an article. A shorter page is rejected with EXTRACT_EMPTY. Lower it for outlets that publish very short news.',
        ),
    })
    .prefault({}),
  dedupe: z
    .strictObject({
      window: duration
        .prefault('72h')
        .describe('Two articles count as duplicates only if they are at most this far apart in time.'),
      duplicate: z
        .number()
        .min(0)
        .max(1)
        .default(0.5)
        .describe(
          'Two articles are duplicates when they share at least this part of the 5-word sequences of the shorter text (0 to 1). Raise it when different articles are merged; lower it when copies are published twice.',
        ),
      related: z
        .number()
        .min(0)
        .max(1)
        .default(0.35)
        .describe('Two articles are related when they share at least this part, measured like `duplicate`.'),
    })
    .prefault({}),
  stories: z
    .strictObject({
      open: duration
        .prefault('72h')
        .describe(
          'How long a story accepts further articles after its latest one. Open stories are kept in memory, so a longer time needs more of it.',
        ),
    })
    .prefault({}),
  categorize: z
    .strictObject({
      threshold: z
        .number()
        .min(0)
        .max(1)
        .default(0.3)
        .describe(
          'Lowest confidence (0 to 1) at which an article is filed in a category. Raise it for fewer but surer categories.',
        ),
      fallback: z
        .string()
        .nullable()
        .default(null)
        .describe('Path of the category for articles that reach the threshold nowhere. With null they stay unsorted.'),
    })
    .prefault({}),
  publish: z
    .strictObject({
      excerptWords: z
        .int()
        .min(10)
        .max(200)
        .default(55)
        .describe('Longest excerpt, in words, of an article that may not be republished in full.'),
      coverageDelay: duration
        .prefault('10m')
        .describe(
          'How long to collect changes to a story before its published articles are sent again with the new list of related coverage.',
        ),
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
        .describe(
          'Where articles are sent. Give each sink a name of your choice. As soon as you list a sink, the two default sinks are dropped.',
        ),
    })
    .prefault({}),
  alerts: Alerts.prefault({}),
  retract: z
    .strictObject({
      gone: z
        .boolean()
        .default(true)
        .describe(
          'Retract an article when its page answers 410 (gone), or keeps answering 404 (not found) for two days.',
        ),
      notice: z
        .boolean()
        .default(true)
        .describe('Retract an article when its page says that it was retracted or removed.'),
      look: z
        .array(duration)
        .prefault(['1d', '7d'])
        .describe(
          'When to check the page of a published article for changes, counted from its discovery. An unchanged page is not downloaded again. With [] it is checked only when its source announces a change.',
        ),
    })
    .prefault({}),
  keep: z
    .strictObject({
      pages: duration
        .prefault('7d')
        .describe('How long to keep fetched pages, which allow articles to be extracted again without the network.'),
      visits: duration.prefault('30d').describe('How long to keep the records of visits to sources.'),
      articles: term
        .prefault('forever')
        .describe(
          'How long to keep articles after their last change, with their revisions, deliveries and stories; at least 7d, or forever. Sinks are not notified and keep their copies.',
        ),
      rejected: term
        .prefault('90d')
        .describe(
          'How long to keep URLs that were rejected or failed for good, counted from when their source stops listing them; at least 7d, or forever.',
        ),
    })
    .prefault({}),
});
export type Settings = z.output<typeof Settings>;
