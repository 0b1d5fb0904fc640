import type { PageOutcome } from '../../crawlers/fetch/pages.js';

/** Failures in a row after which a host is left alone, and for how long at least, in milliseconds. */
const ENOUGH = 4;
const LEFT_ALONE_MS = 5 * 60_000;
/** Failures that any page of the same host would meet. */
const OF_HOST = new Set<string>([
  'FETCH_DNS',
  'FETCH_CONNECT',
  'FETCH_TLS',
  'FETCH_TIMEOUT',
  'FETCH_HTTP_5XX',
  'FETCH_RATE_LIMITED',
  'FETCH_ROBOTS_UNREACHABLE',
  'FETCH_FORBIDDEN',
  'FETCH_BLOCKED',
]);

/** Notices that a host is in trouble, so that no more of its pages are asked for: `signal` aborts then. */
export type HostTrouble = {
  note(outcome: PageOutcome): void;
  signal: AbortSignal;
  /** How long its other pages wait, in milliseconds; at least as long as it asked for. */
  restMs(): number;
};

export function watchHost(): HostTrouble {
  const giveUp = new AbortController();
  let inARow = 0;
  let asked = 0;
  return {
    note(outcome) {
      const error = outcome.kind === 'failed' && OF_HOST.has(outcome.error.code) ? outcome.error : null;
      inARow = error === null ? 0 : inARow + 1;
      if (error !== null) asked = error.retryAfterMs ?? 0;
      if (inARow >= ENOUGH) giveUp.abort();
    },
    signal: giveUp.signal,
    restMs: () => Math.max(asked, LEFT_ALONE_MS),
  };
}
