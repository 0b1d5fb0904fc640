import { randomUUID } from 'node:crypto';
import { createClassifier } from '../analysis/categories/classify.js';
import type { Category } from '../config/categories.js';
import { messageOf } from '../config/errors.js';
import type { Logger } from '../config/logger.js';
import type { Settings } from '../config/settings.js';
import type { Source } from '../config/sources.js';
import { createBrowserFetcher, findBrowser } from '../crawlers/fetch/browser.js';
import { createClient } from '../crawlers/net/client.js';
import type { Resolver } from '../crawlers/net/guard.js';
import { createHostGate } from '../crawlers/net/politeness.js';
import { createExtractorPool } from '../extractors/pool/pool.js';
import { openClock } from '../ledger/db/clock.js';
import { type Ledger, openLedger } from '../ledger/db/connect.js';
import { createHolders } from '../ledger/db/holders.js';
import { LEASE_SECONDS } from '../ledger/db/leases.js';
import { outdated } from '../ledger/db/migrate.js';
import { createKeptGate, createRobotsStore, createSharedGate } from '../ledger/hosts.js';
import { registerSinks } from '../ledger/sinks.js';
import { registerSources } from '../ledger/sources.js';
import { categorize } from './categorize/categorize.js';
import type { Context } from './context.js';
import { backfill } from './crawl/backfill.js';
import { crawl } from './crawl/crawl.js';
import { dedupe } from './dedupe/dedupe.js';
import { extract } from './extract/extract.js';
import { createMeter, type Meter } from './metrics/meter.js';
import { openChannels } from './monitoring/alerts/open.js';
import { notify } from './monitoring/notify.js';
import { watchSources } from './monitoring/watch-sources.js';
import { publish } from './publish/publish.js';
import { openSinks } from './publish/sinks/open.js';
import { BackfillJob, Busy, CrawlJob, IdsJob, openQueues, PublishJob, type QueueName } from './queues.js';
import { reconcile } from './reconcile.js';
import { openTracing } from './tracing.js';

/** What a pipeline is opened with: the configuration as loaded, and where ledger and queue are. */
export type PipelineOptions = {
  sources: Source[];
  categories: Category[];
  settings: Settings;
  databaseUrl: string | null;
  queueUrl: string | null;
  dataDir: string;
  /** Path of a Chromium as the operator named it; null looks for the system's. */
  browser: string | null;
  /** Where traces go (OTLP over HTTP); null or absent: none are made. */
  otlpEndpoint?: string | null;
  log: Logger;
  now?: () => Date;
  /** How names of hosts are looked up; absent: as the operating system does. */
  resolve?: Resolver;
};

/** An open pipeline: everything connected, nothing running until a worker is started. */
export type Pipeline = {
  ctx: Context;
  ledger: Ledger;
  /** Aborted, with the reason, when others changed the ledger so that this program must not go on with it. */
  outdated: AbortSignal;
  /** Starts workers for these stages in this process. */
  work(stages: readonly QueueName[]): void;
  /** Starts looking, every `everyMs`, for rows that nothing drives. */
  watch(everyMs: number): void;
  /** Starts sending, every `everyMs`, the alerts that are due. This needs a way to webhook and mail server, so not every worker does it. */
  tell(everyMs: number): void;
  /** Ends in order: no new jobs, those under way finish or give back what they hold, then the connections. */
  close(): Promise<void>;
};

/**
 * Jobs of one stage at the same time in one process: visits mostly wait, some for a host that does not answer, and must not
 * keep others waiting; extraction is spread over threads, delivery is one for each sink.
 */
const CONCURRENCY: Record<QueueName, number> = {
  crawl: 40,
  backfill: 2,
  extract: 4,
  dedupe: 1,
  categorize: 2,
  publish: 4,
};

/** How often it is looked whether an upgrade changed the ledger under this process, in milliseconds. */
const SCHEMA_MS = 20_000;
/** How often it is looked whether sources are late or read worse than before, in milliseconds. */
const WATCH_MS = 5 * 60_000;

/**
 * Opens ledger, queues, client, extractor threads and sinks.
 * @throws LEDGER_…, QUEUE_UNREACHABLE
 */
export async function openPipeline(options: PipelineOptions): Promise<Pipeline> {
  const { settings, log } = options;
  const owner = randomUUID();
  const stop = new AbortController();
  const ledger = await openLedger(options);
  const tracing = options.otlpEndpoint ? await openTracing(options.otlpEndpoint) : null;
  const telemetry = tracing?.telemetry ?? null;
  const queues = await openQueues({ queueUrl: options.queueUrl, ledger, log, telemetry }).catch(async (error) => {
    await ledger.close();
    throw error;
  });
  // Processes of several machines share the ledger: what is due is due for all of them at once.
  const clock = ledger.kind === 'postgres' ? await openClock(ledger.db) : null;
  const now = options.now ?? clock?.now ?? (() => new Date());
  const local = createHostGate();
  const client = createClient({
    settings,
    gate:
      ledger.kind === 'postgres'
        ? createSharedGate(ledger.db, local, { owner, requestMs: 2 * settings.fetch.timeout })
        : createKeptGate(ledger.db, local),
    robots: createRobotsStore(ledger.db),
    now: () => now().getTime(),
    log,
    ...(options.resolve && { resolve: options.resolve }),
  });
  const executablePath = findBrowser(options.browser);
  const ctx: Context = {
    db: ledger.db,
    queues,
    settings,
    sources: new Map(options.sources.map((s) => [s.id, s])),
    categories: options.categories,
    sinks: openSinks({ settings, queues, dataDir: options.dataDir, categories: options.categories, client, log }),
    channels: openChannels(settings, log),
    owner,
    log,
    meter: createMeter(),
    signal: stop.signal,
    client,
    browser: executablePath === null ? null : createBrowserFetcher({ executablePath, settings, client, log }),
    extractor: createExtractorPool({
      threads: settings.extract.threads,
      deadlineMs: settings.extract.deadline,
      heapMb: settings.extract.heapMb,
    }),
    classifier: createClassifier(options.categories, settings.categorize),
    now,
  };
  await registerSources(ctx.db, options.sources);
  await registerSinks(ctx.db, [...ctx.sinks.keys()]);
  const holders = createHolders(ctx.db, log);
  const beat = every((LEASE_SECONDS * 1000) / 4, log, 'renewing leases', async () => {
    await holders.renew();
    await clock?.sync();
  });
  const stale = new AbortController();
  const schema = every(SCHEMA_MS, log, 'looking at the schema', async () => {
    const why = await outdated(ctx.db);
    if (why !== null) stale.abort(why);
  });
  const timers = [beat, schema];
  return {
    ctx,
    ledger,
    outdated: stale.signal,
    work: (stages) => {
      for (const stage of stages)
        queues.worker(stage, CONCURRENCY[stage], (data) => {
          tracing?.note(data);
          const job = (holder: string) => RUN[stage]({ ...ctx, owner: holder }, data);
          return measured(ctx.meter, stage, () => holders.hold(job));
        });
    },
    watch: (everyMs) => {
      timers.push(every(everyMs, log, 'reconciling', () => reconcile(ctx)));
      timers.push(every(WATCH_MS, log, 'watching over the sources', () => watchSources(ctx)));
    },
    tell: (everyMs) => {
      timers.push(
        every(everyMs, log, 'sending alerts', () => holders.hold((holder) => notify({ ...ctx, owner: holder }))),
      );
    },
    async close() {
      stop.abort();
      for (const end of timers.slice(1)) await end();
      await queues.close();
      await beat();
      await Promise.allSettled([ctx.browser?.close(), client.close(), ctx.extractor.close()]);
      for (const one of [...ctx.sinks.values(), ...ctx.channels.values()]) await one.close();
      await ledger.close();
      await tracing?.close().catch((error) => log.warn({ err: messageOf(error) }, 'traces could not be sent'));
    },
  };
}

/** Each stage's payload is read before anything is done with it. */
const RUN: Record<QueueName, (ctx: Context, data: unknown) => Promise<void>> = {
  crawl: (ctx, data) => crawl(ctx, CrawlJob.parse(data)),
  backfill: (ctx, data) => backfill(ctx, BackfillJob.parse(data)),
  extract: (ctx, data) => extract(ctx, IdsJob.parse(data)),
  dedupe: (ctx, data) => dedupe(ctx, IdsJob.parse(data)),
  categorize: (ctx, data) => categorize(ctx, IdsJob.parse(data)),
  publish: (ctx, data) => publish(ctx, PublishJob.parse(data)),
};

async function measured(meter: Meter, queue: QueueName, job: () => Promise<void>): Promise<void> {
  const end = meter.start('sourcelink_job_duration_seconds', { queue });
  let outcome = 'failed';
  try {
    await job();
    outcome = 'done';
  } catch (error) {
    if (error instanceof Busy) outcome = 'busy';
    throw error;
  } finally {
    end();
    meter.add('sourcelink_jobs_total', { queue, outcome });
  }
}

/** Calls `task` again and again, never twice at once. @returns what ends it, after the call under way */
function every(ms: number, log: Logger, what: string, task: () => Promise<unknown>): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    running = task()
      .catch((error) => log.warn({ err: messageOf(error) }, `${what} failed and will be tried again`))
      .finally(() => {
        busy = false;
      });
  }, ms);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
