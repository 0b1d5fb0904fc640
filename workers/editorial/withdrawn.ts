import { SourcelinkError } from '../../config/errors.js';
import { type Claimed, unchanged } from '../../ledger/candidates.js';
import { lookAgain, setGone } from '../../ledger/looks.js';
import { retract } from '../../ledger/retractions.js';
import type { Context } from '../context.js';
import { driveSinks } from '../drive-sinks.js';

/** So long a page must be not found (404), looked at each day: pages are missing by mistake, too, or for a while. */
const MISSING_MS = 2 * 86_400_000;
const LOOK_MS = 86_400_000;

/**
 * After a published article's page is gone (410, RFC 9110, 15.5.11: the publisher says so) or was not found (404) for two
 * days: the article is taken back. Before, a 404 is noted and looked at daily. Copies at other sources stay: those have not withdrawn theirs.
 * Articles that readers do not have are left to the caller. @returns whether that was done
 */
export async function pageGone(ctx: Context, c: Claimed, error: SourcelinkError): Promise<boolean> {
  const { code } = error;
  if (code !== 'FETCH_GONE' && code !== 'FETCH_NOT_FOUND') return false;
  if (!ctx.settings.retract.gone || !(await isLive(ctx, c))) return false;
  const now = ctx.now();
  if (code === 'FETCH_GONE') {
    await take(ctx, c, 'the source took its page down (410)', false);
    return true;
  }
  const since = c.missingSince ?? now;
  if (now.getTime() - since.getTime() >= MISSING_MS) {
    await take(ctx, c, `its page has not been found (404) since ${since.toISOString().slice(0, 10)}`, false);
    return true;
  }
  await ctx.db.transaction().execute(async (tx) => {
    await setGone(tx, c.id, since);
    await lookAgain(tx, c.id, new Date(now.getTime() + LOOK_MS));
    await unchanged(
      tx,
      { id: c.id, owner: ctx.owner },
      { fetchedAt: now, note: { code: error.code, reason: error.message } },
    );
  });
  ctx.log.info({ source: c.sourceId, candidate: c.id, url: c.url }, 'not found; retracted if that lasts two days');
  return true;
}

/** After a published article's page said that it was retracted. @returns whether it was taken back */
export async function pageRetracted(ctx: Context, c: Claimed, error: unknown): Promise<boolean> {
  if (!(error instanceof SourcelinkError) || error.code !== 'EXTRACT_RETRACTED') return false;
  if (!ctx.settings.retract.notice || !(await isLive(ctx, c))) return false;
  await take(ctx, c, error.message, true);
  return true;
}

/** Whether readers have it. */
async function isLive(ctx: Context, c: Claimed): Promise<boolean> {
  const article = await ctx.db
    .selectFrom('sourcelink.article')
    .select('publishedHash')
    .where('candidateId', '=', c.id)
    .executeTakeFirst();
  return (article?.publishedHash ?? null) !== null;
}

async function take(ctx: Context, c: Claimed, reason: string, everywhere: boolean): Promise<void> {
  await retract(ctx.db, [c.id], { reason, by: 'source', everywhere, now: ctx.now() });
  ctx.log.info({ source: c.sourceId, candidate: c.id, url: c.url }, `retracted: ${reason}`);
  await driveSinks(ctx, ctx.sinks.keys());
}
