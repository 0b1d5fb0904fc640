import type { Db } from './schema.js';

/** Stops or resumes the visits to a source; what waits is kept. @returns false when the ledger does not know it */
export async function setPaused(db: Db, sourceId: string, paused: boolean): Promise<boolean> {
  const result = await db
    .updateTable('sourcelink.source_state')
    .set({ paused })
    .where('sourceId', '=', sourceId)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
