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

/** Beside a change younger than this, another may not be committed yet, so the list has no reliable `Last-Modified`. */
const SETTLED_MS = 60_000;

export const ArticleName = z.strictObject({
  article: text(200).describe('Article id or slug.'),
});

const Revision = z
  .object({
    revision: z.int().min(1).describe('Number of the revision: 1, 2, 3, …'),
    type: z.enum(['article.published', 'article.updated']).describe('Type of the message that the sinks received.'),
    sentAt: Instant.describe('When the revision was made.'),
    title: z.string().describe('Headline of this revision.'),
    changed: z.array(z.string()).describe('Fields that differ from the previous revision.'),
    because: z
      .enum(['article', 'story'])
      .describe('What changed: the article itself, or only the coverage of its story.'),
  })
  .meta({ id: 'Revision' });

const list = reading({
  id: 'listArticles',
  path: '/v1/articles',
  group: 'Articles',
  maxAgeSeconds: 30,
  summary: 'Articles, newest first.',
  description:
    'Articles are sorted by publication time, or by discovery time if the publication time is unknown or in the future. New articles appear on the first page, so a cursor neither skips nor repeats an article.',
  query: z.strictObject({
    category: text(300).optional().describe('Category path. Subcategories are included.'),
    source: text(100).optional().describe('Source id.'),
    story: z.uuid().optional().describe('Story id.'),
    language: z
      .string()
      .regex(/^[a-zA-Z]{2,3}$/, 'write a language without its region, such as en')
      .optional()
      .describe('Language code (BCP 47) without region; `en` also matches `en-GB`.'),
    since: when.optional().describe('Only articles from this date or time on (ISO 8601).'),
    until: when.optional().describe('Only articles before this date or time (ISO 8601).'),
    q: text(200).optional().describe('Words in headline or excerpt. Supports `"a phrase"`, `-excluded` and `or`.'),
    cursor: cursor.optional().describe('`next` of the previous page.'),
    limit: limit.describe('Maximum number of articles on a page.'),
  }),
  answer: z
    .object({
      articles: z.array(ContractArticle).describe('Articles in the form that docs/contract.md describes.'),
      next,
    })
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
  summary: 'One article in its newest revision.',
  description: 'A retracted article answers 410; `tombstone` holds the retraction message.',
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
  summary: 'Revisions of one article, newest first.',
  description:
    'Only the newest revision is available in full, because an earlier one may carry more than the rights now allow.',
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

/** A published article, or the problem to answer with. */
async function readArticle(
  ctx: ApiContext,
  wanted: string,
): Promise<{ message: Living } | (Answer & { problem: unknown })> {
  const found = await publishedArticle(ctx.db, wanted);
  if (found === null) return { problem: noArticle(wanted) };
  const { message } = found;
  if (message.type !== 'article.retracted') return { message };
  const problem = new SourcelinkError('HTTP_GONE', `Article ${message.id} was retracted: ${message.reason}`);
  return { problem, more: { tombstone: message } };
}

export const noArticle = (wanted: string): SourcelinkError =>
  new SourcelinkError('HTTP_NOT_FOUND', `There is no published article \`${wanted}\`.`, { hint: 'See /v1/articles.' });

/** The id of an article that is or was published. @throws HTTP_NOT_FOUND */
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

/** A source that was removed from sources.yaml keeps its articles. @throws HTTP_BAD_REQUEST */
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
