import { z } from 'zod';
import { SourcelinkError } from '../../config/errors.js';
import { listActions } from '../../ledger/actions.js';
import { reviveDead } from '../../ledger/dead.js';
import { setPaused } from '../../ledger/interventions.js';
import { articleId } from '../../ledger/read/published.js';
import { isPaused } from '../../ledger/sources.js';
import { isStory } from '../../ledger/stories.js';
import { mergeStories, moveToStory } from '../../ledger/story-rulings.js';
import { refileArticle, retractArticle } from '../../workers/editorial/editing.js';
import { mergeArticle, splitArticle } from '../../workers/editorial/rulings.js';
import { ArticleName, noArticle, publishedId } from './articles.js';
import { type ApiContext, acting, Done, done, type Endpoint, Instant, limit, reading, text } from './endpoint.js';
import { SINK_ACTIONS } from './sink-actions.js';
import { StoryName } from './stories.js';

const SourceName = z.strictObject({ source: text(100).describe('Its id.') });

const retract = acting({
  id: 'retractArticle',
  path: '/v1/articles/{article}/retract',
  summary: 'Withdraw an article from every sink, for good. The same again changes nothing.',
  params: ArticleName,
  body: z.strictObject({ reason: text(500).describe('Why, in words; it goes to every sink.') }),
  answer: Done,
  problems: ['HTTP_NOT_FOUND', 'USAGE'],
  async run(ctx, { params, body }) {
    await retractArticle(ctx, await publishedId(ctx, params.article), body.reason);
    return done;
  },
});

const refile = acting({
  id: 'fileArticle',
  path: '/v1/articles/{article}/categories',
  summary: 'File an article elsewhere; the classifier learns from it.',
  params: ArticleName,
  body: z.strictObject({
    paths: z.array(text(300)).min(1).max(20).describe('Paths of the tree, the main one first.'),
  }),
  answer: Done,
  problems: ['HTTP_NOT_FOUND', 'PUBLISH_BUSY', 'USAGE'],
  async run(ctx, { params, body }) {
    const [first, ...more] = [...new Set(body.paths)];
    if (first !== undefined) await refileArticle(ctx, await publishedId(ctx, params.article), first, ...more);
    return done;
  },
});

const split = acting({
  id: 'splitArticle',
  path: '/v1/articles/{article}/split',
  summary: 'Rule that an article is no copy: it is published by itself.',
  params: ArticleName,
  answer: Done,
  problems: ['HTTP_NOT_FOUND', 'USAGE'],
  async run(ctx, { params }) {
    await splitArticle(ctx.db, await readId(ctx, params.article));
    return done;
  },
});

const merge = acting({
  id: 'mergeArticle',
  path: '/v1/articles/{article}/merge',
  summary: 'Rule that an article is a copy of another; where it was published it is withdrawn.',
  params: ArticleName,
  body: z.strictObject({ into: text(200).describe('Id or slug of the article that stays.') }),
  answer: Done,
  problems: ['HTTP_NOT_FOUND', 'USAGE'],
  async run(ctx, { params, body }) {
    await mergeArticle(ctx.db, await readId(ctx, params.article), await readId(ctx, body.into));
    return done;
  },
});

const move = acting({
  id: 'moveArticle',
  path: '/v1/articles/{article}/story',
  summary: 'Take an article with its copies out of its story.',
  params: ArticleName,
  body: z.strictObject({
    into: z.uuid().nullable().describe('The story that it belongs to; null for one of its own.'),
  }),
  answer: z.object({ story: z.uuid().describe('The story that it is in now.') }).meta({ id: 'StoryOfArticle' }),
  problems: ['HTTP_NOT_FOUND', 'USAGE'],
  async run(ctx, { params, body }) {
    const id = await readId(ctx, params.article);
    if (body.into !== null) await storyThere(ctx, body.into);
    return { body: { story: await moveToStory(ctx.db, id, body.into) } };
  },
});

const mergeStory = acting({
  id: 'mergeStory',
  path: '/v1/stories/{story}/merge',
  summary: 'Make a story part of another.',
  params: StoryName,
  body: z.strictObject({ into: z.uuid().describe('The story that stays.') }),
  answer: Done,
  problems: ['HTTP_NOT_FOUND', 'USAGE'],
  async run(ctx, { params, body }) {
    for (const id of [params.story, body.into]) await storyThere(ctx, id);
    await mergeStories(ctx.db, params.story, body.into);
    return done;
  },
});

const pausing = (['pause', 'resume'] as const).map((name) =>
  acting({
    id: `${name}Source`,
    path: `/v1/sources/{source}/${name}`,
    summary: name === 'pause' ? 'Stop the visits to a source; what waits is kept.' : 'Visit a paused source again.',
    params: SourceName,
    answer: Done,
    problems: ['HTTP_NOT_FOUND'],
    async run(ctx, { params }) {
      if (!(await setPaused(ctx.db, params.source, name === 'pause'))) throw noSource(params.source);
      return done;
    },
  }),
);

const visit = acting({
  id: 'visitSource',
  path: '/v1/sources/{source}/visit',
  summary: 'Visit a source now; several requests before the visit are one.',
  description: 'A process that works on the stage `crawl` does it.',
  params: SourceName,
  answer: Done,
  problems: ['HTTP_NOT_FOUND', 'USAGE'],
  async run(ctx, { params }) {
    const source = ctx.sources.get(params.source);
    if (!source) throw noSource(params.source);
    if (!source.enabled || (await isPaused(ctx.db, source.id)))
      throw new SourcelinkError('USAGE', `Source ${source.id} is ${source.enabled ? 'paused' : 'switched off'}.`, {
        hint: source.enabled ? 'Resume it first.' : 'Set `enabled: true` in sources.yaml first.',
      });
    await ctx.queues.add('crawl', { source: source.id, discover: true }, { deduplicate: source.id });
    return done;
  },
});

const retry = acting({
  id: 'retryDead',
  path: '/v1/dead/retry',
  summary: 'Put what failed for good back to the stage where it failed, with all its tries.',
  body: z.union([
    z
      .strictObject({ ids: z.array(z.int().min(1).max(Number.MAX_SAFE_INTEGER)).min(1).max(1000) })
      .describe('Numbers of `sourcelink dead list`.'),
    z.strictObject({ sources: z.array(text(100)).min(1).max(1000) }).describe('All of these sources.'),
    z.strictObject({ all: z.literal(true) }).describe('Everything.'),
  ]),
  answer: z
    .object({
      retried: z.array(z.object({ id: z.int(), source: z.string(), url: z.string(), stage: z.string() })),
    })
    .meta({ id: 'Retried' }),
  async run(ctx, { body }) {
    const back = await reviveDead(ctx.db, 'all' in body ? 'all' : body);
    return { body: { retried: back.map(({ sourceId: source, id, url, stage }) => ({ id, source, url, stage })) } };
  },
});

const actions = reading({
  id: 'listActions',
  path: '/v1/actions',
  group: 'Actions',
  maxAgeSeconds: 0,
  summary: 'What was done through this API, newest first.',
  guarded: true,
  query: z.strictObject({ limit: limit.describe('At most so many.') }),
  answer: z
    .object({
      actions: z.array(
        z.object({
          at: Instant.describe('When it was asked for.'),
          client: z.string().describe('The address that asked.'),
          action: z.string().describe('The operation.'),
          subject: z.record(z.string(), z.unknown()).describe('What it was done to.'),
          body: z.unknown().describe('What was sent along.'),
          outcome: z.string().nullable().describe('`done`, or the code of the error; null when its end is not known.'),
        }),
      ),
    })
    .meta({ id: 'ActionList' }),
  async run(ctx, { query }) {
    return { body: { actions: await listActions(ctx.db, query.limit) } };
  },
});

export const ACTIONS: Endpoint[] = [
  retract,
  refile,
  split,
  merge,
  move,
  mergeStory,
  ...pausing,
  visit,
  ...SINK_ACTIONS,
  retry,
  actions,
];

const noSource = (id: string): SourcelinkError =>
  new SourcelinkError('HTTP_NOT_FOUND', `There is no source \`${id}\`.`, { hint: 'See /v1/sources.' });

/** The id of an article that was read; copies were never published. */
async function readId(ctx: ApiContext, wanted: string): Promise<string> {
  const id = await articleId(ctx.db, wanted);
  if (id === null) throw noArticle(wanted);
  return id;
}

async function storyThere({ db }: ApiContext, id: string): Promise<void> {
  if (!(await isStory(db, id)))
    throw new SourcelinkError('HTTP_NOT_FOUND', `There is no story ${id}, or it is part of another.`, {
      hint: 'See /v1/stories.',
    });
}
