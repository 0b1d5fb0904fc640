import type { Db, EndpointTable } from './schema.js';

export type EndpointRow = Omit<EndpointTable, 'failures' | 'source_id' | 'checked_at'> & {
  failures: number;
  checked_at: Date | null;
};

export async function endpointsOf(db: Db, sourceId: string): Promise<EndpointRow[]> {
  return db.selectFrom('sourcelink.endpoint').selectAll().where('source_id', '=', sourceId).orderBy('url').execute();
}

/** Replaces what is known of a source's endpoints. */
export async function saveEndpoints(db: Db, sourceId: string, rows: EndpointRow[]): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('sourcelink.endpoint').where('source_id', '=', sourceId).execute();
    if (rows.length > 0)
      await tx
        .insertInto('sourcelink.endpoint')
        .values(rows.map((r) => ({ ...r, source_id: sourceId })))
        .execute();
  });
}
