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

const SourceName = z.strictObject({ source: text(100).describe('Source id.') });

const retract = acting({
  id: 'retractArticle',
  path: '/v1/articles/{article}/retract',
  summary: 'Retract an article from every sink, permanently. Repeating the request changes nothing.',
  params: ArticleName,
  body: z.strictObject({
    reason: text(500).describe('Reason for the retraction. Every sink receives it.'),
  }),
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
  summary: 'Change the categories of an article. The classifier learns from the change.',
  params: ArticleName,
  body: z.strictObject({
    paths: z.array(text(300)).min(1).max(20).describe('Category paths, the main one first.'),
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
  summary: 'Rule that an article is not a duplicate. Sourcelink then publishes it separately.',
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
  summary: 'Rule that an article is a duplicate of another. If it was published, Sourcelink retracts it.',
  params: ArticleName,
  body: z.strictObject({ into: text(200).describe('Id or slug of the article to keep.') }),
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
  summary: 'Move an article and its duplicates to another story.',
  params: ArticleName,
  body: z.strictObject({
    into: z.uuid().nullable().describe('Id of that story; null for a new story.'),
  }),
  answer: z
    .object({ story: z.uuid().describe('Id of the story that now contains the article.') })
    .meta({ id: 'StoryOfArticle' }),
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
  summary: 'Merge a story into another.',
  params: StoryName,
  body: z.strictObject({ into: z.uuid().describe('Id of the story to keep.') }),
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
    summary:
      name === 'pause' ? 'Pause visits to a source. Pages that are waiting are kept.' : 'Resume visits to a source.',
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
  summary: 'Visit a source now. Further requests before the visit begins have no effect.',
  description: 'The visit is made by a process that runs the stage `crawl`.',
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
  summary: 'Retry dead pages from the stage that failed, with all tries available again.',
  body: z.union([
    z
      .strictObject({ ids: z.array(z.int().min(1).max(Number.MAX_SAFE_INTEGER)).min(1).max(1000) })
      .describe('Page ids, as `sourcelink dead list` shows them.'),
    z.strictObject({ sources: z.array(text(100)).min(1).max(1000) }).describe('All dead pages of these sources.'),
    z.strictObject({ all: z.literal(true) }).describe('All dead pages.'),
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
  summary: 'Actions requested through this API, newest first.',
  guarded: true,
  query: z.strictObject({ limit: limit.describe('Maximum number of actions.') }),
  answer: z
    .object({
      actions: z.array(
        z.object({
          at: Instant.describe('Time of the request.'),
          client: z.string().describe('IP address of the client.'),
          action: z.string().describe('Operation id.'),
          subject: z.record(z.string(), z.unknown()).describe('What the action was applied to.'),
          body: z.unknown().describe('Body of the request.'),
          outcome: z
            .string()
            .nullable()
            .describe('`done`, or an error code; null while the action runs or if the server stopped before its end.'),
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

/** The id of an extracted article, which may be a duplicate and never have been published. @throws HTTP_NOT_FOUND */
async function readId(ctx: ApiContext, wanted: string): Promise<string> {
  const id = await articleId(ctx.db, wanted);
  if (id === null) throw noArticle(wanted);
  return id;
}

async function storyThere({ db }: ApiContext, id: string): Promise<void> {
  if (!(await isStory(db, id)))
    throw new SourcelinkError('HTTP_NOT_FOUND', `There is no story ${id}, or it was merged into another.`, {
      hint: 'See /v1/stories.',
    });
}
