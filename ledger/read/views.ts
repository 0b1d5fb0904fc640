import { type RawBuilder, sql } from 'kysely';
import type { ArticleMessage } from '../../contract/contract.js';
import type { ArticleRow } from '../articles.js';
import type {
  Db,
  DeliveryTable,
  Hints,
  Outcome,
  ProfileState,
  RenderSample,
  SourceHealth,
  Stage,
  Way,
} from '../schema.js';

/** One line of a list of sources, as the ledger knows them. */
export type SourceView = {
  id: string;
  name: string;
  homepage: string;
  paused: boolean;
  state: SourceHealth;
  failures: number;
  code: string | null;
  reason: string | null;
  how: string | null;
  lastVisitAt: Date | null;
  lastOkAt: Date | null;
  lastArticleAt: Date | null;
  /** Null before the first visit. */
  nextVisitAt: Date | null;
  nextVisitWhy: string | null;
  published: number;
  dead: number;
  waiting: number;
  /** Of what was learned of it; null before that. */
  profile: { state: ProfileState; version: number; reason: string } | null;
  /** Whether its pages need the browser, as learned; null before that. */
  rendering: { way: Way; since: string; samples: RenderSample[]; checkAt: string | null; rendered: number } | null;
};

/** All sources that were ever configured, by id, with how their candidates stand. */
export async function listSources(db: Db): Promise<SourceView[]> {
  const { rows } = await sql<SourceView>`
    SELECT s.source_id AS id, s.name, s.homepage, s.paused, s.state, s.failures, s.code, s.reason, s.how,
      s.last_visit_at, s.last_ok_at, s.last_article_at,
      s.next_visit_at, s.next_visit_why,
      coalesce(c.published, 0)::int AS published, coalesce(c.dead, 0)::int AS dead, coalesce(c.waiting, 0)::int AS waiting,
      CASE WHEN p.state IS NOT NULL THEN
        jsonb_build_object('state', p.state, 'version', p.profile->'version', 'reason', p.reason) END AS profile,
      CASE WHEN w.way IS NOT NULL THEN jsonb_build_object('way', w.way, 'since', w.since, 'samples', w.samples,
        'checkAt', w.check_at, 'rendered', w.rendered) END AS rendering
    FROM sourcelink.source_state s LEFT JOIN sourcelink.profile p USING (source_id)
    LEFT JOIN sourcelink.rendering w USING (source_id)
    LEFT JOIN (SELECT source_id, count(*) FILTER (WHERE outcome = 'published') AS published,
        count(*) FILTER (WHERE outcome = 'dead') AS dead, count(*) FILTER (WHERE outcome IS NULL) AS waiting
      FROM sourcelink.candidate GROUP BY 1) c USING (source_id)
    ORDER BY s.source_id`.execute(db);
  return rows;
}

/** Where a list shows a candidate: its outcome, or `waiting`. */
export type Standing = Outcome | 'waiting';

/** One line of a list of articles: a candidate, with what is known of its article. */
export type ArticleLine = {
  candidate: number;
  /** Null before the page was read. */
  id: string | null;
  source: string;
  standing: Standing;
  stage: Stage | 'done';
  code: string | null;
  reason: string | null;
  url: string;
  title: string | null;
  authors: string[];
  publishedAt: Date | null;
  seenAt: Date;
  revision: number;
  duplicateOf: string | null;
  categories: string[];
  rights: string | null;
  /** Of one that was taken back, also while sinks are still to be told. */
  retraction: { reason: string; by: 'operator' | 'source'; at: string } | null;
};

export type ArticleFilter = {
  sources?: string[];
  /** A path of the tree; what lies below it counts too. */
  category?: string | null;
  /** Seen since. */
  since?: Date | null;
  standings?: Standing[];
  /** Only what was taken back. */
  retracted?: boolean;
  limit: number;
};

/** Candidates with their articles, newest first. */
export async function listArticles(db: Db, filter: ArticleFilter): Promise<ArticleLine[]> {
  const where: RawBuilder<unknown>[] = [sql`true`];
  const { sources, category, since, standings } = filter;
  if (sources?.length) where.push(sql`c.source_id = ANY(${sources}::text[])`);
  if (since) where.push(sql`c.discovered_at >= ${since}`);
  if (standings?.length) where.push(sql`coalesce(c.outcome, 'waiting') = ANY(${standings}::text[])`);
  if (filter.retracted) where.push(sql`t.candidate_id IS NOT NULL`);
  if (category)
    where.push(sql`EXISTS (SELECT 1 FROM jsonb_array_elements(a.categories) k
      WHERE k->>'path' = ${category} OR starts_with(k->>'path', ${`${category}/`}))`);
  const { rows } = await sql<ArticleLine>`
    SELECT c.id AS candidate, a.id, c.source_id AS source, coalesce(c.outcome, 'waiting') AS standing, c.stage, c.code, c.reason,
      coalesce(a.canonical_url, c.url) AS url, coalesce(a.title, c.hints->>'title') AS title, coalesce(a.authors, '[]') AS authors,
      a.published_at, c.discovered_at AS "seenAt", coalesce(a.revision, 0) AS revision, c.duplicate_of,
      coalesce((SELECT jsonb_agg(k->>'path') FROM jsonb_array_elements(a.categories) k), '[]') AS categories, a.rights->>'level' AS rights,
      CASE WHEN t.candidate_id IS NOT NULL THEN jsonb_build_object('reason', t.reason, 'by', t.retracted_by, 'at', t.created_at) END AS retraction
    FROM sourcelink.candidate c LEFT JOIN sourcelink.article a ON a.candidate_id = c.id
    LEFT JOIN sourcelink.tombstone t ON t.candidate_id = c.id
    WHERE ${sql.join(where, sql` AND `)}
    ORDER BY coalesce(a.published_at, c.discovered_at) DESC, c.id DESC LIMIT ${filter.limit}`.execute(db);
  return rows;
}

/** Everything that the ledger knows of one candidate. */
export type ArticleDetail = {
  candidate: {
    id: number;
    source: string;
    url: string;
    hints: Hints;
    standing: Standing;
    stage: Stage | 'done';
    code: string | null;
    reason: string | null;
    deadStage: Stage | null;
    attempts: number;
    nextTryAt: Date | null;
    discoveredAt: Date;
    fetchedAt: Date | null;
    changedAt: Date;
    unchangedLooks: number;
    rendered: boolean;
  };
  article: ArticleRow | null;
  /** The article that this one copies. */
  original: Other | null;
  /** Articles that copy this one. */
  copies: Other[];
  revisions: { revision: number; type: ArticleMessage['type']; createdAt: Date }[];
  /** Why and when it was taken back. */
  retraction: { reason: string; by: 'operator' | 'source'; at: Date } | null;
  deliveries: (Pick<DeliveryTable, 'revision' | 'sink' | 'code' | 'reason'> & {
    replay: number;
    state: 'pending' | 'delivered' | 'dead' | 'retracted';
    attempts: number;
    deliveredAt: Date | null;
    nextTryAt: Date;
  })[];
  pages: { url: string; via: 'http' | 'browser'; bytes: number; fetchedAt: Date }[];
};

export type Other = { id: string; source: string; title: string; url: string };

/** Candidates that a person may mean: by number, by article id or the start of one, by slug or by URL. */
export async function findCandidates(db: Db, wanted: string): Promise<{ id: number; title: string | null }[]> {
  const number = /^\d{1,15}$/.test(wanted) ? Number(wanted) : -1;
  const start = /^[0-9a-f-]{4,36}$/i.test(wanted) ? `${wanted.toLowerCase()}%` : null;
  const { rows } = await sql<{ id: number; title: string | null; rank: number }>`
    SELECT c.id, coalesce(a.title, c.hints->>'title') AS title,
      CASE WHEN c.id = ${number} THEN 0 WHEN c.url = ${wanted} OR a.canonical_url = ${wanted} OR a.slug = ${wanted} THEN 1 ELSE 2 END AS rank
    FROM sourcelink.candidate c LEFT JOIN sourcelink.article a ON a.candidate_id = c.id
    WHERE c.id = ${number} OR c.url = ${wanted} OR a.canonical_url = ${wanted} OR a.slug = ${wanted} OR a.id::text LIKE ${start}
    ORDER BY rank, c.id LIMIT 20`.execute(db);
  return rows.filter((r) => r.rank === rows[0]?.rank).map(({ id, title }) => ({ id, title }));
}

/** @returns null when there is no such candidate */
export async function articleDetail(db: Db, candidateId: number): Promise<ArticleDetail | null> {
  const c = await db.selectFrom('sourcelink.candidate').selectAll().where('id', '=', candidateId).executeTakeFirst();
  if (!c) return null;
  const article = await db
    .selectFrom('sourcelink.article')
    .selectAll()
    .where('candidateId', '=', candidateId)
    .executeTakeFirst();
  const others = db
    .selectFrom('sourcelink.article')
    .select(['id', 'sourceId as source', 'title', 'canonicalUrl as url']);
  const original = c.duplicateOf === null ? undefined : await others.where('id', '=', c.duplicateOf).executeTakeFirst();
  const copies = article ? await others.where('duplicateOf', '=', article.id).orderBy('id').execute() : [];
  const revisions = await db
    .selectFrom('sourcelink.revision')
    .select(['revision', 'type', 'createdAt as createdAt'])
    .where('articleId', '=', article?.id ?? null)
    .orderBy('revision')
    .execute();
  const deliveries = await db
    .selectFrom('sourcelink.delivery')
    .select(['revision', 'replay', 'sink', 'state', 'attempts', 'code', 'reason'])
    .select(['deliveredAt as deliveredAt', 'nextTryAt as nextTryAt'])
    .where('candidateId', '=', candidateId)
    .orderBy('id')
    .execute();
  const retraction = await db
    .selectFrom('sourcelink.tombstone')
    .select(['reason', 'retractedBy as by', 'createdAt as at'])
    .where('candidateId', '=', candidateId)
    .executeTakeFirst();
  const pages = await db
    .selectFrom('sourcelink.page')
    .select(['url', 'via', 'bodyBytes as bytes', 'fetchedAt as fetchedAt'])
    .where('candidateId', '=', candidateId)
    .orderBy('id', 'desc')
    .execute();
  return {
    candidate: {
      id: c.id,
      source: c.sourceId,
      url: c.url,
      hints: c.hints,
      standing: c.outcome ?? 'waiting',
      stage: c.stage,
      code: c.code,
      reason: c.reason,
      deadStage: c.deadStage,
      attempts: c.attempts,
      nextTryAt: c.nextTryAt,
      discoveredAt: c.discoveredAt,
      fetchedAt: c.fetchedAt,
      changedAt: c.changedAt,
      unchangedLooks: c.unchanged,
      rendered: c.render,
    },
    article: article ?? null,
    original: original ?? null,
    copies,
    revisions,
    retraction: retraction ?? null,
    deliveries,
    pages,
  };
}

/** How many candidates there are of each code since a moment, most first. */
export async function tallyReasons(
  db: Db,
  since: Date,
  outcomes: Outcome[],
): Promise<{ source: string; outcome: Outcome; code: string | null; n: number; example: string }[]> {
  const { rows } = await sql<{ source: string; outcome: Outcome; code: string | null; n: number; example: string }>`
    SELECT source_id AS source, outcome, code, count(*)::int AS n, (array_agg(coalesce(reason, url) ORDER BY id DESC))[1] AS example
    FROM sourcelink.candidate WHERE changed_at >= ${since} AND outcome = ANY(${outcomes}::text[])
    GROUP BY 1, 2, 3 ORDER BY n DESC, 1, 2, 3`.execute(db);
  return rows;
}

export type LedgerFacts = {
  schema: number;
  server: string;
  now: Date;
  articles: number;
  waiting: number;
  dead: number;
};

/** The schema's version, how much the ledger holds, and the database's version and clock. */
export async function ledgerFacts(db: Db): Promise<LedgerFacts> {
  const { rows } = await sql<LedgerFacts>`
    SELECT (SELECT max(version) FROM sourcelink.migration) AS schema, current_setting('server_version') AS server,
      clock_timestamp() AS now, (SELECT count(*)::int FROM sourcelink.article) AS articles,
      (SELECT count(*)::int FROM sourcelink.candidate WHERE outcome IS NULL) AS waiting,
      (SELECT count(*)::int FROM sourcelink.candidate WHERE outcome = 'dead') AS dead`.execute(db);
  return rows[0] ?? { schema: 0, server: 'unknown', now: new Date(), articles: 0, waiting: 0, dead: 0 };
}

/** How many connections the server lets ordinary roles have, and how many are taken. */
export async function connectionRoom(db: Db): Promise<{ max: number; used: number }> {
  const { rows } = await sql<{ max: number; used: number }>`
    SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS max,
      (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS used`.execute(db);
  return rows[0] ?? { max: 0, used: 0 };
}
