/** Retractions and their tombstones, replays, and what is known of each sink's state. */
export const LIFE = {
  version: 12,
  name: 'life after publishing',
  up: `
ALTER TABLE sourcelink.candidate DROP CONSTRAINT candidate_outcome_check;
ALTER TABLE sourcelink.candidate ADD CONSTRAINT candidate_outcome_check
  CHECK (outcome IN ('published','duplicate','rejected','dead','retracted'));
ALTER TABLE sourcelink.candidate ADD COLUMN gone_at timestamptz, ADD COLUMN look_at timestamptz;
CREATE INDEX candidate_look ON sourcelink.candidate (look_at) WHERE look_at IS NOT NULL;

ALTER TABLE sourcelink.delivery DROP CONSTRAINT delivery_state_check;
ALTER TABLE sourcelink.delivery ADD CONSTRAINT delivery_state_check
  CHECK (state IN ('pending','delivered','dead','withdrawn'));
ALTER TABLE sourcelink.delivery ADD COLUMN replay int NOT NULL DEFAULT 0, ADD COLUMN priority smallint NOT NULL DEFAULT 1;
UPDATE sourcelink.delivery SET priority = 2 WHERE lane = 'backfill' AND state = 'pending';
ALTER TABLE sourcelink.delivery DROP COLUMN lane;
DROP INDEX sourcelink.delivery_pending;
CREATE INDEX delivery_pending ON sourcelink.delivery (sink, priority, id) WHERE state = 'pending';
CREATE INDEX delivery_dead ON sourcelink.delivery (candidate_id) WHERE state = 'dead';

ALTER TABLE sourcelink.sink_state ADD COLUMN retry_at timestamptz, ADD COLUMN failed_since timestamptz,
  ADD COLUMN code text, ADD COLUMN reason text;

CREATE TABLE sourcelink.tombstone (
  candidate_id bigint PRIMARY KEY REFERENCES sourcelink.candidate (id) ON DELETE CASCADE,
  article_id uuid,
  source_id text NOT NULL,
  title text NOT NULL,
  url_keys text[] NOT NULL,
  reason text NOT NULL,
  retracted_by text NOT NULL CHECK (retracted_by IN ('operator','source')),
  everywhere boolean NOT NULL,
  at timestamptz NOT NULL,
  fingerprint text,
  shingles bytea,
  quoted bytea,
  created_at timestamptz NOT NULL
);
CREATE INDEX tombstone_url ON sourcelink.tombstone USING gin (url_keys);
CREATE INDEX tombstone_fingerprint ON sourcelink.tombstone (fingerprint) WHERE fingerprint IS NOT NULL;
CREATE TABLE sourcelink.tombstone_band (
  band int NOT NULL,
  candidate_id bigint NOT NULL REFERENCES sourcelink.tombstone (candidate_id) ON DELETE CASCADE,
  PRIMARY KEY (band, candidate_id)
);
CREATE INDEX tombstone_band_candidate ON sourcelink.tombstone_band (candidate_id);
`,
  down: `
DROP TABLE sourcelink.tombstone_band, sourcelink.tombstone;
ALTER TABLE sourcelink.sink_state DROP COLUMN retry_at, DROP COLUMN failed_since, DROP COLUMN code, DROP COLUMN reason;
DROP INDEX sourcelink.delivery_dead, sourcelink.delivery_pending;
CREATE INDEX delivery_pending ON sourcelink.delivery (sink, next_try_at) WHERE state = 'pending';
DELETE FROM sourcelink.delivery WHERE state = 'withdrawn';
ALTER TABLE sourcelink.delivery ADD COLUMN lane text NOT NULL DEFAULT 'fresh' CHECK (lane IN ('fresh','backfill'));
UPDATE sourcelink.delivery SET lane = 'backfill' WHERE priority = 2;
ALTER TABLE sourcelink.delivery DROP COLUMN replay, DROP COLUMN priority;
ALTER TABLE sourcelink.delivery DROP CONSTRAINT delivery_state_check;
ALTER TABLE sourcelink.delivery ADD CONSTRAINT delivery_state_check CHECK (state IN ('pending','delivered','dead'));
DROP INDEX sourcelink.candidate_look;
ALTER TABLE sourcelink.candidate DROP COLUMN gone_at, DROP COLUMN look_at;
UPDATE sourcelink.candidate SET outcome = 'rejected' WHERE outcome = 'retracted';
ALTER TABLE sourcelink.candidate DROP CONSTRAINT candidate_outcome_check;
ALTER TABLE sourcelink.candidate ADD CONSTRAINT candidate_outcome_check
  CHECK (outcome IN ('published','duplicate','rejected','dead'));
`,
};
