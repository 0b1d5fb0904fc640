import { z } from 'zod';
import {
  AUTO,
  cron,
  css,
  duration,
  type Interval,
  interval,
  language,
  proxyUrl,
  regex,
  timezone,
  webUrl,
} from './values.js';

/** The most of an article that may be republished: the whole text, its beginning, or only title and link. */
export const RightsLevel = z.enum(['full', 'excerpt', 'link']);
export type RightsLevel = z.infer<typeof RightsLevel>;

/** A token of RFC 9110. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

const Listing = z.strictObject({
  url: webUrl.describe('A section page that links to articles.'),
  links: css.optional().describe('CSS selector of the links to articles; learned when left out.'),
});

/** Selectors that outrank everything an extractor would find by itself. */
export const ExtractRules = z.strictObject({
  body: css.optional().describe('CSS selector of the element that holds the article.'),
  remove: z.array(css).default([]).describe('CSS selectors of elements to drop before reading.'),
  title: css.optional().describe('CSS selector of the headline.'),
  author: css.optional().describe('CSS selector of the byline.'),
  date: css.optional().describe('CSS selector of the date (its datetime or content attribute, else its text).'),
});
export type ExtractRules = z.infer<typeof ExtractRules>;

const Filters = z.strictObject({
  include: z.array(regex).default([]).describe('When given, only URLs that match one of these are taken.'),
  exclude: z.array(regex).default([]).describe('URLs that match one of these are left out.'),
  maxAge: duration.optional().describe('Articles older than this when first seen are left out, e.g. 7d.'),
});

const Limits = z.strictObject({
  perVisit: z.int().min(1).optional().describe('Pages fetched in one visit; fetch.maxArticlesPerVisit when left out.'),
  perDay: z.int().min(1).optional().describe('Pages of news fetched in one day (UTC); the rest waits for the next.'),
  backfillPerDay: z
    .int()
    .min(1)
    .optional()
    .describe('Pages of a back-fill fetched in one day (UTC); 1000 when left out.'),
});

const shared = {
  every: interval
    .optional()
    .describe('How often to look: auto (by its own rhythm, 5m..6h), bounds such as 10m..12h, or fixed, e.g. 15m.'),
  cron: cron.optional().describe('When to look, as a cron expression; instead of every.'),
  freshness: duration
    .optional()
    .describe(
      'Half of the articles are to be seen within this time after they are published; else the source is late.',
    ),
  republish: RightsLevel.optional().describe(
    "The most that may be republished; the page's own signals can only lower it.",
  ),
  fullLicences: z
    .array(webUrl)
    .optional()
    .describe(
      'Licences under which the whole text may be republished whatever `republish` says, by the beginning of their address, e.g. https://creativecommons.org/licenses/by/4.0/.',
    ),
  render: z.enum(['auto', 'never', 'always']).optional().describe('Whether to open pages in a browser.'),
  headers: z
    .record(
      z.string().regex(HEADER_NAME, 'write a header name such as x-token'),
      z.string().regex(/^[^\r\n\0]*$/, 'write it in one line'),
    )
    .optional()
    .describe('Extra request headers, e.g. an agreed token.'),
  proxy: proxyUrl.optional().describe('HTTP proxy for this source; its password may come from the environment.'),
  language: language.optional().describe('BCP 47 language of the articles, when pages do not say.'),
  timezone: timezone.optional().describe('IANA time zone of dates that name none, and of cron.'),
  limits: Limits.optional().describe('The most that is fetched; each limit by itself may stand in defaults.'),
  concurrency: z.int().min(1).max(16).optional().describe('Requests to one host at the same time.'),
  delay: duration.optional().describe('Least time between the starts of two requests to one host.'),
};

export const SourceEntry = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'use lower-case letters, digits, dot, dash and underscore, at most 63')
    .describe('Stable identifier: never change it, articles refer to it.'),
  name: z.string().min(1).describe('What readers see in the attribution.'),
  url: webUrl.describe('Home page; feeds, news sitemaps and section pages are found from here when none are listed.'),
  feeds: z.array(webUrl).default([]).describe('RSS, Atom, RDF or JSON feeds.'),
  sitemaps: z.array(webUrl).default([]).describe('News sitemaps or sitemap indexes.'),
  listings: z.array(Listing).default([]).describe('Section pages.'),
  enabled: z.boolean().default(true).describe('false: kept in the file, never visited.'),
  category: z.string().min(1).optional().describe('Category path that all articles of this source get.'),
  extract: ExtractRules.optional(),
  filters: Filters.optional(),
  ...shared,
});

export const SourcesFile = z.strictObject({
  $schema: z.string().optional(),
  defaults: z.strictObject(shared).optional().describe('Used by each source that does not say otherwise.'),
  sources: z.array(SourceEntry).describe('One entry an outlet.'),
});

/** What a file's `defaults` say for all of its sources. */
export type SourceDefaults = NonNullable<z.output<typeof SourcesFile>['defaults']>;

/** One outlet with the file's and the program's defaults applied: what every stage works with. */
export type Source = {
  id: string;
  name: string;
  url: string;
  feeds: string[];
  sitemaps: string[];
  listings: { url: string; links: string | null }[];
  enabled: boolean;
  /** Between looks; ignored when `cron` is set. Where the bounds differ, the outlet's own rhythm decides within them. */
  every: Interval;
  cron: string | null;
  /** How soon half of its articles are to be seen; null when nothing is asked. */
  freshnessMs: number | null;
  republish: RightsLevel;
  fullLicences: string[];
  render: 'auto' | 'never' | 'always';
  category: string | null;
  headers: Record<string, string>;
  proxy: string | null;
  language: string | null;
  timezone: string | null;
  /** `perVisit` null: as the settings say; `perDay` null: no limit. */
  limits: { perVisit: number | null; perDay: number | null; backfillPerDay: number };
  concurrency: number;
  delayMs: number;
  extract: ExtractRules;
  filters: { include: RegExp[]; exclude: RegExp[]; maxAgeMs: number | null };
};

/** Fills in what an entry leaves out, first from the file's `defaults`, then from Sourcelink's own. */
export function resolveSource(entry: z.output<typeof SourceEntry>, defaults: SourceDefaults = {}): Source {
  const d = defaults;
  return {
    id: entry.id,
    name: entry.name,
    url: entry.url,
    feeds: entry.feeds,
    sitemaps: entry.sitemaps,
    listings: entry.listings.map((l) => ({ url: l.url, links: l.links ?? null })),
    enabled: entry.enabled,
    every: entry.every ?? d.every ?? AUTO,
    cron: entry.cron ?? (entry.every === undefined ? (d.cron ?? null) : null),
    freshnessMs: entry.freshness ?? d.freshness ?? null,
    republish: entry.republish ?? d.republish ?? 'excerpt',
    fullLicences: entry.fullLicences ?? d.fullLicences ?? [],
    render: entry.render ?? d.render ?? 'auto',
    category: entry.category ?? null,
    headers: { ...d.headers, ...entry.headers },
    proxy: (entry.proxy ?? d.proxy) || null,
    language: entry.language ?? d.language ?? null,
    timezone: entry.timezone ?? d.timezone ?? null,
    limits: {
      perVisit: entry.limits?.perVisit ?? d.limits?.perVisit ?? null,
      perDay: entry.limits?.perDay ?? d.limits?.perDay ?? null,
      backfillPerDay: entry.limits?.backfillPerDay ?? d.limits?.backfillPerDay ?? 1000,
    },
    concurrency: entry.concurrency ?? d.concurrency ?? 2,
    delayMs: entry.delay ?? d.delay ?? 250,
    extract: entry.extract ?? { remove: [] },
    filters: {
      include: entry.filters?.include ?? [],
      exclude: entry.filters?.exclude ?? [],
      maxAgeMs: entry.filters?.maxAge ?? null,
    },
  };
}
