import type { SiteDb } from './store/database.js';
import type { Received } from './store/receive.js';

/** How long an answer about other processes' changes is believed, in milliseconds. */
const BELIEVED_MS = 1000;

/** What a listener hears; `received` is null when another process of the site received it. */
export type Heard = { count: number; received: Received | null };

/** Notices what arrives, here at once and in other processes within a second or so of being asked. */
export class Changes {
  readonly #db: SiteDb;
  readonly #now: () => Date;
  readonly #listeners = new Set<(heard: Heard) => void>();
  #count = 0;
  #askedAt = 0;
  #asking: Promise<number> | null = null;

  constructor(db: SiteDb, now: () => Date) {
    this.#db = db;
    this.#now = now;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Grows with every change of what the site shows. */
  async current(): Promise<number> {
    if (this.#now().getTime() - this.#askedAt < BELIEVED_MS) return this.#count;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  /** To be called after something changed here: a message was taken in, or an editor decided. */
  async note(received: Received | null): Promise<void> {
    await this.#ask(received);
  }

  /** Calls back until the returned function is called. */
  listen(listener: (heard: Heard) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #ask(received: Received | null = null): Promise<number> {
    const { rows } = await this.#db.query<{ count: string | number }>('SELECT count FROM site.change');
    const count = Number(rows[0]?.count ?? 0);
    this.#askedAt = this.#now().getTime();
    if (count !== this.#count) {
      const first = this.#count === 0;
      this.#count = count;
      if (!first || received !== null) for (const listener of this.#listeners) listener({ count, received });
    }
    return count;
  }
}
