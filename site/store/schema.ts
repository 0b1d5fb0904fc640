/**
 * The site's own tables, in its own schema `site`. A migration that has been released is never changed; the next one is
 * added below it. Each is one text without parameters, so PostgreSQL runs it as one transaction.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE site.article (
    id uuid PRIMARY KEY,
    revision int NOT NULL,
    slug text NOT NULL,
    title text NOT NULL,
    excerpt text NOT NULL,
    body text NOT NULL,
    language text,
    published_at timestamptz,
    sort_at timestamptz NOT NULL,
    sent_at timestamptz NOT NULL,
    source_id text NOT NULL,
    story_id text,
    story_size int NOT NULL,
    reading_minutes int NOT NULL,
    word_count int NOT NULL,
    has_image boolean NOT NULL,
    noindex boolean NOT NULL,
    rights text NOT NULL,
    document jsonb NOT NULL,
    search tsvector NOT NULL
  );
  CREATE INDEX article_slug ON site.article (slug);
  CREATE INDEX article_sort ON site.article (sort_at DESC, id DESC);
  -- Counting a source's articles and listing a sitemap read no more than these.
  CREATE INDEX article_source ON site.article (source_id, sort_at DESC, id DESC) INCLUDE (revision, rights);
  CREATE INDEX article_sitemap ON site.article (sort_at, id) INCLUDE (slug, sent_at) WHERE NOT noindex;
  CREATE INDEX article_search ON site.article USING gin (search);

  -- Every list that an article stands in: categories and their ancestors, tags, authors, its source, its story.
  CREATE TABLE site.shelf (
    kind text NOT NULL,
    key text NOT NULL,
    article_id uuid NOT NULL,
    label text NOT NULL,
    sort_at timestamptz NOT NULL,
    PRIMARY KEY (article_id, kind, key)
  );
  CREATE INDEX shelf_list ON site.shelf (kind, key, sort_at DESC, article_id DESC);

  CREATE TABLE site.article_revision (
    article_id uuid NOT NULL,
    revision int NOT NULL,
    sent_at timestamptz NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (article_id, revision)
  );

  CREATE TABLE site.tombstone (
    id uuid PRIMARY KEY,
    revision int NOT NULL,
    slug text,
    source_id text NOT NULL,
    source_name text NOT NULL,
    reason text NOT NULL,
    canonical_url text NOT NULL,
    retracted_at timestamptz NOT NULL
  );
  CREATE INDEX tombstone_source ON site.tombstone (source_id);
  CREATE INDEX tombstone_slug ON site.tombstone (slug);

  -- Words that occur in articles, for the correction of mistyped searches.
  CREATE TABLE site.word (word text PRIMARY KEY, seq bigserial NOT NULL);
  CREATE INDEX word_seq ON site.word (seq);

  -- Counts the changes, so that every process of the site notices what another one received.
  CREATE TABLE site.change (one boolean PRIMARY KEY DEFAULT true CHECK (one), count bigint NOT NULL);
  INSERT INTO site.change (count) VALUES (0);

  -- What readers send through the forms, for a person to read.
  CREATE TABLE site.notice (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    url text,
    message text NOT NULL,
    received_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'new'
  );
  CREATE INDEX notice_state ON site.notice (state, received_at DESC);
  `,
  `
  CREATE TABLE site.comment (
    id uuid PRIMARY KEY,
    article_id uuid NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    message text NOT NULL,
    received_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting','approved','rejected')),
    decided_by text,
    decided_at timestamptz
  );
  CREATE INDEX comment_shown ON site.comment (article_id, received_at) WHERE state = 'approved';
  CREATE INDEX comment_waiting ON site.comment (received_at, id) WHERE state = 'waiting';
  `,
  `
  -- A request for removal names an article, and is granted or refused; a message is done when it was read.
  ALTER TABLE site.notice ADD COLUMN article_id uuid, ADD COLUMN answer text, ADD COLUMN decided_by text,
    ADD COLUMN decided_at timestamptz;
  CREATE INDEX article_original ON site.article ((document->>'canonicalUrl'));
  `,
  `
  CREATE TABLE site.pin (article_id uuid PRIMARY KEY, pinned_by text NOT NULL, pinned_at timestamptz NOT NULL);
  -- Articles that editors took out, each as the newest message about it.
  CREATE TABLE site.hidden (
    id uuid PRIMARY KEY,
    revision int NOT NULL,
    message jsonb NOT NULL,
    reason text NOT NULL,
    hidden_by text NOT NULL,
    hidden_at timestamptz NOT NULL
  );
  CREATE TABLE site.session (
    id text PRIMARY KEY,
    editor text NOT NULL,
    key text NOT NULL,
    expires_at timestamptz NOT NULL
  );
  CREATE TABLE site.journal (
    id bigserial PRIMARY KEY,
    at timestamptz NOT NULL,
    editor text NOT NULL,
    did text NOT NULL,
    about text NOT NULL
  );
  `,
  `
  CREATE TABLE site.subscriber (
    id uuid PRIMARY KEY,
    email text NOT NULL UNIQUE,
    asked_at timestamptz NOT NULL,
    confirmed_at timestamptz
  );
  CREATE TABLE site.issue (
    at timestamptz PRIMARY KEY,
    subject text NOT NULL,
    text text NOT NULL,
    html text NOT NULL,
    articles int NOT NULL
  );
  -- Mail that is not through yet: an issue, or the question whether to subscribe.
  CREATE TABLE site.mail (
    id uuid PRIMARY KEY,
    subscriber_id uuid NOT NULL REFERENCES site.subscriber (id) ON DELETE CASCADE,
    issue_at timestamptz REFERENCES site.issue (at),
    next_try_at timestamptz NOT NULL,
    tries int NOT NULL DEFAULT 0,
    dead boolean NOT NULL DEFAULT false,
    fault text
  );
  CREATE INDEX mail_due ON site.mail (next_try_at, id) WHERE NOT dead;
  -- When an article came first; its date may lie before the last issue although it came after.
  ALTER TABLE site.article ADD COLUMN first_sent_at timestamptz;
  UPDATE site.article SET first_sent_at = sent_at;
  ALTER TABLE site.article ALTER COLUMN first_sent_at SET NOT NULL;
  CREATE INDEX article_first_sent ON site.article (first_sent_at);
  `,
  `
  -- Where an editor put an article; holds for what was sent before.
  CREATE TABLE site.story_ruling (article_id uuid PRIMARY KEY, story_id text NOT NULL, decided_at timestamptz NOT NULL);
  CREATE TABLE site.story_decision (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('merged','added','apart')),
    from_story text,
    to_story text NOT NULL,
    articles uuid[] NOT NULL,
    title text NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamptz NOT NULL,
    undone_by text,
    undone_at timestamptz
  );
  CREATE INDEX story_decision_recent ON site.story_decision (decided_at) WHERE undone_at IS NULL;
  `,
  `
  -- What lists show of an article, in its own row: \`document\` is large and lies apart.
  ALTER TABLE site.article ADD COLUMN card jsonb;
  UPDATE site.article SET card = jsonb_build_object('authors', document->'authors', 'source', document->'source',
    'image', document->'image', 'category', document->'categories'->0, 'canonicalUrl', document->'canonicalUrl',
    'outlets', 1 + (SELECT count(DISTINCT c->>'source') FROM jsonb_path_query(document, '$.story.coverage[*]') c
      WHERE c->>'source' <> document->'source'->>'name'));
  ALTER TABLE site.article ALTER COLUMN card SET NOT NULL;
  `,
];
