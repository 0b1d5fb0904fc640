import type { SiteDb } from '../site/open.js';
import type { MadeArticles } from './site-articles.js';

const BATCH = 1000;

/**
 * Fills the site: the newest articles as messages by its own receiving, older ones as copies of those in its tables, with
 * addresses, headlines, stories and words of their own. Receiving all of them would take most of an hour on one core.
 */
export async function fillSite(
  made: MadeArticles,
  receive: (message: unknown) => Promise<void>,
  db: SiteDb,
  atOnce: number,
): Promise<void> {
  const { rows } = await db.query<{ n: number }>('SELECT count(*)::int AS n FROM site.article');
  if (rows[0]?.n === made.count) return;
  const began = performance.now();
  const said = (done: number, what: string) =>
    process.stderr.write(`\r${done} of ${made.count} articles ${what}, ${seconds(began)} s `);
  let next = made.oldestMessage;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < made.count) {
        const n = next++;
        await receive(made.message(n));
        if (n % 500 === 0) said(n - made.oldestMessage, 'received');
      }
    }),
  );
  for (let last = made.oldestMessage - 1; last >= 0; last -= BATCH) {
    const copies = Array.from({ length: Math.min(BATCH, last + 1) }, (_, i) => made.copy(last - i));
    await db.query(COPY, [JSON.stringify(copies)]);
    said(made.count - last, 'copied');
  }
  process.stderr.write('\n');
  // What autovacuum does within minutes wherever the site lives.
  await db.query('VACUUM ANALYZE');
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(0);

const COPY = `
WITH copy AS (
  SELECT c.*, md5(c.of || c.round)::uuid AS id, c.round::int * c.apart * interval '1 minute' AS earlier
  FROM jsonb_to_recordset($1::jsonb) AS c(of text, round text, apart int, name text)
), made AS (
  SELECT c.id, a.revision, a.slug || '-' || c.round AS slug, a.title || ': ' || c.name AS title, a.excerpt,
    replace(a.body, '.example/', '.example/' || c.round || '/') AS body, a.language, a.published_at - c.earlier AS published_at,
    a.sort_at - c.earlier AS sort_at, a.sent_at - c.earlier AS sent_at, a.source_id, a.story_id || '-' || c.round AS story_id,
    a.story_size, a.reading_minutes, a.word_count, a.has_image, a.noindex, a.rights,
    replace(a.document::text, '.example/', '.example/' || c.round || '/')::jsonb || jsonb_build_object('id', c.id,
      'slug', a.slug || '-' || c.round, 'title', a.title || ': ' || c.name) ||
      CASE WHEN a.story_id IS NULL THEN '{}' ELSE jsonb_build_object('story',
        (a.document->'story') || jsonb_build_object('id', a.story_id || '-' || c.round)) END AS document,
    a.search || setweight(to_tsvector('simple', lower(c.name)), 'A') AS search,
    replace(a.card::text, '.example/', '.example/' || c.round || '/')::jsonb AS card, a.first_sent_at - c.earlier AS first_sent_at,
    a.id AS of, c.round, c.name
  FROM copy c JOIN site.article a ON a.id = c.of::uuid
), stored AS (
  INSERT INTO site.article (id, revision, slug, title, excerpt, body, language, published_at, sort_at, sent_at, source_id,
    story_id, story_size, reading_minutes, word_count, has_image, noindex, rights, document, search, card, first_sent_at)
  SELECT id, revision, slug, title, excerpt, body, language, published_at, sort_at, sent_at, source_id,
    story_id, story_size, reading_minutes, word_count, has_image, noindex, rights, document, search, card, first_sent_at FROM made
), shelved AS (
  INSERT INTO site.shelf (kind, key, article_id, label, sort_at)
  SELECT s.kind, CASE s.kind WHEN 'story' THEN s.key || '-' || m.round ELSE s.key END, m.id, s.label, m.sort_at
  FROM made m JOIN site.shelf s ON s.article_id = m.of
), kept AS (
  INSERT INTO site.article_revision (article_id, revision, sent_at, title, body)
  SELECT id, revision, sent_at, title, body FROM made
), learnt AS (
  INSERT INTO site.word (word) SELECT DISTINCT lower(name) FROM made ON CONFLICT DO NOTHING
)
UPDATE site.change SET count = count + (SELECT count(*) FROM copy)`;
