/** Articles from an outlet's archive, in a lane behind the news. */
export const BACKFILL = {
  version: 7,
  name: 'back-fill lane',
  up: `
ALTER TABLE sourcelink.candidate ADD COLUMN lane text NOT NULL DEFAULT 'fresh' CHECK (lane IN ('fresh','backfill'));
ALTER TABLE sourcelink.delivery ADD COLUMN lane text NOT NULL DEFAULT 'fresh' CHECK (lane IN ('fresh','backfill'));
ALTER TABLE sourcelink.run ADD COLUMN lane text NOT NULL DEFAULT 'fresh' CHECK (lane IN ('fresh','backfill'));
DROP INDEX sourcelink.candidate_waiting_source;
CREATE INDEX candidate_waiting_source ON sourcelink.candidate (source_id, lane, stage) WHERE outcome IS NULL;
CREATE TABLE sourcelink.backfill (
  source_id text PRIMARY KEY,
  since timestamptz NOT NULL,
  until timestamptz,
  asked_at timestamptz NOT NULL DEFAULT now(),
  planned_at timestamptz,
  day date,
  taken int NOT NULL DEFAULT 0,
  rest_until timestamptz,
  lease_owner uuid,
  lease_until timestamptz
);
CREATE TABLE sourcelink.backfill_place (
  source_id text NOT NULL REFERENCES sourcelink.backfill (source_id) ON DELETE CASCADE,
  url text NOT NULL,
  PRIMARY KEY (source_id, url)
);
`,
  down: `
DROP TABLE sourcelink.backfill_place, sourcelink.backfill;
DROP INDEX sourcelink.candidate_waiting_source;
CREATE INDEX candidate_waiting_source ON sourcelink.candidate (source_id, stage) WHERE outcome IS NULL;
ALTER TABLE sourcelink.run DROP COLUMN lane;
ALTER TABLE sourcelink.delivery DROP COLUMN lane;
ALTER TABLE sourcelink.candidate DROP COLUMN lane;
`,
};
