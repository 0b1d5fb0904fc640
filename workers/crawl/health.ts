import { codeOf, messageOf, SourcelinkError } from '../../config/errors.js';
import type { SourceHealth } from '../../ledger/schema.js';

/** How a visit left its source. */
export type Health = {
  state: SourceHealth;
  code: string | null;
  reason: string | null;
  how: string | null;
  /** Whether any place that lists its articles answered. */
  answered: boolean;
  /** How long the host asked to be left alone, where it answered nothing else; in milliseconds. */
  retryAfterMs: number | null;
};

/** What says that the publisher does not want us, not that something is broken. */
const BLOCKED = ['FETCH_FORBIDDEN', 'FETCH_BLOCKED', 'FETCH_ROBOTS'];

export function unhealthy(error: unknown): Health {
  const code = codeOf(error);
  return {
    state: BLOCKED.includes(code) ? 'blocked' : 'failing',
    code,
    reason: messageOf(error),
    how: null,
    answered: false,
    retryAfterMs: error instanceof SourcelinkError ? (error.retryAfterMs ?? null) : null,
  };
}
