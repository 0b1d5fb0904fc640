import type { ArticleMessage } from '../../contract/contract.js';
import { plain, seenOf } from '../../contract/notice.js';
import { revisionsOf } from '../../ledger/articles.js';
import type { Db } from '../../ledger/schema.js';
import { type Run, wordDiff } from '../../text/word-diff.js';

/** What one revision changed for readers. */
export type RevisionChange = {
  revision: number;
  type: ArticleMessage['type'];
  createdAt: Date;
  /** Only who else has its story changed. */
  becauseOfStory: boolean;
  /** Of a retraction. */
  reason: string | null;
  /** By what a reader would call it: `title`, `text` … Empty for the first revision, and after a retraction. */
  changes: { what: string; runs: Run[] }[];
};

/** All revisions of an article, the first one first, each with what it changed against the one before. */
export async function revisionChanges(db: Db, articleId: string): Promise<RevisionChange[]> {
  const rows = await revisionsOf(db, articleId);
  return rows.map((r, i) => ({
    revision: r.revision,
    type: r.type,
    createdAt: r.createdAt,
    becauseOfStory: r.because === 'story',
    reason: r.message.type === 'article.retracted' ? r.message.reason : null,
    changes: changesOf(rows[i - 1]?.message, r.message),
  }));
}

function changesOf(before: ArticleMessage | undefined, after: ArticleMessage): RevisionChange['changes'] {
  if (before === undefined || before.type === 'article.retracted' || after.type === 'article.retracted') return [];
  const [a, b] = [seenOf(before.article), seenOf(after.article)];
  return Object.keys(b)
    .filter((what) => plain(a[what] ?? '') !== plain(b[what] ?? ''))
    .map((what) => ({ what, runs: wordDiff(a[what] ?? '', b[what] ?? '') }));
}
