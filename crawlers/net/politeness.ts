import { setTimeout as delay } from 'node:timers/promises';
import { SourcelinkError } from '../../config/errors.js';

/** How fast one host may be asked. */
export type HostPolicy = {
  /** Requests to the host at the same time. */
  concurrency: number;
  /** Milliseconds between the starts of two requests. */
  delayMs: number;
};

export type Leave = (sinceStartMs?: number) => void | Promise<void>;

/** Lets a request to a host begin when it is that host's turn. */
export type HostGate = {
  /**
   * Waits for a turn. @returns what gives the turn back; call it once, when the answer is read, with the milliseconds since the
   * request began in truth: a busy process may begin late, and the delay counts from there.
   * @throws SourcelinkError `FETCH_RATE_LIMITED` when the host is paused for longer than it makes sense to wait
   */
  acquire(host: string, policy: HostPolicy, signal?: AbortSignal): Promise<Leave>;
  /** Nothing more is asked of the host for this long (`Retry-After`). */
  pause(host: string, milliseconds: number): Promise<void>;
};

type Waiter = { policy: HostPolicy; grant: () => void; refuse: (error: unknown) => void };
type HostState = { active: number; nextStart: number; pausedUntil: number; queue: Waiter[]; sleeping: boolean };

/** Pauses up to this are waited for; beyond it the ledger tries again later, and the run goes on with other hosts. */
export const PATIENCE_MS = 30_000;

/** Politeness within one process: turns in order of asking, at most so many at a time, and a pause between their starts. */
export function createHostGate(
  options: { now?: () => number; sleep?: (milliseconds: number) => Promise<unknown>; patienceMs?: number } = {},
): HostGate & { hosts(): number } {
  // Steady: a wall clock that is set back would hold everything for as long.
  const now = options.now ?? (() => performance.now());
  const sleep = options.sleep ?? delay;
  const patience = options.patienceMs ?? PATIENCE_MS;
  const hosts = new Map<string, HostState>();

  const stateOf = (host: string): HostState => {
    const had = hosts.get(host);
    if (had) return had;
    // A new host is the moment to forget those that nothing is held for any more.
    for (const [name, h] of hosts)
      if (h.active === 0 && h.queue.length === 0 && Math.max(h.nextStart, h.pausedUntil) <= now()) hosts.delete(name);
    const fresh: HostState = { active: 0, nextStart: 0, pausedUntil: 0, queue: [], sleeping: false };
    hosts.set(host, fresh);
    return fresh;
  };

  const advance = (host: string, h: HostState): void => {
    const pause = h.pausedUntil - now();
    if (pause > patience) {
      for (const w of h.queue.splice(0)) w.refuse(paused(host, pause));
      return;
    }
    for (let first = h.queue[0]; first && h.active < first.policy.concurrency; first = h.queue[0]) {
      const wait = Math.max(h.nextStart, h.pausedUntil) - now();
      if (wait > 0) {
        wake(host, h, wait);
        return;
      }
      h.queue.shift();
      h.active++;
      h.nextStart = now() + first.policy.delayMs;
      first.grant();
    }
  };

  const wake = (host: string, h: HostState, milliseconds: number): void => {
    if (h.sleeping) return;
    h.sleeping = true;
    void sleep(milliseconds).then(() => {
      h.sleeping = false;
      advance(host, h);
    });
  };

  return {
    hosts: () => hosts.size,
    acquire(host, policy, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const h = stateOf(host);
        const abort = (): void => {
          h.queue.splice(h.queue.indexOf(waiter), 1);
          reject(signal?.reason);
          advance(host, h);
        };
        const settled = (): void => signal?.removeEventListener('abort', abort);
        const leave = once((sinceStartMs) => {
          h.active--;
          if (sinceStartMs !== undefined) h.nextStart = Math.max(h.nextStart, now() - sinceStartMs + policy.delayMs);
          advance(host, h);
        });
        const waiter: Waiter = {
          policy,
          grant: () => {
            settled();
            resolve(leave);
          },
          refuse: (error) => {
            settled();
            reject(error);
          },
        };
        signal?.addEventListener('abort', abort, { once: true });
        h.queue.push(waiter);
        advance(host, h);
      });
    },
    async pause(host, milliseconds) {
      const h = stateOf(host);
      h.pausedUntil = Math.max(h.pausedUntil, now() + milliseconds);
      advance(host, h);
    },
  };
}

/** The host's `Retry-After`, or that of another request to it, has not passed yet. */
export function paused(host: string, milliseconds: number): SourcelinkError {
  const text = `${host} asked to be left alone for another ${Math.ceil(milliseconds / 1000)} s`;
  return new SourcelinkError('FETCH_RATE_LIMITED', text, { retryAfterMs: milliseconds });
}

function once(act: (sinceStartMs?: number) => void): (sinceStartMs?: number) => void {
  let done = false;
  return (sinceStartMs) => {
    if (done) return;
    done = true;
    act(sinceStartMs);
  };
}
