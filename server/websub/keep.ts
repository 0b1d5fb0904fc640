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

/** A hub that has accepted a request has this long to verify it; in milliseconds. Doubles with each further try. */
const VERIFY_MS = 5 * 60_000;
/** Tries to end a subscription; after them its lease runs out by itself. */
const MAX_ENDINGS = 3;
/** Hubs asked at a time. */
const BATCH = 50;

/** Unguessable: whoever knows a callback could write to it. */
const fresh = () => ({ token: randomBytes(32).toString('base64url'), secret: randomBytes(32).toString('base64url') });

/** Where a hub brings a feed to. `base` is the HTTP server as others reach it. */
export const callbackOf = (base: string, token: string): string => `${base.replace(/\/+$/, '')}/websub/${token}`;

/**
 * Asks hubs for what the sources' feeds say they bring, renews what is about to run out, and ends what is not wanted any
 * more (W3C WebSub, 5). @param base the HTTP server as hubs reach it @returns how many hubs were asked
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
    ctx.log.info({ source: s.sourceId, hub: s.hub, topic: s.topic, mode }, 'hub asked');
  } catch (error) {
    if (ctx.signal.aborted) return;
    await refused(ctx.db, s.id, { code: codeOf(error), reason: messageOf(error), denied: false, again: null });
    ctx.log.warn({ source: s.sourceId, hub: s.hub, mode, code: codeOf(error) }, messageOf(error));
  }
}
