/** What was learned of whether a source's pages need the browser, and how many of a visit's pages were opened in it. */
export const RENDERING = {
  version: 9,
  name: 'learned rendering',
  up: `
CREATE TABLE sourcelink.rendering (
  source_id text PRIMARY KEY,
  way text NOT NULL DEFAULT 'each page' CHECK (way IN ('each page','static','browser')),
  since timestamptz NOT NULL,
  samples jsonb NOT NULL DEFAULT '[]',
  checks int NOT NULL DEFAULT 0,
  check_at timestamptz,
  fruitless int NOT NULL DEFAULT 0,
  try_at timestamptz,
  rendered int NOT NULL DEFAULT 0
);
ALTER TABLE sourcelink.run ADD COLUMN rendered int NOT NULL DEFAULT 0;
`,
  down: `
ALTER TABLE sourcelink.run DROP COLUMN rendered;
DROP TABLE sourcelink.rendering;
`,
};
