import { codeOf, messageOf, type SourcelinkError } from '../../config/errors.js';
import type { Source } from '../../config/sources.js';
import { type Discovered, discover, type Found } from '../../crawlers/discover/discover.js';
import { endpointsOf, saveEndpoints } from '../../ledger/endpoints.js';
import { recordFound } from '../../ledger/found.js';
import type { NewCandidate } from '../../ledger/revisits.js';
import type { Context } from '../context.js';
import { type Health, unhealthy } from './health.js';
import { identify } from './identity.js';
import { toCandidates } from './to-candidates.js';

/** What a look at the places that list a source's articles brought. */
export type Discovery = { health: Health; requests: number; notModified: number; discovered: number };

const WELL: Health = { state: 'ok', code: null, reason: null, how: null, answered: true, retryAfterMs: null };

/** Of a visit that looks at no list. */
export const NO_DISCOVERY: Discovery = { health: WELL, requests: 0, notModified: 0, discovered: 0 };

export async function discoverSource(ctx: Context, source: Source, signal: AbortSignal): Promise<Discovery> {
  const known = await endpointsOf(ctx.db, source.id);
  let seen: Discovered;
  try {
    seen = await discover(source, known, { fetcher: fetcherFor(ctx, source), now: () => ctx.now().getTime(), signal });
  } catch (error) {
    if (ctx.signal.aborted) throw error;
    return { ...NO_DISCOVERY, health: unhealthy(error) };
  }
  const { requests, notModified } = seen;
  const { added, revisits } = await keepFound(ctx, source, seen.found);
  ctx.meter.add('sourcelink_discovery_requests_total', {}, requests);
  ctx.meter.add('sourcelink_discovered_total', {}, added);
  // Only now: if this process died before the candidates were written, the next visit must not get a 304.
  await saveEndpoints(ctx.db, source.id, seen.endpoints);
  for (const p of seen.problems)
    ctx.log.warn({ source: source.id, url: p.url, code: codeOf(p.error), hint: p.error.hint }, messageOf(p.error));
  ctx.log.debug({ source: source.id, found: seen.found.length, added, revisits, how: seen.how }, 'discovered');
  return { health: healthOf(seen, known.length > 0), requests, notModified, discovered: added };
}

/** How a source is, by what its lists answered. `known`: it was visited before. */
export function healthOf(seen: Discovered, known: boolean): Health {
  const { how } = seen;
  const answered = seen.endpoints.some((e) => e.error === null);
  const moved = seen.problems.find((p) => p.error.code === 'DISCOVER_MOVED')?.error;
  if (moved) return { ...WELL, state: 'moved', code: moved.code, reason: messageOf(moved), how, answered };
  const worst = seen.problems[0]?.error;
  if (worst && !answered) return { ...unhealthy(worst), how };
  const hasSome = seen.found.length > 0 || seen.notModified > 0 || known;
  const problem = worst ? { code: codeOf(worst), reason: messageOf(worst) } : {};
  return { ...WELL, state: hasSome ? 'ok' : 'empty', how, answered, ...problem };
}

/** Writes what a feed, sitemap or section page lists, whoever brought it. @returns how many are new or to be looked at again */
export async function keepFound(
  ctx: Context,
  source: Source,
  found: Found[],
): Promise<{ added: number; revisits: number }> {
  const listed = refuseBlocked(ctx, source, toCandidates(source, found, ctx.now()));
  const { candidates, switched } = await identify(ctx.db, source.id, listed);
  if (switched) {
    const back = 'known by link again: its GUIDs change or are used twice';
    ctx.log.warn({ source: source.id, identity: switched.identity }, switched.reason ?? back);
  }
  return recordFound(ctx.db, source.id, candidates);
}

/** What is never asked for ends here: a list of a thousand private addresses takes up no visit and no day's limit. */
function refuseBlocked(ctx: Context, source: Source, listed: NewCandidate[]): NewCandidate[] {
  const refused: SourcelinkError[] = [];
  const kept = listed.map((c) => {
    const why = c.rejected === null ? ctx.client.refusalOf(c.url, source.proxy) : null;
    if (why === null) return c;
    refused.push(why);
    return { ...c, rejected: { code: why.code, reason: messageOf(why), dead: true } };
  });
  const [first] = refused;
  if (first) {
    const about = { source: source.id, code: first.code, count: refused.length, hint: first.hint };
    ctx.log.warn(about, messageOf(first));
  }
  return kept;
}

/** The client with what a source's own settings add to each request. */
export function fetcherFor(ctx: Pick<Context, 'client'>, source: Source) {
  const more = { proxy: source.proxy, concurrency: source.concurrency, delayMs: source.delayMs };
  return {
    fetch: (request: Parameters<Context['client']['fetch']>[0]) =>
      ctx.client.fetch({ ...more, ...request, headers: { ...source.headers, ...request.headers } }),
    sitemapsOf: (url: string) => ctx.client.sitemapsOf(url, { proxy: source.proxy }),
  };
}
