/** Limits how often each reader may do something, with a sliding window. */
export class RateLimit {
  readonly #times = new Map<string, number[]>();
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #now: () => Date;

  constructor(limit: number, windowMs: number, now: () => Date) {
    this.#limit = limit;
    this.#windowMs = windowMs;
    this.#now = now;
  }

  /** Whether `who` is within the limit. If so, this call counts. */
  allows(who: string): boolean {
    const now = this.#now().getTime();
    const times = (this.#times.get(who) ?? []).filter((t) => now - t < this.#windowMs);
    if (times.length >= this.#limit) return false;
    times.push(now);
    this.#times.delete(who);
    this.#times.set(who, times);
    // The oldest entries are dropped first, so that many addresses cannot fill the memory.
    for (const other of this.#times.keys()) {
      if (this.#times.size <= 10_000) break;
      this.#times.delete(other);
    }
    return true;
  }
}
