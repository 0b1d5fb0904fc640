import type { ContractArticle } from '../../contract/contract.js';
import type { SiteDb } from './database.js';

/** An article as lists show it. */
export type Card = {
  id: string;
  revision: number;
  slug: string;
  title: string;
  excerpt: string;
  language: string | null;
  publishedAt: Date | null;
  sortAt: Date;
  sentAt: Date;
  readingMinutes: number;
  storyId: string | null;
  storySize: number;
  authors: string[];
  source: ContractArticle['source'];
  image: ContractArticle['image'];
  category: { path: string; label: string } | null;
  rights: ContractArticle['rights']['level'];
  canonicalUrl: string;
};

/** The columns of a card, from `site.article` as `a`. None comes from `document`, which PostgreSQL stores apart from the row. */
export const CARD = `a.id, a.revision, a.slug, a.title, a.excerpt, a.language, a.published_at AS "publishedAt",
  a.sort_at AS "sortAt", a.sent_at AS "sentAt", a.reading_minutes AS "readingMinutes", a.story_id AS "storyId",
  a.story_size AS "storySize", a.card->'authors' AS authors, a.card->'source' AS source, a.card->'image' AS image,
  a.card->'category' AS category, a.rights, a.card->>'canonicalUrl' AS "canonicalUrl"`;

/** What lists need beside the columns of an article. `outlets` counts those that report its event, its own included. */
export const cardOf = (a: ContractArticle) => ({
  authors: a.authors,
  source: a.source,
  image: a.image,
  category: a.categories[0] ?? null,
  canonicalUrl: a.canonicalUrl,
  // An outlet with six articles about one event counts once.
  outlets: new Set([a.source.name, ...(a.story?.coverage ?? []).map((c) => c.source)]).size,
});

export type ShelfKind = 'category' | 'tag' | 'author' | 'source' | 'story';

/** A place in a list ordered by time. Everything strictly older (or newer) follows it. */
export type Cursor = { sortAt: Date; id: string; towards: 'older' | 'newer' };

export type Page = { cards: Card[]; newer: Cursor | null; older: Cursor | null };

/** The cursor in an address: `older-1767225600000-<id>`. */
export const cursorText = (c: Cursor): string => `${c.towards}-${c.sortAt.getTime()}-${c.id}`;

/** The cursor in a text; null unless this site wrote it. */
export function cursorOf(text: string | undefined): Cursor | null {
  const m = /^(older|newer)-(\d{1,15})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(text ?? '');
  if (!m) return null;
  const sortAt = new Date(Number(m[2]));
  return Number.isNaN(sortAt.getTime()) ? null : { towards: m[1] as 'older' | 'newer', sortAt, id: m[3] ?? '' };
}

/** One page of a shelf (or of all articles), newest first. A cursor finds it, without counting rows. */
export async function pageOf(
  db: SiteDb,
  shelf: { kind: ShelfKind; key: string } | null,
  cursor: Cursor | null,
  size: number,
): Promise<Page> {
  const newer = cursor?.towards === 'newer';
  const place = shelf === null ? '(a.sort_at, a.id)' : '(s.sort_at, s.article_id)';
  const order = shelf === null ? ['a.sort_at', 'a.id'] : ['s.sort_at', 's.article_id'];
  const direction = newer ? 'ASC' : 'DESC';
  const { rows } = await db.query<Card>(
    `SELECT ${CARD} FROM ${
      shelf === null
        ? 'site.article a WHERE $1::text IS NULL AND $2::text IS NULL'
        : 'site.shelf s JOIN site.article a ON a.id = s.article_id WHERE s.kind = $1 AND s.key = $2'
    } ${cursor === null ? 'AND $3::timestamptz IS NULL AND $4::uuid IS NULL' : `AND ${place} ${newer ? '>' : '<'} ($3::timestamptz, $4::uuid)`}
    ORDER BY ${order[0]} ${direction}, ${order[1]} ${direction} LIMIT ${size + 1}`,
    [shelf?.kind ?? null, shelf?.key ?? null, cursor?.sortAt.toISOString() ?? null, cursor?.id ?? null],
  );
  const more = rows.length > size;
  const cards = rows.slice(0, size);
  if (newer) cards.reverse();
  const [first, last] = [cards[0], cards.at(-1)];
  const before = newer ? more : cursor !== null;
  const after = newer ? true : more;
  return {
    cards,
    newer: before && first ? { sortAt: first.sortAt, id: first.id, towards: 'newer' } : null,
    older: after && last ? { sortAt: last.sortAt, id: last.id, towards: 'older' } : null,
  };
}

/** The label that the newest article on a shelf gives it; null when the shelf is empty. */
export async function shelfLabel(db: SiteDb, kind: ShelfKind, key: string): Promise<string | null> {
  const { rows } = await db.query<{ label: string }>(
    'SELECT label FROM site.shelf WHERE kind = $1 AND key = $2 ORDER BY sort_at DESC, article_id DESC LIMIT 1',
    [kind, key],
  );
  return rows[0]?.label ?? null;
}

/** The newest articles of several shelves, in one statement. */
export async function newestOfEach(
  db: SiteDb,
  kind: ShelfKind,
  keys: readonly string[],
  each: number,
): Promise<Map<string, Card[]>> {
  const { rows } = await db.query<Card & { shelf: string }>(
    `SELECT k.key AS shelf, x.* FROM unnest($2::text[]) AS k(key) CROSS JOIN LATERAL (
       SELECT ${CARD} FROM site.shelf s JOIN site.article a ON a.id = s.article_id
       WHERE s.kind = $1 AND s.key = k.key ORDER BY s.sort_at DESC, s.article_id DESC LIMIT ${each}) x`,
    [kind, [...keys]],
  );
  const found = new Map<string, Card[]>();
  for (const row of rows) {
    const cards = found.get(row.shelf);
    if (cards) cards.push(row);
    else found.set(row.shelf, [row]);
  }
  return found;
}
