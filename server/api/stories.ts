import { z } from 'zod';
import { SourcelinkError } from '../../config/errors.js';
import { ContractArticle } from '../../contract/contract.js';
import { cursorOf } from '../../ledger/read/cursor.js';
import { publishedArticles } from '../../ledger/read/published.js';
import { publishedStories, publishedStory } from '../../ledger/read/published-stories.js';
import { cursor, type Endpoint, Instant, limit, next, reading, when } from './endpoint.js';

const MAX_ARTICLES = 100;

const line = {
  id: z.uuid().describe('Story id, shared by all articles about one event.'),
  title: z.string().describe('Headline of its representative article.'),
  size: z.int().min(0).describe('Number of published articles.'),
  sources: z.int().min(0).describe('Number of sources that published them.'),
  firstSeenAt: Instant.describe('When the first article was discovered.'),
  lastSeenAt: Instant.describe('When the newest article was discovered.'),
  pinned: z.boolean().describe('Whether a person decided what belongs to the story.'),
};
const Story = z.object(line).meta({ id: 'Story' });

export const StoryName = z.strictObject({ story: z.uuid().describe('Story id.') });

const list = reading({
  id: 'listStories',
  path: '/v1/stories',
  group: 'Stories',
  maxAgeSeconds: 30,
  summary: 'Stories, those with the newest articles first.',
  query: z.strictObject({
    least: z.coerce
      .number<string>()
      .int()
      .min(1)
      .max(1000)
      .default(2)
      .describe('Minimum number of articles in a story.'),
    since: when.optional().describe('Only stories with an article from this date or time on (ISO 8601).'),
    cursor: cursor.optional().describe('`next` of the previous page.'),
    limit: limit.describe('Maximum number of stories on a page.'),
  }),
  answer: z.object({ stories: z.array(Story), next }).meta({ id: 'StoryList' }),
  async run({ db }, { query }) {
    const { least, since, cursor: after, limit: most } = query;
    const rows = await publishedStories(db, { least, since, after, limit: most + 1 });
    const shown = rows.slice(0, most);
    const last = rows.length > most ? shown.at(-1) : undefined;
    const more = last === undefined ? null : cursorOf(last);
    return { body: { stories: shown.map(({ at: _at, ...story }) => story), next: more }, next: more };
  },
});

const one = reading({
  id: 'getStory',
  path: '/v1/stories/{story}',
  group: 'Stories',
  maxAgeSeconds: 30,
  summary: 'One story with its published articles, newest first.',
  description: 'The id of a merged story returns the story that it was merged into.',
  params: StoryName,
  answer: z
    .object({
      ...line,
      articles: z
        .array(ContractArticle)
        .describe(`At most ${MAX_ARTICLES} articles; /v1/articles?story=ID lists all of them.`),
    })
    .meta({ id: 'StoryWithArticles' }),
  problems: ['HTTP_NOT_FOUND'],
  async run({ db }, { params }) {
    const story = await publishedStory(db, params.story);
    if (story === null) return { problem: noStory(params.story) };
    const rows = await publishedArticles(db, { story: story.id, limit: MAX_ARTICLES });
    const { at: _at, ...shown } = story;
    return { body: { ...shown, articles: rows.map((r) => r.message.article) } };
  },
});

export const noStory = (id: string): SourcelinkError =>
  new SourcelinkError('HTTP_NOT_FOUND', `There is no story ${id}.`, { hint: 'See /v1/stories.' });

export const STORIES: Endpoint[] = [list, one];
