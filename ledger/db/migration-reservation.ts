/** What the tdmrep.json of a page's host reserves, kept with the page; when an article is no longer to be shown. */
export const RESERVATION = {
  version: 10,
  name: 'reservations of pages, ends of articles',
  additive: true,
  up: `
ALTER TABLE sourcelink.page ADD COLUMN reservation jsonb;
CREATE INDEX article_until ON sourcelink.article ((rights->>'until')) WHERE rights->>'until' IS NOT NULL;
`,
  down: `
DROP INDEX sourcelink.article_until;
ALTER TABLE sourcelink.page DROP COLUMN reservation;
`,
};
