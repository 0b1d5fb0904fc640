import { sharedPassage, sketchOf } from '../../analysis/similarity/shingles.js';
import { subjectWords } from '../../text/terms.js';
import type { ArticleRow } from '../articles.js';
import type { Db } from '../schema.js';

/** Another article that shares a passage with one. */
export type Sharing = { id: string; source: string; title: string; score: number; passage: string };

/** Words of an article that most of its story's other articles have too, and the story they are in. */
export type StoryWhy = { id: string; headline: string; others: number; words: string[]; pinned: boolean };

const LEDE_LETTERS = 400;
const MAX_WORDS = 8;
const MAX_MEMBERS = 50;

/** The related articles of one with a passage that both have, those that share most first. */
export async function relatedPassages(db: Db, article: ArticleRow): Promise<Sharing[]> {
  const ids = article.related.map((r) => r.id);
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('sourcelink.article')
    .select(['id', 'sourceId as source', 'title', 'text'])
    .where('id', 'in', ids)
    .execute();
  return article.related.flatMap(({ id, score }) => {
    const other = rows.find((r) => r.id === id);
    if (!other) return [];
    const passage = sharedPassage(article.text, sketchOf(other.text).shingles);
    return [{ id, source: other.source, title: other.title, score, passage }];
  });
}

/** What an article has in common with its story; null when it has none to itself. */
export async function storyWhy(db: Db, article: ArticleRow): Promise<StoryWhy | null> {
  if (!article.storyId) return null;
  const story = await db
    .selectFrom('sourcelink.story as s')
    .innerJoin('sourcelink.article as h', 'h.id', 's.headlineId')
    .select(['s.id', 's.pinned', 'h.title'])
    .where('s.id', '=', article.storyId)
    .executeTakeFirst();
  if (!story) return null;
  const members = await db
    .selectFrom('sourcelink.article')
    .select(['title', 'text'])
    .where('storyId', '=', story.id)
    .where('id', '<>', article.id)
    .orderBy('firstSeenAt')
    .limit(MAX_MEMBERS)
    .execute();
  const wordsOf = (a: { title: string; text: string }): Set<string> =>
    new Set(subjectWords(`${a.title} ${a.text.slice(0, LEDE_LETTERS)}`));
  const counts = new Map([...wordsOf(article)].map((w) => [w, 0]));
  for (const m of members) for (const w of wordsOf(m)) if (counts.has(w)) counts.set(w, (counts.get(w) ?? 0) + 1);
  const shared = [...counts].filter(([, n]) => 2 * n >= members.length && n > 0).sort((a, b) => b[1] - a[1]);
  return {
    id: story.id,
    headline: story.title,
    others: members.length,
    pinned: story.pinned,
    words: shared.slice(0, MAX_WORDS).map(([w]) => w),
  };
}
