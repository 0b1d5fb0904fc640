import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ArticleMessage } from '../../contract/contract.js';
import { Inbox } from '../faults/downstream.js';
import { type Server, startPostgres, startRedis } from '../setup/servers.js';
import type { OpenOutlets } from './outlets.js';

export const BACKEND_NAMES = ['pglite', 'postgres', 'redis'] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];

export type Stores = { urls: { databaseUrl: string | null; queueUrl: string | null }; close(): Promise<void> };

/** Throw-away servers as a backend needs them. @throws when they are not installed */
export async function openStores(backend: BackendName): Promise<Stores> {
  const none = { urls: { databaseUrl: null, queueUrl: null }, close: async () => undefined };
  if (backend === 'pglite') return none;
  // An hour passes in half a minute: PostgreSQL's own cleaning comes about as often in it as it would.
  const postgres = await startPostgres(['autovacuum_naptime=1s']);
  if (!postgres) throw new Error(`${backend} needs PostgreSQL (initdb, postgres)`);
  const redis: Server | null = backend === 'redis' ? await startRedis() : null;
  const close = async (): Promise<void> => {
    await Promise.all([postgres.stop(), redis?.stop()]);
  };
  if (backend === 'redis' && redis === null) {
    await close();
    throw new Error('redis needs Redis (redis-server)');
  }
  return { urls: { databaseUrl: postgres.url, queueUrl: redis?.url ?? null }, close };
}

export type Hook = { url: string; inbox: Inbox; close(): Promise<void> };

/** A receiver of webhooks. */
export async function openHook(): Promise<Hook> {
  const inbox = new Inbox();
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString('utf8');
    inbox.take(String(request.headers['webhook-id']), ArticleMessage.parse(JSON.parse(text)), text);
    response.writeHead(204).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    inbox,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Configuration of a pipeline that visits these outlets, in `config` below the folder. */
export function writeConfig(dir: string, outlets: OpenOutlets, hookUrl: string): void {
  mkdirSync(join(dir, 'config'), { recursive: true });
  mkdirSync(join(dir, 'data'), { recursive: true });
  const defaults = { render: 'never', republish: 'full', delay: '50ms' };
  writeFileSync(join(dir, 'config', 'sources.yaml'), stringify({ defaults, sources: outlets.sources }));
  const secrets = [`whsec_${Buffer.from('a secret of the soak and of nothing else').toString('base64')}`];
  const settings = {
    userAgent: 'Sourcelink-soak/0.1 (+https://example.org/bot)',
    fetch: { allowHosts: outlets.hosts, timeout: '6s', connectTimeout: '3s', retryDelay: '500ms' },
    extract: { threads: 1 },
    // So short that what is kept for a time is cleared within the hours of the run.
    dedupe: { window: '1h' },
    stories: { open: '1h' },
    keep: { pages: '4h', visits: '4h' },
    retract: { look: ['2h', '8h'] },
    publish: {
      sinks: {
        articles: { type: 'queue' },
        feed: { type: 'feed' },
        hook: { type: 'webhook', url: hookUrl, secrets, allowPrivateAddress: true },
      },
    },
  };
  writeFileSync(join(dir, 'config', 'sourcelink.yaml'), stringify(settings));
}
