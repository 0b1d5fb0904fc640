/** How often each of many may do something, by a window that slides. */
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

  /** True when `who` may; it is then counted. */
  allows(who: string): boolean {
    const now = this.#now().getTime();
    const times = (this.#times.get(who) ?? []).filter((t) => now - t < this.#windowMs);
    if (times.length >= this.#limit) return false;
    times.push(now);
    this.#times.delete(who);
    this.#times.set(who, times);
    // The oldest are forgotten first, so that many addresses cannot fill the memory.
    for (const other of this.#times.keys()) {
      if (this.#times.size <= 10_000) break;
      this.#times.delete(other);
    }
    return true;
  }
}
