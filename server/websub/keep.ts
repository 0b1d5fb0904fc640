import { randomBytes } from 'node:crypto';
import { codeOf, messageOf } from '../../config/errors.js';
import {
  alignSubscriptions,
  claimSubscriptions,
  forget,
  hubsOf,
  refused,
  type Subscription,
} from '../../ledger/subscriptions.js';
import type { Context } from '../../workers/context.js';

/** How long a hub has to verify a request that it accepted, in milliseconds. The time doubles with each further try. */
const VERIFY_MS = 5 * 60_000;
/** Tries to end a subscription. After them Sourcelink lets its lease expire. */
const MAX_ENDINGS = 3;
/** Subscriptions that one call renews or ends. */
const BATCH = 50;

/** Unguessable, because whoever knows a callback address could post to it. */
const fresh = () => ({ token: randomBytes(32).toString('base64url'), secret: randomBytes(32).toString('base64url') });

/** The address to which a hub posts a feed. `base` is the public address of the HTTP server. */
export const callbackOf = (base: string, token: string): string => `${base.replace(/\/+$/, '')}/websub/${token}`;

/**
 * Subscribes to the hubs that the sources' feeds name, renews leases that are about to expire, and ends subscriptions that
 * are no longer wanted (W3C WebSub, 5). @param base the public address of the HTTP server @returns how many requests it sent
 */
export async function keepSubscriptions(ctx: Context, base: string): Promise<number> {
  const now = ctx.now();
  const followed = [...ctx.sources.values()].filter((s) => s.enabled).map((s) => s.id);
  await alignSubscriptions(ctx.db, ctx.settings.websub.enabled ? await hubsOf(ctx.db, followed) : [], now, fresh);
  const due = await claimSubscriptions(ctx.db, now, VERIFY_MS, BATCH);
  await Promise.all(due.map((s) => ask(ctx, base, s)));
  return due.length;
}

async function ask(ctx: Context, base: string, s: Subscription): Promise<void> {
  const ending = s.state === 'ending';
  if (ending && s.failures > MAX_ENDINGS) return forget(ctx.db, s.id);
  const mode = ending ? 'unsubscribe' : 'subscribe';
  const source = ctx.sources.get(s.sourceId);
  try {
    await ctx.client.fetch({
      url: s.hub,
      form: {
        'hub.mode': mode,
        'hub.topic': s.topic,
        'hub.callback': callbackOf(base, s.token),
        ...(ending
          ? {}
          : { 'hub.lease_seconds': String(Math.round(ctx.settings.websub.lease / 1000)), 'hub.secret': s.secret }),
      },
      proxy: source?.proxy ?? null,
      signal: ctx.signal,
    });
    ctx.log.info({ source: s.sourceId, hub: s.hub, topic: s.topic, mode }, 'sent a request to a hub');
  } catch (error) {
    if (ctx.signal.aborted) return;
    await refused(ctx.db, s.id, { code: codeOf(error), reason: messageOf(error), denied: false, again: null });
    ctx.log.warn({ source: s.sourceId, hub: s.hub, mode, code: codeOf(error) }, messageOf(error));
  }
}
