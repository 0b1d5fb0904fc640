import { randomUUID } from 'node:crypto';
import { SourcelinkError } from '../config/errors.js';
import { lockJudging } from './duplicates.js';
import type { Db, Tx } from './schema.js';
import { beginStory, putIntoStory, unite, writeStoryLog } from './stories.js';

/** What a person made of a story is neither merged nor divided thereafter. */
async function pin(tx: Tx, story: string): Promise<void> {
  await tx.updateTable('sourcelink.story').set({ pinned: true }).where('id', '=', story).execute();
}

/** Makes one story part of another. @throws USAGE when they are one already */
export async function mergeStories(db: Db, story: string, into: string): Promise<void> {
  if (story === into)
    throw new SourcelinkError('USAGE', `Story ${story} cannot be merged into itself.`, {
      hint: 'Name two different stories.',
    });
  await db.transaction().execute(async (tx) => {
    await lockJudging(tx);
    await writeStoryLog(tx, [{ storyId: into, mergedId: story, at: new Date(), pinned: true }]);
    await unite(tx, into, story);
    await pin(tx, into);
  });
}

/**
 * Takes an article with its copies out of its story, into another or, with null, into one of its own. Nothing else moves.
 * @returns the story that it is in now
 * @throws USAGE for an article that is in no story, or in that one already
 */
export async function moveToStory(db: Db, articleId: string, into: string | null): Promise<string> {
  return db.transaction().execute(async (tx) => {
    await lockJudging(tx);
    const named = await tx
      .selectFrom('sourcelink.article as a')
      .innerJoin('sourcelink.article as o', (j) =>
        j.on((eb) => eb('o.id', '=', eb.fn.coalesce('a.duplicateOf', 'a.id'))),
      )
      .select(['o.id', 'o.title', 'o.storyId', 'o.publishedAt', 'o.firstSeenAt'])
      .where('a.id', '=', articleId)
      .executeTakeFirst();
    if (!named?.storyId)
      throw new SourcelinkError('USAGE', `Article ${articleId} does not belong to a story.`, {
        hint: 'See `sourcelink stories list`.',
      });
    if (named.storyId === into)
      throw new SourcelinkError('USAGE', `"${named.title}" already belongs to that story.`, {
        hint: 'Name another story.',
      });
    const at = named.publishedAt ?? named.firstSeenAt;
    const story = into ?? (await freeId(tx, named.id));
    await writeStoryLog(tx, [{ storyId: story, articleId: named.id, at, pinned: true }]);
    await beginStory(tx, story, named.id, at);
    await putIntoStory(tx, story, [named.id]);
    await pin(tx, story);
    await tx
      .updateTable('sourcelink.story')
      .set((eb) => ({
        headlineId: eb
          .selectFrom('sourcelink.article')
          .select('id')
          .where('storyId', '=', named.storyId)
          .orderBy('firstSeenAt')
          .orderBy('candidateId')
          .limit(1)
          .$asScalar()
          .$notNull(),
      }))
      .where('id', '=', named.storyId)
      .where('headlineId', '=', named.id)
      .where((eb) => eb.exists(eb.selectFrom('sourcelink.article').select('id').where('storyId', '=', named.storyId)))
      .execute();
    return story;
  });
}

/** The story of an article or of what it is a copy of. @throws USAGE when it is in none */
async function storyOfArticle(db: Db, articleId: string): Promise<string> {
  const found = await db
    .selectFrom('sourcelink.article as a')
    .innerJoin('sourcelink.article as o', (j) => j.on((eb) => eb('o.id', '=', eb.fn.coalesce('a.duplicateOf', 'a.id'))))
    .select('o.storyId')
    .where('a.id', '=', articleId)
    .executeTakeFirst();
  if (!found?.storyId)
    throw new SourcelinkError('USAGE', `Article ${articleId} does not belong to a story.`, {
      hint: 'See `sourcelink stories list`.',
    });
  return found.storyId;
}

/** Makes the story of one article part of another article's, if it is not. @returns the story that stays */
export async function mergeStoriesOf(db: Db, articleId: string, intoArticleId: string): Promise<string> {
  const [story, into] = [await storyOfArticle(db, articleId), await storyOfArticle(db, intoArticleId)];
  if (story !== into) await mergeStories(db, story, into);
  return into;
}

/** Takes an article to the story of another, if it is not there, or with null into one of its own. @returns that story */
export async function moveBeside(db: Db, articleId: string, besideId: string | null): Promise<string> {
  if (besideId === null) return moveToStory(db, articleId, null);
  const [story, into] = [await storyOfArticle(db, articleId), await storyOfArticle(db, besideId)];
  return story === into ? into : moveToStory(db, articleId, into);
}

/** A story has the id of its first article, unless another story had that article first. */
async function freeId(tx: Tx, articleId: string): Promise<string> {
  const taken = await tx.selectFrom('sourcelink.story').select('id').where('id', '=', articleId).executeTakeFirst();
  return taken ? randomUUID() : articleId;
}
