import { randomUUID } from 'node:crypto';
import { messageOf } from '../../config/errors.js';
import type { Logger } from '../../config/logger.js';
import type { Db } from '../schema.js';
import { dropLeases, renewLeases } from './leases.js';

/** Those who hold leases in this process: each job in its own name. */
export type Holders = {
  /** Works in a name of its own. What is still held when it fails is given back. @throws what `work` throws */
  hold<T>(work: (owner: string) => Promise<T>): Promise<T>;
  /** Keeps what is held by work under way; to be called well within LEASE_SECONDS. */
  renew(): Promise<void>;
};

/**
 * A process's own name would not do: a job that failed while the database took no writes leaves rows behind, and as long
 * as the process lived it would keep them from everybody, itself included.
 */
export function createHolders(db: Db, log: Logger): Holders {
  const working = new Set<string>();
  return {
    async hold(work) {
      const owner = randomUUID();
      working.add(owner);
      try {
        return await work(owner);
      } catch (error) {
        // If this fails too they run out.
        await dropLeases(db, owner).catch((e) => log.warn({ err: messageOf(e) }, 'could not give leases back'));
        throw error;
      } finally {
        working.delete(owner);
      }
    },
    renew: () => renewLeases(db, [...working]),
  };
}
