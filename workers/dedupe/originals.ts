import { isOwnAgency } from '../../analysis/similarity/agency.js';
import { alike, type Text, type Verdict } from '../../analysis/similarity/judge.js';
import { sharedPassage } from '../../analysis/similarity/shingles.js';
import type { ArticleRow } from '../../ledger/articles.js';
import type { Claimed } from '../../ledger/candidates.js';
import { type DuplicateWhy, type Original, originalsById, overtake, type Standing } from '../../ledger/duplicates.js';
import { originalNow } from '../../ledger/rulings.js';
import type { Tx } from '../../ledger/schema.js';
import type { Context } from '../context.js';

/** A candidate that is to be judged. */
export type Waiting = { c: Claimed; article: ArticleRow; text: Text };

/** What is known while some articles are judged one after the other, in one transaction. */
export type Batch = {
  ctx: Context;
  tx: Tx;
  byUrl: Map<string, Standing[]>;
  /** Originals that an agency's own article took the place of, in this batch. */
  moved: Map<string, string>;
  /** What people ruled of these articles. */
  rulings: Map<string, string | null>;
  next: Set<number>;
};

export type Copy = { original: Original; why: DuplicateWhy };

/** What this article is a copy of, by a person's ruling or else its text; null for one of its own, and for one that readers have. */
export async function copyOf(batch: Batch, w: Waiting, verdict: Verdict): Promise<Copy | null> {
  const ruled = batch.rulings.get(w.article.id);
  if (ruled === null) return null;
  const named = ruled === undefined ? null : await originalNow(batch.tx, ruled);
  if (named !== null && named.id !== w.article.id) return byRuling(w, named, verdict);
  if (w.article.publishedHash !== null) return null;
  const found = originalByUrl(batch, w, verdict) ?? (await originalByText(batch, w, verdict));
  if (found === null) return null;
  // Whoever was found first stays the original, unless the agency itself brings the report and nobody has seen the other yet.
  if (isAgency(batch.ctx, w.article) && found.original.revision === 0) {
    const own = originalOf(w.article);
    const why: DuplicateWhy = { ...found.why, original: shown(own) };
    if (await overtake(batch.tx, found.original, own.id, why, reasonOf(batch.ctx, why))) {
      batch.moved.set(found.original.id, own.id);
      batch.next.delete(found.original.candidateId);
      return null;
    }
  }
  return found;
}

function byRuling(w: Waiting, original: Original, { duplicate, related }: Verdict): Copy {
  const near = duplicate?.with.original.id === original.id ? duplicate : null;
  const why: DuplicateWhy = {
    by: 'person',
    score: near?.score ?? related.find((r) => r.id === original.id)?.score ?? 0,
    passage: near === null ? '' : sharedPassage(w.article.text, near.with.shingles),
    original: shown(original),
  };
  return { original, why };
}

/** A canonical link that names a known article, believed where title or text agree: some sites give all their pages one. */
function originalByUrl(batch: Batch, w: Waiting, verdict: Verdict): Copy | null {
  const near = new Map(verdict.related.map((r) => [r.id, r.score]));
  if (verdict.duplicate) near.set(verdict.duplicate.with.original.id, verdict.duplicate.score);
  for (const { holder, original } of batch.byUrl.get(w.article.urlKey) ?? []) {
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

/** Whether an article is the agency's own, at the agency. */
export function isAgency(ctx: Context, a: { agency: string | null; sourceId: string }): boolean {
  const source = ctx.sources.get(a.sourceId);
  return source !== undefined && isOwnAgency(a.agency, source);
}

/** In words, for the candidate. */
export function reasonOf(ctx: Context, why: DuplicateWhy): string {
  const where = ctx.sources.get(why.original.source)?.name ?? why.original.source;
  const share = `${Math.round(why.score * 100)} % of the shorter text is the same`;
  const how = {
    url: 'its canonical link names it',
    exact: 'the same text',
    near: share,
    person: 'decided by a person',
  }[why.by];
  return `copy of "${why.original.title}" at ${where}: ${how}`;
}

/** An article as others may repeat it. */
export function originalOf(a: ArticleRow): Original {
  return {
    id: a.id,
    candidateId: a.candidateId,
    sourceId: a.sourceId,
    title: a.title,
    url: a.canonicalUrl,
    revision: a.revision,
  };
}

const shown = (o: Original): DuplicateWhy['original'] => ({
  id: o.id,
  source: o.sourceId,
  title: o.title,
  url: o.url,
});
