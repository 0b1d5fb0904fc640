import type { CandidateTable, Hints, Lane, Outcome } from './schema.js';

/** A URL that a feed, sitemap or section page lists. */
export type NewCandidate = {
  url: string;
  urlKey: string;
  hints: Hints;
  /** Why it is not fetched: left out by a filter, or `dead` as what failed, which `dead retry` tries again. */
  rejected: { code: string; reason: string; dead?: boolean } | null;
};

/** What the ledger has of a URL that is listed again. */
export type KnownCandidate = Pick<CandidateTable, 'urlKey' | 'hintedAt' | 'fetchedAt'> & {
  id: number;
  lane: Lane;
  outcome: Outcome | null;
  /** Looks in a row that found nothing new, although the source said that the page changed. */
  unchanged: number;
  listedAt: Date;
};

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Milliseconds that a page rests after one look in vain; after n of them n² times as long, at most a day. */
const REST_MS = 10 * MINUTE_MS;

/** What being listed again changes of a candidate; each is a write of its own. */
export type Relisting = {
  /** The page is fetched again: its source says that it changed since the last look. */
  revisit: boolean;
  /** What waits in the back-fill's lane is news from now on. */
  promote: boolean;
  /** What discovery says of it, where that is newer; null where the ledger's stays. */
  hints: { hints: Hints; hintedAt: Date | null } | null;
  /** That it is listed still is noted once a day. */
  note: boolean;
};

/** Decides what becomes of a known candidate that is listed again at `now`. */
export function relist(known: KnownCandidate, listed: NewCandidate, now: Date): Relisting {
  const said = listed.hints.updatedAt === null ? null : new Date(listed.hints.updatedAt);
  const revisit = isRead(known) && says(said, known.hintedAt ?? known.fetchedAt) && hasRested(known, now);
  const promote = known.outcome === null && known.lane === 'backfill' && listed.rejected === null;
  const isNewer = said !== null && (known.hintedAt === null || said > known.hintedAt) && known.unchanged === 0;
  const hintedAt = said !== null && (known.hintedAt === null || said > known.hintedAt) ? said : known.hintedAt;
  return {
    revisit,
    promote,
    hints: revisit || promote || isNewer ? { hints: listed.hints, hintedAt } : null,
    note: now.getTime() - known.listedAt.getTime() > DAY_MS,
  };
}

const isRead = ({ outcome }: KnownCandidate): boolean => outcome === 'published' || outcome === 'duplicate';

const says = (said: Date | null, before: Date | null): boolean => said !== null && before !== null && said > before;

/** The more often a source was wrong about a page, the longer the page rests. */
function hasRested({ fetchedAt, unchanged }: KnownCandidate, now: Date): boolean {
  if (fetchedAt === null) return false;
  return fetchedAt.getTime() + Math.min(DAY_MS, REST_MS * unchanged * unchanged) <= now.getTime();
}
