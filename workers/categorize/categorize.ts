import type { Classifiable, Classifier } from '../../analysis/categories/classify.js';
import type { Source } from '../../config/sources.js';
import type { ArticleMessage, CategoryRef } from '../../contract/contract.js';
import { contractArticle, messageOf } from '../../contract/message.js';
import { readersNotice } from '../../contract/notice.js';
import {
  type ArticleRow,
  articlesOf,
  looksTheSame,
  messageOfRevision,
  setCategories,
  writeRevision,
} from '../../ledger/articles.js';
import { advance, type Claimed, claim, type Held, settle, unchanged } from '../../ledger/candidates.js';
import { type Classified, correctedArticles, recentTexts } from '../../ledger/corrections.js';
import { storyOf } from '../../ledger/coverage.js';
import { lookAgain, nextLook } from '../../ledger/looks.js';
import type { Lane, Tx } from '../../ledger/schema.js';
import type { Context } from '../context.js';
import { driveSinks } from '../drive-sinks.js';
import type { IdsJob } from '../queues.js';
import { heldBy, stepFailed, whileHeld } from '../step.js';

/** Files each of these candidates' articles and puts what is new for readers into the outbox of every sink. */
export async function categorize(ctx: Context, job: IdsJob): Promise<void> {
  await prepare(ctx);
  const claimed = await claim(ctx.db, 'categorize', job.ids, ctx.owner);
  const articles = await articlesOf(
    ctx.db,
    claimed.map((c) => c.id),
  );
  let written = 0;
  for (const c of claimed) {
    const article = articles.get(c.id);
    try {
      if (!article) throw new Error(`candidate ${c.id} has no article to file`);
      if (await whileHeld(ctx, c, () => fileOne(ctx, c, article))) written++;
    } catch (error) {
      await stepFailed(ctx, c, { stage: 'categorize', error, published: article !== undefined && isLive(article) });
    }
  }
  if (written === 0) return;
  await driveSinks(ctx, ctx.sinks.keys());
}

/** Articles from which a classifier learns at its start which words are common. */
const RECENT = 300;
/** How often corrections by people are taken up. */
const TEACH_MS = 600_000;
const prepared = new WeakMap<Classifier, { at: number; corrections: number }>();

/** Shows a classifier what the newsroom has had before, and from time to time what people have corrected. */
async function prepare(ctx: Context): Promise<void> {
  const { classifier } = ctx;
  const had = prepared.get(classifier);
  const now = ctx.now().getTime();
  if (had && now - had.at < TEACH_MS) return;
  prepared.set(classifier, { at: now, corrections: had?.corrections ?? 0 });
  if (!had && classifier.observe)
    for (const a of await recentTexts(ctx.db, RECENT)) classifier.observe(classifiable(a));
  const examples = await correctedArticles(ctx.db);
  if (!classifier.teach || examples.length === (had?.corrections ?? 0)) return;
  classifier.teach(examples.map((e) => ({ ...classifiable(e), path: e.path })));
  prepared.set(classifier, { at: now, corrections: examples.length });
}

/** An article as it is filed. */
export function classifiable(a: Classified): Classifiable {
  const { title, text, section, tags, language } = a;
  return { title, text, url: a.canonicalUrl, section, tags, language };
}

/** @returns true when something waits for the sinks */
async function fileOne(ctx: Context, c: Claimed, article: ArticleRow): Promise<boolean> {
  const held = heldBy(ctx, c);
  const source = ctx.sources.get(article.sourceId);
  if (!source) {
    const note = { code: 'SOURCE_REMOVED', reason: `source ${article.sourceId} is no longer configured` };
    if (isLive(article)) await unchanged(ctx.db, held, { fetchedAt: article.fetchedAt, note });
    else await settle(ctx.db, held, { outcome: 'rejected', ...note });
    return false;
  }
  if (article.revision === 0) ctx.classifier.observe?.(classifiable(article));
  const categories = categoriesOf(ctx, source, article);
  const message = await nextMessage(ctx, { ...article, categories }, source);
  const sinks = [...ctx.sinks.keys()];
  await ctx.db.transaction().execute(async (tx) => {
    await setCategories(tx, article.id, categories);
    if (message === null) {
      if (article.contentHash !== article.publishedHash) await looksTheSame(tx, article);
      await unchanged(tx, held, { fetchedAt: article.fetchedAt });
    } else await send(ctx, tx, { held, lane: c.lane }, article, message);
  });
  if (message !== null) measure(ctx, article, message, c.lane);
  return message !== null && sinks.length > 0;
}

/** Found later than this, it was listed before its source was known; in milliseconds. */
const MAX_LAG_MS = 86_400_000;

function measure({ meter, now }: Context, article: ArticleRow, message: ArticleMessage, lane: Lane): void {
  meter.add('sourcelink_revisions_total', { type: message.type });
  if (message.revision !== 1 || lane !== 'fresh') return;
  const found = article.firstSeenAt.getTime();
  meter.observe('sourcelink_publish_delay_seconds', {}, Math.max(0, now().getTime() - found) / 1000);
  const lag = found - (article.publishedAt?.getTime() ?? Number.NEGATIVE_INFINITY);
  if (lag <= MAX_LAG_MS) meter.observe('sourcelink_discovery_lag_seconds', {}, Math.max(0, lag) / 1000);
}

/** Whether readers have it: it was published, and not retracted since. */
const isLive = (article: ArticleRow): boolean => article.publishedHash !== null;

/** What readers get to know of it; null when they would notice nothing new. */
async function nextMessage(ctx: Context, article: ArticleRow, source: Source): Promise<ArticleMessage | null> {
  if (article.contentHash === article.publishedHash) return null;
  const story = await storyOf(ctx.db, article, (id) => ctx.sources.get(id)?.name ?? id);
  const { excerptWords } = ctx.settings.publish;
  const next = contractArticle({ ...article, story }, source, { excerptWords });
  if (isLive(article)) {
    const last = await messageOfRevision(ctx.db, article.id, article.revision);
    if (last.type !== 'article.retracted' && !readersNotice(last.article, next)) return null;
  }
  return messageOf(article, next, ctx.now());
}

async function send(
  ctx: Context,
  tx: Tx,
  { held, lane }: { held: Held; lane: Lane },
  article: ArticleRow,
  message: ArticleMessage,
): Promise<void> {
  const sinks = [...ctx.sinks.keys()];
  await writeRevision(tx, { candidateId: held.id, message, hash: article.contentHash, sinks, now: ctx.now() });
  const look =
    article.revision === 0 && lane === 'fresh'
      ? nextLook(article.firstSeenAt, ctx.settings.retract.look, ctx.now())
      : null;
  if (look !== null) await lookAgain(tx, held.id, look);
  if (sinks.length > 0) await advance(tx, held, 'publish');
  else await settle(tx, held, { outcome: 'published' });
}

/** What a person decided stays; then the source's pin; then what the text itself says. */
export function categoriesOf(
  ctx: Pick<Context, 'classifier' | 'categories'>,
  source: Pick<Source, 'category'>,
  article: ArticleRow,
): CategoryRef[] {
  const decided = article.categories.filter((c) => c.by === 'person');
  if (decided.length > 0) return decided;
  const found = ctx.classifier.classify(classifiable(article));
  const path = source.category;
  if (path === null) return found;
  const label = ctx.categories.find((c) => c.path === path)?.label ?? path;
  const others = found.filter((c) => c.path !== path && c.by !== 'fallback');
  return [{ path, label, confidence: 1, by: 'pin' }, ...others];
}
