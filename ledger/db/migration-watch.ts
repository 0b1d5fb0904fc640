/** Pages that died are looked at again; states that last become alerts. */
export const WATCH = {
  version: 11,
  name: 'second looks and alerts',
  up: `
ALTER TABLE sourcelink.candidate ADD COLUMN second_looks int NOT NULL DEFAULT 0;
CREATE INDEX candidate_dead ON sourcelink.candidate (source_id) WHERE outcome = 'dead';
CREATE TABLE sourcelink.condition (
  kind text NOT NULL CHECK (kind IN ('source','sink')),
  name text NOT NULL,
  topic text NOT NULL,
  state text NOT NULL,
  since timestamptz NOT NULL,
  times int NOT NULL,
  told text NOT NULL,
  told_since timestamptz,
  PRIMARY KEY (kind, name, topic)
);
CREATE TABLE sourcelink.alert (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  kind text NOT NULL,
  name text NOT NULL,
  topic text NOT NULL,
  was text NOT NULL,
  was_since timestamptz,
  state text NOT NULL,
  since timestamptz NOT NULL,
  code text,
  reason text,
  hint text,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX alert_created ON sourcelink.alert (created_at);
CREATE TABLE sourcelink.notice (
  alert_id uuid NOT NULL REFERENCES sourcelink.alert (id) ON DELETE CASCADE,
  channel text NOT NULL,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending','sent','dead')),
  attempts int NOT NULL DEFAULT 0,
  next_try_at timestamptz NOT NULL DEFAULT now(),
  lease_owner uuid,
  lease_until timestamptz,
  reason text,
  sent_at timestamptz,
  PRIMARY KEY (alert_id, channel)
);
CREATE INDEX notice_pending ON sourcelink.notice (next_try_at) WHERE state = 'pending';
`,
  down: `
DROP TABLE sourcelink.notice, sourcelink.alert, sourcelink.condition;
DROP INDEX sourcelink.candidate_dead;
ALTER TABLE sourcelink.candidate DROP COLUMN second_looks;
`,
};
