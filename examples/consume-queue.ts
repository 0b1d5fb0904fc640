/**
 * A downstream site in one file: it takes each message from the queue `articles` and prints a line. It needs nothing from
 * Sourcelink but the contract, so you can copy it into your own project and replace `handle`.
 *
 *   SOURCELINK_QUEUE_URL=redis://127.0.0.1:6379 npm run example:consume
 *   SOURCELINK_QUEUE_URL=postgres://… npm run example:consume
 *
 * `--exit-when-idle SECONDS` ends it when no message has arrived for that long.
 */
import { createPostgresBackend, createRedisBackend, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';

type Message = { type: string; id: string; revision: number; article: { title?: string; canonicalUrl: string } };

const url = process.env['SOURCELINK_QUEUE_URL'] ?? process.env['SOURCELINK_DATABASE_URL'];
if (!url) {
  console.error('Set SOURCELINK_QUEUE_URL to the queue that Sourcelink publishes to (redis://… or postgres://…).');
  process.exit(2);
}

/** A queue delivers at least once, so this remembers handled messages by id and revision. A real site asks its database. */
const handled = new Set<string>();
let last = Date.now();

async function handle(message: Message): Promise<void> {
  console.log(
    `${message.type} ${message.id} r${message.revision} ${message.article.title ?? ''} <${message.article.canonicalUrl}>`,
  );
}

const options = { concurrency: 4, maxStalledCount: 20 };
async function take({ data }: { data: Message }): Promise<void> {
  last = Date.now();
  const key = `${data.id}-${data.revision}`;
  if (handled.has(key)) return;
  await handle(data);
  handled.add(key);
}

// BullMQ's types allow only Redis as a connection; its PostgreSQL backend takes a pool in the same place.
const worker = url.startsWith('redis')
  ? new Worker(
      'articles',
      take,
      { ...options, connection: new Redis(url, { maxRetriesPerRequest: null }) as never },
      createRedisBackend as never,
    )
  : new Worker(
      'articles',
      take,
      {
        ...options,
        connection: new pg.Pool({ connectionString: url, options: '-c search_path=bullmq', keepAlive: true }) as never,
      },
      createPostgresBackend as never,
    );
worker.on('error', (error) => console.error(`queue: ${error.message}`));

const idle = process.argv.indexOf('--exit-when-idle');
const idleMs = idle < 0 ? null : Number(process.argv[idle + 1] ?? 5) * 1000;
const watch = setInterval(() => {
  if (idleMs !== null && Date.now() - last > idleMs) void end();
}, 250);

async function end(): Promise<void> {
  clearInterval(watch);
  await worker.close();
  console.error(`${handled.size} messages`);
  process.exit(0);
}
process.once('SIGINT', () => void end());
process.once('SIGTERM', () => void end());
