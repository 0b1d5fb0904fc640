import { judge, type Related, type Text, type Verdict } from '../../analysis/similarity/judge.js';
import { sketchOf } from '../../analysis/similarity/shingles.js';
import { urlKey } from '../../crawlers/url.js';
import { type ArticleRow, articlesOf } from '../../ledger/articles.js';
import { advance, type Claimed, claim, settle } from '../../ledger/candidates.js';
import { lockJudging, repoint, standingByUrl, stillHeld, writeJudgement } from '../../ledger/duplicates.js';
import { LedgerIndex } from '../../ledger/near-index.js';
import { rulingsOf } from '../../ledger/rulings.js';
import { type Sketched, writeSketches } from '../../ledger/sketches.js';
import { forgetStories, headlineOf, shareStory, storiesOf } from '../../ledger/stories.js';
import { type Arriving, retractedAmong, type Tombstone } from '../../ledger/tombstones.js';
import type { Context } from '../context.js';
import { withdrawCopy } from '../editorial/rulings.js';
import { addByLane } from '../lanes.js';
import type { IdsJob } from '../queues.js';
import { heldBy, stepFailed } from '../step.js';
import { type Batch, type Copy, copyOf, isAgency, originalOf, reasonOf, type Waiting } from './originals.js';

/** Decides for each of these candidates whether its article is one that is known already, and writes why. */
export async function dedupe(ctx: Context, job: IdsJob): Promise<void> {
  const claimed = await claim(ctx.db, 'dedupe', job.ids, ctx.owner);
  if (claimed.length === 0) return;
  const waiting = await readTexts(ctx, claimed);
  const next = await judgeAll(ctx, waiting).catch(async (error) => {
    if (waiting.length <= 1) return giveUp(ctx, waiting, error);
    // One row may be what broke the transaction of all: each gets its own.
    const each: number[] = [];
    for (const w of waiting) each.push(...(await judgeAll(ctx, [w]).catch((e) => giveUp(ctx, [w], e))));
    return each;
  });
  const through = new Set(next);
  await addByLane(
    ctx,
    'categorize',
    claimed.filter((c) => through.has(c.id)),
  );
}

/** The texts of the claimed rows, in the order in which they have a claim to be the original. */
async function readTexts(ctx: Context, claimed: Claimed[]): Promise<Waiting[]> {
  const articles = await articlesOf(
    ctx.db,
    claimed.map((c) => c.id),
  );
  const waiting: Waiting[] = [];
  for (const c of claimed) {
    const article = articles.get(c.id);
    if (!article) await giveUp(ctx, [{ c }], new Error(`candidate ${c.id} has no article to compare`));
    else waiting.push({ c, article, text: textOf(article) });
  }
  return waiting.sort((a, b) => Number(isAgency(ctx, b.article)) - Number(isAgency(ctx, a.article)) || a.c.id - b.c.id);
}

function textOf(a: ArticleRow): Text {
  const published = a.publishedAt !== null && a.publishedAt <= a.firstSeenAt ? a.publishedAt : a.firstSeenAt;
  return { id: a.id, source: a.sourceId, title: a.title, at: published.getTime(), ...sketchOf(a.text) };
}

/** Decision and record in one transaction, one process at a time. @returns the candidates that go on to categorize */
async function judgeAll(ctx: Context, all: Waiting[]): Promise<number[]> {
  if (all.length === 0) return [];
  const { window: windowMs, duplicate, related } = ctx.settings.dedupe;
  let copies = 0;
  const run = ctx.db.transaction().execute(async (tx) => {
    await lockJudging(tx);
    const ids = all.map((w) => w.c.id);
    const held = await stillHeld(tx, ids, ctx.owner);
    const waiting = all.filter((w) => held.has(w.c.id));
    const texts = waiting.map((w) => w.text);
    const stories = storiesOf(ctx.db, ctx.settings.stories.open);
    await stories.catchUp(tx, ctx.now());
    const index = await LedgerIndex.open(tx, texts, { windowMs, related });
    const batch: Batch = {
      ctx,
      tx,
      byUrl: await standingByUrl(tx, [...new Set(waiting.map((w) => w.article.urlKey))]),
      moved: new Map(),
      rulings: await rulingsOf(
        tx,
        texts.map((t) => t.id),
      ),
      next: new Set(),
    };
    copies = 0;
    const sketched: Sketched[] = [];
    const retracted = await retractedAmong(
      tx,
      waiting.flatMap(arriving),
      (s, at) => index.around(s, at),
      ctx.settings.dedupe,
    );
    for (const w of waiting) {
      const tombstone = retracted.get(w.article.id);
      if (tombstone) {
        await keepOut(batch, w, tombstone);
        continue;
      }
      const verdict = await judge(w.text, index, { windowMs, duplicate, related });
      const copy = await copyOf(batch, w, verdict);
      await record(batch, w, verdict, copy);
      if (copy !== null) copies++;
      if (copy !== null) await shareStory(tx, copy.original.id);
      else if (!w.article.storyId || w.article.duplicateOf !== null)
        await stories.place(tx, headlineOf(w.article, w.text.at));
      const repeats = copy === null ? undefined : verdict.duplicate?.with;
      const original = copy === null ? originalOf(w.article) : copy.original;
      index.add({ ...w.text, original: { id: original.id, source: original.sourceId } }, repeats);
      const standing = { holder: w.article.id, original };
      batch.byUrl.set(w.article.urlKey, [...(batch.byUrl.get(w.article.urlKey) ?? []), standing]);
      sketched.push({ candidateId: w.c.id, text: w.text, ...(repeats ? { repeats } : {}) });
    }
    await writeSketches(tx, sketched);
    return [...batch.next];
  });
  const next = await run.catch((error) => {
    forgetStories(ctx.db);
    throw error;
  });
  ctx.meter.add('sourcelink_judged_total', { verdict: 'original' }, next.length);
  ctx.meter.add('sourcelink_judged_total', { verdict: 'duplicate' }, copies);
  return next;
}

/** What readers have or had already is judged no more by what was retracted. */
const arriving = ({ c, article, text }: Waiting): Arriving[] =>
  article.revision > 0 ? [] : [{ text, foundAt: urlKey(c.url), canonical: article.urlKey }];

async function keepOut(batch: Batch, w: Waiting, tombstone: Tombstone): Promise<void> {
  const { ctx, tx } = batch;
  const where = ctx.sources.get(tombstone.sourceId)?.name ?? tombstone.sourceId;
  const reason = `"${tombstone.title}" of ${where} was retracted: ${tombstone.reason}`;
  const held = heldBy(ctx, w.c);
  const end = { code: 'RETRACTED', reason, duplicateOf: tombstone.articleId, articleId: w.article.id };
  await settle(tx, held, { outcome: 'rejected', ...end });
  ctx.log.info({ source: w.c.sourceId, candidate: w.c.id, url: w.article.canonicalUrl }, reason);
}

async function record(batch: Batch, w: Waiting, verdict: Verdict, copy: Copy | null): Promise<void> {
  const { ctx, tx } = batch;
  const held = heldBy(ctx, w.c);
  await writeJudgement(tx, {
    id: w.article.id,
    candidateId: w.c.id,
    fingerprint: w.text.fingerprint,
    duplicateOf: copy?.original.id ?? null,
    why: copy?.why ?? null,
    related: relatedTo(verdict, copy),
  });
  if (copy === null) {
    await advance(tx, held, 'categorize');
    batch.next.add(w.c.id);
    return;
  }
  await repoint(tx, w.article.id, copy.original.id);
  const reason = reasonOf(ctx, copy.why);
  if (w.article.publishedHash !== null) await withdrawCopy(ctx, tx, w.article, reason);
  await settle(tx, held, { outcome: 'duplicate', duplicateOf: copy.original.id, articleId: w.article.id, reason });
  ctx.log.debug({ source: w.c.sourceId, candidate: w.c.id, url: w.article.canonicalUrl }, reason);
}

/** What else shares much with it; what a person ruled it to be no copy of comes first. */
function relatedTo({ duplicate, related }: Verdict, copy: Copy | null): Related[] {
  if (copy !== null) return related.filter((r) => r.id !== copy.original.id);
  return duplicate === null ? related : [{ id: duplicate.with.original.id, score: duplicate.score }, ...related];
}

/** Rows that cannot be judged now: each is tried again later, or ends. */
async function giveUp(ctx: Context, rows: { c: Claimed; article?: ArticleRow }[], error: unknown): Promise<number[]> {
  for (const { c, article } of rows) {
    const published = article !== undefined && (article.revision > 0 || article.duplicateOf !== null);
    await stepFailed(ctx, c, { stage: 'dedupe', error, published });
  }
  return [];
}
