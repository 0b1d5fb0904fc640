import type { AnyFeed } from 'feedsmith';
import { lexicon } from '../../text/lexicon.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const PERIOD_MS = lexicon<number>({
  hourly: HOUR_MS,
  daily: 24 * HOUR_MS,
  weekly: 7 * 24 * HOUR_MS,
  monthly: 30 * 24 * HOUR_MS,
  yearly: 365 * 24 * HOUR_MS,
});

/**
 * Milliseconds that a feed asks to be kept before it is asked for again: `ttl` (RSS 2.0) or `updatePeriod` (RSS 1.0
 * Syndication); null when it asks for nothing.
 */
export function restOfFeed(any: AnyFeed): number | null {
  if (any.format === 'json') return null;
  const ttl = any.format === 'rss' ? (any.feed.ttl ?? 0) * MINUTE_MS : 0;
  const { updatePeriod, updateFrequency = 1 } = any.feed.sy ?? {};
  // "Once an hour" is what WordPress writes into every feed: nobody chose it.
  const isUnchosen = updatePeriod === 'hourly' && updateFrequency === 1;
  const period = isUnchosen ? 0 : (PERIOD_MS[updatePeriod?.trim() ?? ''] ?? 0) / Math.max(1, updateFrequency);
  const rest = Math.max(ttl, period);
  return rest > 0 ? rest : null;
}

/** Milliseconds for which an answer stays fresh (RFC 9111, 4.2.1): `max-age` less `Age`; 0 when it does not say. */
export function restOfAnswer(headers: Record<string, string>): number {
  const control = headers['cache-control'] ?? '';
  if (/\bno-(?:cache|store)\b/i.test(control)) return 0;
  const maxAge = Number(/\bmax-age\s*=\s*"?(\d{1,9})/i.exec(control)?.[1] ?? 0);
  const age = Number(/^\d{1,9}$/.exec(headers['age'] ?? '')?.[0] ?? 0);
  return Math.max(0, maxAge - age) * 1000;
}

/** Longest wish that is worth remembering: a day, which is also what an `int` column holds with room. */
export const MAX_REST_MS = 24 * HOUR_MS;
