import { isDeepStrictEqual } from 'node:util';
import type { ContractArticle } from '../../contract/contract.js';
import { writeRevision } from '../../ledger/articles.js';
import { markTold, staleStories, storyOf, type Told, toldOf } from '../../ledger/coverage.js';
import { lockJudging } from '../../ledger/duplicates.js';
import { sendAgain } from '../../ledger/editing.js';
import type { Tx } from '../../ledger/schema.js';
import type { Context } from '../context.js';
import { driveSinks } from '../drive-sinks.js';

/** Stories in one transaction. */
const AT_A_TIME = 20;
/** Growth of a story, as a share of it, that is told even where the list of others stays the same. */
const GROWTH = 0.1;

type Telling = Pick<Context, 'db' | 'sinks' | 'queues' | 'sources' | 'now'>;

/**
 * Brings up to date what readers of published articles were told of their stories, for stories that changed `waitMs` ago and
 * earlier: one `article.updated` for all that came together meanwhile. Such a message changes no story, so that none
 * leads to another. @returns how many messages were written
 */
export async function refreshCoverage(ctx: Telling, waitMs: number): Promise<number> {
  let all = 0;
  for (;;) {
    const { told, written } = await ctx.db.transaction().execute((tx) => tell(ctx, tx, waitMs));
    all += written;
    if (told < AT_A_TIME) break;
  }
  if (all > 0) await driveSinks(ctx, ctx.sinks.keys());
  return all;
}

async function tell(ctx: Telling, tx: Tx, waitMs: number): Promise<{ told: number; written: number }> {
  // Nobody puts an article into a story meanwhile.
  await lockJudging(tx);
  const stories = await staleStories(tx, waitMs, AT_A_TIME);
  if (stories.length === 0) return { told: 0, written: 0 };
  const articles = await toldOf(tx, stories);
  let written = 0;
  for (const a of articles) if (!a.busy && (await tellOne(ctx, tx, a))) written++;
  // What is looked at again just now may come out as it was: its story is told next time.
  const later = new Set(articles.filter((a) => a.busy).map((a) => a.storyId));
  const done = stories.filter((s) => !later.has(s));
  if (done.length > 0) await markTold(tx, done);
  return { told: done.length, written };
}

async function tellOne(ctx: Telling, tx: Tx, a: Told): Promise<boolean> {
  const { message } = a;
  if (message.type === 'article.retracted') return false;
  const story = await storyOf(tx, a, (id) => ctx.sources.get(id)?.name ?? id);
  if (!isNews(message.article.story, story)) return false;
  const sinks = [...ctx.sinks.keys()];
  const next = {
    ...message,
    type: 'article.updated' as const,
    revision: message.revision + 1,
    sentAt: ctx.now().toISOString(),
    article: { ...message.article, story },
  };
  await writeRevision(tx, {
    candidateId: a.candidateId,
    message: next,
    hash: a.publishedHash,
    sinks,
    now: ctx.now(),
    because: 'story',
  });
  if (sinks.length > 0) await sendAgain(tx, a.candidateId);
  return true;
}

type Story = ContractArticle['story'];

/** Whether a reader would notice: another list of others, or a story that grew by much. */
function isNews(before: Story, after: Story): boolean {
  if (before === null || after === null) return before !== after;
  if (before.id !== after.id || !isDeepStrictEqual(before.coverage, after.coverage)) return true;
  return Math.abs(after.size - before.size) >= GROWTH * before.size;
}
