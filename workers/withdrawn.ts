import { SourcelinkError } from '../config/errors.js';
import type { Context } from './context.js';
import { type Claimed, unchanged } from './ledger/candidates.js';
import { lookAgain, setGone } from './ledger/looks.js';
import { retract } from './ledger/retractions.js';

/** A page that is gone must be so for this long: some publishers take a page down by mistake, or to move it. */
const GONE_MS = 86_400_000;

/**
 * After a published article's page answered 410: noted the first time, and looked at again a day later; retracted when it
 * is still gone then. Articles that readers do not have are left to the caller. @returns whether that was done
 */
export async function pageGone(ctx: Context, c: Claimed, error: SourcelinkError, now: Date): Promise<boolean> {
  if (!ctx.settings.retract.gone || !(await isLive(ctx, c))) return false;
  const since = c.gone_at ?? now;
  if (now.getTime() - since.getTime() >= GONE_MS) {
    const reason = `its page is gone (410) since ${since.toISOString().slice(0, 10)}`;
    await take(ctx, c, reason, now);
    return true;
  }
  await ctx.db.transaction().execute(async (tx) => {
    await setGone(tx, c.id, since);
    await lookAgain(tx, c.id, since.getTime() + GONE_MS - now.getTime());
    await unchanged(
      tx,
      { id: c.id, owner: ctx.owner },
      { fetchedAt: now, note: { code: error.code, reason: error.message } },
    );
  });
  ctx.log.info({ source: c.source_id, candidate: c.id, url: c.url }, 'gone; retracted if it still is in a day');
  return true;
}

/** After a published article's page said that it was retracted. @returns whether it was taken back */
export async function pageRetracted(ctx: Context, c: Claimed, error: unknown): Promise<boolean> {
  if (!(error instanceof SourcelinkError) || error.code !== 'EXTRACT_RETRACTED') return false;
  if (!ctx.settings.retract.notice || !(await isLive(ctx, c))) return false;
  await take(ctx, c, error.message, ctx.now());
  return true;
}

/** Whether readers have it. */
async function isLive(ctx: Context, c: Claimed): Promise<boolean> {
  const article = await ctx.db
    .selectFrom('sourcelink.article')
    .select('published_hash')
    .where('candidate_id', '=', c.id)
    .executeTakeFirst();
  return (article?.published_hash ?? null) !== null;
}

async function take(ctx: Context, c: Claimed, reason: string, now: Date): Promise<void> {
  await retract(ctx.db, [c.id], { reason, by: 'source', now });
  ctx.log.info({ source: c.source_id, candidate: c.id, url: c.url }, `retracted: ${reason}`);
}
