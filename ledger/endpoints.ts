import { sql } from 'kysely';
import type { Db, EndpointTable } from './schema.js';

export type EndpointRow = Omit<EndpointTable, 'failures' | 'source_id' | 'checked_at' | 'read_at'> & {
  failures: number;
  checked_at: Date | null;
};

export async function endpointsOf(db: Db, sourceId: string): Promise<EndpointRow[]> {
  return db.selectFrom('sourcelink.endpoint').selectAll().where('source_id', '=', sourceId).orderBy('url').execute();
}

/** Replaces what is known of a source's endpoints. One whose body is another than before was read just now. */
export async function saveEndpoints(db: Db, sourceId: string, rows: EndpointRow[]): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const before = await tx
      .deleteFrom('sourcelink.endpoint')
      .where('source_id', '=', sourceId)
      .returning(['url', 'body_hash', 'read_at'])
      .execute();
    const readAt = ({ url, body_hash }: EndpointRow) => {
      if (body_hash === null) return before.find((b) => b.url === url)?.read_at ?? null;
      return before.find((b) => b.body_hash === body_hash)?.read_at ?? sql<Date>`now()`;
    };
    if (rows.length > 0)
      await tx
        .insertInto('sourcelink.endpoint')
        .values(rows.map((r) => ({ ...r, source_id: sourceId, read_at: readAt(r) })))
        .execute();
  });
}
