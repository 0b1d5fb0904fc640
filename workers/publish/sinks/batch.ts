import pLimit from 'p-limit';
import { SourcelinkError } from '../../../config/errors.js';
import type { Outgoing, Sink } from '../../sink.js';

/** `SINK_FAILED` of the sink as a whole: nothing else of the batch would fare better. */
export class SinkUnavailable extends SourcelinkError {
  constructor(message: string, options: { cause?: unknown; hint?: string; retryAfterMs?: number | undefined } = {}) {
    super('SINK_FAILED', message, options);
  }
}

type Send = (one: Outgoing) => Promise<void>;

/**
 * Delivers one by one, some at the same time. Once the sink turns out to be unavailable, what has not started shares that
 * error instead of knocking again, and nothing is tried before the time that the sink named.
 * `open` is called once for each batch and gives what sends one message.
 */
export function createDeliverEach(options: {
  concurrency: number;
  now: () => number;
}): (batch: Outgoing[], open: () => Promise<Send>) => ReturnType<Sink['deliver']> {
  let pause: { until: number; error: SinkUnavailable } | null = null;
  const note = (error: unknown): void => {
    if (error instanceof SinkUnavailable && error.retryAfterMs !== undefined)
      pause = { until: options.now() + error.retryAfterMs, error };
  };
  return async (batch, open) => {
    const wait = pause === null ? 0 : pause.until - options.now();
    if (pause !== null && wait > 0) throw new SinkUnavailable(pause.error.message, { retryAfterMs: wait });
    const send = await open().catch((error: unknown) => {
      note(error);
      throw error;
    });
    const limit = pLimit(options.concurrency);
    let down: SinkUnavailable | null = null;
    const one = async (outgoing: Outgoing): Promise<Error | null> => {
      if (down !== null) return down;
      try {
        await send(outgoing);
        return null;
      } catch (error) {
        note(error);
        if (error instanceof SinkUnavailable) down = error;
        return error instanceof Error ? error : new Error(String(error));
      }
    };
    return Promise.all(batch.map((outgoing) => limit(() => one(outgoing))));
  };
}
