import { API } from './migration-api.js';
import { BACKFILL } from './migration-backfill.js';
import { JUDGEMENTS } from './migration-judgements.js';
import { LIFE } from './migration-life.js';
import { RENDERING } from './migration-rendering.js';
import { RESERVATION } from './migration-reservation.js';
import { RETENTION } from './migration-retention.js';
import { VISITS } from './migration-visits.js';
import { WATCH } from './migration-watch.js';
import { WEBSUB } from './migration-websub.js';

/**
 * Each migration forward and back; a released one is never edited, only followed by another. `additive`: programs of the version
 * before can go on working beside newer ones, since all that they read and write is still there.
 */
export type Migration = { version: number; name: string; up: string; down: string; additive?: boolean };

export const MIGRATIONS: Migration[] = [
  {
    version: 1,
    name: 'first ledger',
    up: `
CREATE TABLE sourcelink.source_state (
  source_id text PRIMARY KEY,
  name text NOT NULL,
  homepage text NOT NULL,
  paused boolean NOT NULL DEFAULT false,
  state text NOT NULL DEFAULT 'new' CHECK (state IN ('new','ok','empty','failing','blocked')),
  failures int NOT NULL DEFAULT 0,
  code text,
  reason text,
  how text,
  last_run_at timestamptz,
  last_ok_at timestamptz,
  last_article_at timestamptz,
  lease_owner uuid,
  lease_until timestamptz
);

CREATE TABLE sourcelink.run (
  id uuid PRIMARY KEY,
  source_id text NOT NULL,
  discovering boolean NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  requests int NOT NULL DEFAULT 0,
  not_modified int NOT NULL DEFAULT 0,
  discovered int NOT NULL DEFAULT 0,
  fetched int NOT NULL DEFAULT 0,
  failed int NOT NULL DEFAULT 0,
  code text,
  reason text
);
CREATE INDEX run_by_source ON sourcelink.run (source_id, started_at DESC);
CREATE INDEX run_by_time ON sourcelink.run (started_at);

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
  PRIMARY KEY (source_id, url)
);

CREATE TABLE sourcelink.candidate (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source_id text NOT NULL,
  url text NOT NULL,
  url_key text NOT NULL,
  hints jsonb NOT NULL DEFAULT '{}',
  hinted_at timestamptz,
  discovered_at timestamptz NOT NULL DEFAULT now(),
  stage text NOT NULL DEFAULT 'fetch' CHECK (stage IN ('fetch','extract','dedupe','categorize','publish','done')),
  outcome text CHECK (outcome IN ('published','duplicate','rejected','dead')),
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
  UNIQUE (source_id, url_key)
);
CREATE INDEX candidate_waiting ON sourcelink.candidate (stage, next_try_at) WHERE outcome IS NULL;
CREATE INDEX candidate_waiting_source ON sourcelink.candidate (source_id, stage) WHERE outcome IS NULL;
CREATE INDEX candidate_article ON sourcelink.candidate (article_id);
CREATE INDEX candidate_duplicate ON sourcelink.candidate (duplicate_of) WHERE outcome = 'duplicate';
CREATE INDEX candidate_leased ON sourcelink.candidate (lease_owner) WHERE lease_owner IS NOT NULL;

CREATE TABLE sourcelink.page (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  candidate_id bigint NOT NULL REFERENCES sourcelink.candidate (id) ON DELETE CASCADE,
  url text NOT NULL,
  via text NOT NULL,
  headers jsonb NOT NULL,
  body bytea NOT NULL,
  body_bytes int NOT NULL,
  body_hash text NOT NULL,
  fetched_at timestamptz NOT NULL
);
ALTER TABLE sourcelink.page ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX page_candidate ON sourcelink.page (candidate_id, id DESC);
CREATE INDEX page_by_time ON sourcelink.page (fetched_at);

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
  categories jsonb NOT NULL DEFAULT '[]'
);
CREATE INDEX article_url_key ON sourcelink.article (url_key);
CREATE INDEX article_fingerprint ON sourcelink.article (fingerprint, first_seen_at);
CREATE INDEX article_by_source ON sourcelink.article (source_id, first_seen_at DESC);
CREATE INDEX article_duplicate_of ON sourcelink.article (duplicate_of) WHERE duplicate_of IS NOT NULL;

CREATE TABLE sourcelink.revision (
  article_id uuid NOT NULL REFERENCES sourcelink.article (id),
  revision int NOT NULL,
  type text NOT NULL CHECK (type IN ('article.published','article.updated','article.retracted')),
  message jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (article_id, revision)
);

CREATE TABLE sourcelink.delivery (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  article_id uuid NOT NULL,
  revision int NOT NULL,
  sink text NOT NULL,
  candidate_id bigint NOT NULL,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending','delivered','dead')),
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
CREATE INDEX delivery_pending ON sourcelink.delivery (sink, next_try_at) WHERE state = 'pending';
CREATE INDEX delivery_candidate ON sourcelink.delivery (candidate_id);
CREATE INDEX delivery_leased ON sourcelink.delivery (lease_owner) WHERE lease_owner IS NOT NULL;

CREATE TABLE sourcelink.sink_state (
  sink text PRIMARY KEY,
  since timestamptz NOT NULL DEFAULT now(),
  paused boolean NOT NULL DEFAULT false,
  failures int NOT NULL DEFAULT 0,
  last_delivered_at timestamptz,
  lease_owner uuid,
  lease_until timestamptz
);

CREATE INDEX article_corrected ON sourcelink.article (candidate_id) WHERE categories @> '[{"by":"person"}]';

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
CREATE INDEX sketch_by_source ON sourcelink.sketch (source_id, at);
CREATE INDEX sketch_fingerprint ON sourcelink.sketch (fingerprint, at);
CREATE INDEX sketch_by_time ON sourcelink.sketch (indexed_at);
CREATE TABLE sourcelink.band (
  band int NOT NULL,
  day date NOT NULL,
  candidate_id bigint NOT NULL,
  PRIMARY KEY (band, day, candidate_id)
);

CREATE TABLE sourcelink.story (
  id uuid PRIMARY KEY,
  headline_id uuid NOT NULL REFERENCES sourcelink.article (id),
  first_seen_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  merged_into uuid
);
ALTER TABLE sourcelink.article ADD COLUMN story_id uuid;
CREATE INDEX article_story ON sourcelink.article (story_id) WHERE story_id IS NOT NULL;
CREATE TABLE sourcelink.story_log (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  story_id uuid NOT NULL,
  article_id uuid,
  gone_id uuid,
  at timestamptz NOT NULL,
  CHECK ((article_id IS NULL) <> (gone_id IS NULL))
);

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
`,
    down: `
DROP TABLE sourcelink.robots, sourcelink.host, sourcelink.story_log, sourcelink.story, sourcelink.band, sourcelink.sketch, sourcelink.sink_state, sourcelink.delivery, sourcelink.revision,
  sourcelink.article, sourcelink.page, sourcelink.candidate, sourcelink.endpoint, sourcelink.run, sourcelink.source_state;
`,
  },
  {
    version: 2,
    name: 'outlet profiles',
    up: `
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
`,
    down: `
DROP TABLE sourcelink.profile, sourcelink.digest;
DROP SEQUENCE sourcelink.digest_seq;
`,
  },
  {
    version: 3,
    name: 'moved sources and their identity',
    up: `
ALTER TABLE sourcelink.source_state DROP CONSTRAINT source_state_state_check,
  ADD CONSTRAINT source_state_state_check CHECK (state IN ('new','ok','empty','failing','blocked','moved')),
  ADD COLUMN identity text NOT NULL DEFAULT 'link' CHECK (identity IN ('link','guid')),
  ADD COLUMN identity_reason text;
ALTER TABLE sourcelink.endpoint ADD COLUMN moved_to text;
CREATE INDEX candidate_guid ON sourcelink.candidate (source_id, md5(hints->>'guid')) WHERE hints->>'guid' IS NOT NULL;
CREATE INDEX candidate_discovered ON sourcelink.candidate (source_id, discovered_at);
`,
    down: `
DROP INDEX sourcelink.candidate_guid, sourcelink.candidate_discovered;
ALTER TABLE sourcelink.endpoint DROP COLUMN moved_to;
UPDATE sourcelink.source_state SET state = 'failing' WHERE state = 'moved';
ALTER TABLE sourcelink.source_state DROP COLUMN identity, DROP COLUMN identity_reason, DROP CONSTRAINT source_state_state_check,
  ADD CONSTRAINT source_state_state_check CHECK (state IN ('new','ok','empty','failing','blocked'));
`,
  },
  JUDGEMENTS,
  API,
  VISITS,
  BACKFILL,
  WEBSUB,
  RENDERING,
  RESERVATION,
  WATCH,
  LIFE,
  RETENTION,
];
