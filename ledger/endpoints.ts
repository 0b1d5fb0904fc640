import { sql } from 'kysely';
import type { Endpoint } from '../crawlers/discover/endpoint.js';
import type { Db, EndpointTable } from './schema.js';

type Row = Omit<EndpointTable, 'failures' | 'sourceId' | 'readAt'> & { failures: number };

/** What is remembered of the places that list a source's articles. */
export async function endpointsOf(db: Db, sourceId: string): Promise<Endpoint[]> {
  const rows = await db
    .selectFrom('sourcelink.endpoint')
    .selectAll()
    .where('sourceId', '=', sourceId)
    .orderBy('url')
    .execute();
  return rows.map(({ hub, topic, checkedAt, readAt: _read, sourceId: _source, ...endpoint }) => ({
    ...endpoint,
    checkedAt: checkedAt?.toISOString() ?? null,
    push: hub === null || topic === null ? null : { hub, topic },
  }));
}

const rowOf = ({ push, checkedAt, ...endpoint }: Endpoint): Row => ({
  ...endpoint,
  checkedAt: checkedAt === null ? null : new Date(checkedAt),
  hub: push?.hub ?? null,
  topic: push?.topic ?? null,
});

/** Replaces what is known of a source's endpoints. One whose body is another than before was read just now. */
export async function saveEndpoints(db: Db, sourceId: string, endpoints: Endpoint[]): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const before = await tx
      .deleteFrom('sourcelink.endpoint')
      .where('sourceId', '=', sourceId)
      .returning(['url', 'bodyHash', 'readAt'])
      .execute();
    const readAt = ({ url, bodyHash }: Endpoint) => {
      if (bodyHash === null) return before.find((b) => b.url === url)?.readAt ?? null;
      return before.find((b) => b.bodyHash === bodyHash)?.readAt ?? sql<Date>`now()`;
    };
    if (endpoints.length > 0)
      await tx
        .insertInto('sourcelink.endpoint')
        .values(endpoints.map((e) => ({ ...rowOf(e), sourceId, readAt: readAt(e) })))
        .execute();
  });
}
