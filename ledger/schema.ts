import type { ColumnType, Generated, Kysely, Transaction } from 'kysely';
import type { RightsLevel } from '../config/sources.js';
import type { ArticleMessage, ContractArticle } from '../contract/contract.js';
import type { RobotsEntry } from '../crawlers/net/robots.js';
import type { PageDigest } from '../extractors/profile/digest.js';
import type { Figures } from '../extractors/profile/judge.js';
import type { Profile } from '../extractors/profile/profile.js';

/**
 * What a person needs to know of a source: `empty` answers but has no articles, `blocked` refuses crawlers, `moved` lists
 * them elsewhere than sources.yaml says.
 */
export type SourceHealth = 'new' | 'ok' | 'empty' | 'failing' | 'blocked' | 'moved';

/** By what an entry of a source's feed is known again: its link, or its GUID where links change under the same one. */
export type Identity = 'link' | 'guid';

/** `backfill`: from an outlet's archive, behind the news at every stage. */
export type Lane = 'fresh' | 'backfill';

/** One row a source: its health and the lease that keeps it to one run at a time. */
export type SourceStateTable = {
  sourceId: string;
  name: string;
  homepage: string;
  paused: Generated<boolean>;
  state: Generated<SourceHealth>;
  failures: Generated<number>;
  code: string | null;
  reason: string | null;
  how: string | null;
  identity: Generated<Identity>;
  /** Why it is not by link, for a person. */
  identityReason: string | null;
  lastVisitAt: Date | null;
  lastOkAt: Date | null;
  lastArticleAt: Date | null;
  /** Null before the first visit, and when its schedule never comes round again. */
  nextVisitAt: Date | null;
  nextVisitWhy: string | null;
  /** The schedule, as it was written, that the next visit was planned by. */
  plannedBy: string | null;
  /** When a visit was last asked for by plan. */
  askedAt: Date | null;
  leaseOwner: string | null;
  leaseUntil: Date | null;
};

/** One row a visit to a source. */
export type VisitTable = {
  id: string;
  sourceId: string;
  /** A visit to the source's lists; false when only pages that were due again were fetched. */
  discovering: boolean;
  lane: Generated<Lane>;
  startedAt: ColumnType<Date, Date, never>;
  finishedAt: Date | null;
  requests: Generated<number>;
  notModified: Generated<number>;
  discovered: Generated<number>;
  fetched: Generated<number>;
  /** Of the pages, those that were opened in the browser. */
  rendered: Generated<number>;
  failed: Generated<number>;
  code: string | null;
  reason: string | null;
};

/** Where a source's articles are found (feed, sitemap, section page) and what a conditional GET needs to know. */
export type EndpointTable = {
  sourceId: string;
  url: string;
  kind: 'home' | 'feed' | 'sitemap' | 'listing';
  origin: 'configured' | 'found';
  links: string | null;
  etag: string | null;
  lastModified: string | null;
  bodyHash: string | null;
  format: string | null;
  checkedAt: Date | null;
  error: string | null;
  failures: Generated<number>;
  /** Of a configured one: where it has moved for good, or what was found in its place. */
  movedTo: string | null;
  /** Of a feed: who brings it, and under which address (W3C WebSub). */
  hub: string | null;
  topic: string | null;
  /** Milliseconds between two looks that its publisher asks for. */
  restMs: number | null;
  /** When it last said something else than before; null before the first time. */
  readAt: Date | null;
};

/** The stages a candidate passes, in order; `done` once it has an outcome. */
export const STAGES = ['fetch', 'extract', 'dedupe', 'categorize', 'publish'] as const;

export type Stage = (typeof STAGES)[number];

export type Outcome = 'published' | 'duplicate' | 'rejected' | 'dead' | 'retracted';

/** What discovery said of a URL before anybody fetched it. */
export type Hints = {
  guid: string | null;
  title: string | null;
  authors: string[];
  publishedAt: string | null;
  updatedAt: string | null;
  summary: string | null;
  image: string | null;
  language: string | null;
  tags: string[];
  via: string;
};

/** One row a discovered URL of a source: where it stands on its way, and how it ended. */
export type CandidateTable = {
  id: Generated<number>;
  sourceId: string;
  url: string;
  urlKey: string;
  hints: Hints;
  hintedAt: Date | null;
  discoveredAt: Generated<Date>;
  /** When a list of its source last named it, to within a day. */
  listedAt: Generated<Date>;
  lane: Generated<Lane>;
  stage: Generated<Stage | 'done'>;
  outcome: Outcome | null;
  code: string | null;
  reason: string | null;
  deadStage: Stage | null;
  attempts: Generated<number>;
  nextTryAt: Date | null;
  drivenAt: Date | null;
  leaseOwner: string | null;
  leaseUntil: Date | null;
  articleId: string | null;
  duplicateOf: string | null;
  pageId: number | null;
  etag: string | null;
  lastModified: string | null;
  fetchedAt: Date | null;
  /** The static page held no article: the next fetch goes through the browser. */
  render: Generated<boolean>;
  unchanged: Generated<number>;
  changedAt: Generated<Date>;
  /** How often it was fetched anew after it had died. */
  secondLooks: Generated<number>;
  /** Since when its page is not found (404); null as long as it is. */
  missingSince: Date | null;
  /** When the page of a published article is asked for again, unless its source says before that it changed. */
  lookAt: Date | null;
};

/** One row a fetched page, its bytes gzipped, kept for a set number of days so that anything can be replayed. */
export type PageTable = {
  id: Generated<number>;
  candidateId: number;
  /** The final URL, after redirects. */
  url: string;
  via: 'http' | 'browser';
  headers: Record<string, string>;
  body: Buffer;
  bodyBytes: number;
  bodyHash: string;
  /** What the tdmrep.json of its host reserves for it. */
  reservation: { policy: string | null } | null;
  fetchedAt: Date;
};

export type ArticleRights = {
  level: RightsLevel;
  reason: string;
  signals: { name: string; value: string; says: string }[];
  /** Absent in what was read before it was known. */
  maxCharacters?: number | null;
  until?: string | null;
};

/** One row an article: what was read from the newest page of one candidate, and what was judged of it. */
export type ArticleTable = {
  id: string;
  candidateId: number;
  sourceId: string;
  urlKey: string;
  canonicalUrl: string;
  slug: string;
  title: string;
  authors: string[];
  agency: string | null;
  publishedAt: Date | null;
  updatedAt: Date | null;
  fetchedAt: Date;
  firstSeenAt: Date;
  language: string | null;
  excerpt: string;
  text: string;
  html: string;
  image: ContractArticle['image'];
  tags: string[];
  section: string | null;
  wordCount: number;
  rights: ArticleRights;
  noindex: boolean;
  provenance: Record<string, string>;
  /** Of everything a reader would notice; another hash makes another revision. */
  contentHash: string;
  /** Of the normalised text alone: equal for exact copies. */
  fingerprint: string | null;
  /** The newest revision in the outbox; 0 before the first. */
  revision: Generated<number>;
  /** content_hash of what readers have, or of a later state that looks the same to them; null while they have nothing. */
  publishedHash: string | null;
  duplicateOf: string | null;
  duplicateWhy: unknown;
  /** The event it reports, with others; a copy shares its original's. */
  storyId: Generated<string | null>;
  related: Generated<{ id: string; score: number }[]>;
  categories: Generated<ContractArticle['categories']>;
};

/** One row a revision: the message as it goes to every sink, frozen when it was written. */
export type RevisionTable = {
  articleId: string;
  revision: number;
  type: ArticleMessage['type'];
  message: ArticleMessage;
  /** `story`: only who else has its story changed. Null where the article itself did. */
  because: 'story' | null;
  createdAt: Generated<Date>;
};

/** Which deliveries go first when many wait: what must disappear, then news, then what is only filled in later. */
export const PRIORITY = { retraction: 0, news: 1, backfill: 2 } as const;

/** The outbox: one row for each article, revision and sink. */
export type DeliveryTable = {
  id: Generated<number>;
  articleId: string;
  revision: number;
  sink: string;
  candidateId: number;
  /** How many times it was sent again on purpose. */
  replay: Generated<number>;
  priority: Generated<number>;
  /** `withdrawn`: a retraction came before the sink was served. */
  state: Generated<'pending' | 'delivered' | 'dead' | 'retracted'>;
  attempts: Generated<number>;
  nextTryAt: Date;
  drivenAt: Date | null;
  leaseOwner: string | null;
  leaseUntil: Date | null;
  code: string | null;
  reason: string | null;
  createdAt: Generated<Date>;
  deliveredAt: Date | null;
};

/** One row a sink: whether it is paused or down, and the lease that gives it one deliverer at a time, and so its order. */
export type SinkStateTable = {
  sink: string;
  /** Articles written before a sink was configured are not owed to it. */
  since: Generated<Date>;
  paused: Generated<boolean>;
  /** Times in a row that it took nothing. */
  failures: Generated<number>;
  failedSince: Date | null;
  code: string | null;
  reason: string | null;
  /** It is left alone until then. */
  retryAt: Date | null;
  lastDeliveredAt: Date | null;
  leaseOwner: string | null;
  leaseUntil: Date | null;
};

/** A host's slots for requests (0 and up), and in slot -1 the time from which the next request may start. */
export type HostTable = {
  host: string;
  slot: number;
  owner: string | null;
  leaseUntil: Generated<Date>;
  freeAt: Generated<Date>;
};

/** One row a robots.txt as it was read. */
export type RobotsTable = { origin: string; entry: RobotsEntry; fetchedAt: Date };

/** One row an article's text as shingle hashes, for the exact containment check. */
export type SketchTable = {
  candidateId: number;
  articleId: string;
  sourceId: string;
  /** When it appeared: as published, else as first seen. */
  at: Date;
  day: Date;
  fingerprint: string;
  /** Ascending 32-bit hashes, little-endian. */
  shingles: Buffer;
  /** One bit a shingle: whether it is mostly quotation. */
  quoted: Buffer;
  /** What it is found by: its rows in `band`. */
  bands: number[];
  indexedAt: Generated<Date>;
};

/** The look-up side of the same: texts near in time that share several bands are compared in full. */
export type BandTable = { band: number; day: Date; candidateId: number };

/** One row a retracted candidate: what keeps it from coming back, by address and by what its text is found by. */
export type TombstoneTable = {
  candidateId: number;
  articleId: string | null;
  sourceId: string;
  title: string;
  /** Of its page and of its canonical link. */
  urlKeys: string[];
  reason: string;
  retractedBy: 'operator' | 'source';
  /** It holds for copies at other sources too. */
  everywhere: boolean;
  /** When the article appeared. */
  at: Date;
  fingerprint: string | null;
  shingles: Buffer | null;
  quoted: Buffer | null;
  createdAt: Date;
};

/** The look-up side of the same. */
export type TombstoneBandTable = { band: number; candidateId: number };

/** One row a story: articles about one event. */
export type StoryTable = {
  id: string;
  /** The article that stands for it: the first one. */
  headlineId: string;
  firstSeenAt: Date;
  lastSeenAt: Date;
  /** The story that it turned out to be part of. */
  mergedInto: string | null;
  /** A person made it what it is: it is neither merged nor divided. */
  pinned: Generated<boolean>;
  /** Since when its published articles may say too little of it; null when they do not. */
  staleSince: Date | null;
};

/** One row an article of which a person ruled what it is a copy of; null: of nothing. */
export type RulingTable = { articleId: string; copyOf: string | null; madeAt: Generated<Date> };

/** What was decided of stories, in order: an article put into one, or one that became part of another. */
export type StoryLogTable = {
  seq: Generated<number>;
  storyId: string;
  articleId: string | null;
  mergedId: string | null;
  pinned: Generated<boolean>;
  at: Date;
};

/** One row an article: what its page teaches of the outlet. A bounded number of the newest is kept of each source. */
export type DigestTable = {
  candidateId: number;
  sourceId: string;
  /** In order of reading. */
  seq: Generated<number>;
  digest: PageDigest;
};

/** `active` is used, `unused` brings nothing, `set aside` does not fit the outlet's pages any more. */
export type ProfileState = 'active' | 'unused' | 'set aside';

/** One row a source that was learned from. */
export type ProfileTable = {
  sourceId: string;
  state: ProfileState;
  reason: string;
  learnedAt: Date;
  /** `seq` of the newest digest that was seen. */
  upTo: number;
  profile: Profile | null;
  figures: Figures | null;
};

/** What can be told of: how the visits to a source end, whether it keeps pace, whether its pages read as before; a sink. */
export type Topic = 'visits' | 'pace' | 'layout' | 'deliveries';

/** One row a thing that is watched: how it is, and what people were last told of it. `ok` is the good state of each topic. */
export type ConditionTable = {
  kind: 'source' | 'sink';
  name: string;
  topic: Topic;
  state: string;
  since: Date;
  /** Looks in a row that found it in this state. */
  times: number;
  told: string;
  toldSince: Date | null;
};

/** One row a change of state that lasted. */
export type AlertTable = {
  id: Generated<string>;
  kind: ConditionTable['kind'];
  name: string;
  topic: Topic;
  was: string;
  wasSince: Date | null;
  state: string;
  since: Date;
  code: string | null;
  reason: string | null;
  hint: string | null;
  createdAt: Generated<Date>;
};

/** One row an alert and a channel that it goes to. */
export type NoticeTable = {
  alertId: string;
  channel: string;
  state: Generated<'pending' | 'sent' | 'dead'>;
  attempts: Generated<number>;
  nextTryAt: Generated<Date>;
  leaseOwner: string | null;
  leaseUntil: Date | null;
  reason: string | null;
  sentAt: Date | null;
};

/** How a source's pages are opened when its `render` is `auto`. */
export type Way = 'each page' | 'static' | 'browser';

/**
 * What one page showed: `static`: it held its article without the browser; `empty`: only in the browser did it hold one;
 * `partial`: the browser showed much more of it.
 */
export type RenderSample = 'static' | 'empty' | 'partial';

/** One row a source: what was learned of whether its pages need the browser; see `renderings.ts`. */
export type RenderingTable = {
  sourceId: string;
  way: Generated<Way>;
  since: Date;
  samples: Generated<RenderSample[]>;
  checks: Generated<number>;
  checkAt: Date | null;
  fruitless: Generated<number>;
  tryAt: Date | null;
  rendered: Generated<number>;
};

/** One row an action that came over HTTP, written before it is done. */
export type ActionTable = {
  seq: Generated<number>;
  at: Date;
  /** The address that asked. */
  client: string;
  action: string;
  /** What it is done to, as the request named it. */
  subject: Record<string, unknown>;
  body: unknown;
  /** `done`, or the code of the error; null while it is under way, and for ever when the process died. */
  outcome: string | null;
};

/** One row a source whose archive was asked for: of which days, and how far it is. */
export type BackfillTable = {
  sourceId: string;
  /** Articles published since. */
  since: Date;
  /** And until; null for no end. */
  until: Date | null;
  askedAt: Generated<Date>;
  /** When the whole archive had been looked through; null before. */
  plannedAt: Date | null;
  /** The day, in UTC, that `taken` counts pages of. */
  day: Date | null;
  taken: Generated<number>;
  /** Nothing is taken before, since the day's share is used up. */
  restUntil: Date | null;
  leaseOwner: string | null;
  leaseUntil: Date | null;
};

/** One row a sitemap that a back-fill under way has read to its end. */
export type BackfillPlaceTable = { sourceId: string; url: string };

/**
 * One row a feed that a hub is to bring. `asked`: not verified yet; `denied`: the hub will not; `ending`: not wanted any
 * more, and the hub does not know yet.
 */
export type SubscriptionTable = {
  id: Generated<number>;
  sourceId: string;
  topic: string;
  hub: string;
  /** Names the callback; nobody but the hub knows it. */
  token: string;
  /** What the hub signs with. */
  secret: string;
  state: Generated<'asked' | 'active' | 'denied' | 'ending'>;
  /** When the hub is asked next. */
  nextTryAt: Date;
  failures: Generated<number>;
  verifiedAt: Date | null;
  expiresAt: Date | null;
  deliveredAt: Date | null;
  code: string | null;
  reason: string | null;
};

/** All tables of the ledger, each row type above. */
export type Database = {
  'sourcelink.migration': { version: number; name: string; appliedAt: Date; additive: Generated<boolean> };
  'sourcelink.source_state': SourceStateTable;
  'sourcelink.visit': VisitTable;
  'sourcelink.endpoint': EndpointTable;
  'sourcelink.candidate': CandidateTable;
  'sourcelink.page': PageTable;
  'sourcelink.article': ArticleTable;
  'sourcelink.revision': RevisionTable;
  'sourcelink.delivery': DeliveryTable;
  'sourcelink.sink_state': SinkStateTable;
  'sourcelink.digest': DigestTable;
  'sourcelink.profile': ProfileTable;
  'sourcelink.rendering': RenderingTable;
  'sourcelink.sketch': SketchTable;
  'sourcelink.band': BandTable;
  'sourcelink.tombstone': TombstoneTable;
  'sourcelink.tombstone_band': TombstoneBandTable;
  'sourcelink.story': StoryTable;
  'sourcelink.story_log': StoryLogTable;
  'sourcelink.ruling': RulingTable;
  'sourcelink.action': ActionTable;
  'sourcelink.host': HostTable;
  'sourcelink.robots': RobotsTable;
  'sourcelink.condition': ConditionTable;
  'sourcelink.alert': AlertTable;
  'sourcelink.notice': NoticeTable;
  'sourcelink.subscription': SubscriptionTable;
  'sourcelink.backfill': BackfillTable;
  'sourcelink.backfill_place': BackfillPlaceTable;
};

export type Db = Kysely<Database>;
export type Tx = Transaction<Database>;
