import { EventEmitter } from 'node:events';
import type { PGlite } from '@electric-sql/pglite';

/** node-postgres names the command; Kysely counts changed rows for these. */
type Command = 'DELETE' | 'INSERT' | 'MERGE' | 'SELECT' | 'UPDATE';
type Result = { rows: never[]; rowCount: number; command: Command };

/**
 * One in-process PGlite seen as a node-postgres pool, so that the ledger's queries and BullMQ's PostgreSQL backend run
 * on it unchanged. PGlite has a single session: a client that opens a transaction holds it until COMMIT or ROLLBACK,
 * everybody else waits in line. LISTEN is answered from PGlite's own notifications and holds nothing.
 */
export class PglitePool extends EventEmitter {
  /** BullMQ asks for a pool's size; an in-process one never runs out of clients. keepAlive: no connection can drop. */
  readonly options = { max: Number.POSITIVE_INFINITY, keepAlive: true };
  readonly #db: PGlite;
  readonly #turns: (() => void)[] = [];
  #busy = false;

  constructor(db: PGlite) {
    super();
    this.setMaxListeners(0);
    this.#db = db;
  }

  /** A client of its own: the unit of a transaction. */
  async connect(): Promise<PgliteClient> {
    const client = new PgliteClient(this, this.#db);
    this.emit('connect', client);
    return client;
  }

  /** One statement outside of any transaction. */
  async query(text: string, params?: readonly unknown[]): Promise<Result> {
    const leave = await this.enter();
    try {
      return await execute(this.#db, text, params);
    } finally {
      leave();
    }
  }

  /** The owner closes PGlite itself. */
  async end(): Promise<void> {}

  /** Waits for the session; the caller must call what it gets, once. */
  async enter(): Promise<() => void> {
    if (this.#busy) await new Promise<void>((turn) => this.#turns.push(turn));
    this.#busy = true;
    return () => {
      const next = this.#turns.shift();
      if (next) next();
      else this.#busy = false;
    };
  }
}

/** What `connect()` hands out; `release()` rolls back a transaction that was left open. */
export class PgliteClient extends EventEmitter {
  readonly #pool: PglitePool;
  readonly #db: PGlite;
  #leave: (() => void) | null = null;
  #unsubscribe: (() => void) | null = null;
  readonly #channels = new Set<string>();

  constructor(pool: PglitePool, db: PGlite) {
    super();
    this.setMaxListeners(0);
    this.#pool = pool;
    this.#db = db;
  }

  async query(text: string, params?: readonly unknown[]): Promise<Result> {
    const command = commandOf(text);
    if (command === 'LISTEN' || command === 'UNLISTEN') return this.#subscribe(command, text);
    if (this.#leave) return this.#inTransaction(command, text, params);
    if (command !== 'BEGIN' && command !== 'START') return this.#pool.query(text, params);
    this.#leave = await this.#pool.enter();
    return this.#inTransaction(command, text, params);
  }

  async #inTransaction(command: string, text: string, params?: readonly unknown[]): Promise<Result> {
    const ends = command === 'COMMIT' || (command === 'ROLLBACK' && !/\bto\b/i.test(text));
    try {
      return await execute(this.#db, text, params);
    } finally {
      if (ends) this.#free();
    }
  }

  async #subscribe(command: string, text: string): Promise<Result> {
    const channel = /"([^"]+)"|\s(\w+)\s*;?\s*$/.exec(text)?.slice(1).find(Boolean);
    if (command === 'UNLISTEN') {
      if (channel) this.#channels.delete(channel);
      else this.#channels.clear();
    } else if (channel) {
      // The one session listens for everybody; each client hears only the channels that it asked for.
      await this.#pool.query(text);
      this.#channels.add(channel);
      this.#unsubscribe ??= this.#db.onNotification((name, payload) => {
        if (this.#channels.has(name)) this.emit('notification', { channel: name, payload });
      });
    }
    return { rows: [], rowCount: 0, command: command as Command };
  }

  release(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#channels.clear();
    const leave = this.#leave;
    if (!leave) return;
    this.#leave = null;
    void this.#db
      .exec('ROLLBACK')
      .catch(() => undefined)
      .finally(leave);
  }

  #free(): void {
    const leave = this.#leave;
    this.#leave = null;
    leave?.();
  }
}

const commandOf = (text: string): string => /^\s*(?:--[^\n]*\n\s*)*(\w+)/.exec(text)?.[1]?.toUpperCase() ?? '';

async function execute(db: PGlite, text: string, params?: readonly unknown[]): Promise<Result> {
  const command = commandOf(text) as Command;
  // Without parameters a text may hold many statements, as BullMQ's migrations do.
  if (!params?.length) {
    const results = await db.exec(text);
    const last = results.at(-1);
    return { rows: (last?.rows ?? []) as never[], rowCount: last?.affectedRows ?? last?.rows.length ?? 0, command };
  }
  const result = await db.query<never>(text, [...params]);
  return { rows: result.rows, rowCount: result.affectedRows ?? result.rows.length, command };
}
