import type { SiteDb } from './store/database.js';
import type { Received } from './store/receive.js';

/** How long the last count is trusted before the database is asked again, in milliseconds. */
const BELIEVED_MS = 1000;

/** What listeners receive. `received` is null when another process of the site received the message. */
export type Heard = { count: number; received: Received | null };

/** Notices changes: those of this process at once, those of others within about a second of being asked. */
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

  /** A number that grows with every change to what the site shows. */
  async current(): Promise<number> {
    if (this.#now().getTime() - this.#askedAt < BELIEVED_MS) return this.#count;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  /** Call this after a change in this process: a message was received, or an editor decided something. */
  async note(received: Received | null): Promise<void> {
    await this.#ask(received);
  }

  /** Calls `listener` on each change. @returns a function that stops it */
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
