import { SourcelinkError } from '../config/errors.js';
import { findStories, type StoryLine } from '../ledger/read/stories.js';
import { type ArticleDetail, articleDetail, findCandidates } from '../ledger/read/views.js';
import type { Db } from '../ledger/schema.js';
import { count } from './wording.js';

export const noArticle = (wanted: string): SourcelinkError =>
  new SourcelinkError('USAGE', `There is no article \`${wanted}\`.`, { hint: 'See `sourcelink articles list`.' });

export const noStory = (wanted: string): SourcelinkError =>
  new SourcelinkError('USAGE', `There is no story \`${wanted}\`.`, { hint: 'See `sourcelink stories list`.' });

/** The one article that a person means. @throws USAGE when there is none, or more than one */
export async function whichArticle(db: Db, wanted: string): Promise<ArticleDetail> {
  const found = await findCandidates(db, wanted);
  const [one, another] = found;
  if (another !== undefined)
    throw new SourcelinkError('USAGE', `\`${wanted}\` matches ${count(found.length, 'article')}.`, {
      hint: `Name one of them by its number: ${found.map((f) => f.id).join(', ')}.`,
    });
  const detail = one === undefined ? null : await articleDetail(db, one.id);
  if (detail === null) throw noArticle(wanted);
  return detail;
}

/** The same, and it has been read. @throws USAGE */
export async function whichReadArticle(
  db: Db,
  wanted: string,
): Promise<ArticleDetail & { article: NonNullable<ArticleDetail['article']> }> {
  const detail = await whichArticle(db, wanted);
  const { article } = detail;
  if (article === null)
    throw new SourcelinkError('USAGE', `The page of \`${wanted}\` has not been read yet.`, {
      hint: 'Wait for the next `sourcelink run`.',
    });
  return { ...detail, article };
}

/** The one story that a person means. @throws USAGE when there is none, or more than one */
export async function whichStory(db: Db, wanted: string): Promise<StoryLine> {
  const found = await findStories(db, wanted);
  const [one] = found;
  if (one !== undefined && found.length === 1) return one;
  if (one !== undefined)
    throw new SourcelinkError('USAGE', `\`${wanted}\` matches ${count(found.length, 'story', 'stories')}.`, {
      hint: `Name one of them by its id: ${found.map((f) => f.id).join(', ')}.`,
    });
  throw noStory(wanted);
}
