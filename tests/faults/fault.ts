import type { QueueName } from '../../workers/queues.js';
import type { Scene } from './scene.js';

/** What a run of a fault is made of beside the fault itself. */
export type Stage = {
  /** Stages of the process that is struck, and of the one beside it, which is left alone. */
  struck: readonly QueueName[];
  beside: readonly QueueName[];
};

/** One thing that goes wrong while articles are on their way, and is repaired again. */
export type Fault = {
  /** For `--faults`. */
  id: string;
  /** What happens, as one line for people. */
  name: string;
  /** Which stages run where; null: no workers, the fault starts what it needs. */
  stage: Stage | null;
  /** The struck process holds rows of this stage when it is struck; null: the fault chooses its moment itself. */
  at: QueueName | null;
  /** A cable of the struck process that can be cut. */
  via?: 'redis' | 'database' | 'sink';
  /** A PostgreSQL of its own, in the second case on a disk of so many megabytes; otherwise all runs share one. */
  database?: { diskMb: number | null };
  /** Most of the first outlet's articles come from its archive. */
  archive?: boolean;
  /** Visits are asked for by `sourcelink scheduler`, so that those that are lost are asked for again. */
  scheduled?: boolean;
  /** Runs inside the struck process: see struck-process.ts. */
  preload?: { on: string; args: readonly string[] };
  /** Why it cannot be run on this machine, in words; null when it can. */
  missing?: () => string | null;
  /** Does it and undoes it. @returns when all is well again: recovery counts from there */
  strike(scene: Scene): Promise<void>;
  /** What else must hold at the end. @returns what did not */
  check?: (scene: Scene) => string | null;
};
