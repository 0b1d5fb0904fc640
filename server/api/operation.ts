import { z } from 'zod';
import { publishedByPath } from '../../ledger/read/published.js';
import { sinkLines } from '../../workers/monitoring/sink-report.js';
import { sourceLines, sourceReport } from '../../workers/monitoring/source-report.js';
import { type Endpoint, Instant, reading } from './endpoint.js';

const Category = z
  .object({
    path: z.string().describe("Path in the operator's tree."),
    label: z.string().describe('What readers see.'),
    description: z.string().describe('What belongs here; empty when the tree does not say.'),
    parent: z.string().nullable().describe('Path of the one above; null at the root.'),
    iptc: z.string().nullable().describe('IPTC Media Topic.'),
    articles: z.int().min(0).describe('Published articles filed here, not those below.'),
  })
  .meta({ id: 'CategoryOfTree' });

const nullableText = z.string().nullable();
const Source = z
  .object({
    id: z.string().describe('Stable.'),
    name: z.string().describe('What readers see.'),
    url: z.url().describe('Its home page.'),
    enabled: z.boolean().describe('false: switched off in sources.yaml.'),
    paused: z.boolean().describe('true: not visited until resumed.'),
    everyMs: z.int().nullable().describe('Between visits, in milliseconds; null where `cron` or its rhythm says it.'),
    auto: z
      .object({ minMs: z.int(), maxMs: z.int() })
      .nullable()
      .describe('Bounds within which its rhythm decides; null where it does not.'),
    freshnessMs: z.int().nullable().describe('Half of its articles are to be seen within this time.'),
    cron: nullableText.describe('When it is visited.'),
    republish: z.enum(['full', 'excerpt', 'link']).describe('The most that may be republished.'),
    state: z
      .enum(['new', 'ok', 'empty', 'failing', 'blocked', 'moved', 'off', 'paused', 'late'])
      .describe('How it is, in one word.'),
    reason: nullableText.describe('What is wrong; null when nothing is.'),
    code: nullableText.describe('Of what is wrong; docs/errors.md.'),
    hint: nullableText.describe('What can be done about it.'),
    lastVisitAt: Instant.nullable().describe('Its last visit.'),
    lastOkAt: Instant.nullable().describe('The last one that was answered.'),
    nextVisitAt: Instant.nullable().describe('The next one.'),
    nextVisitWhy: nullableText.describe('By what: every, cron, rhythm, publisher, hub, failures or retry-after.'),
    lastArticleAt: Instant.nullable().describe('When its newest article came in.'),
    perDay: z.number().nullable().describe('Articles a day.'),
    lagSeconds: z.number().nullable().describe('Median from publication to discovery.'),
    published: z.int().min(0).describe('Its articles that are published.'),
    waiting: z.int().min(0).describe('Its pages that are under way.'),
    dead: z.int().min(0).describe('Its pages that failed for good.'),
  })
  .meta({ id: 'SourceState' });

const SinkState = z
  .object({
    name: z.string().describe('As in sourcelink.yaml.'),
    type: z.string().describe('What kind of place it is.'),
    paused: z.boolean().describe('true: nothing goes there until resumed.'),
    failures: z.int().min(0).describe('Tries in a row that failed.'),
    failedSince: Instant.nullable().describe('Since when it has failed; null when it does not.'),
    code: nullableText.describe('Of what is wrong; docs/errors.md.'),
    reason: nullableText.describe('What is wrong; null when nothing is.'),
    nextTryAt: Instant.nullable().describe('When it is asked again; null when that is at once, or nothing waits.'),
    waiting: z.int().min(0).describe('Deliveries that are owed to it.'),
    dead: z.int().min(0).describe('Deliveries that it refused.'),
    lagSeconds: z.number().min(0).describe('Age of the oldest delivery that waits; 0 when none does.'),
    lastDeliveredAt: Instant.nullable().describe('When it last took something.'),
  })
  .meta({ id: 'SinkState' });

const categories = reading({
  id: 'listCategories',
  path: '/v1/categories',
  group: 'Filing',
  maxAgeSeconds: 60,
  summary: "The operator's tree, parents before their children.",
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
  summary: 'All configured sources and how they are, as `sourcelink sources list --json`.',
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
  summary: 'Where articles go, and what is owed to each.',
  answer: z.object({ sinks: z.array(SinkState) }).meta({ id: 'SinkList' }),
  async run(ctx) {
    return { body: { sinks: (await sinkLines(ctx)).map(({ oldestAt: _at, ...s }) => s) } };
  },
});

export const OPERATION: Endpoint[] = [categories, sources, sinks];
