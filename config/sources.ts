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

/** How much of an article may be republished: the whole text, an excerpt, or only title and link. */
export const RightsLevel = z.enum(['full', 'excerpt', 'link']);
export type RightsLevel = z.infer<typeof RightsLevel>;

/** A token of RFC 9110. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

const Listing = z.strictObject({
  url: webUrl.describe('Address of a section page that links to articles.'),
  links: css
    .optional()
    .describe('CSS selector of the links to articles. Without it, Sourcelink learns which links lead to articles.'),
});

/** Selectors that override whatever the extractor would find. */
export const ExtractRules = z.strictObject({
  body: css
    .optional()
    .describe(
      'CSS selector of the element that contains the article text. Set it when text is missing or too much is taken.',
    ),
  remove: z
    .array(css)
    .default([])
    .describe('CSS selectors of elements to remove before the page is read, such as ads or newsletter forms.'),
  title: css.optional().describe('CSS selector of the headline. Set it when the title is wrong.'),
  author: css.optional().describe('CSS selector of the byline. Set it when authors are missing or wrong.'),
  date: css
    .optional()
    .describe('CSS selector of the publication date. Its datetime or content attribute is read, otherwise its text.'),
});
export type ExtractRules = z.infer<typeof ExtractRules>;

const Filters = z.strictObject({
  include: z
    .array(regex)
    .default([])
    .describe('Regular expressions. If any are given, only URLs that match at least one of them are fetched.'),
  exclude: z.array(regex).default([]).describe('Regular expressions. URLs that match any of them are rejected.'),
  maxAge: duration
    .optional()
    .describe(
      'Articles that are older than this when first discovered are rejected, e.g. 7d. By default, age does not matter.',
    ),
});

const Limits = z.strictObject({
  perVisit: z
    .int()
    .min(1)
    .optional()
    .describe(
      'How many pages to fetch during one visit, at most. Defaults to fetch.maxArticlesPerVisit of sourcelink.yaml.',
    ),
  perDay: z
    .int()
    .min(1)
    .optional()
    .describe(
      'How many news pages to fetch per day (UTC), at most. The rest waits for the next day. Unlimited by default.',
    ),
  backfillPerDay: z
    .int()
    .min(1)
    .optional()
    .describe('How many pages a back-fill may fetch per day (UTC). Defaults to 1000.'),
});

const shared = {
  every: interval
    .optional()
    .describe(
      'How often to visit the source: auto follows its publishing rhythm within 5m..6h, bounds such as 10m..12h set other limits, and a duration such as 15m is fixed.',
    ),
  cron: cron
    .optional()
    .describe(
      'When to visit the source, as a cron expression such as "0 6-22 * * *". Use it instead of `every` for fixed times of day.',
    ),
  freshness: duration
    .optional()
    .describe(
      'Half of the articles should be discovered within this time after publication; otherwise the source is reported as late. By default, lateness is not checked.',
    ),
  republish: RightsLevel.optional().describe(
    "How much of an article may be republished: the full text, an excerpt, or only title and link. The page's own rights signals can lower this, but not raise it.",
  ),
  fullLicences: z
    .array(webUrl)
    .optional()
    .describe(
      'Licences that allow the full text whatever `republish` says. Give the start of the licence URL, e.g. https://creativecommons.org/licenses/by/4.0/.',
    ),
  render: z
    .enum(['auto', 'never', 'always'])
    .optional()
    .describe(
      'Whether to open pages in a browser: auto does so only for outlets whose text appears only after scripts ran; never and always decide for every page.',
    ),
  headers: z
    .record(
      z.string().regex(HEADER_NAME, 'write a header name such as x-token'),
      z.string().regex(/^[^\r\n\0]*$/, 'write it in one line'),
    )
    .optional()
    .describe('Additional request headers, such as a token agreed with the publisher.'),
  proxy: proxyUrl
    .optional()
    .describe(
      'URL of an HTTP proxy for this source. Take its password from an environment variable. An empty value means that requests are sent directly.',
    ),
  language: language
    .optional()
    .describe('Language of the articles as a BCP 47 tag such as en. Used when a page does not declare its language.'),
  timezone: timezone
    .optional()
    .describe('IANA time zone, such as Europe/Berlin, for dates without a zone and for `cron`.'),
  limits: Limits.optional().describe('Upper limits on the pages fetched. Each limit can also be set in `defaults`.'),
  concurrency: z
    .int()
    .min(1)
    .max(16)
    .optional()
    .describe(
      'How many requests to one host may be open at the same time. Raise it only with the consent of the publisher.',
    ),
  delay: duration
    .optional()
    .describe('Minimum time between the start of two requests to one host. Raise it for small servers.'),
};

export const SourceEntry = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'use lower-case letters, digits, dot, dash and underscore, at most 63')
    .describe('Identifier of the source. Never change it, because articles refer to it.'),
  name: z.string().min(1).describe('Name of the outlet, as readers see it in the attribution.'),
  url: webUrl.describe(
    'Home page of the outlet. Feeds, news sitemaps and section pages are found from here when none are listed.',
  ),
  feeds: z
    .array(webUrl)
    .default([])
    .describe('Addresses of RSS, Atom, RDF or JSON feeds. Feeds listed here replace the automatic search.'),
  sitemaps: z.array(webUrl).default([]).describe('Addresses of news sitemaps or sitemap indexes.'),
  listings: z
    .array(Listing)
    .default([])
    .describe('Section pages that list articles. Use them for outlets that have neither feeds nor sitemaps.'),
  enabled: z.boolean().default(true).describe('Set to false to keep the source in the file without visiting it.'),
  category: z
    .string()
    .min(1)
    .optional()
    .describe('Path of the category in which all articles of this source are filed.'),
  extract: ExtractRules.optional(),
  filters: Filters.optional(),
  ...shared,
});

export const SourcesFile = z.strictObject({
  $schema: z.string().optional(),
  defaults: z.strictObject(shared).optional().describe('Settings for all sources that do not override them.'),
  sources: z.array(SourceEntry).describe('One entry for each outlet.'),
});

/** What a file's `defaults` say for all of its sources. */
export type SourceDefaults = NonNullable<z.output<typeof SourcesFile>['defaults']>;

/** One outlet with the defaults of the file and of the program applied. Every stage works with this type. */
export type Source = {
  id: string;
  name: string;
  url: string;
  feeds: string[];
  sitemaps: string[];
  listings: { url: string; links: string | null }[];
  enabled: boolean;
  /** Time between visits; ignored when `cron` is set. If the bounds differ, the outlet's publishing rhythm decides within them. */
  every: Interval;
  cron: string | null;
  /** Time within which half of its articles should be discovered; null when lateness is not checked. */
  freshnessMs: number | null;
  republish: RightsLevel;
  fullLicences: string[];
  render: 'auto' | 'never' | 'always';
  category: string | null;
  headers: Record<string, string>;
  proxy: string | null;
  language: string | null;
  timezone: string | null;
  /** `perVisit` null: `fetch.maxArticlesPerVisit` applies; `perDay` null: unlimited. */
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
