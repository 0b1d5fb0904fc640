import { sql } from 'kysely';
import { REPORT_STORIES, Stories } from '../analysis/stories/clusters.js';
import type { Headline } from '../analysis/stories/headlines.js';
import type { Db, Tx } from './schema.js';

type LogRow = {
  seq: number;
  storyId: string;
  mergedId: string | null;
  articleId: string | null;
  pinned: boolean;
  title: string | null;
  url: string | null;
  lede: string | null;
  at: Date;
};

/** One decision as the log has it: an article put into a story, or a story that became part of another. */
export type StoryEntry = { storyId: string; at: Date; pinned?: boolean } & (
  | { articleId: string; mergedId?: null }
  | { articleId?: null; mergedId: string }
);

/** Letters of a text that tell what it reports. */
const LEDE_LETTERS = 400;

/**
 * The open stories, in memory, kept up with what every process wrote to the log. Used inside the transaction that holds the
 * judging lock, so that the log's order is the order of the decisions.
 */
export class LedgerStories {
  readonly #openMs: number;
  readonly #stories: Stories;
  #seq = 0;

  constructor(openMs: number) {
    this.#openMs = openMs;
    this.#stories = new Stories({ ...REPORT_STORIES, openMs });
  }

  /** Takes over what was decided since the last look. */
  async catchUp(tx: Tx, now: Date): Promise<void> {
    const since = new Date(now.getTime() - 2 * this.#openMs).toISOString();
    const { rows } = await sql<LogRow>`
      SELECT l.seq, l.story_id, l.merged_id, l.article_id, l.pinned, a.title, a.canonical_url AS url, left(a.text, ${LEDE_LETTERS}) AS lede, l.at
      FROM sourcelink.story_log l LEFT JOIN sourcelink.article a ON a.id = l.article_id
      WHERE l.seq > ${this.#seq} AND (${this.#seq} > 0 OR l.at > ${since}::timestamptz) ORDER BY l.seq`.execute(tx);
    for (const r of rows) {
      if (r.mergedId !== null) this.#stories.unite(r.storyId, r.mergedId);
      else if (r.articleId !== null && r.title !== null)
        this.#stories.put(
          { id: r.articleId, title: r.title, url: r.url ?? '', lede: r.lede, at: r.at.getTime() },
          r.storyId,
        );
      if (r.pinned) this.#stories.pin(r.storyId);
      this.#seq = r.seq;
    }
  }

  /** Puts an article of its own into the story that it belongs to. */
  async place(tx: Tx, headline: Headline): Promise<string> {
    const { story, merged, divided } = this.#stories.place(headline);
    const at = new Date(headline.at);
    const first = divided?.from ?? story;
    const log: StoryEntry[] = [
      { storyId: first, articleId: headline.id, at },
      ...merged.map((gone) => ({ storyId: first, mergedId: gone, at })),
      ...(divided?.ids ?? []).map((id) => ({ storyId: divided?.into ?? first, articleId: id, at })),
    ];
    this.#seq = Math.max(this.#seq, await writeStoryLog(tx, log));
    await beginStory(tx, first, headline.id, at);
    await putIntoStory(tx, first, [headline.id]);
    for (const gone of merged) await unite(tx, first, gone);
    if (divided) {
      await beginStory(tx, divided.into, divided.into, at);
      await putIntoStory(tx, divided.into, divided.ids);
    }
    return story;
  }
}

/** @returns the number of the last entry */
export async function writeStoryLog(tx: Tx, entries: StoryEntry[]): Promise<number> {
  const rows = entries.map((e) => ({ articleId: null, mergedId: null, pinned: false, ...e }));
  const written = await tx.insertInto('sourcelink.story_log').values(rows).returning('seq').execute();
  return Math.max(...written.map((w) => w.seq));
}

/** A story of which an article is the first, or one more of a story that there is; one that was part of another comes back. */
export async function beginStory(tx: Tx, story: string, headlineId: string, at: Date): Promise<void> {
  const when = at.toISOString();
  await sql`
    INSERT INTO sourcelink.story AS s (id, headline_id, first_seen_at, last_seen_at) VALUES (${story}, ${headlineId}, ${when}, ${when})
    ON CONFLICT (id) DO UPDATE SET first_seen_at = least(s.first_seen_at, excluded.first_seen_at), merged_into = NULL,
      last_seen_at = greatest(s.last_seen_at, excluded.last_seen_at)`.execute(tx);
}

/** Articles and their copies, from whatever story they are in; the readers of both are to hear of it. */
export async function putIntoStory(tx: Tx, story: string, articleIds: readonly string[]): Promise<void> {
  await sql`
    WITH moved AS (
      SELECT a.id, a.story_id FROM sourcelink.article a
      WHERE (a.id = ANY(${articleIds}::uuid[]) OR a.duplicate_of = ANY(${articleIds}::uuid[])) AND a.story_id IS DISTINCT FROM ${story}::uuid FOR UPDATE
    ), stale AS (
      UPDATE sourcelink.story SET stale_since = coalesce(stale_since, now())
      WHERE EXISTS (SELECT FROM moved) AND (id = ${story} OR id IN (SELECT story_id FROM moved))
    )
    UPDATE sourcelink.article SET story_id = ${story} WHERE id IN (SELECT id FROM moved)`.execute(tx);
}

const byLedger = new WeakMap<Db, LedgerStories>();

/** This process's view of a ledger's stories, which stay open for `openMs`. */
export function storiesOf(db: Db, openMs: number): LedgerStories {
  const known = byLedger.get(db);
  if (known) return known;
  const stories = new LedgerStories(openMs);
  byLedger.set(db, stories);
  return stories;
}

/** After a transaction that was undone: the next one reads the log anew. */
export function forgetStories(db: Db): void {
  byLedger.delete(db);
}

/** What an article's text says of the event it reports. */
export function headlineOf(a: { id: string; title: string; canonicalUrl: string; text: string }, at: number): Headline {
  return { id: a.id, title: a.title, url: a.canonicalUrl, lede: a.text.slice(0, LEDE_LETTERS), at };
}

/** A copy is in the story of its original. */
export async function shareStory(tx: Tx, originalId: string): Promise<void> {
  const { storyId: story } = await tx
    .selectFrom('sourcelink.article')
    .select('storyId')
    .where('id', '=', originalId)
    .executeTakeFirstOrThrow();
  if (story !== null) await putIntoStory(tx, story, [originalId]);
}

/** All of one story become part of another. */
export async function unite(tx: Tx, story: string, gone: string): Promise<void> {
  await tx.updateTable('sourcelink.article').set({ storyId: story }).where('storyId', '=', gone).execute();
  await sql`
    WITH old AS (UPDATE sourcelink.story SET merged_into = ${story}, stale_since = NULL WHERE id = ${gone} RETURNING first_seen_at, last_seen_at)
    UPDATE sourcelink.story s SET first_seen_at = least(s.first_seen_at, old.first_seen_at),
      last_seen_at = greatest(s.last_seen_at, old.last_seen_at), stale_since = coalesce(s.stale_since, now())
    FROM old WHERE s.id = ${story}`.execute(tx);
}

/** Forgets the log of stories that are closed. @returns how many entries */
export async function clearStoryLog(db: Db, keepMs: number): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM sourcelink.story_log WHERE at < now() - make_interval(secs => ${keepMs / 1000})`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

/** Whether there is such a story, not merged into another. */
export async function isStory(db: Db, id: string): Promise<boolean> {
  const row = await db
    .selectFrom('sourcelink.story')
    .select('id')
    .where('id', '=', id)
    .where('mergedInto', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}
