import type { Context } from './context.js';

/** Sends what is owed to these sinks: one job for each, however often it is asked for. */
export async function driveSinks(ctx: Pick<Context, 'queues'>, sinks: Iterable<string>): Promise<void> {
  for (const sink of sinks) await ctx.queues.add('publish', { sink }, { deduplicate: sink, again: true });
}
