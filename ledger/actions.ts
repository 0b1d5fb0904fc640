import { json } from './articles.js';
import type { ActionTable, Db } from './schema.js';

type Action = Omit<ActionTable, 'seq' | 'outcome'> & { outcome: string | null };

/** Writes that an action begins, so that one which a crash cuts off is known too. @returns its number */
export async function beginAction(db: Db, a: Omit<Action, 'outcome'>): Promise<number> {
  const { seq } = await db
    .insertInto('sourcelink.action')
    .values({ ...a, subject: json(a.subject), body: json(a.body ?? null) })
    .returning('seq')
    .executeTakeFirstOrThrow();
  return seq;
}

/** @param outcome `done`, or the code of the error */
export async function endAction(db: Db, seq: number, outcome: string): Promise<void> {
  await db.updateTable('sourcelink.action').set({ outcome }).where('seq', '=', seq).execute();
}

/** What was done over HTTP, newest first. */
export async function listActions(db: Db, limit: number): Promise<Action[]> {
  return db
    .selectFrom('sourcelink.action')
    .select(['at', 'client', 'action', 'subject', 'body', 'outcome'])
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
}
