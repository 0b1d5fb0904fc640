import { Hono } from 'hono';
import { codeOf, messageOf } from '../../config/errors.js';
import { readPushed } from '../../crawlers/discover/pushed.js';
import { isPaused } from '../../ledger/sources.js';
import { forget, grant, noteDelivery, refused, type Subscription, subscriptionOf } from '../../ledger/subscriptions.js';
import type { Context } from '../../workers/context.js';
import { keepFound } from '../../workers/crawl/discover-source.js';
import { isSigned } from './signature.js';

/** How long to wait before asking again after a hub denied a subscription, in milliseconds. */
const DENIED_MS = 24 * 3_600_000;
/** Limits for the lease that a hub sets, in milliseconds. */
const LEASE_MS = { least: 60_000, most: 365 * 24 * 3_600_000 };

/** A subscriber's two requests from hubs: `GET` verifies its intent, `POST` delivers a feed (W3C WebSub, 5.3 and 7). */
export function websubRoutes(ctx: Context): Hono {
  const app = new Hono();
  app.get('/websub/:token', async (c) => {
    const s = await subscriptionOf(ctx.db, c.req.param('token'));
    const answer = s && (await verify(ctx, s, (name) => c.req.query(`hub.${name}`)));
    return answer == null ? c.text('no such subscription\n', 404) : c.text(answer);
  });
  app.post('/websub/:token', async (c) => {
    const s = await subscriptionOf(ctx.db, c.req.param('token'));
    // 410 asks the hub to end the subscription (7).
    if (!s || s.state === 'denied') return c.text('not subscribed\n', 410);
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    await take(ctx, s, { bytes, contentType: c.req.header('content-type') }, c.req.header('x-hub-signature'));
    return c.body(null, 202);
  });
  return app;
}

/** @returns the body to answer with; null when Sourcelink did not ask for this */
async function verify(
  ctx: Context,
  s: Subscription,
  hub: (name: string) => string | undefined,
): Promise<string | null> {
  const mode = hub('mode');
  if (hub('topic') !== s.topic) return null;
  const now = ctx.now();
  if (mode === 'denied') {
    const reason = hub('reason')?.slice(0, 300) || 'no reason given';
    const again = new Date(now.getTime() + DENIED_MS);
    await refused(ctx.db, s.id, {
      code: 'WEBSUB_DENIED',
      reason: `the hub denied the subscription: ${reason}`,
      denied: true,
      again,
    });
    ctx.log.warn({ source: s.sourceId, hub: s.hub, topic: s.topic }, `the hub denied the subscription: ${reason}`);
    return '';
  }
  const challenge = hub('challenge');
  if (!challenge) return null;
  if (mode === 'unsubscribe' && s.state === 'ending') {
    await forget(ctx.db, s.id);
    return challenge;
  }
  if (mode !== 'subscribe' || s.state === 'ending') return null;
  const seconds = Number(hub('lease_seconds') ?? Number.NaN);
  const wanted = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : ctx.settings.websub.lease;
  const leaseMs = Math.min(LEASE_MS.most, Math.max(LEASE_MS.least, wanted));
  await grant(ctx.db, s.id, now, leaseMs);
  ctx.log.info({ source: s.sourceId, topic: s.topic, hub: s.hub, leaseSeconds: leaseMs / 1000 }, 'subscribed');
  return challenge;
}

/** Reads a feed that a hub posted. A wrong signature is ignored silently (8). What is found is stored before the hub gets its answer. */
async function take(
  ctx: Context,
  s: Subscription,
  body: { bytes: Uint8Array; contentType: string | undefined },
  signature: string | undefined,
): Promise<void> {
  const known = { source: s.sourceId, topic: s.topic, hub: s.hub };
  if (!isSigned(body.bytes, signature, s.secret))
    return void ctx.log.warn(known, 'ignored a feed from a hub: its signature does not match the secret');
  const source = ctx.sources.get(s.sourceId);
  if (!source?.enabled || s.state === 'ending' || (await isPaused(ctx.db, source.id))) return;
  let found: ReturnType<typeof readPushed>;
  try {
    found = readPushed(source, { url: s.topic, ...body }, ctx.now().getTime());
  } catch (error) {
    return void ctx.log.warn({ ...known, code: codeOf(error) }, messageOf(error));
  }
  const { added, revisits } = await keepFound(ctx, source, found);
  await noteDelivery(ctx.db, s.id, ctx.now());
  ctx.log.info({ ...known, found: found.length, added, revisits }, 'read a feed from a hub');
  if (added + revisits > 0)
    await ctx.queues.add('crawl', { source: source.id, discover: false }, { deduplicate: `${source.id}:due` });
}
