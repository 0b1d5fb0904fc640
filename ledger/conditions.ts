import { type RawBuilder, sql } from 'kysely';
import type { ConditionTable, Db, Tx } from './schema.js';

/** How something was found to be. */
export type Observed = Pick<ConditionTable, 'kind' | 'name' | 'topic' | 'state'> & {
  code: string | null;
  reason: string | null;
  /** Where the code does not say it. */
  hint: string | null;
};

/** When a state has lasted long enough to be told, and whom. */
export type Telling = { channels: string[]; times: number; seconds: number };

/**
 * Notes how something is, and writes an alert when that has lasted and people were last told otherwise: one for each
 * change, with a notice for each channel. To be called in the transaction that makes the state known.
 */
export async function observe(tx: Db | Tx, seen: Observed, telling: Telling): Promise<void> {
  const same: RawBuilder<boolean> = sql`c.state = excluded.state`;
  const { rows } = await sql<ConditionTable & { lasts: boolean }>`
    INSERT INTO sourcelink.condition AS c (kind, name, topic, state, since, times, told)
    VALUES (${seen.kind}, ${seen.name}, ${seen.topic}, ${seen.state}, now(), 1, 'ok')
    ON CONFLICT (kind, name, topic) DO UPDATE SET state = excluded.state,
      since = CASE WHEN ${same} THEN c.since ELSE excluded.since END, times = CASE WHEN ${same} THEN c.times + 1 ELSE 1 END
    RETURNING c.*, c.times >= ${telling.times}::int AND c.since <= now() - make_interval(secs => ${telling.seconds}) AS lasts`.execute(
    tx,
  );
  const now = rows[0];
  if (!now?.lasts || now.told === now.state) return;
  const { kind, name, topic, state, since } = now;
  const { id } = await tx
    .insertInto('sourcelink.alert')
    .values({
      kind,
      name,
      topic,
      state,
      since,
      was: now.told,
      wasSince: now.toldSince,
      code: seen.code,
      reason: seen.reason,
      hint: seen.hint,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await tx
    .updateTable('sourcelink.condition')
    .set({ told: state, toldSince: since })
    .where('kind', '=', kind)
    .where('name', '=', name)
    .where('topic', '=', topic)
    .execute();
  if (telling.channels.length > 0)
    await tx
      .insertInto('sourcelink.notice')
      .values(telling.channels.map((channel) => ({ alertId: id, channel })))
      .execute();
}

/** What people were last told of each thing of a kind. */
export const conditionsOf = (db: Db, kind: ConditionTable['kind']): Promise<ConditionTable[]> =>
  db.selectFrom('sourcelink.condition').selectAll().where('kind', '=', kind).execute();

/** All sources with what is watched of them beside their visits. */
export async function watchedSources(db: Db) {
  return db
    .selectFrom('sourcelink.source_state as s')
    .leftJoin('sourcelink.profile as p', 'p.sourceId', 's.sourceId')
    .select(['s.sourceId as id', 's.paused', 's.state', 's.reason', 's.lastVisitAt', 's.nextVisitAt'])
    .select(['p.state as profile', 'p.reason as profileReason'])
    .execute();
}
