import { z } from 'zod';
import { publishedByPath } from '../../ledger/read/published.js';
import { sinkLines } from '../../workers/monitoring/sink-report.js';
import { sourceLines, sourceReport } from '../../workers/monitoring/source-report.js';
import { type Endpoint, Instant, reading } from './endpoint.js';

const Category = z
  .object({
    path: z.string().describe("Path in the operator's category tree."),
    label: z.string().describe('Name that readers see.'),
    description: z.string().describe('What belongs in this category; empty when the tree has no description.'),
    parent: z.string().nullable().describe('Path of the parent category; null at the top.'),
    iptc: z.string().nullable().describe('IPTC Media Topic code.'),
    articles: z.int().min(0).describe('Number of published articles, without those of subcategories.'),
  })
  .meta({ id: 'CategoryOfTree' });

const nullableText = z.string().nullable();
const Source = z
  .object({
    id: z.string().describe('Source id, stable.'),
    name: z.string().describe('Name that readers see.'),
    url: z.url().describe('Home page.'),
    enabled: z.boolean().describe('Whether sources.yaml enables the source.'),
    paused: z.boolean().describe('Whether visits are paused.'),
    everyMs: z.int().nullable().describe('Milliseconds between visits; null when `cron` or `auto` sets the times.'),
    auto: z
      .object({ minMs: z.int(), maxMs: z.int() })
      .nullable()
      .describe(
        "Shortest and longest time between visits when the source's rhythm sets it, in milliseconds; otherwise null.",
      ),
    freshnessMs: z
      .int()
      .nullable()
      .describe('Target for the median time from publication to discovery, in milliseconds.'),
    cron: nullableText.describe('Cron expression for the visits.'),
    republish: z.enum(['full', 'excerpt', 'link']).describe('The most that the operator allows to be republished.'),
    state: z
      .enum(['new', 'ok', 'empty', 'failing', 'blocked', 'moved', 'off', 'paused', 'late'])
      .describe('State of the source.'),
    reason: nullableText.describe('What is wrong; null when nothing is.'),
    code: nullableText.describe('Error code; docs/errors.md explains it.'),
    hint: nullableText.describe('What a person can do about the problem.'),
    lastVisitAt: Instant.nullable().describe('Time of the last visit.'),
    lastOkAt: Instant.nullable().describe('Time of the last successful visit.'),
    nextVisitAt: Instant.nullable().describe('Time of the next visit.'),
    nextVisitWhy: nullableText.describe(
      'What set that time: every, cron, rhythm, publisher, hub, failures or retry-after.',
    ),
    lastArticleAt: Instant.nullable().describe('When the newest article was discovered.'),
    perDay: z.number().nullable().describe('Articles per day.'),
    lagSeconds: z.number().nullable().describe('Median time from publication to discovery, in seconds.'),
    published: z.int().min(0).describe('Number of published articles.'),
    waiting: z.int().min(0).describe('Number of pages in progress.'),
    dead: z.int().min(0).describe('Number of pages that failed for good.'),
  })
  .meta({ id: 'SourceState' });

const SinkState = z
  .object({
    name: z.string().describe('Sink name, as in sourcelink.yaml.'),
    type: z.string().describe('Type of the sink.'),
    paused: z.boolean().describe('Whether deliveries are paused.'),
    failures: z.int().min(0).describe('Number of consecutive failed tries.'),
    failedSince: Instant.nullable().describe('Time of the first of these failures; null when there is none.'),
    code: nullableText.describe('Error code; docs/errors.md explains it.'),
    reason: nullableText.describe('What is wrong; null when nothing is.'),
    nextTryAt: Instant.nullable().describe('Time of the next try; null when it is immediate or nothing is waiting.'),
    waiting: z.int().min(0).describe('Number of deliveries waiting.'),
    dead: z.int().min(0).describe('Number of deliveries that failed for good.'),
    lagSeconds: z
      .number()
      .min(0)
      .describe('Age of the oldest waiting delivery, in seconds; 0 when nothing is waiting.'),
    lastDeliveredAt: Instant.nullable().describe('Time of the last successful delivery.'),
  })
  .meta({ id: 'SinkState' });

const categories = reading({
  id: 'listCategories',
  path: '/v1/categories',
  group: 'Categories',
  maxAgeSeconds: 60,
  summary: "The operator's category tree, parents before their children.",
  answer: z.object({ categories: z.array(Category) }).meta({ id: 'CategoryList' }),
  async run(ctx) {
    const counts = await publishedByPath(ctx.db);
    return {
      body: {
        categories: ctx.categories.map(({ path, label, description, parent, iptc }) => {
          return { path, label, description, parent, iptc, articles: counts.get(path) ?? 0 };
        }),
      },
    };
  },
});

const sources = reading({
  id: 'listSources',
  path: '/v1/sources',
  group: 'Operation',
  maxAgeSeconds: 30,
  summary: 'All configured sources with their state, as in `sourcelink sources list --json`.',
  answer: z.object({ sources: z.array(Source) }).meta({ id: 'SourceList' }),
  async run(ctx) {
    return { body: { sources: (await sourceLines(ctx)).map(sourceReport) } };
  },
});

const sinks = reading({
  id: 'listSinks',
  path: '/v1/sinks',
  group: 'Operation',
  maxAgeSeconds: 10,
  summary: 'All sinks with their state and the number of waiting deliveries.',
  answer: z.object({ sinks: z.array(SinkState) }).meta({ id: 'SinkList' }),
  async run(ctx) {
    return { body: { sinks: (await sinkLines(ctx)).map(({ oldestAt: _at, ...s }) => s) } };
  },
});

export const OPERATION: Endpoint[] = [categories, sources, sinks];
