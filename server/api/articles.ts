import { z } from 'zod';
import { SourcelinkError } from '../../config/errors.js';
import { nearest } from '../../config/problems.js';
import { type ArticleMessage, ContractArticle } from '../../contract/contract.js';
import { cursorOf } from '../../ledger/read/cursor.js';
import { lastRevisionAt, publishedArticle, publishedArticles, revisionsOf } from '../../ledger/read/published.js';
import { isKnown } from '../../ledger/sources.js';
import {
  type Answer,
  type ApiContext,
  cursor,
  type Endpoint,
  Instant,
  limit,
  next,
  reading,
  text,
  when,
} from './endpoint.js';

/** A change so near may have company that is not yet committed: no moment says that a list has not changed since. */
const SETTLED_MS = 60_000;

export const ArticleName = z.strictObject({
  article: text(200).describe('Its id or its slug.'),
});

const Revision = z
  .object({
    revision: z.int().min(1).describe('1, 2, 3, …'),
    type: z.enum(['article.published', 'article.updated']).describe('As its message to the sinks.'),
    sentAt: Instant.describe('When it was written.'),
    title: z.string().describe('The headline then.'),
    changed: z.array(z.string()).describe('Fields of the article that differ from the revision before.'),
    because: z.enum(['article', 'story']).describe('`story`: only who else has its story changed.'),
  })
  .meta({ id: 'Revision' });

const list = reading({
  id: 'listArticles',
  path: '/v1/articles',
  group: 'Articles',
  maxAgeSeconds: 30,
  summary: 'Articles, newest first.',
  description:
    'By when they were published, or first seen where that is not known or lies ahead. What comes in meanwhile stands before the first part: a cursor neither skips nor repeats anything.',
  query: z.strictObject({
    category: text(300).optional().describe('A path of the tree; what lies below it counts too.'),
    source: text(100).optional().describe('Id of a source.'),
    story: z.uuid().optional().describe('Id of a story.'),
    language: z
      .string()
      .regex(/^[a-zA-Z]{2,3}$/, 'write a language without its region, such as en')
      .optional()
      .describe('BCP 47, without region: `en` has `en-GB`.'),
    since: when.optional().describe('Not older: a date or a time in ISO 8601.'),
    until: when.optional().describe('Older: a date or a time in ISO 8601.'),
    q: text(200).optional().describe('Words of headline and excerpt; `"a phrase"`, `-without`, `or`.'),
    cursor: cursor.optional().describe('`next` of the part before.'),
    limit: limit.describe('At most so many.'),
  }),
  answer: z
    .object({ articles: z.array(ContractArticle).describe('As docs/contract.md describes them.'), next })
    .meta({ id: 'ArticleList' }),
  async run(ctx, { query }) {
    const { category, source, q, limit: most, ...rest } = query;
    const categories = category === undefined ? undefined : pathsBelow(ctx, category);
    if (source !== undefined) await knownSource(ctx, source);
    const changed = await lastRevisionAt(ctx.db);
    const rows = await publishedArticles(ctx.db, {
      story: rest.story,
      language: rest.language?.toLowerCase(),
      since: rest.since,
      until: rest.until,
      source,
      words: q,
      after: rest.cursor,
      limit: most + 1,
      ...(categories === undefined ? {} : { categories }),
    });
    const shown = rows.slice(0, most);
    const last = rows.length > most ? shown.at(-1) : undefined;
    const cutoff = ctx.now().getTime() - SETTLED_MS;
    return {
      body: {
        articles: shown.map((r) => r.message.article),
        next: last === undefined ? null : cursorOf(last),
      },
      lastModified: changed !== null && changed.getTime() < cutoff ? changed : null,
      next: last === undefined ? null : cursorOf(last),
    };
  },
});

const one = reading({
  id: 'getArticle',
  path: '/v1/articles/{article}',
  group: 'Articles',
  maxAgeSeconds: 60,
  summary: 'One article, as it was sent last.',
  description: 'One that was withdrawn answers 410, with the message of its withdrawal as `tombstone`.',
  params: ArticleName,
  answer: ContractArticle,
  problems: ['HTTP_NOT_FOUND', 'HTTP_GONE'],
  async run(ctx, { params }) {
    const found = await readArticle(ctx, params.article);
    if ('problem' in found) return found;
    return { body: found.message.article, lastModified: new Date(found.message.sentAt) };
  },
});

const revisions = reading({
  id: 'listRevisions',
  path: '/v1/articles/{article}/revisions',
  group: 'Articles',
  maxAgeSeconds: 60,
  summary: 'What became of one article, newest first.',
  description: 'Only the newest revision can be read in full: rights may have narrowed since the earlier ones.',
  params: ArticleName,
  answer: z.object({ revisions: z.array(Revision) }).meta({ id: 'RevisionList' }),
  problems: ['HTTP_NOT_FOUND', 'HTTP_GONE'],
  async run(ctx, { params }) {
    const found = await readArticle(ctx, params.article);
    if ('problem' in found) return found;
    const all = await revisionsOf(ctx.db, found.message.id);
    const shown = all.flatMap(({ message: m, because }, i) => {
      if (m.type === 'article.retracted') return [];
      const { revision, type, sentAt, article } = m;
      const changed = changedFields(all[i - 1]?.message, m);
      return [{ revision, type, sentAt, title: article.title, changed, because: because ?? 'article' }];
    });
    return { body: { revisions: shown.reverse() }, lastModified: new Date(found.message.sentAt) };
  },
});

export const ARTICLES: Endpoint[] = [list, one, revisions];

type Living = Extract<ArticleMessage, { type: 'article.published' | 'article.updated' }>;

/** An article that readers have, or the answer to who asks for another. */
async function readArticle(
  ctx: ApiContext,
  wanted: string,
): Promise<{ message: Living } | (Answer & { problem: unknown })> {
  const found = await publishedArticle(ctx.db, wanted);
  if (found === null) return { problem: noArticle(wanted) };
  const { message } = found;
  if (message.type !== 'article.retracted') return { message };
  const problem = new SourcelinkError('HTTP_GONE', `Article ${message.id} was withdrawn: ${message.reason}`);
  return { problem, more: { tombstone: message } };
}

export const noArticle = (wanted: string): SourcelinkError =>
  new SourcelinkError('HTTP_NOT_FOUND', `There is no published article \`${wanted}\`.`, { hint: 'See /v1/articles.' });

/** The id of an article that was published at some time. @throws HTTP_NOT_FOUND */
export async function publishedId(ctx: ApiContext, wanted: string): Promise<string> {
  const found = await publishedArticle(ctx.db, wanted);
  if (found === null) throw noArticle(wanted);
  return found.message.id;
}

/** Names of the fields whose values differ. */
function changedFields(before: ArticleMessage | undefined, after: Living): string[] {
  if (before === undefined || before.type === 'article.retracted') return [];
  const [a, b] = [before.article as Record<string, unknown>, after.article as Record<string, unknown>];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key])).sort();
}

function pathsBelow(ctx: ApiContext, path: string): string[] {
  const paths = ctx.categories.map((c) => c.path);
  const below = paths.filter((p) => p === path || p.startsWith(`${path}/`));
  if (below.length === 0) throw unknown('category', path, paths, '/v1/categories');
  return below;
}

/** A source that left sources.yaml still has its articles. */
async function knownSource(ctx: ApiContext, id: string): Promise<void> {
  if (ctx.sources.has(id)) return;
  if (!(await isKnown(ctx.db, id))) throw unknown('source', id, [...ctx.sources.keys()], '/v1/sources');
}

export function unknown(what: string, id: string, known: string[], list: string): SourcelinkError {
  const near = nearest(id, known);
  return new SourcelinkError('HTTP_BAD_REQUEST', `There is no ${what} \`${id}\`.`, {
    hint: near === null ? `See ${list}.` : `Did you mean \`${near}\`?`,
  });
}
