import { sql } from 'kysely';
import type { ContractArticle } from '../contract.js';
import { type Headline, REPORT_STORIES, Stories } from '../similarity/stories.js';
import type { Db, Tx } from './schema.js';

type LogRow = {
  seq: number;
  story_id: string;
  gone_id: string | null;
  article_id: string | null;
  title: string | null;
  url: string | null;
  lede: string | null;
  at: Date;
};

/** Letters of a text that tell what it reports. */
const LEDE_LETTERS = 400;
/** Others of a story that go to readers with an article. */
const MOST_COVERAGE = 20;

/**
 * The open stories, in memory, kept up with what every process wrote to the log. Used inside the transaction that holds the
 * judging lock, so that the log's order is the order of the decisions.
 */
export class LedgerStories {
  #stories = new Stories(REPORT_STORIES);
  #seq = 0;

  /** Takes over what was decided since the last look. */
  async catchUp(tx: Tx, now: Date): Promise<void> {
    const since = new Date(now.getTime() - 2 * REPORT_STORIES.openMs).toISOString();
    const { rows } = await sql<LogRow>`
      SELECT l.seq, l.story_id, l.gone_id, l.article_id, a.title, a.canonical_url AS url, left(a.text, ${LEDE_LETTERS}) AS lede, l.at
      FROM sourcelink.story_log l LEFT JOIN sourcelink.article a ON a.id = l.article_id
      WHERE l.seq > ${this.#seq} AND (${this.#seq} > 0 OR l.at > ${since}::timestamptz) ORDER BY l.seq`.execute(tx);
    for (const r of rows) {
      if (r.gone_id !== null) this.#stories.unite(r.story_id, r.gone_id);
      else if (r.article_id !== null && r.title !== null)
        this.#stories.put(
          { id: r.article_id, title: r.title, url: r.url ?? '', lede: r.lede, at: r.at.getTime() },
          r.story_id,
        );
      this.#seq = r.seq;
    }
  }

  /** Puts an article of its own into the story that it belongs to. */
  async place(tx: Tx, headline: Headline): Promise<string> {
    const { story, merged } = this.#stories.place(headline);
    const at = new Date(headline.at);
    const log = [
      { story_id: story, article_id: headline.id, gone_id: null, at },
      ...merged.map((gone) => ({ story_id: story, article_id: null, gone_id: gone, at })),
    ];
    const written = await tx.insertInto('sourcelink.story_log').values(log).returning('seq').execute();
    this.#seq = Math.max(this.#seq, ...written.map((w) => w.seq));
    const when = at.toISOString();
    await sql`
      INSERT INTO sourcelink.story AS s (id, headline_id, first_seen_at, last_seen_at) VALUES (${story}, ${headline.id}, ${when}, ${when})
      ON CONFLICT (id) DO UPDATE SET first_seen_at = least(s.first_seen_at, excluded.first_seen_at),
        last_seen_at = greatest(s.last_seen_at, excluded.last_seen_at)`.execute(tx);
    await setStory(tx, headline.id, story);
    for (const gone of merged) await unite(tx, story, gone);
    return story;
  }
}

const byLedger = new WeakMap<Db, LedgerStories>();

/** This process's view of a ledger's stories. */
export function storiesOf(db: Db): LedgerStories {
  const known = byLedger.get(db);
  if (known) return known;
  const stories = new LedgerStories();
  byLedger.set(db, stories);
  return stories;
}

/** After a transaction that was undone: the next one reads the log anew. */
export function forgetStories(db: Db): void {
  byLedger.delete(db);
}

/** What an article's text says of the event it reports. */
export function headlineOf(
  a: { id: string; title: string; canonical_url: string; text: string },
  at: number,
): Headline {
  return { id: a.id, title: a.title, url: a.canonical_url, lede: a.text.slice(0, LEDE_LETTERS), at };
}

export async function setStory(tx: Tx, articleId: string, storyId: string | null): Promise<void> {
  await tx.updateTable('sourcelink.article').set({ story_id: storyId }).where('id', '=', articleId).execute();
}

/** A copy is in the story of its original. */
export async function shareStory(tx: Tx, articleId: string, originalId: string): Promise<void> {
  await sql`
    UPDATE sourcelink.article SET story_id = (SELECT o.story_id FROM sourcelink.article o WHERE o.id = ${originalId}) WHERE id = ${articleId}`.execute(
    tx,
  );
}

async function unite(tx: Tx, story: string, gone: string): Promise<void> {
  await tx.updateTable('sourcelink.article').set({ story_id: story }).where('story_id', '=', gone).execute();
  await sql`
    WITH old AS (UPDATE sourcelink.story SET merged_into = ${story} WHERE id = ${gone} RETURNING first_seen_at, last_seen_at)
    UPDATE sourcelink.story s SET first_seen_at = least(s.first_seen_at, old.first_seen_at), last_seen_at = greatest(s.last_seen_at, old.last_seen_at)
    FROM old WHERE s.id = ${story}`.execute(tx);
}

/**
 * The story of an article as readers get it: how many articles there are of it, copies too, and where the others stand, the
 * earliest first. null while it is the only one.
 */
export async function storyOf(
  db: Db,
  article: { id: string; story_id?: string | null },
  nameOf: (sourceId: string) => string,
): Promise<ContractArticle['story']> {
  const story = article.story_id;
  if (!story) return null;
  const { rows } = await sql<{ source_id: string; url: string; title: string; size: number }>`
    SELECT a.source_id, a.canonical_url AS url, a.title, (count(*) OVER ())::int AS size FROM sourcelink.article a
    JOIN sourcelink.candidate c ON c.id = a.candidate_id AND (c.outcome IS NULL OR c.outcome NOT IN ('dead', 'rejected', 'retracted'))
    WHERE a.story_id = ${story} AND a.id <> ${article.id} ORDER BY a.first_seen_at, a.candidate_id LIMIT ${MOST_COVERAGE}`.execute(
    db,
  );
  const others = rows[0]?.size ?? 0;
  if (others === 0) return null;
  const coverage = rows.map((r) => ({ source: nameOf(r.source_id), url: r.url, title: r.title }));
  return { id: story, size: others + 1, coverage };
}

/** Forgets the log of stories that are closed. @returns how many entries */
export async function clearStoryLog(db: Db, keepMs: number): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM sourcelink.story_log WHERE at < now() - make_interval(secs => ${keepMs / 1000})`.execute(db);
  return Number(numAffectedRows ?? 0n);
}
