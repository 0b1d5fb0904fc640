import { codeOf, messageOf, SourcelinkError } from '../config/errors.js';
import { type Claimed, failed, type Held, LostLease } from '../ledger/candidates.js';
import type { Stage } from '../ledger/schema.js';
import type { Context } from './context.js';

/** The claimed row as this worker holds it. */
export const heldBy = (ctx: Pick<Context, 'owner'>, c: Pick<Claimed, 'id'>): Held => ({ id: c.id, owner: ctx.owner });

/** Runs a step on one candidate. Another worker may have taken its row over meanwhile: then `null`, for that one drives it on. */
export async function whileHeld<T>(ctx: Context, c: Claimed, step: () => Promise<T>): Promise<T | null> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof LostLease)) throw error;
    ctx.log.debug({ candidate: c.id }, error.message);
    return null;
  }
}

/**
 * After a step on a candidate failed: a later try, or its end, and a line in the log.
 * @param published readers have it, so that what they have stays when no try is left
 */
export async function stepFailed(
  ctx: Context,
  c: Claimed,
  { stage, error, published }: { stage: Stage; error: unknown; published: boolean },
): Promise<void> {
  await whileHeld(ctx, c, async () => {
    const { attempts, retryDelay: retryDelayMs } = ctx.settings.fetch;
    const held = { ...heldBy(ctx, c), attempts: c.attempts, published };
    const how = await failed(ctx.db, held, stage, error, { attempts, retryDelayMs });
    const hint = how === 'dead' && error instanceof SourcelinkError ? error.hint : undefined;
    const about = { source: c.sourceId, candidate: c.id, url: c.url, code: codeOf(error), how, hint };
    ctx.log.warn(about, messageOf(error));
  });
}
