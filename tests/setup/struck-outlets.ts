/** Passes over outlets of which some are struck by faults: what the healthy ones lose, and what becomes of the struck. */
import { sql } from 'kysely';
import { createLogger } from '../../config/logger.js';
import { Settings } from '../../config/settings.js';
import { violations } from '../../ledger/invariant.js';
import { openPipeline, type Pipeline } from '../../workers/main.js';
import { runPass } from '../../workers/pass.js';
import { QUEUE_NAMES } from '../../workers/queues.js';
import { letPass, type Newsstand, openNewsstand, type Strike } from './newsstand.js';

/** Seconds from the start of the pass until all of an outlet's articles had ended, by source. */
export type Timed = Map<string, number>;

export type Struck = Strike & {
  id: string;
  articles: number;
  /** How it stood after the pass. */
  found: { state: string; code: string | null; reason: string | null; unread: number };
  /** How it stood after later passes without the fault, and how many of those it took; null when not asked for. */
  recovered: { state: string; unread: number; passes: number; minutes: number } | null;
};

export type Seen = {
  healthy: Timed;
  /** Articles of healthy outlets that a pass left without an outcome, or dead. */
  lost: string[];
  struck: Struck[];
  seconds: number;
  violations: number;
};

/** Minutes between two passes, as of a cron job. */
const BETWEEN_MINUTES = 30;
const MAX_PASSES = 6;
/** Longer than a pass takes on the busiest machine. */
const PASS_MS = 900_000;

type Place = { serve: string; pages: string[]; dir: string };

/** One pass with or without the faults; then, if asked for, passes without them until all has recovered. */
export async function visitStruckOutlets(
  options: Place & { faults: boolean; recover: boolean; least?: number; settings: Record<string, unknown> },
): Promise<Seen> {
  const newsstand = await openNewsstand({ least: 2, ...options });
  const once = <T>(work: (pipeline: Pipeline) => Promise<T>) => withPipeline(newsstand, options, work);
  try {
    const seen = await once(async (pipeline) => {
      const { rows } = await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(pipeline.ctx.db);
      const { seconds } = await pass(pipeline, newsstand);
      return { ...(await look(pipeline, newsstand, rows[0]?.now ?? new Date())), seconds };
    });
    if (!options.recover) return seen;
    await newsstand.restart(false);
    let open = seen.struck;
    for (let passes = 1; passes <= MAX_PASSES && open.length > 0; passes++) {
      const now = await once(async (pipeline) => {
        await letPass(pipeline.ctx.db, BETWEEN_MINUTES);
        await pass(pipeline, newsstand);
        return look(pipeline, newsstand, new Date());
      });
      seen.violations += now.violations;
      for (const one of now.struck) {
        const before = open.find((o) => o.id === one.id);
        if (before)
          before.recovered = {
            state: one.found.state,
            unread: one.found.unread,
            passes,
            minutes: passes * BETWEEN_MINUTES,
          };
      }
      open = open.filter((o) => o.recovered?.state !== 'ok' || o.recovered.unread > 0);
    }
    return seen;
  } finally {
    await newsstand.stop();
  }
}

/** As each `sourcelink run` does: a process of its own on the same ledger. */
async function withPipeline<T>(
  { sources }: Newsstand,
  { dir, settings }: { dir: string; settings: Record<string, unknown> },
  work: (pipeline: Pipeline) => Promise<T>,
): Promise<T> {
  const pipeline = await openPipeline({
    sources,
    categories: [],
    browser: null,
    databaseUrl: null,
    queueUrl: null,
    dataDir: dir,
    settings: Settings.parse(settings),
    log: createLogger(process.env['SOURCELINK_LOG_LEVEL'] === 'warn' ? 'warn' : 'silent'),
  });
  try {
    pipeline.work(QUEUE_NAMES);
    pipeline.watch(1000);
    return await work(pipeline);
  } finally {
    await pipeline.close();
  }
}

const pass = (pipeline: Pipeline, { sources }: Newsstand) =>
  runPass(pipeline.ctx, { sources: sources.map((s) => s.id), signal: AbortSignal.timeout(PASS_MS) });

type Standing = { url: string; outcome: string | null; ended: Date };

async function look({ ctx }: Pipeline, newsstand: Newsstand, since: Date): Promise<Omit<Seen, 'seconds'>> {
  const seen: Omit<Seen, 'seconds'> = { healthy: new Map(), lost: [], struck: [], violations: 0 };
  const expected = await newsstand.ask<{ url: string; listed: boolean }[]>('expected');
  for (const source of newsstand.sources) {
    const { rows } = await sql<Standing>`
      SELECT c.url, c.outcome, greatest(c.changed_at, (SELECT max(d.delivered_at) FROM sourcelink.delivery d WHERE d.candidate_id = c.id)) AS ended
      FROM sourcelink.candidate c WHERE c.source_id = ${source.id}`.execute(ctx.db);
    const listed = expected.filter((a) => a.listed && a.url.startsWith(source.url));
    const ended = rows.filter((r) => r.outcome !== null && r.outcome !== 'dead');
    const unread = listed.filter((a) => !ended.some((e) => e.url === a.url));
    const strike = newsstand.strikeOf(source.id);
    if (strike === null) {
      seen.lost.push(...unread.map((a) => a.url));
      const last = Math.max(...ended.map((e) => e.ended.getTime()));
      seen.healthy.set(source.id, (last - since.getTime()) / 1000);
    } else {
      const { state, code, reason } = await ctx.db
        .selectFrom('sourcelink.source_state')
        .select(['state', 'code', 'reason'])
        .where('sourceId', '=', source.id)
        .executeTakeFirstOrThrow();
      const found = { state, code, reason, unread: unread.length };
      seen.struck.push({ ...strike, id: source.id, articles: listed.length, found, recovered: null });
    }
  }
  seen.violations = (await violations(ctx.db, [...ctx.sinks.keys()])).length;
  return seen;
}
