import { ArticleMessage, type ContractArticle } from '../../contract/contract.js';
import { fold, keyOf, textOf, wordsOf } from '../words.js';
import { cardOf } from './cards.js';
import type { SiteDb } from './database.js';

/** What a message did: `stale` is one that was known already, or older than what is known. */
export type Received = {
  id: string;
  revision: number;
  did: 'published' | 'updated' | 'retracted' | 'stale';
};

type Shelf = { kind: 'category' | 'tag' | 'author' | 'source' | 'story'; key: string; label: string };

/**
 * Takes one message of the contract into the site's tables, in one statement: all of it or nothing. Any message may
 * come again or late; the highest revision of an article wins, whatever the order. What an editor hid stays hidden,
 * unless this is to `uncover` it.
 * @throws ZodError when the message is not of the contract
 */
export async function receiveMessage(
  db: SiteDb,
  message: unknown,
  { uncover = false }: { uncover?: boolean } = {},
): Promise<Received> {
  const m = ArticleMessage.parse(message);
  if (m.type === 'article.retracted') {
    const { rows } = await db.query<{ id: string }>(RETRACT, [
      m.id,
      m.revision,
      m.article.source.id,
      m.article.source.name,
      m.reason,
      m.article.canonicalUrl,
      m.sentAt,
    ]);
    return { id: m.id, revision: m.revision, did: rows.length > 0 ? 'retracted' : 'stale' };
  }
  const a = m.article;
  const text = a.text ?? textOf(a.html);
  const { html, text: _, ...document } = a;
  const { rows } = await db.query<{ id: string }>(STORE, [
    m.id,
    m.revision,
    a.slug,
    a.title,
    a.excerpt,
    html,
    a.language,
    a.publishedAt,
    a.fetchedAt,
    m.sentAt,
    a.source.id,
    a.story?.id ?? null,
    a.story?.size ?? 1,
    a.readingMinutes,
    a.wordCount,
    a.image !== null,
    a.noindex,
    JSON.stringify(document),
    searchWords(a.title),
    searchWords([...a.tags, ...a.authors, a.source.name, ...a.categories.map((c) => c.label)].join(' ')),
    searchWords(`${a.excerpt} ${text}`),
    JSON.stringify(shelvesOf(a)),
    JSON.stringify(newWords(`${a.title} ${a.tags.join(' ')} ${a.authors.join(' ')} ${a.excerpt} ${text}`)),
    a.rights.level,
    JSON.stringify(m),
    uncover,
    JSON.stringify(cardOf(a)),
  ]);
  const did = rows.length === 0 ? 'stale' : m.type === 'article.published' ? 'published' : 'updated';
  return { id: m.id, revision: m.revision, did };
}

/** The lists that an article stands in; a category counts for those above it. */
function shelvesOf(a: ContractArticle): Shelf[] {
  const shelves = new Map<string, Shelf>();
  const add = (shelf: Shelf) => {
    if (shelf.key !== '') shelves.set(`${shelf.kind} ${shelf.key}`, shelf);
  };
  const own = new Map(a.categories.map((c) => [c.path, c.label]));
  for (const { path } of a.categories)
    for (const [depth, last] of path.split('/').entries()) {
      const key = path
        .split('/')
        .slice(0, depth + 1)
        .join('/');
      add({ kind: 'category', key, label: own.get(key) ?? last });
    }
  for (const tag of a.tags) add({ kind: 'tag', key: keyOf(tag), label: tag });
  for (const author of a.authors) add({ kind: 'author', key: keyOf(author), label: author });
  add({ kind: 'source', key: a.source.id, label: a.source.name });
  if (a.story !== null) add({ kind: 'story', key: a.story.id, label: a.title });
  return [...shelves.values()];
}

/** At most so many words of an article can be found: a tsvector holds no more than 1 MB. */
const searchWords = (text: string): string => wordsOf(text).slice(0, 20_000).join(' ');

/** Words worth offering as a correction: no numbers, nothing too short to be mistyped or too long to be a word. */
const newWords = (text: string): string[] =>
  [...new Set(wordsOf(fold(text)))].filter((w) => w.length >= 4 && w.length <= 24 && /^\p{L}+$/u.test(w));

const STORE = `
WITH aside AS (
  -- An editor hid it: what arrives waits with it.
  UPDATE site.hidden SET revision = $2::int, message = $25::jsonb WHERE id = $1::uuid AND revision < $2::int
), ruling AS (
  -- What an editor decided about its story holds until the wire, which heard of it, has sent the article anew.
  SELECT story_id FROM site.story_ruling WHERE article_id = $1::uuid AND decided_at >= $10::timestamptz
), stored AS (
  INSERT INTO site.article AS old (id, revision, slug, title, excerpt, body, language, published_at, sort_at, sent_at,
    first_sent_at, source_id, story_id, story_size, reading_minutes, word_count, has_image, noindex, rights,
    document, search, card)
  SELECT $1::uuid, $2::int, $3, $4, $5, $6, $7, $8::timestamptz,
    -- A date in the future is a mistake of the page; it would stay on top for as long.
    LEAST(COALESCE($8::timestamptz, $9::timestamptz), $9::timestamptz), $10::timestamptz,
    $10::timestamptz, $11, COALESCE((SELECT story_id FROM ruling), $12), $13::int, $14::int, $15::int, $16::boolean, $17::boolean, $24,
    $18::jsonb,
    setweight(to_tsvector('simple', $19), 'A') || setweight(to_tsvector('simple', $20), 'B') ||
      setweight(to_tsvector('simple', $21), 'D'), $27::jsonb
  WHERE NOT EXISTS (SELECT FROM site.tombstone t WHERE t.id = $1::uuid AND t.revision >= $2::int)
    AND ($26::boolean OR NOT EXISTS (SELECT FROM site.hidden h WHERE h.id = $1::uuid))
  ON CONFLICT (id) DO UPDATE SET
    revision = EXCLUDED.revision, slug = EXCLUDED.slug, title = EXCLUDED.title, excerpt = EXCLUDED.excerpt,
    body = EXCLUDED.body, language = EXCLUDED.language, published_at = EXCLUDED.published_at,
    -- Without a date of its own an article keeps the place that it got when it was first fetched.
    sort_at = CASE WHEN EXCLUDED.published_at IS NULL THEN old.sort_at ELSE EXCLUDED.sort_at END,
    sent_at = EXCLUDED.sent_at, source_id = EXCLUDED.source_id, story_id = EXCLUDED.story_id,
    story_size = CASE WHEN EXISTS (SELECT FROM ruling) THEN old.story_size ELSE EXCLUDED.story_size END,
    reading_minutes = EXCLUDED.reading_minutes, word_count = EXCLUDED.word_count,
    has_image = EXCLUDED.has_image, noindex = EXCLUDED.noindex,
    rights = EXCLUDED.rights, document = EXCLUDED.document, search = EXCLUDED.search, card = EXCLUDED.card
  WHERE old.revision < EXCLUDED.revision
  RETURNING old.id, old.sort_at
), shelves AS (
  SELECT kind, key, label FROM jsonb_to_recordset($22::jsonb) AS s(kind text, key text, label text)
  WHERE kind <> 'story' OR NOT EXISTS (SELECT FROM ruling)
  UNION ALL SELECT 'story', story_id, $4 FROM ruling
), overruled AS (
  DELETE FROM site.story_ruling r USING stored WHERE r.article_id = stored.id AND r.decided_at < $10::timestamptz
), left_shelves AS (
  DELETE FROM site.shelf f USING stored
  WHERE f.article_id = stored.id AND NOT EXISTS (SELECT FROM shelves s WHERE s.kind = f.kind AND s.key = f.key)
), on_shelves AS (
  INSERT INTO site.shelf (kind, key, article_id, label, sort_at)
  SELECT s.kind, s.key, stored.id, s.label, stored.sort_at FROM stored, shelves s
  ON CONFLICT (article_id, kind, key) DO UPDATE SET label = EXCLUDED.label, sort_at = EXCLUDED.sort_at
), kept AS (
  INSERT INTO site.article_revision (article_id, revision, sent_at, title, body)
  SELECT $1::uuid, $2::int, $10::timestamptz, $4, $6
  WHERE NOT EXISTS (SELECT FROM site.tombstone t WHERE t.id = $1::uuid AND t.revision >= $2::int)
  ON CONFLICT DO NOTHING
), uncovered AS (
  DELETE FROM site.hidden h USING stored WHERE h.id = stored.id
), risen AS (
  DELETE FROM site.tombstone t USING stored WHERE t.id = stored.id
), learnt AS (
  INSERT INTO site.word (word)
  SELECT w.word FROM stored, jsonb_array_elements_text($23::jsonb) AS w(word)
  WHERE NOT EXISTS (SELECT FROM site.word k WHERE k.word = w.word)
  ON CONFLICT DO NOTHING
), counted AS (
  UPDATE site.change SET count = count + 1 WHERE EXISTS (SELECT FROM stored)
)
SELECT id FROM stored`;

const RETRACT = `
WITH buried AS (
  INSERT INTO site.tombstone AS old (id, revision, slug, source_id, source_name, reason, canonical_url, retracted_at)
  SELECT $1::uuid, $2::int, COALESCE((SELECT slug FROM site.article WHERE id = $1::uuid),
    (SELECT message->'article'->>'slug' FROM site.hidden WHERE id = $1::uuid)), $3, $4, $5, $6, $7::timestamptz
  WHERE NOT EXISTS (SELECT FROM site.article a WHERE a.id = $1::uuid AND a.revision > $2::int)
    AND NOT EXISTS (SELECT FROM site.hidden h WHERE h.id = $1::uuid AND h.revision > $2::int)
  ON CONFLICT (id) DO UPDATE SET revision = EXCLUDED.revision, slug = COALESCE(EXCLUDED.slug, old.slug),
    reason = EXCLUDED.reason, retracted_at = EXCLUDED.retracted_at
  WHERE old.revision < EXCLUDED.revision
  RETURNING old.id
), gone AS (
  DELETE FROM site.article a USING buried WHERE a.id = buried.id
), uncovered AS (
  DELETE FROM site.hidden h USING buried WHERE h.id = buried.id
), unpinned AS (
  DELETE FROM site.pin p USING buried WHERE p.article_id = buried.id
), off_shelves AS (
  DELETE FROM site.shelf f USING buried WHERE f.article_id = buried.id
), unruled AS (
  DELETE FROM site.story_ruling r USING buried WHERE r.article_id = buried.id
), forgotten AS (
  DELETE FROM site.article_revision r USING buried WHERE r.article_id = buried.id
), silenced AS (
  DELETE FROM site.comment c USING buried WHERE c.article_id = buried.id
), counted AS (
  UPDATE site.change SET count = count + 1 WHERE EXISTS (SELECT FROM buried)
)
SELECT id FROM buried`;
