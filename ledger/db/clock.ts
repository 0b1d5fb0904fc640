import { sql } from 'kysely';
import type { Db } from '../schema.js';

/** An answer that took longer says too little of the time at which it was given, in milliseconds. */
const PROMPT_MS = 1000;

/** The ledger's time, told by this process. */
export type Clock = { now(): Date; sync(): Promise<void> };

/**
 * A clock that all processes on one server share, whatever their machines' clocks say: the server's, carried on by this
 * machine's steady clock from one `sync` to the next.
 * @param steady milliseconds that never jump
 */
export async function openClock(db: Db, steady: () => number = () => performance.now()): Promise<Clock> {
  let ahead: number | null = null;
  const sync = async (): Promise<void> => {
    const asked = steady();
    const { rows } = await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(db);
    const answered = steady();
    if (rows[0] && (ahead === null || answered - asked <= PROMPT_MS))
      ahead = rows[0].now.getTime() - (asked + answered) / 2;
  };
  await sync();
  return { now: () => new Date((ahead ?? 0) + steady()), sync };
}
