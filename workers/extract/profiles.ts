import { messageOf } from '../../config/errors.js';
import type { PageDigest } from '../../extractors/profile/digest.js';
import { fallenAway, fillOf } from '../../extractors/profile/fill.js';
import { type Judged, learnAndJudge, MIN_JUDGED } from '../../extractors/profile/judge.js';
import { differentArticles, type Learned, learnFrom, type Profile } from '../../extractors/profile/profile.js';
import {
  countDigests,
  type DigestCount,
  dropOldDigests,
  holdProfile,
  KEPT_DIGESTS,
  type ProfileRecord,
  readDigests,
  readProfile,
  TEMPLATE_HINT,
  writeProfile,
} from '../../ledger/profiles.js';
import type { Tx } from '../../ledger/schema.js';
import type { Context } from '../context.js';

/** The newest pages that are held against the older ones, to notice a change of template. */
const NEWEST = 5;
/** A profile that has seen everything but little is looked at again after this, in milliseconds. */
const DAY_MS = 86_400_000;

/**
 * Learns sources whose pages of late make it worth while: by the ledger alone, so that it does not matter which process
 * calls it, or how often. Learning helps the pages that follow; that it fails is no failure of those that were read.
 */
export async function learnProfiles(ctx: Context, sourceIds: Iterable<string>): Promise<void> {
  for (const sourceId of new Set(sourceIds)) {
    try {
      if (await isDue(ctx, sourceId)) await learn(ctx, sourceId);
    } catch (error) {
      ctx.log.warn(
        { source: sourceId, err: messageOf(error) },
        `${sourceId}: the profile could not be updated from its pages`,
      );
    }
  }
}

async function isDue(ctx: Context, sourceId: string): Promise<boolean> {
  return due(await countDigests(ctx.db, sourceId), await readProfile(ctx.db, sourceId), ctx.now());
}

/**
 * Whether a source is to be learned from: at the third page, then when half as many again or five are new, or daily.
 * After a change of template, three more pages than the change was noticed by.
 */
export function due({ all, fresh }: DigestCount, record: ProfileRecord | null, now: Date): boolean {
  if (record === null || record.state === 'set aside') return fresh >= MIN_JUDGED;
  if (fresh === 0) return false;
  const old = now.getTime() - record.learnedAt.getTime() > DAY_MS;
  return old || fresh >= Math.min(NEWEST, Math.ceil((all - fresh) / 2));
}

async function learn(ctx: Context, sourceId: string): Promise<void> {
  const changed = await ctx.db.transaction().execute(async (tx) => {
    await holdProfile(tx, sourceId);
    const record = await readProfile(tx, sourceId);
    // Another process may have done it meanwhile.
    if (!due(await countDigests(tx, sourceId), record, ctx.now())) return null;
    await dropOldDigests(tx, sourceId, KEPT_DIGESTS);
    return relearn(tx, sourceId, record, ctx.now());
  });
  if (changed === null) return;
  const { state, reason, profile } = changed;
  if (state === 'set aside')
    ctx.log.warn({ source: sourceId, hint: TEMPLATE_HINT }, `${sourceId}: ${reason}. ${TEMPLATE_HINT}`);
  else ctx.log.info({ source: sourceId, state, version: profile?.version, pages: profile?.pages }, reason);
}

async function relearn(
  tx: Tx,
  sourceId: string,
  record: ProfileRecord | null,
  now: Date,
): Promise<ProfileRecord | null> {
  const rows = await readDigests(tx, sourceId);
  const pages = rows.map((r) => r.digest);
  const upTo = rows.at(-1)?.seq ?? 0;
  const base = { sourceId, learnedAt: now, upTo };
  const write = async (next: ProfileRecord): Promise<ProfileRecord> => {
    await writeProfile(tx, next);
    return next;
  };
  const change = record?.state === 'set aside' ? null : templateChange(pages);
  if (change !== null) {
    await dropOldDigests(tx, sourceId, NEWEST);
    const reason = `its newest ${NEWEST} pages are not like those before: ${change}`;
    return write({ ...base, state: 'set aside', reason, profile: record?.profile ?? null, figures: null });
  }
  const judged = learnAndJudge(pages);
  // Fewer different articles than addresses: what there is stays, and is looked at again when more pages are there.
  if (judged === null) {
    if (record !== null) await writeProfile(tx, { ...record, upTo, learnedAt: now });
    return null;
  }
  return write({
    ...base,
    state: judged.wins ? 'active' : 'unused',
    reason: judged.reason,
    profile: numbered(judged, record?.profile ?? null),
    figures: judged.figures,
  });
}

/** What fell away in the newest pages, in words; null when nothing did, or there is too little to tell. */
export function templateChange(pages: PageDigest[]): string | null {
  const [older, newest] = [pages.slice(0, -NEWEST), pages.slice(-NEWEST)];
  if (older.length < MIN_JUDGED) return null;
  const before = learnFrom(differentArticles(older));
  return before && fallenAway(fillOf(older, before), fillOf(newest, before));
}

/** A profile that says the same as before keeps its number. */
function numbered({ profile }: Judged, before: Profile | null): Profile {
  const { version, ...said } = before ?? { version: 0 };
  return { version: isEqual(said, profile) ? version : version + 1, ...profile };
}

function isEqual(a: Partial<Learned>, b: Learned): boolean {
  const rules = (p: Partial<Learned>) => JSON.stringify([p.boilerplate?.map((f) => f.spot), p.bodyPaths, p.tailPaths]);
  return rules(a) === rules(b);
}
