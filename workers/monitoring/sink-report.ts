import { DOWN_AFTER, listSinks, type SinkView } from '../../ledger/sinks.js';
import type { Context } from '../context.js';

/** In one word; `down` is asked again at growing pauses, with one delivery. */
export type SinkState = 'ok' | 'failing' | 'down' | 'paused';

export function sinkState({ paused, failures }: Pick<SinkView, 'paused' | 'failures'>): SinkState {
  if (paused) return 'paused';
  if (failures === 0) return 'ok';
  return failures < DOWN_AFTER ? 'failing' : 'down';
}

export type SinkLine = SinkView & { type: string };

/** The sinks that are switched on, with what each is owed. */
export async function sinkLines(ctx: Pick<Context, 'db' | 'now' | 'sinks' | 'settings'>): Promise<SinkLine[]> {
  const configured = ctx.settings.publish.sinks;
  const known = await listSinks(ctx.db, ctx.now());
  return known.filter((s) => ctx.sinks.has(s.name)).map((s) => ({ ...s, type: configured[s.name]?.type ?? 'unknown' }));
}
