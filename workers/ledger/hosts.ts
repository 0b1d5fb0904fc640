import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { HostGate } from '../../crawlers/net/politeness.js';
import type { RobotsStore } from '../../crawlers/net/robots.js';
import { json } from './articles.js';
import type { Db } from './schema.js';

/** Longer than any request may take; a process that died gives its slots back after it. */
const SLOT_SECONDS = 90;
const POLL_MS = 60;

/**
 * Politeness that holds over all processes on one PostgreSQL: the local gate keeps order within this process, the
 * ledger's rows keep concurrency, delay and Retry-After pauses between processes.
 */
export function createSharedGate(db: Db, local: HostGate, owner: string): HostGate {
  const prepared = new Map<string, number>();
  return {
    async acquire(host, policy, signal) {
      const leaveLocal = await local.acquire(host, policy, signal);
      try {
        if ((prepared.get(host) ?? 0) < policy.concurrency) {
          await prepare(db, host, policy.concurrency);
          prepared.set(host, policy.concurrency);
        }
        for (;;) {
          signal?.throwIfAborted();
          const slot = await takeSlot(db, host, policy, owner);
          if (slot !== null) {
            return async () => {
              await sql`UPDATE sourcelink.host SET lease_until = '-infinity' WHERE host = ${host} AND slot = ${slot} AND owner = ${owner}`.execute(
                db,
              );
              await leaveLocal();
            };
          }
          await sleep(POLL_MS + Math.random() * POLL_MS, undefined, signal ? { signal } : {});
        }
      } catch (error) {
        await leaveLocal();
        throw error;
      }
    },
    async pause(host, milliseconds) {
      await local.pause(host, milliseconds);
      await prepare(db, host, 1);
      await sql`UPDATE sourcelink.host SET free_at = greatest(free_at, now() + make_interval(secs => ${milliseconds / 1000})) WHERE host = ${host} AND slot = -1`.execute(
        db,
      );
    },
  };
}

async function prepare(db: Db, host: string, slots: number): Promise<void> {
  await sql`INSERT INTO sourcelink.host (host, slot) SELECT ${host}, s FROM generate_series(-1, ${slots - 1}::int) s ON CONFLICT DO NOTHING`.execute(
    db,
  );
}

async function takeSlot(
  db: Db,
  host: string,
  policy: { concurrency: number; delayMs: number },
  owner: string,
): Promise<number | null> {
  const { rows } = await sql<{ slot: number }>`
    WITH turn AS (
      SELECT 1 FROM sourcelink.host WHERE host = ${host} AND slot = -1 AND free_at <= now() FOR UPDATE SKIP LOCKED
    ), free AS (
      SELECT h.slot FROM sourcelink.host h, turn
      WHERE h.host = ${host} AND h.slot >= 0 AND h.slot < ${policy.concurrency}::int AND h.lease_until < now() ORDER BY h.slot LIMIT 1 FOR UPDATE OF h SKIP LOCKED
    ), took AS (
      UPDATE sourcelink.host h SET owner = ${owner}, lease_until = now() + make_interval(secs => ${SLOT_SECONDS})
      FROM free WHERE h.host = ${host} AND h.slot = free.slot RETURNING h.slot
    ), mark AS (
      UPDATE sourcelink.host SET free_at = now() + make_interval(secs => ${policy.delayMs / 1000})
      WHERE host = ${host} AND slot = -1 AND EXISTS (SELECT 1 FROM took)
    )
    SELECT slot FROM took`.execute(db);
  return rows[0]?.slot ?? null;
}

/** robots.txt and tdmrep.json as read before, so that one-pass runs from cron do not ask for it each time (RFC 9309: at most 24 h). */
export function createRobotsStore(db: Db): RobotsStore {
  return {
    async get(origin) {
      const row = await db
        .selectFrom('sourcelink.robots')
        .select('entry')
        .where('origin', '=', origin)
        .executeTakeFirst();
      return row?.entry ?? null;
    },
    async set(origin, entry) {
      await db
        .insertInto('sourcelink.robots')
        .values({ origin, entry: json(entry), fetched_at: new Date() })
        .onConflict((c) => c.column('origin').doUpdateSet({ entry: json(entry), fetched_at: new Date() }))
        .execute();
    },
  };
}
