/** What the HTTP API looks articles up by, and what was done through it. */
export const API = {
  version: 5,
  name: 'reading over HTTP',
  additive: true,
  up: `
CREATE INDEX article_read ON sourcelink.article ((LEAST(published_at, first_seen_at)) DESC, id DESC) WHERE revision > 0;
CREATE INDEX article_read_source ON sourcelink.article (source_id, (LEAST(published_at, first_seen_at)) DESC, id DESC) WHERE revision > 0;
CREATE INDEX article_read_language ON sourcelink.article ((lower(split_part(language, '-', 1))), (LEAST(published_at, first_seen_at)) DESC, id DESC)
  WHERE revision > 0;
CREATE INDEX article_read_category ON sourcelink.article USING gin (categories jsonb_path_ops) WHERE revision > 0;
CREATE INDEX article_read_words ON sourcelink.article USING gin
  (to_tsvector('simple', title || ' ' || CASE WHEN rights->>'level' = 'link' THEN '' ELSE excerpt END)) WHERE revision > 0;
CREATE INDEX article_slug ON sourcelink.article (slug);
CREATE INDEX revision_retracted ON sourcelink.revision (article_id, revision) WHERE type = 'article.retracted';
CREATE INDEX revision_by_time ON sourcelink.revision (created_at);
CREATE INDEX story_read ON sourcelink.story (last_seen_at DESC, id DESC) WHERE merged_into IS NULL;
CREATE TABLE sourcelink.action (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  client text NOT NULL,
  action text NOT NULL,
  subject jsonb NOT NULL,
  body jsonb NOT NULL,
  outcome text
);
`,
  down: `
DROP TABLE sourcelink.action;
DROP INDEX sourcelink.article_read, sourcelink.article_read_source, sourcelink.article_read_language, sourcelink.article_read_category,
  sourcelink.article_read_words, sourcelink.article_slug, sourcelink.revision_by_time,
  sourcelink.revision_retracted, sourcelink.story_read;
`,
};
