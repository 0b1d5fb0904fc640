/** What must be known before an article and its address may be forgotten. */
export const RETENTION = {
  version: 13,
  name: 'retention',
  additive: true,
  up: `
ALTER TABLE sourcelink.candidate ADD COLUMN listed_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE sourcelink.endpoint ADD COLUMN read_at timestamptz;
-- Whatever is known by now may still be listed.
UPDATE sourcelink.endpoint SET read_at = now();
CREATE INDEX candidate_settled ON sourcelink.candidate (changed_at) WHERE outcome IN ('published','duplicate','retracted');
CREATE INDEX candidate_refused ON sourcelink.candidate (changed_at) WHERE outcome IN ('rejected','dead');
CREATE INDEX story_headline ON sourcelink.story (headline_id);
CREATE INDEX sketch_article ON sourcelink.sketch (article_id);
`,
  down: `
DROP INDEX sourcelink.candidate_settled, sourcelink.candidate_refused, sourcelink.story_headline, sourcelink.sketch_article;
ALTER TABLE sourcelink.endpoint DROP COLUMN read_at;
ALTER TABLE sourcelink.candidate DROP COLUMN listed_at;
`,
};
