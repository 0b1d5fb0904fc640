import type { ArticleMessage } from '../contract/contract.js';

/** A message with what makes it unique for a sink: the same key is never delivered twice. */
export type Outgoing = { key: string; message: ArticleMessage };

/**
 * One place that articles go to. `deliver` gets messages in order, at most one revision of an article at a time, and
 * returns one result for each: null when it has it (or had it already), else the error. It may throw when none went
 * through. A delivery may come again after a crash; the key tells.
 */
export type Sink = {
  name: string;
  deliver(batch: Outgoing[]): Promise<(Error | null)[]>;
  /** For `doctor`, where the sink is another's machine: what answers there. @throws SINK_FAILED */
  check?(): Promise<string>;
  close(): Promise<void>;
};
