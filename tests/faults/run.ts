import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { loadConfig } from '../../config/load.js';
import { beginBackfill, endPlan, recordArchive } from '../../ledger/backfill.js';
import { violations } from '../../ledger/invariant.js';
import { registerSources } from '../../ledger/sources.js';
import { toCandidates } from '../../workers/crawl/to-candidates.js';
import { type Server, startPostgres } from '../setup/servers.js';
import { mountDisk } from './disk.js';
import type { Fault } from './fault.js';
import { OUTLETS, openScene, type Scene, SINKS } from './scene.js';

/** After it, what has not arrived counts as lost. */
const DEADLINE_MS = 150_000;
/** What a fault may take to recover from. */
const RECOVERED_WITHIN_SECONDS = 90;
/** A second copy, if there were one, would come within this. */
const AFTERMATH_MS = 2000;
const DAY_MS = 86_400_000;

/** What came of one run of one fault. */
export type Result = {
  fault: string;
  seed: number;
  articles: number;
  /** Articles that arrived at every sink, and those that some sink lacks. */
  arrived: number;
  lost: number;
  /** Articles that a consumer which drops known keys has twice. */
  twice: number;
  /** Messages that came again under a known key, with the same bytes. */
  repeats: number;
  violations: number;
  /** From the moment that all was well again; null when that or the fault never came. */
  recoverySeconds: number | null;
  seconds: number;
  ok: boolean;
  note: string;
};

/** Runs one fault once, on the shared server or on one of its own. */
export async function runFault(fault: Fault, seed: number, shared: Server): Promise<Result> {
  const disk = fault.database?.diskMb ? mountDisk(fault.database.diskMb) : null;
  const own = fault.database ? await startPostgres(['max_wal_size=48MB', 'min_wal_size=32MB'], disk?.dir) : null;
  try {
    const scene = await openScene(fault, seed, own ?? shared, disk);
    let result: Result | null = null;
    try {
      result = await play(fault, seed, scene);
      return result;
    } finally {
      await scene.close(result?.ok !== true);
    }
  } finally {
    await own?.stop();
    disk?.close();
  }
}

async function play(fault: Fault, seed: number, scene: Scene): Promise<Result> {
  const began = Date.now();
  const left = () => DEADLINE_MS - (Date.now() - began);
  const notes: string[] = [];
  if (fault.archive) await fillArchive(scene);
  if (fault.stage) await begin(fault, scene);
  let mendedAt: number | null = null;
  try {
    while (fault.at !== null && !(await scene.holds(fault.at))) {
      if (left() < DEADLINE_MS / 2) throw new Error(`nothing came to ${fault.at}: the fault never struck`);
      await delay(15);
    }
    if (fault.at !== null) await delay(scene.random() * 150);
    await Promise.race([fault.strike(scene), overdue(left(), 'the fault could not be undone in time')]);
    mendedAt = Date.now();
  } catch (error) {
    notes.push(error instanceof Error ? error.message : String(error));
  }
  while (left() > 0 && !(await hasArrived(scene))) await delay(200);
  const recoverySeconds = mendedAt === null || left() <= 0 ? null : (Date.now() - mendedAt) / 1000;
  await delay(AFTERMATH_MS);
  const broken = await violations(scene.ledger.db, SINKS);
  const { queue, hook } = scene.downstream;
  const { articles } = scene.outlets;
  const arrived = Math.min(queue.articles, hook.articles, feedOf(scene));
  const twice = queue.twice + hook.twice;
  for (const b of broken.slice(0, 3)) notes.push(`${b.rule}: ${b.id} ${b.detail}`);
  if (arrived < articles)
    notes.push(`queue ${queue.articles}, webhook ${hook.articles}, feed ${feedOf(scene)} of ${articles}`);
  if (recoverySeconds !== null && recoverySeconds > RECOVERED_WITHIN_SECONDS) notes.push('recovered too late');
  const more = fault.check?.(scene);
  if (more) notes.push(more);
  if (twice > 0) notes.push(`${twice} twice downstream`);
  const ok = notes.length === 0 && recoverySeconds !== null;
  if (!ok) {
    notes.push(`logs in ${scene.dir}`);
    writeFileSync(join(scene.dir, 'left.json'), JSON.stringify(await scene.left(), null, 1));
  }
  return {
    fault: fault.id,
    seed,
    articles,
    arrived,
    lost: articles - arrived,
    twice,
    repeats: queue.repeats + hook.repeats,
    violations: broken.length,
    recoverySeconds,
    seconds: (Date.now() - began) / 1000,
    ok,
    note: notes.join('; '),
  };
}

async function begin(fault: Fault, scene: Scene): Promise<void> {
  const { struck, beside } = fault.stage ?? { struck: [], beside: [] };
  if (struck.length > 0) scene.work('struck', struck);
  if (beside.length > 0) scene.work('beside', beside);
  if (fault.scheduled) return void scene.start('scheduler', ['scheduler']);
  for (let o = 0; o < OUTLETS; o++)
    await scene.queues.add('crawl', { source: `outlet-${o}`, discover: true }, { deduplicate: `outlet-${o}` });
}

/** As `sources backfill` leaves it: the first outlet's older articles wait behind the news. */
async function fillArchive({ ledger: { db }, configDir, outlets }: Scene): Promise<void> {
  const { sources } = loadConfig({ configDir });
  const [source] = sources;
  if (!source) throw new Error('no source');
  await registerSources(db, sources);
  await beginBackfill(db, source.id, { since: new Date(Date.now() - 30 * DAY_MS), until: null });
  const none = { guid: null, authors: [], updatedAt: null, summary: null, image: null, language: null, tags: [] };
  const found = outlets.archive.map(({ publishedAt, ...rest }) => ({
    ...none,
    ...rest,
    publishedAt: publishedAt.toISOString(),
    via: source.url,
  }));
  await recordArchive(db, source.id, { url: source.url, readWhole: true }, toCandidates(source, found, null));
  await endPlan(db, source.id);
}

/** Whether everything is published as the ledger has it, and arrived; false while nobody can be asked. */
async function hasArrived(scene: Scene): Promise<boolean> {
  const { articles } = scene.outlets;
  const { queue, hook } = scene.downstream;
  if (queue.articles < articles || hook.articles < articles || feedOf(scene) < articles) return false;
  return (await scene.published().catch(() => 0)) === articles;
}

function feedOf(scene: Scene): number {
  try {
    return scene.inFeed();
  } catch {
    return 0; // not written yet
  }
}

async function overdue(milliseconds: number, what: string): Promise<never> {
  await delay(Math.max(0, milliseconds), undefined, { ref: false });
  throw new Error(what);
}
