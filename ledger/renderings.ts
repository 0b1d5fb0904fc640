import { json } from './articles.js';
import type { Db, RenderSample, Tx, Way } from './schema.js';

/** What was learned of whether a source's pages need the browser. */
export type Rendering = {
  way: Way;
  since: Date;
  /** The newest last; all from after the last surprise. */
  samples: RenderSample[];
  /** Comparisons in a row that confirmed the way. */
  checks: number;
  /** When a page is next looked at both ways; null while each page shows by itself. */
  checkAt: Date | null;
  /** Pages in a row in which the browser found no article either. */
  fruitless: number;
  /** After many of these, the next page without an article that goes to the browser; null: any. */
  tryAt: Date | null;
  /** Pages opened in the browser, ever. */
  rendered: number;
};

/** Before anything is known. */
export function unlearned(now: Date): Rendering {
  return {
    way: 'each page',
    since: now,
    samples: [],
    checks: 0,
    checkAt: null,
    fruitless: 0,
    tryAt: null,
    rendered: 0,
  };
}

export async function readRenderings(db: Db, sourceIds: string[]): Promise<Map<string, Rendering>> {
  if (sourceIds.length === 0) return new Map();
  return bySource(await rowsOf(db, sourceIds).execute());
}

const rowsOf = (db: Db | Tx, sourceIds: string[]) =>
  db.selectFrom('sourcelink.rendering').selectAll().where('sourceId', 'in', sourceIds);

function bySource(rows: Awaited<ReturnType<ReturnType<typeof rowsOf>['execute']>>): Map<string, Rendering> {
  return new Map(
    rows.map((r) => {
      const { way, since, samples, checks, fruitless, rendered } = r;
      return [r.sourceId, { way, since, samples, checks, checkAt: r.checkAt, fruitless, tryAt: r.tryAt, rendered }];
    }),
  );
}

/** Changes what is known of a source, one process at a time. @returns before and after */
export async function changeRendering(
  db: Db,
  sourceId: string,
  now: Date,
  change: (known: Rendering) => Rendering,
): Promise<{ before: Rendering; after: Rendering }> {
  return db.transaction().execute(async (tx) => {
    const row = { sourceId: sourceId, since: now };
    await tx
      .insertInto('sourcelink.rendering')
      .values(row)
      .onConflict((c) => c.doNothing())
      .execute();
    const locked = await rowsOf(tx, [sourceId]).forUpdate().execute();
    const before = bySource(locked).get(sourceId) ?? unlearned(now);
    const after = change(before);
    if (after === before) return { before, after };
    const { way, since, samples, checks, checkAt, fruitless, tryAt, rendered } = after;
    await tx
      .updateTable('sourcelink.rendering')
      .set({ way, since, samples: json(samples), checks, checkAt: checkAt, fruitless, tryAt: tryAt, rendered })
      .where('sourceId', '=', sourceId)
      .execute();
    return { before, after };
  });
}

/** Forgets whether a source needs the browser. @returns whether anything was known */
export async function forgetRendering(db: Db, sourceId: string): Promise<boolean> {
  const gone = await db.deleteFrom('sourcelink.rendering').where('sourceId', '=', sourceId).executeTakeFirst();
  return gone.numDeletedRows > 0n;
}
