import { messageOf, SourcelinkError } from '../../config/errors.js';
import { isLive } from '../../ledger/articles.js';
import { type Claimed, unchanged } from '../../ledger/candidates.js';
import { lookAgain, setMissing } from '../../ledger/looks.js';
import { retract } from '../../ledger/retractions.js';
import type { Context } from '../context.js';
import { driveSinks } from '../drive-sinks.js';
import { heldBy } from '../step.js';

const DAY_MS = 86_400_000;
/** A page must be missing (404) for so long before its article is retracted: pages are missing by mistake too, or for a while. */
const MISSING_MS = 2 * DAY_MS;
/** A missing page is looked at again after this. */
const LOOK_MS = DAY_MS;

/** What follows for readers from a published article's page that is not there: a retraction, or another look while it is missing. */
export type Missing = { retract: string } | { since: Date };

/**
 * What a failed look at a published article's page means for its readers. A 410 says that the publisher took it down
 * (RFC 9110, 15.5.11); a 404 says so once it has lasted two days. Null for any other failure.
 */
export function missing(error: SourcelinkError, missingSince: Date | null, now: Date): Missing | null {
  if (error.code === 'FETCH_GONE') return { retract: 'the source took its page down (410)' };
  if (error.code !== 'FETCH_NOT_FOUND') return null;
  const since = missingSince ?? now;
  if (now.getTime() - since.getTime() < MISSING_MS) return { since };
  return { retract: `its page has not been found (404) since ${since.toISOString().slice(0, 10)}` };
}

/** Writes that a published article's page is missing, and when it is looked at again. What readers have stays. @throws LostLease */
export async function noteMissing(ctx: Context, c: Claimed, since: Date, error: SourcelinkError): Promise<void> {
  const now = ctx.now();
  await ctx.db.transaction().execute(async (tx) => {
    await setMissing(tx, c.id, since);
    await lookAgain(tx, c.id, new Date(now.getTime() + LOOK_MS));
    const note = { code: error.code, reason: messageOf(error) };
    await unchanged(tx, heldBy(ctx, c), { fetchedAt: now, note });
  });
  ctx.log.info(
    { source: c.sourceId, candidate: c.id, url: c.url },
    'page not found; its article will be retracted if this lasts two days',
  );
}

/** After a published article's page said that it was retracted. @returns whether it was */
export async function pageRetracted(ctx: Context, c: Claimed, error: unknown): Promise<boolean> {
  if (!(error instanceof SourcelinkError) || error.code !== 'EXTRACT_RETRACTED') return false;
  if (!ctx.settings.retract.notice || !(await isLive(ctx.db, c.id))) return false;
  await retractBySource(ctx, c, error.message, true);
  return true;
}

/** Retracts an article because its source did. `everywhere`: copies at other sources too, else those stay as theirs. */
export async function retractBySource(ctx: Context, c: Claimed, reason: string, everywhere: boolean): Promise<void> {
  await retract(ctx.db, [c.id], { reason, by: 'source', everywhere, now: ctx.now() });
  ctx.log.info({ source: c.sourceId, candidate: c.id, url: c.url }, `retracted: ${reason}`);
  await driveSinks(ctx, ctx.sinks.keys());
}
