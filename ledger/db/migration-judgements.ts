/** What people rule, stories that divide, and readers who hear of a story's growth. */
export const JUDGEMENTS = {
  version: 4,
  name: 'corrected judgements',
  up: `
CREATE TABLE sourcelink.ruling (
  article_id uuid PRIMARY KEY REFERENCES sourcelink.article (id) ON DELETE CASCADE,
  copy_of uuid REFERENCES sourcelink.article (id) ON DELETE CASCADE,
  made_at timestamptz NOT NULL DEFAULT now(),
  CHECK (copy_of <> article_id)
);
CREATE INDEX ruling_original ON sourcelink.ruling (copy_of);
ALTER TABLE sourcelink.story ADD COLUMN pinned boolean NOT NULL DEFAULT false, ADD COLUMN stale_since timestamptz;
CREATE INDEX story_stale ON sourcelink.story (stale_since) WHERE stale_since IS NOT NULL;
ALTER TABLE sourcelink.story_log ADD COLUMN pinned boolean NOT NULL DEFAULT false;
ALTER TABLE sourcelink.revision ADD COLUMN because text;
-- Hashes cannot be compressed: trying costs more than the insert.
ALTER TABLE sourcelink.sketch ALTER COLUMN shingles SET STORAGE EXTERNAL, ALTER COLUMN bands SET STORAGE EXTERNAL;
`,
  down: `
ALTER TABLE sourcelink.sketch ALTER COLUMN shingles SET STORAGE EXTENDED, ALTER COLUMN bands SET STORAGE EXTENDED;
ALTER TABLE sourcelink.revision DROP COLUMN because;
ALTER TABLE sourcelink.story_log DROP COLUMN pinned;
DROP INDEX sourcelink.story_stale;
ALTER TABLE sourcelink.story DROP COLUMN pinned, DROP COLUMN stale_since;
DROP TABLE sourcelink.ruling;
`,
};
