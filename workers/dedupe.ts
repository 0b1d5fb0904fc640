import { messageOf } from '../config/errors.js';
import { urlKey } from '../crawlers/url.js';
import type { Context } from './context.js';
import { type ArticleRow, articlesOf } from './ledger/articles.js';
import { advance, type Claimed, claim, failed, LostLease, settle } from './ledger/candidates.js';
import {
  type DuplicateWhy,
  lockJudging,
  type Original,
  originalsById,
  overtake,
  repoint,
  type Standing,
  standingByUrl,
  stillHeld,
  writeJudgement,
} from './ledger/duplicates.js';
import type { Tx } from './ledger/schema.js';
import { LedgerIndex, type Sketched, writeSketches } from './ledger/sketches.js';
import { forgetStories, headlineOf, shareStory, storiesOf } from './ledger/stories.js';
import { type Arriving, retractedAmong, type Tombstone } from './ledger/tombstones.js';
import type { IdsJob } from './queues.js';
import { isOwnAgency } from './similarity/agency.js';
import { alike, judge, type Text, type Verdict } from './similarity/judge.js';
import { sharedPassage, sketchOf } from './similarity/shingles.js';

type Waiting = { c: Claimed; article: ArticleRow; text: Text };

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
  if (next.length > 0) await ctx.queues.add('categorize', { ids: next.sort((a, b) => a - b) });
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
  const published = a.published_at !== null && a.published_at <= a.first_seen_at ? a.published_at : a.first_seen_at;
  return { id: a.id, source: a.source_id, title: a.title, at: published.getTime(), ...sketchOf(a.text) };
}

function isAgency(ctx: Context, a: { agency: string | null; source_id: string }): boolean {
  const source = ctx.sources.get(a.source_id);
  return source !== undefined && isOwnAgency(a.agency, source);
}

/** Decision and record in one transaction, one process at a time. @returns the candidates that go on to categorize */
async function judgeAll(ctx: Context, all: Waiting[]): Promise<number[]> {
  if (all.length === 0) return [];
  const { window: windowMs, duplicate, related } = ctx.settings.dedupe;
  const run = ctx.db.transaction().execute(async (tx) => {
    await lockJudging(tx);
    const ids = all.map((w) => w.c.id);
    const held = await stillHeld(tx, ids, ctx.owner);
    const waiting = all.filter((w) => held.has(w.c.id));
    const texts = waiting.map((w) => w.text);
    const stories = storiesOf(ctx.db);
    await stories.catchUp(tx, ctx.now());
    const index = await LedgerIndex.open(tx, texts, windowMs);
    const batch: Batch = {
      ctx,
      tx,
      byUrl: await standingByUrl(tx, [...new Set(waiting.map((w) => w.article.url_key))]),
      moved: new Map(),
      next: new Set(),
    };
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
      if (copy !== null) await shareStory(tx, w.article.id, copy.original.id);
      else if (!w.article.story_id || w.article.duplicate_of !== null)
        await stories.place(tx, headlineOf(w.article, w.text.at));
      const repeats = copy === null ? undefined : verdict.duplicate?.with;
      const original = copy === null ? originalOf(w.article) : copy.original;
      index.add({ ...w.text, original: { id: original.id, source: original.source_id } }, repeats);
      const standing = { holder: w.article.id, original };
      batch.byUrl.set(w.article.url_key, [...(batch.byUrl.get(w.article.url_key) ?? []), standing]);
      sketched.push({ candidateId: w.c.id, text: w.text, ...(repeats ? { repeats } : {}) });
    }
    await writeSketches(tx, sketched);
    return [...batch.next];
  });
  return run.catch((error) => {
    forgetStories(ctx.db);
    throw error;
  });
}

/** What readers have or had already is judged no more by what was retracted. */
const arriving = ({ c, article, text }: Waiting): Arriving[] =>
  article.revision > 0 ? [] : [{ text, foundAt: urlKey(c.url), canonical: article.url_key }];

async function keepOut(batch: Batch, w: Waiting, tombstone: Tombstone): Promise<void> {
  const { ctx, tx } = batch;
  const where = ctx.sources.get(tombstone.sourceId)?.name ?? tombstone.sourceId;
  const reason = `"${tombstone.title}" of ${where} was retracted: ${tombstone.reason}`;
  const held = { id: w.c.id, owner: ctx.owner };
  const end = { code: 'RETRACTED', reason, duplicateOf: tombstone.articleId, articleId: w.article.id };
  await settle(tx, held, { outcome: 'rejected', ...end });
  ctx.log.info({ source: w.c.source_id, candidate: w.c.id, url: w.article.canonical_url }, reason);
}

type Batch = {
  ctx: Context;
  tx: Tx;
  byUrl: Map<string, Standing[]>;
  /** Originals that an agency's own article took the place of, in this batch. */
  moved: Map<string, string>;
  next: Set<number>;
};

type Copy = { original: Original; why: DuplicateWhy };

/** What this article is a copy of; null for one of its own, and always for one that was published before. */
async function copyOf(batch: Batch, w: Waiting, verdict: Verdict): Promise<Copy | null> {
  if (w.article.revision > 0) return null;
  const found = originalByUrl(batch, w, verdict) ?? (await originalByText(batch, w, verdict));
  if (found === null) return null;
  // Whoever was found first stays the original, unless the agency itself brings the report and nobody has seen the other yet.
  if (isAgency(batch.ctx, w.article) && found.original.revision === 0) {
    const own = originalOf(w.article);
    const why: DuplicateWhy = { ...found.why, original: shown(own) };
    if (await overtake(batch.tx, found.original, own.id, why, reasonOf(batch.ctx, why))) {
      batch.moved.set(found.original.id, own.id);
      batch.next.delete(found.original.candidate_id);
      return null;
    }
  }
  return found;
}

/** A canonical link that names a known article, believed where title or text agree: some sites give all their pages one. */
function originalByUrl(batch: Batch, w: Waiting, verdict: Verdict): Copy | null {
  const near = new Map(verdict.related.map((r) => [r.id, r.score]));
  if (verdict.duplicate) near.set(verdict.duplicate.with.original.id, verdict.duplicate.score);
  for (const { holder, original } of batch.byUrl.get(w.article.url_key) ?? []) {
    if (holder === w.article.id || original.id === w.article.id || batch.moved.has(original.id)) continue;
    const score = near.get(original.id);
    if (score === undefined && !alike(original.title, w.article.title)) continue;
    return { original, why: { by: 'url', score: score ?? 0, passage: '', original: shown(original) } };
  }
  return null;
}

async function originalByText(batch: Batch, w: Waiting, verdict: Verdict): Promise<Copy | null> {
  const copy = verdict.duplicate;
  if (!copy) return null;
  const id = batch.moved.get(copy.with.original.id) ?? copy.with.original.id;
  const original = (await originalsById(batch.tx, [id])).get(id);
  if (!original) return null;
  const why: DuplicateWhy = {
    by: copy.by,
    score: copy.score,
    passage: sharedPassage(w.article.text, copy.with.shingles),
    original: shown(original),
    ...(copy.with.id === id ? {} : { comparedWith: copy.with.id }),
  };
  return { original, why };
}

async function record(batch: Batch, w: Waiting, verdict: Verdict, copy: Copy | null): Promise<void> {
  const { ctx, tx } = batch;
  const held = { id: w.c.id, owner: ctx.owner };
  await writeJudgement(tx, {
    id: w.article.id,
    candidateId: w.c.id,
    fingerprint: w.text.fingerprint,
    duplicateOf: copy?.original.id ?? null,
    why: copy?.why ?? null,
    related: verdict.related.filter((r) => r.id !== copy?.original.id),
  });
  if (copy === null) {
    await advance(tx, held, 'categorize');
    batch.next.add(w.c.id);
    return;
  }
  await repoint(tx, w.article.id, copy.original.id);
  const reason = reasonOf(ctx, copy.why);
  await settle(tx, held, { outcome: 'duplicate', duplicateOf: copy.original.id, articleId: w.article.id, reason });
  ctx.log.debug({ source: w.c.source_id, candidate: w.c.id, url: w.article.canonical_url }, reason);
}

function reasonOf(ctx: Context, why: DuplicateWhy): string {
  const where = ctx.sources.get(why.original.source)?.name ?? why.original.source;
  const share = `${Math.round(why.score * 100)} % of the shorter text is the same`;
  const how = { url: 'its canonical link names it', exact: 'the same text', near: share }[why.by];
  return `copy of "${why.original.title}" at ${where}: ${how}`;
}

function originalOf(a: ArticleRow): Original {
  return {
    id: a.id,
    candidate_id: a.candidate_id,
    source_id: a.source_id,
    title: a.title,
    url: a.canonical_url,
    revision: a.revision,
  };
}

const shown = (o: Original): DuplicateWhy['original'] => ({
  id: o.id,
  source: o.source_id,
  title: o.title,
  url: o.url,
});

/** Rows that cannot be judged now: each is tried again later, or ends. */
async function giveUp(ctx: Context, rows: { c: Claimed; article?: ArticleRow }[], error: unknown): Promise<number[]> {
  const { attempts, retryDelay } = ctx.settings.fetch;
  for (const { c, article } of rows) {
    const published = article !== undefined && (article.revision > 0 || article.duplicate_of !== null);
    const held = { id: c.id, owner: ctx.owner, attempts: c.attempts, published };
    try {
      const how = await failed(ctx.db, held, 'dedupe', error, { attempts, retryDelayMs: retryDelay });
      ctx.log.warn({ source: c.source_id, candidate: c.id, url: c.url, how }, messageOf(error));
    } catch (lost) {
      if (!(lost instanceof LostLease)) throw lost;
      ctx.log.debug({ candidate: c.id }, lost.message);
    }
  }
  return [];
}
