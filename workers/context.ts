import type { Classifier } from '../analysis/categories/classify.js';
import type { Category } from '../config/categories.js';
import type { Logger } from '../config/logger.js';
import type { Settings } from '../config/settings.js';
import type { Source } from '../config/sources.js';
import type { BrowserFetcher } from '../crawlers/fetch/browser.js';
import type { Client } from '../crawlers/net/client.js';
import type { ExtractorPool } from '../extractors/pool/pool.js';
import type { Db } from '../ledger/schema.js';
import type { Channel } from './alert-channel.js';
import type { Meter } from './metrics/meter.js';
import type { Queues } from './queues.js';
import type { Sink } from './sink.js';

/** What the stages need, given to each instead of being looked up by it. */
export type Context = {
  db: Db;
  queues: Queues;
  settings: Settings;
  sources: Map<string, Source>;
  categories: Category[];
  sinks: Map<string, Sink>;
  /** By which people hear of alerts. */
  channels: Map<string, Channel>;
  /** In leases: this piece of work. */
  owner: string;
  log: Logger;
  meter: Meter;
  signal: AbortSignal;
  client: Client;
  browser: BrowserFetcher | null;
  extractor: ExtractorPool;
  classifier: Classifier;
  now: () => Date;
};
