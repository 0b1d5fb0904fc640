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
  const { id, revision } = m;
  if (m.type === 'article.retracted')
    return { id, revision, did: (await wrote(db, RETRACT, retraction(m))) ? 'retracted' : 'stale' };
  if (!(await wrote(db, STORE, article(m, uncover)))) return { id, revision, did: 'stale' };
  return { id, revision, did: m.type === 'article.published' ? 'published' : 'updated' };
}

/** Runs a statement on one record, whose fields it names. @returns whether it changed anything */
async function wrote(db: SiteDb, statement: string, record: object): Promise<boolean> {
  const { rows } = await db.query(statement, [JSON.stringify(record)]);
  return rows.length > 0;
}

/** The record of STORE. */
function article(m: Exclude<ArticleMessage, { type: 'article.retracted' }>, uncover: boolean) {
  const a = m.article;
  const text = a.text ?? textOf(a.html);
  const { html, text: _, ...document } = a;
  return {
    id: m.id,
    revision: m.revision,
    slug: a.slug,
    title: a.title,
    excerpt: a.excerpt,
    body: html,
    language: a.language,
    published_at: a.publishedAt,
    fetched_at: a.fetchedAt,
    sent_at: m.sentAt,
    source_id: a.source.id,
    story_id: a.story?.id ?? null,
    story_size: a.story?.size ?? 1,
    reading_minutes: a.readingMinutes,
    word_count: a.wordCount,
    has_image: a.image !== null,
    noindex: a.noindex,
    rights: a.rights.level,
    document,
    card: cardOf(a),
    title_words: searchWords(a.title),
    topic_words: searchWords([...a.tags, ...a.authors, a.source.name, ...a.categories.map((c) => c.label)].join(' ')),
    text_words: searchWords(`${a.excerpt} ${text}`),
    shelves: shelvesOf(a),
    new_words: newWords(`${a.title} ${a.tags.join(' ')} ${a.authors.join(' ')} ${a.excerpt} ${text}`),
    message: m,
    uncover,
  };
}

/** The record of RETRACT. */
function retraction(m: Extract<ArticleMessage, { type: 'article.retracted' }>) {
  return {
    id: m.id,
    revision: m.revision,
    source_id: m.article.source.id,
    source_name: m.article.source.name,
    reason: m.reason,
    canonical_url: m.article.canonicalUrl,
    retracted_at: m.sentAt,
  };
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
WITH m AS MATERIALIZED (
  SELECT * FROM jsonb_to_record($1::jsonb) AS r(id uuid, revision int, slug text, title text, excerpt text, body text, language text,
    published_at timestamptz, fetched_at timestamptz, sent_at timestamptz, source_id text, story_id text, story_size int,
    reading_minutes int, word_count int, has_image boolean, noindex boolean, rights text, document jsonb, card jsonb,
    title_words text, topic_words text, text_words text, shelves jsonb, new_words jsonb, message jsonb, uncover boolean)
), aside AS (
  -- An editor hid it: what arrives waits with it.
  UPDATE site.hidden h SET revision = m.revision, message = m.message FROM m WHERE h.id = m.id AND h.revision < m.revision
), ruling AS (
  -- What an editor decided about its story holds until the wire, which heard of it, has sent the article anew.
  SELECT r.story_id FROM site.story_ruling r JOIN m ON r.article_id = m.id AND r.decided_at >= m.sent_at
), alive AS (
  SELECT m.* FROM m WHERE NOT EXISTS (SELECT FROM site.tombstone t WHERE t.id = m.id AND t.revision >= m.revision)
), stored AS (
  INSERT INTO site.article AS old (id, revision, slug, title, excerpt, body, language, published_at, sort_at, sent_at,
    first_sent_at, source_id, story_id, story_size, reading_minutes, word_count, has_image, noindex, rights,
    document, search, card)
  SELECT a.id, a.revision, a.slug, a.title, a.excerpt, a.body, a.language, a.published_at,
    -- A date in the future is a mistake of the page; it would stay on top for as long.
    LEAST(COALESCE(a.published_at, a.fetched_at), a.fetched_at), a.sent_at,
    a.sent_at, a.source_id, COALESCE((SELECT story_id FROM ruling), a.story_id), a.story_size, a.reading_minutes, a.word_count,
    a.has_image, a.noindex, a.rights, a.document,
    setweight(to_tsvector('simple', a.title_words), 'A') || setweight(to_tsvector('simple', a.topic_words), 'B') ||
      setweight(to_tsvector('simple', a.text_words), 'D'), a.card
  FROM alive a WHERE a.uncover OR NOT EXISTS (SELECT FROM site.hidden h WHERE h.id = a.id)
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
  SELECT s.kind, s.key, s.label FROM m, jsonb_to_recordset(m.shelves) AS s(kind text, key text, label text)
  WHERE s.kind <> 'story' OR NOT EXISTS (SELECT FROM ruling)
  UNION ALL SELECT 'story', ruling.story_id, m.title FROM ruling, m
), overruled AS (
  DELETE FROM site.story_ruling r USING stored, m WHERE r.article_id = stored.id AND r.decided_at < m.sent_at
), left_shelves AS (
  DELETE FROM site.shelf f USING stored
  WHERE f.article_id = stored.id AND NOT EXISTS (SELECT FROM shelves s WHERE s.kind = f.kind AND s.key = f.key)
), on_shelves AS (
  INSERT INTO site.shelf (kind, key, article_id, label, sort_at)
  SELECT s.kind, s.key, stored.id, s.label, stored.sort_at FROM stored, shelves s
  ON CONFLICT (article_id, kind, key) DO UPDATE SET label = EXCLUDED.label, sort_at = EXCLUDED.sort_at
), kept AS (
  INSERT INTO site.article_revision (article_id, revision, sent_at, title, body)
  SELECT a.id, a.revision, a.sent_at, a.title, a.body FROM alive a
  ON CONFLICT DO NOTHING
), uncovered AS (
  DELETE FROM site.hidden h USING stored WHERE h.id = stored.id
), risen AS (
  DELETE FROM site.tombstone t USING stored WHERE t.id = stored.id
), learnt AS (
  INSERT INTO site.word (word)
  SELECT w.word FROM stored, m, jsonb_array_elements_text(m.new_words) AS w(word)
  WHERE NOT EXISTS (SELECT FROM site.word k WHERE k.word = w.word)
  ON CONFLICT DO NOTHING
), counted AS (
  UPDATE site.change SET count = count + 1 WHERE EXISTS (SELECT FROM stored)
)
SELECT id FROM stored`;

const RETRACT = `
WITH m AS MATERIALIZED (
  SELECT * FROM jsonb_to_record($1::jsonb) AS r(id uuid, revision int, source_id text, source_name text, reason text,
    canonical_url text, retracted_at timestamptz)
), buried AS (
  INSERT INTO site.tombstone AS old (id, revision, slug, source_id, source_name, reason, canonical_url, retracted_at)
  SELECT m.id, m.revision, COALESCE((SELECT a.slug FROM site.article a WHERE a.id = m.id),
    (SELECT h.message->'article'->>'slug' FROM site.hidden h WHERE h.id = m.id)), m.source_id, m.source_name, m.reason,
    m.canonical_url, m.retracted_at
  FROM m WHERE NOT EXISTS (SELECT FROM site.article a WHERE a.id = m.id AND a.revision > m.revision)
    AND NOT EXISTS (SELECT FROM site.hidden h WHERE h.id = m.id AND h.revision > m.revision)
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
