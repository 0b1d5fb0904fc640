import { codeOf, messageOf, type SourcelinkError } from '../../config/errors.js';
import type { Source } from '../../config/sources.js';
import { monthOf, walkArchive } from '../../crawlers/discover/archive.js';
import type { Endpoint, Fetcher } from '../../crawlers/discover/endpoint.js';
import type { Range } from '../../ledger/backfill.js';
import type { NewCandidate } from '../../ledger/revisits.js';
import { toCandidates } from './to-candidates.js';

/** What a look through an archive found, so far or in all. */
export type Plan = {
  /** Sitemaps and pages that were read, and those that are known and were not yet. */
  places: number;
  left: number;
  /** Articles of the days asked for, and how many of them the ledger had not. */
  found: number;
  added: number;
  /** Left out by the source's filters. */
  filtered: number;
  /** Links that say nothing of their day; among `found` only when they were asked for. */
  undated: number;
  /** Of those added, by month (`2026-03`, or `unknown`), newest first. */
  byMonth: Record<string, number>;
  problems: { url: string; code: string; message: string; hint: string | null }[];
  /** False when it ended before the archive did: by its limit, or interrupted. */
  complete: boolean;
};

/** What is known already, and where what is found goes; `record` null: nowhere. */
export type PlanBook = {
  /** Places that need not be read again. */
  skip: ReadonlySet<string>;
  known(keys: string[]): Promise<Set<string>>;
  record: ((place: { url: string; readWhole: boolean }, found: NewCandidate[]) => Promise<unknown>) | null;
};

export type PlanOptions = {
  fetcher: Fetcher;
  now: () => Date;
  signal: AbortSignal;
  /** Whether links that say nothing of their day count. */
  undated: boolean;
  /** Most articles to add; null for no limit. */
  limit: number | null;
  onProgress?: (plan: Plan) => void;
};

/**
 * Looks through a source's archive for articles of these days and hands them to `book`, part by part, so that what was
 * interrupted goes on where it was.
 */
export async function planBackfill(
  source: Source,
  known: Endpoint[],
  range: Range,
  book: PlanBook,
  options: PlanOptions,
): Promise<Plan> {
  const { fetcher, now, signal, undated, limit } = options;
  const counts = { places: 0, left: 0, found: 0, added: 0, filtered: 0, undated: 0 };
  const plan: Plan = { ...counts, byMonth: {}, problems: [], complete: false };
  const span = { from: range.since.getTime(), to: (range.until ?? now()).getTime() + 1 };
  const deps = { fetcher, signal, undated, skip: book.skip, now: () => now().getTime() };
  for await (const step of walkArchive(source, known, span, deps)) {
    plan.places++;
    plan.left = step.left;
    plan.undated += step.undated;
    if (step.problem) plan.problems.push(problemOf(step.url, step.problem));
    const all = toCandidates(source, step.found, null);
    const wanted = all.filter((c) => c.rejected === null);
    const had = await book.known(wanted.map((c) => c.urlKey));
    const news = wanted.filter((c) => !had.has(c.urlKey));
    const room = limit === null ? news.length : limit - plan.added;
    const taken = news.slice(0, room);
    const readWhole = step.whole && taken.length === news.length;
    await book.record?.({ url: step.url, readWhole }, [...taken, ...all.filter((c) => c.rejected !== null)]);
    plan.found += wanted.length;
    plan.filtered += all.length - wanted.length;
    plan.added += taken.length;
    for (const c of taken) {
      const month = monthOf({ ...c.hints, url: c.url }) ?? 'unknown';
      plan.byMonth[month] = (plan.byMonth[month] ?? 0) + 1;
    }
    options.onProgress?.(plan);
    if (limit !== null && plan.added >= limit && (taken.length < news.length || step.left > 0)) return sorted(plan);
  }
  return sorted({ ...plan, complete: !signal.aborted });
}

function problemOf(url: string, error: SourcelinkError): Plan['problems'][number] {
  return { url, code: codeOf(error), message: messageOf(error), hint: error.hint ?? null };
}

function sorted(plan: Plan): Plan {
  return { ...plan, byMonth: Object.fromEntries(Object.entries(plan.byMonth).sort(([a], [b]) => (a < b ? 1 : -1))) };
}
