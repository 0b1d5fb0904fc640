import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { ArticleMessage } from '../../contract/contract.js';
import { ARTICLES_QUEUE } from '../../workers/queues.js';

/** What arrived at one sink's consumer. */
export class Inbox {
  /** What came under each idempotency key, the first time. */
  readonly #byKey = new Map<string, string>();
  readonly #idsByUrl = new Map<string, Set<string>>();
  /** The same key again: at-least-once delivery, which a consumer drops. */
  repeats = 0;
  /** The same key with other bytes: it would be wrong to drop it. */
  #changed = 0;

  take(key: string, message: ArticleMessage, text: string): void {
    const had = this.#byKey.get(key);
    if (had !== undefined) {
      this.repeats++;
      if (had !== text) this.#changed++;
      return;
    }
    this.#byKey.set(key, text);
    const { canonicalUrl: url } = message.article;
    this.#idsByUrl.set(url, (this.#idsByUrl.get(url) ?? new Set()).add(message.id));
  }

  has(url: string): boolean {
    return this.#idsByUrl.has(url);
  }

  get articles(): number {
    return this.#idsByUrl.size;
  }

  /** What a consumer that drops known keys would still have twice. */
  get twice(): number {
    return [...this.#idsByUrl.values()].reduce((sum, ids) => sum + ids.size - 1, this.#changed);
  }
}

export type Downstream = {
  queue: Inbox;
  hook: Inbox;
  hookPort: number;
  /** Called when a message has been taken and before it is acknowledged. */
  beforeAnswer: (() => Promise<void>) | null;
  close(): Promise<void>;
};

/** A consumer of the queue `articles`, and a receiver of webhooks, on loopback. */
export async function openDownstream(redisUrl: string): Promise<Downstream> {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  connection.on('error', () => undefined);
  const queue = new Inbox();
  const hook = new Inbox();
  const consumer = new Worker(
    ARTICLES_QUEUE,
    async (job) => {
      const message = ArticleMessage.parse(job.data);
      queue.take(`${message.id}-${message.revision}`, message, JSON.stringify(job.data));
    },
    { connection: connection as never, concurrency: 4, maxStalledCount: 20 },
  );
  consumer.on('error', () => undefined);
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    try {
      for await (const part of request) parts.push(part as Buffer);
    } catch {
      return; // cut off in the middle of its body: not taken
    }
    const text = Buffer.concat(parts).toString('utf8');
    const message = ArticleMessage.parse(JSON.parse(text));
    hook.take(String(request.headers['webhook-id']), message, text);
    await open.beforeAnswer?.();
    response.writeHead(204).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const open: Downstream = {
    queue,
    hook,
    hookPort: (server.address() as AddressInfo).port,
    beforeAnswer: null,
    async close() {
      await Promise.race([consumer.close(true), new Promise((done) => setTimeout(done, 2000))]);
      connection.disconnect();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return open;
}
