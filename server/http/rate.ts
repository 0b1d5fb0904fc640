import { isIPv6 } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/** Clients that are remembered. The one whose last request is oldest is forgotten first. */
const MAX_CLIENTS = 10_000;

/** A token bucket for each client: `burst` requests at once, `perMinute` in the long run. */
export class ClientRate {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();
  readonly #perMs: number;
  readonly #burst: number;

  constructor(rate: { perMinute: number; burst: number }) {
    this.#perMs = rate.perMinute / 60_000;
    this.#burst = rate.burst;
  }

  /** Takes one token. @returns 0, or the milliseconds until one is available */
  take(client: string, now: number): number {
    const last = this.#buckets.get(client);
    const grown = last === undefined ? this.#burst : last.tokens + Math.max(0, now - last.at) * this.#perMs;
    const tokens = Math.min(this.#burst, grown);
    const allowed = tokens >= 1;
    this.#buckets.delete(client);
    this.#buckets.set(client, { tokens: allowed ? tokens - 1 : tokens, at: now });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > MAX_CLIENTS && oldest !== undefined) this.#buckets.delete(oldest);
    return allowed ? 0 : Math.ceil((1 - tokens) / this.#perMs);
  }
}

/** The client: the address of the connection, or the one that the last trusted proxy names. IPv6 is cut to its /64, which one client usually owns. */
export function clientOf(c: Context, proxies: number): string {
  const named = (c.req.header('x-forwarded-for') ?? '').split(',').map((a) => a.trim());
  const address = (proxies > 0 && named.at(-proxies)) || (getConnInfo(c).remote.address ?? 'unknown');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address.slice(0, 64);
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const filled =
    tail === undefined ? groups : [...groups, ...Array(8 - groups.length - after.length).fill('0'), ...after];
  return `${filled.slice(0, 4).join(':').toLowerCase()}::/64`;
}
