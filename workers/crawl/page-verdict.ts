import type { SourcelinkError } from '../../config/errors.js';
import type { FetchedPage } from '../../crawlers/fetch/page.js';
import type { Claimed } from '../../ledger/candidates.js';
import { missing } from '../editorial/retracted-by-source.js';

/** What one look at a candidate's page brought. */
export type Look =
  | { kind: 'notModified' }
  | { kind: 'failed'; error: SourcelinkError }
  | {
      kind: 'page';
      page: FetchedPage;
      /** The static page held no article, so that the browser was asked. */
      isShell: boolean;
    };

/** What the ledger knows that the verdict depends on. */
export type Facts = {
  /** Readers have the article, and what its source retracts is retracted (`retract.gone`). */
  mayRetract: boolean;
  /** Of the page as it was read before, and of this one; null where there is none. */
  bodyHash: { before: string | null; now: string | null };
};

/** What becomes of a candidate after a look at its page. */
export type Verdict =
  | { kind: 'extract'; page: FetchedPage; isShell: boolean }
  | { kind: 'unchanged' }
  | { kind: 'retract'; reason: string }
  | { kind: 'missing'; since: Date; error: SourcelinkError }
  | { kind: 'failed'; error: SourcelinkError };

export function verdictOf(c: Pick<Claimed, 'missingSince'>, look: Look, facts: Facts, now: Date): Verdict {
  if (look.kind === 'notModified') return { kind: 'unchanged' };
  if (look.kind === 'page') {
    const { before, now: after } = facts.bodyHash;
    if (before !== null && before === after) return { kind: 'unchanged' };
    return { kind: 'extract', page: look.page, isShell: look.isShell };
  }
  const { error } = look;
  const gone = facts.mayRetract ? missing(error, c.missingSince, now) : null;
  if (gone === null) return { kind: 'failed', error };
  return 'retract' in gone ? { kind: 'retract', reason: gone.retract } : { kind: 'missing', since: gone.since, error };
}

/** Pages that a visit looked at, by what came of it. */
export type PageCounts = { requests: number; notModified: number; fetched: number; rendered: number; failed: number };

export const NO_PAGES: PageCounts = { requests: 0, notModified: 0, fetched: 0, rendered: 0, failed: 0 };

/** `counts` with one more look. `opened`: times that the browser was asked for it, whether or not it answered. */
export function counted(counts: PageCounts, look: Look, opened: number): PageCounts {
  return {
    requests: counts.requests + 1,
    notModified: counts.notModified + Number(look.kind === 'notModified'),
    fetched: counts.fetched + Number(look.kind === 'page'),
    rendered: counts.rendered + opened,
    failed: counts.failed + Number(look.kind === 'failed'),
  };
}

export function sum(a: PageCounts, b: PageCounts): PageCounts {
  return {
    requests: a.requests + b.requests,
    notModified: a.notModified + b.notModified,
    fetched: a.fetched + b.fetched,
    rendered: a.rendered + b.rendered,
    failed: a.failed + b.failed,
  };
}
