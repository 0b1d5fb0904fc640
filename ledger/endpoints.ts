import { sql } from 'kysely';
import type { Db, EndpointTable } from './schema.js';

export type EndpointRow = Omit<EndpointTable, 'failures' | 'sourceId' | 'checkedAt' | 'readAt'> & {
  failures: number;
  checkedAt: Date | null;
};

export async function endpointsOf(db: Db, sourceId: string): Promise<EndpointRow[]> {
  return db.selectFrom('sourcelink.endpoint').selectAll().where('sourceId', '=', sourceId).orderBy('url').execute();
}

/** Replaces what is known of a source's endpoints. One whose body is another than before was read just now. */
export async function saveEndpoints(db: Db, sourceId: string, rows: EndpointRow[]): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const before = await tx
      .deleteFrom('sourcelink.endpoint')
      .where('sourceId', '=', sourceId)
      .returning(['url', 'bodyHash', 'readAt'])
      .execute();
    const readAt = ({ url, bodyHash }: EndpointRow) => {
      if (bodyHash === null) return before.find((b) => b.url === url)?.readAt ?? null;
      return before.find((b) => b.bodyHash === bodyHash)?.readAt ?? sql<Date>`now()`;
    };
    if (rows.length > 0)
      await tx
        .insertInto('sourcelink.endpoint')
        .values(rows.map((r) => ({ ...r, sourceId: sourceId, readAt: readAt(r) })))
        .execute();
  });
}
