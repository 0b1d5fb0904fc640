import type { Queue } from '../../queues.js';
import type { Sink } from '../../sink.js';

/**
 * Downstream's BullMQ queue. The key is the job id: as long as a job is kept, waiting or done, its id is not taken
 * again, so a delivery that is repeated after a crash adds nothing. Finished jobs are kept for a week for that reason.
 */
export function createQueueSink(name: string, queue: Queue): Sink {
  return {
    name,
    async deliver(batch) {
      await queue.addBulk(
        batch.map(({ key, message }) => ({
          name: message.type,
          data: message,
          opts: {
            jobId: key,
            attempts: 10,
            backoff: { type: 'exponential', delay: 1000 },
            removeOnComplete: { age: 7 * 86_400, count: 1_000_000 },
            removeOnFail: { age: 30 * 86_400, count: 1_000_000 },
          },
        })),
      );
      return batch.map(() => null);
    },
    close: async () => undefined,
  };
}
