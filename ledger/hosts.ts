import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { type HostGate, type HostPolicy, PATIENCE_MS, paused } from '../crawlers/net/politeness.js';
import type { RobotsStore } from '../crawlers/net/robots.js';
import { wellFormedIn } from '../text/well-formed.js';
import { json } from './articles.js';
import type { Db } from './schema.js';

/** A process that died gives its slots back after this long, beside the time that a request may take. */
const GRACE_SECONDS = 30;
const POLL_MS = 60;

/**
 * Politeness that holds over all processes on one PostgreSQL: the local gate keeps order within this process, the
 * ledger's rows keep concurrency, delay and Retry-After pauses between processes.
 * @param options.requestMs the most that a request takes once it has its turn, waiting for a place in its process included
 */
export function createSharedGate(db: Db, local: HostGate, options: { owner: string; requestMs: number }): HostGate {
  const { owner } = options;
  const seconds = options.requestMs / 1000 + GRACE_SECONDS;
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
          const turn = await takeSlot(db, host, policy, { owner, seconds });
          const { slot } = turn;
          if (slot !== null) {
            return async (sinceStartMs) => {
              // The delay counts from when the request began, which a process that was held up does late.
              const restMs = sinceStartMs === undefined ? 0 : Math.max(0, policy.delayMs - sinceStartMs);
              try {
                await leaveSlot(db, host, { slot, owner, restMs });
              } catch {
                // What was asked for is read; in the ledger the turn runs out by itself.
              } finally {
                await leaveLocal(sinceStartMs);
              }
            };
          }
          // The delay between two requests is worth waiting for, however long; what is beyond it is a pause.
          if (turn.waitMs > PATIENCE_MS + policy.delayMs) throw paused(host, turn.waitMs);
          const wait = Math.max(turn.waitMs, POLL_MS) + Math.random() * POLL_MS;
          await sleep(wait, undefined, signal ? { signal } : {});
        }
      } catch (error) {
        await leaveLocal();
        throw error;
      }
    },
    async pause(host, milliseconds) {
      await local.pause(host, milliseconds);
      await keepPause(db, host, milliseconds);
    },
  };
}

/** Politeness of the only process on a ledger: a Retry-After pause outlives it, so that the next `run` from cron heeds it too. */
export function createKeptGate(db: Db, local: HostGate): HostGate {
  const looked = new Map<string, Promise<void>>();
  const look = async (host: string): Promise<void> => {
    const { rows } = await sql<{ ms: number }>`
      SELECT extract(epoch FROM free_at - now())::float8 * 1000 AS ms FROM sourcelink.host
      WHERE host = ${host} AND slot = -1 AND free_at > now()`.execute(db);
    if (rows[0]) await local.pause(host, rows[0].ms);
  };
  return {
    async acquire(host, policy, signal) {
      const known = looked.get(host) ?? look(host);
      looked.set(host, known);
      await known.catch((error) => {
        looked.delete(host);
        throw error;
      });
      return local.acquire(host, policy, signal);
    },
    async pause(host, milliseconds) {
      await local.pause(host, milliseconds);
      await keepPause(db, host, milliseconds);
    },
  };
}

async function keepPause(db: Db, host: string, milliseconds: number): Promise<void> {
  await prepare(db, host, 1);
  await sql`UPDATE sourcelink.host SET free_at = greatest(free_at, now() + make_interval(secs => ${milliseconds / 1000})) WHERE host = ${host} AND slot = -1`.execute(
    db,
  );
}

async function prepare(db: Db, host: string, slots: number): Promise<void> {
  await sql`INSERT INTO sourcelink.host (host, slot) SELECT ${host}, s FROM generate_series(-1, ${slots - 1}::int) s ON CONFLICT DO NOTHING`.execute(
    db,
  );
}

/** @returns the slot taken, else how long the host is not to be asked at all; 0 when only its slots are in use */
async function takeSlot(
  db: Db,
  host: string,
  policy: HostPolicy,
  lease: { owner: string; seconds: number },
): Promise<{ slot: number | null; waitMs: number }> {
  const { rows } = await sql<{ slot: number | null; wait: number | null }>`
    WITH turn AS (
      SELECT 1 FROM sourcelink.host WHERE host = ${host} AND slot = -1 AND free_at <= now() FOR UPDATE SKIP LOCKED
    ), free AS (
      SELECT h.slot FROM sourcelink.host h, turn
      WHERE h.host = ${host} AND h.slot >= 0 AND h.slot < ${policy.concurrency}::int AND h.lease_until < now() ORDER BY h.slot LIMIT 1 FOR UPDATE OF h SKIP LOCKED
    ), took AS (
      UPDATE sourcelink.host h SET owner = ${lease.owner}, lease_until = now() + make_interval(secs => ${lease.seconds})
      FROM free WHERE h.host = ${host} AND h.slot = free.slot RETURNING h.slot
    ), mark AS (
      UPDATE sourcelink.host SET free_at = now() + make_interval(secs => ${policy.delayMs / 1000})
      WHERE host = ${host} AND slot = -1 AND EXISTS (SELECT 1 FROM took)
    )
    SELECT (SELECT slot FROM took) AS slot,
      (SELECT extract(epoch FROM free_at - now())::float8 * 1000 FROM sourcelink.host WHERE host = ${host} AND slot = -1 AND free_at > now()) AS wait`.execute(
    db,
  );
  return { slot: rows[0]?.slot ?? null, waitMs: rows[0]?.wait ?? 0 };
}

/** Gives the slot back; the next request may start after `restMs` at the soonest. */
async function leaveSlot(
  db: Db,
  host: string,
  { slot, owner, restMs }: { slot: number; owner: string; restMs: number },
): Promise<void> {
  await sql`
    WITH rest AS (
      UPDATE sourcelink.host SET free_at = greatest(free_at, now() + make_interval(secs => ${restMs / 1000}))
      WHERE host = ${host} AND slot = -1 AND ${restMs}::float8 > 0
    )
    UPDATE sourcelink.host SET lease_until = '-infinity' WHERE host = ${host} AND slot = ${slot} AND owner = ${owner}`.execute(
    db,
  );
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
    async set(origin, found) {
      // Whoever answers may send NUL, which jsonb does not take.
      const entry = wellFormedIn(found);
      await db
        .insertInto('sourcelink.robots')
        .values({ origin, entry: json(entry), fetchedAt: new Date() })
        .onConflict((c) => c.column('origin').doUpdateSet({ entry: json(entry), fetchedAt: new Date() }))
        .execute();
    },
  };
}
