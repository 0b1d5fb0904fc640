/** Feeds that are brought by a hub (W3C WebSub) instead of being asked for. */
export const WEBSUB = {
  version: 8,
  name: 'subscriptions to hubs',
  up: `
ALTER TABLE sourcelink.endpoint ADD COLUMN hub text, ADD COLUMN topic text;
CREATE TABLE sourcelink.subscription (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source_id text NOT NULL,
  topic text NOT NULL,
  hub text NOT NULL,
  token text NOT NULL UNIQUE,
  secret text NOT NULL,
  state text NOT NULL DEFAULT 'asked' CHECK (state IN ('asked','active','denied','ending')),
  next_try_at timestamptz NOT NULL,
  failures int NOT NULL DEFAULT 0,
  verified_at timestamptz,
  expires_at timestamptz,
  delivered_at timestamptz,
  code text,
  reason text,
  UNIQUE (source_id, topic, hub)
);
CREATE INDEX subscription_due ON sourcelink.subscription (next_try_at);
`,
  down: `
DROP TABLE sourcelink.subscription;
ALTER TABLE sourcelink.endpoint DROP COLUMN hub, DROP COLUMN topic;
`,
};
