import { sql } from 'kysely';
import type { PageDigest } from '../extractors/profile/digest.js';
import type { Figures } from '../extractors/profile/judge.js';
import type { Profile } from '../extractors/profile/profile.js';
import { json } from './articles.js';
import type { Db, ProfileState, Tx } from './schema.js';

/** Digests kept of each source; a few more until the source is learned from again. */
export const KEPT_DIGESTS = 30;

/** What an operator can do when an outlet's pages have changed. */
export const TEMPLATE_HINT =
  'It is learned anew from the pages that follow. See `sourcelink try URL`; where fields are missing, give `extract:` for this source.';

/** What the ledger knows of one source's profile. */
export type ProfileRecord = {
  sourceId: string;
  state: ProfileState;
  /** Why it is used or not, in words. */
  reason: string;
  learnedAt: Date;
  /** The newest digest that was seen then. */
  upTo: number;
  /** Null after a change of template, until enough new pages have been seen. */
  profile: Profile | null;
  figures: Figures | null;
};

/** How many digests a source has, and how many of them its profile has not seen. */
export type DigestCount = { sourceId: string; all: number; fresh: number };

/** Keeps what a page teaches, in the transaction that writes its article; a later reading of the same page replaces it. */
export async function saveDigest(
  tx: Db | Tx,
  row: { candidateId: number; sourceId: string; digest: PageDigest },
): Promise<void> {
  await tx
    .insertInto('sourcelink.digest')
    .values({ candidateId: row.candidateId, sourceId: row.sourceId, digest: json(row.digest) })
    .onConflict((c) =>
      c.column('candidateId').doUpdateSet({ digest: json(row.digest), seq: sql`nextval('sourcelink.digest_seq')` }),
    )
    .execute();
}

/** The profiles in use of these sources. */
export async function activeProfiles(db: Db, sourceIds: string[]): Promise<Map<string, Profile>> {
  if (sourceIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('sourcelink.profile')
    .select(['sourceId', 'profile'])
    .where('sourceId', 'in', sourceIds)
    .where('state', '=', 'active')
    .execute();
  return new Map(rows.flatMap((r) => (r.profile === null ? [] : [[r.sourceId, r.profile]])));
}

export async function readProfile(db: Db | Tx, sourceId: string): Promise<ProfileRecord | null> {
  const row = await db.selectFrom('sourcelink.profile').selectAll().where('sourceId', '=', sourceId).executeTakeFirst();
  if (!row) return null;
  const { state, reason, profile, figures } = row;
  return { sourceId, state, reason, learnedAt: row.learnedAt, upTo: row.upTo, profile, figures };
}

export async function countDigests(db: Db | Tx, sourceId: string): Promise<DigestCount> {
  const { rows } = await sql<DigestCount>`
    SELECT ${sourceId} AS "sourceId", count(*)::int AS all,
      count(*) FILTER (WHERE d.seq > coalesce(p.up_to, 0))::int AS fresh
    FROM sourcelink.digest d LEFT JOIN sourcelink.profile p USING (source_id) WHERE d.source_id = ${sourceId}`.execute(
    db,
  );
  return rows[0] ?? { sourceId, all: 0, fresh: 0 };
}

/** The source's digests, oldest reading first. */
export async function readDigests(db: Db | Tx, sourceId: string): Promise<{ seq: number; digest: PageDigest }[]> {
  return db
    .selectFrom('sourcelink.digest')
    .select(['seq', 'digest'])
    .where('sourceId', '=', sourceId)
    .orderBy('seq')
    .execute();
}

/** One process at a time learns a source; waits for the other until the transaction ends. */
export async function holdProfile(tx: Tx, sourceId: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`profile ${sourceId}`}, 0))`.execute(tx);
}

export async function writeProfile(tx: Tx, r: ProfileRecord): Promise<void> {
  const values = {
    state: r.state,
    reason: r.reason,
    learnedAt: r.learnedAt,
    upTo: r.upTo,
    profile: json(r.profile),
    figures: json(r.figures),
  };
  await tx
    .insertInto('sourcelink.profile')
    .values({ sourceId: r.sourceId, ...values })
    .onConflict((c) => c.column('sourceId').doUpdateSet(values))
    .execute();
}

/** Drops the oldest readings of a source but for the newest `keep`. */
export async function dropOldDigests(tx: Tx, sourceId: string, keep: number): Promise<void> {
  await sql`
    DELETE FROM sourcelink.digest WHERE source_id = ${sourceId} AND seq < (
      SELECT min(seq) FROM (SELECT seq FROM sourcelink.digest WHERE source_id = ${sourceId} ORDER BY seq DESC LIMIT ${keep}) n)`.execute(
    tx,
  );
}

/** Forgets all that was learned of a source. @returns how many digests went, and whether there was a profile */
export async function forgetProfile(db: Db, sourceId: string): Promise<{ digests: number; profile: boolean }> {
  return db.transaction().execute(async (tx) => {
    await holdProfile(tx, sourceId);
    const digests = await tx.deleteFrom('sourcelink.digest').where('sourceId', '=', sourceId).executeTakeFirst();
    const profile = await tx.deleteFrom('sourcelink.profile').where('sourceId', '=', sourceId).executeTakeFirst();
    return { digests: Number(digests.numDeletedRows), profile: profile.numDeletedRows > 0n };
  });
}
