/** All tables of the ledger, in the order of the data: sources, candidates, articles, what is judged, what is sent, what is watched. */
export const FIRST_LEDGER = {
  version: 1,
  name: 'first ledger',
  up: `
-- Sources: what each visit found, and when the next one is due.
CREATE TABLE sourcelink.source_state (
  source_id text PRIMARY KEY,
  name text NOT NULL,
  homepage text NOT NULL,
  paused boolean NOT NULL DEFAULT false,
  state text NOT NULL DEFAULT 'new' CHECK (state IN ('new','ok','empty','failing','blocked','moved')),
  failures int NOT NULL DEFAULT 0,
  code text,
  reason text,
  how text,
  identity text NOT NULL DEFAULT 'link' CHECK (identity IN ('link','guid')),
  identity_reason text,
  last_visit_at timestamptz,
  last_ok_at timestamptz,
  last_article_at timestamptz,
  next_visit_at timestamptz,
  next_visit_why text,
  planned_by text,
  asked_at timestamptz,
  lease_owner uuid,
  lease_until timestamptz
);
CREATE INDEX source_due ON sourcelink.source_state (next_visit_at);

CREATE TABLE sourcelink.visit (
  id uuid PRIMARY KEY,
  source_id text NOT NULL,
  discovering boolean NOT NULL,
  lane text NOT NULL DEFAULT 'fresh' CHECK (lane IN ('fresh','backfill')),
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  requests int NOT NULL DEFAULT 0,
  not_modified int NOT NULL DEFAULT 0,
  discovered int NOT NULL DEFAULT 0,
  fetched int NOT NULL DEFAULT 0,
  rendered int NOT NULL DEFAULT 0,
  failed int NOT NULL DEFAULT 0,
  code text,
  reason text
);
CREATE INDEX visit_by_source ON sourcelink.visit (source_id, started_at DESC);
CREATE INDEX visit_by_time ON sourcelink.visit (started_at);

CREATE TABLE sourcelink.endpoint (
  source_id text NOT NULL,
  url text NOT NULL,
  kind text NOT NULL,
  origin text NOT NULL,
  links text,
  etag text,
  last_modified text,
  body_hash text,
  format text,
  checked_at timestamptz,
  error text,
  failures int NOT NULL DEFAULT 0,
  moved_to text,
  hub text,
  topic text,
  rest_ms int,
  read_at timestamptz,
  PRIMARY KEY (source_id, url)
);

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

-- Hosts: whose turn it is, and what their robots.txt says.
CREATE TABLE sourcelink.host (
  host text NOT NULL,
  slot int NOT NULL,
  owner uuid,
  lease_until timestamptz NOT NULL DEFAULT '-infinity',
  free_at timestamptz NOT NULL DEFAULT '-infinity',
  PRIMARY KEY (host, slot)
);
CREATE TABLE sourcelink.robots (
  origin text PRIMARY KEY,
  entry jsonb NOT NULL,
  fetched_at timestamptz NOT NULL
);

-- Candidates and their pages.
CREATE TABLE sourcelink.candidate (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source_id text NOT NULL,
  url text NOT NULL,
  url_key text NOT NULL,
  hints jsonb NOT NULL DEFAULT '{}',
  hinted_at timestamptz,
  discovered_at timestamptz NOT NULL DEFAULT now(),
  listed_at timestamptz NOT NULL DEFAULT now(),
  lane text NOT NULL DEFAULT 'fresh' CHECK (lane IN ('fresh','backfill')),
  stage text NOT NULL DEFAULT 'fetch' CHECK (stage IN ('fetch','extract','dedupe','categorize','publish','done')),
  outcome text CHECK (outcome IN ('published','duplicate','rejected','dead','retracted')),
  code text,
  reason text,
  dead_stage text,
  attempts int NOT NULL DEFAULT 0,
  next_try_at timestamptz DEFAULT now(),
  driven_at timestamptz,
  lease_owner uuid,
  lease_until timestamptz,
  article_id uuid,
  duplicate_of uuid,
  page_id bigint,
  etag text,
  last_modified text,
  fetched_at timestamptz,
  render boolean NOT NULL DEFAULT false,
  unchanged int NOT NULL DEFAULT 0,
  changed_at timestamptz NOT NULL DEFAULT now(),
  second_looks int NOT NULL DEFAULT 0,
  missing_since timestamptz,
  look_at timestamptz,
  UNIQUE (source_id, url_key)
);
CREATE INDEX candidate_waiting ON sourcelink.candidate (stage, next_try_at) WHERE outcome IS NULL;
CREATE INDEX candidate_waiting_source ON sourcelink.candidate (source_id, lane, stage) WHERE outcome IS NULL;
CREATE INDEX candidate_leased ON sourcelink.candidate (lease_owner) WHERE lease_owner IS NOT NULL;
CREATE INDEX candidate_guid ON sourcelink.candidate (source_id, md5(hints->>'guid')) WHERE hints->>'guid' IS NOT NULL;
CREATE INDEX candidate_discovered ON sourcelink.candidate (source_id, discovered_at);
CREATE INDEX candidate_article ON sourcelink.candidate (article_id);
CREATE INDEX candidate_duplicate ON sourcelink.candidate (duplicate_of) WHERE outcome = 'duplicate';
CREATE INDEX candidate_dead ON sourcelink.candidate (source_id) WHERE outcome = 'dead';
CREATE INDEX candidate_look ON sourcelink.candidate (look_at) WHERE look_at IS NOT NULL;
CREATE INDEX candidate_settled ON sourcelink.candidate (changed_at) WHERE outcome IN ('published','duplicate','retracted');
CREATE INDEX candidate_refused ON sourcelink.candidate (changed_at) WHERE outcome IN ('rejected','dead');

CREATE TABLE sourcelink.page (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  candidate_id bigint NOT NULL REFERENCES sourcelink.candidate (id) ON DELETE CASCADE,
  url text NOT NULL,
  via text NOT NULL,
  headers jsonb NOT NULL,
  body bytea NOT NULL,
  body_bytes int NOT NULL,
  body_hash text NOT NULL,
  reservation jsonb,
  fetched_at timestamptz NOT NULL
);
-- The body is gzipped already.
ALTER TABLE sourcelink.page ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX page_candidate ON sourcelink.page (candidate_id, id DESC);
CREATE INDEX page_by_time ON sourcelink.page (fetched_at);

-- What each outlet's pages teach.
CREATE SEQUENCE sourcelink.digest_seq;
CREATE TABLE sourcelink.digest (
  candidate_id bigint PRIMARY KEY REFERENCES sourcelink.candidate (id) ON DELETE CASCADE,
  source_id text NOT NULL,
  seq bigint NOT NULL DEFAULT nextval('sourcelink.digest_seq'),
  digest jsonb NOT NULL
);
CREATE INDEX digest_by_source ON sourcelink.digest (source_id, seq);
CREATE TABLE sourcelink.profile (
  source_id text PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('active','unused','set aside')),
  reason text NOT NULL,
  learned_at timestamptz NOT NULL,
  up_to bigint NOT NULL,
  profile jsonb,
  figures jsonb
);
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

-- Articles.
CREATE TABLE sourcelink.article (
  id uuid PRIMARY KEY,
  candidate_id bigint NOT NULL UNIQUE REFERENCES sourcelink.candidate (id),
  source_id text NOT NULL,
  url_key text NOT NULL,
  canonical_url text NOT NULL,
  slug text NOT NULL,
  title text NOT NULL,
  authors jsonb NOT NULL,
  agency text,
  published_at timestamptz,
  updated_at timestamptz,
  fetched_at timestamptz NOT NULL,
  first_seen_at timestamptz NOT NULL,
  language text,
  excerpt text NOT NULL,
  text text NOT NULL,
  html text NOT NULL,
  image jsonb,
  tags jsonb NOT NULL,
  section text,
  word_count int NOT NULL,
  rights jsonb NOT NULL,
  noindex boolean NOT NULL,
  provenance jsonb NOT NULL,
  content_hash text NOT NULL,
  fingerprint text,
  revision int NOT NULL DEFAULT 0,
  published_hash text,
  duplicate_of uuid,
  duplicate_why jsonb,
  related jsonb NOT NULL DEFAULT '[]',
  categories jsonb NOT NULL DEFAULT '[]',
  story_id uuid
);
CREATE INDEX article_url_key ON sourcelink.article (url_key);
CREATE INDEX article_fingerprint ON sourcelink.article (fingerprint, first_seen_at);
CREATE INDEX article_by_source ON sourcelink.article (source_id, first_seen_at DESC);
CREATE INDEX article_duplicate_of ON sourcelink.article (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX article_story ON sourcelink.article (story_id) WHERE story_id IS NOT NULL;
CREATE INDEX article_corrected ON sourcelink.article (candidate_id) WHERE categories @> '[{"by":"person"}]';
CREATE INDEX article_until ON sourcelink.article ((rights->>'until')) WHERE rights->>'until' IS NOT NULL;
-- By what the HTTP API looks articles up.
CREATE INDEX article_slug ON sourcelink.article (slug);
CREATE INDEX article_read ON sourcelink.article ((LEAST(published_at, first_seen_at)) DESC, id DESC) WHERE revision > 0;
CREATE INDEX article_read_source ON sourcelink.article (source_id, (LEAST(published_at, first_seen_at)) DESC, id DESC) WHERE revision > 0;
CREATE INDEX article_read_language ON sourcelink.article ((lower(split_part(language, '-', 1))), (LEAST(published_at, first_seen_at)) DESC, id DESC)
  WHERE revision > 0;
CREATE INDEX article_read_category ON sourcelink.article USING gin (categories jsonb_path_ops) WHERE revision > 0;
CREATE INDEX article_read_words ON sourcelink.article USING gin
  (to_tsvector('simple', title || ' ' || CASE WHEN rights->>'level' = 'link' THEN '' ELSE excerpt END)) WHERE revision > 0;

-- Dedupe: texts by what they share, what people ruled, what must not come back.
CREATE TABLE sourcelink.sketch (
  candidate_id bigint PRIMARY KEY REFERENCES sourcelink.candidate (id) ON DELETE CASCADE,
  article_id uuid NOT NULL REFERENCES sourcelink.article (id) ON DELETE CASCADE,
  source_id text NOT NULL,
  at timestamptz NOT NULL,
  day date NOT NULL,
  fingerprint text NOT NULL,
  shingles bytea NOT NULL,
  quoted bytea NOT NULL,
  bands int[] NOT NULL,
  indexed_at timestamptz NOT NULL DEFAULT now()
);
-- Hashes do not compress: to try costs more than the insert.
ALTER TABLE sourcelink.sketch ALTER COLUMN shingles SET STORAGE EXTERNAL, ALTER COLUMN bands SET STORAGE EXTERNAL;
CREATE INDEX sketch_article ON sourcelink.sketch (article_id);
CREATE INDEX sketch_by_source ON sourcelink.sketch (source_id, at);
CREATE INDEX sketch_fingerprint ON sourcelink.sketch (fingerprint, at);
CREATE INDEX sketch_by_time ON sourcelink.sketch (indexed_at);
CREATE TABLE sourcelink.band (
  band int NOT NULL,
  day date NOT NULL,
  candidate_id bigint NOT NULL,
  PRIMARY KEY (band, day, candidate_id)
);
CREATE TABLE sourcelink.ruling (
  article_id uuid PRIMARY KEY REFERENCES sourcelink.article (id) ON DELETE CASCADE,
  copy_of uuid REFERENCES sourcelink.article (id) ON DELETE CASCADE,
  made_at timestamptz NOT NULL DEFAULT now(),
  CHECK (copy_of <> article_id)
);
CREATE INDEX ruling_original ON sourcelink.ruling (copy_of);
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

-- Stories.
CREATE TABLE sourcelink.story (
  id uuid PRIMARY KEY,
  headline_id uuid NOT NULL REFERENCES sourcelink.article (id),
  first_seen_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  merged_into uuid,
  pinned boolean NOT NULL DEFAULT false,
  stale_since timestamptz
);
CREATE INDEX story_headline ON sourcelink.story (headline_id);
CREATE INDEX story_read ON sourcelink.story (last_seen_at DESC, id DESC) WHERE merged_into IS NULL;
CREATE INDEX story_stale ON sourcelink.story (stale_since) WHERE stale_since IS NOT NULL;
CREATE TABLE sourcelink.story_log (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  story_id uuid NOT NULL,
  article_id uuid,
  merged_id uuid,
  pinned boolean NOT NULL DEFAULT false,
  at timestamptz NOT NULL,
  CHECK ((article_id IS NULL) <> (merged_id IS NULL))
);

-- The outbox: revisions, and one delivery for each sink.
CREATE TABLE sourcelink.revision (
  article_id uuid NOT NULL REFERENCES sourcelink.article (id),
  revision int NOT NULL,
  type text NOT NULL CHECK (type IN ('article.published','article.updated','article.retracted')),
  message jsonb NOT NULL,
  because text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (article_id, revision)
);
CREATE INDEX revision_retracted ON sourcelink.revision (article_id, revision) WHERE type = 'article.retracted';
CREATE INDEX revision_by_time ON sourcelink.revision (created_at);
CREATE TABLE sourcelink.delivery (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  article_id uuid NOT NULL,
  revision int NOT NULL,
  sink text NOT NULL,
  candidate_id bigint NOT NULL,
  replay int NOT NULL DEFAULT 0,
  priority smallint NOT NULL DEFAULT 1,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending','delivered','dead','retracted')),
  attempts int NOT NULL DEFAULT 0,
  next_try_at timestamptz NOT NULL DEFAULT now(),
  driven_at timestamptz,
  lease_owner uuid,
  lease_until timestamptz,
  code text,
  reason text,
  created_at timestamptz NOT NULL DEFAULT now(),
  delivered_at timestamptz,
  UNIQUE (article_id, revision, sink),
  FOREIGN KEY (article_id, revision) REFERENCES sourcelink.revision (article_id, revision)
);
CREATE INDEX delivery_pending ON sourcelink.delivery (sink, priority, id) WHERE state = 'pending';
CREATE INDEX delivery_candidate ON sourcelink.delivery (candidate_id);
CREATE INDEX delivery_dead ON sourcelink.delivery (candidate_id) WHERE state = 'dead';
CREATE INDEX delivery_leased ON sourcelink.delivery (lease_owner) WHERE lease_owner IS NOT NULL;
CREATE TABLE sourcelink.sink_state (
  sink text PRIMARY KEY,
  since timestamptz NOT NULL DEFAULT now(),
  paused boolean NOT NULL DEFAULT false,
  failures int NOT NULL DEFAULT 0,
  failed_since timestamptz,
  code text,
  reason text,
  retry_at timestamptz,
  last_delivered_at timestamptz,
  lease_owner uuid,
  lease_until timestamptz
);

-- What was done over HTTP, and what people hear of.
CREATE TABLE sourcelink.action (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  client text NOT NULL,
  action text NOT NULL,
  subject jsonb NOT NULL,
  body jsonb NOT NULL,
  outcome text
);
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
DROP TABLE sourcelink.notice, sourcelink.alert, sourcelink.condition, sourcelink.action,
  sourcelink.sink_state, sourcelink.delivery, sourcelink.revision,
  sourcelink.story_log, sourcelink.story,
  sourcelink.tombstone_band, sourcelink.tombstone, sourcelink.ruling, sourcelink.band, sourcelink.sketch,
  sourcelink.article, sourcelink.rendering, sourcelink.profile, sourcelink.digest, sourcelink.page, sourcelink.candidate,
  sourcelink.robots, sourcelink.host, sourcelink.backfill_place, sourcelink.backfill, sourcelink.subscription,
  sourcelink.endpoint, sourcelink.visit, sourcelink.source_state;
DROP SEQUENCE sourcelink.digest_seq;
`,
};
