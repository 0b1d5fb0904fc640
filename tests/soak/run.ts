import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { ArticleMessage } from '../../workers/contract.js';
import { Inbox } from '../faults/downstream.js';
import { type Server, startPostgres, startRedis } from '../setup/servers.js';
import { type Flatness, judge } from './flat.js';
import type { Life, LifeOptions } from './life.js';
import { type OpenOutlets, openOutlets } from './outlets.js';
import type { Sample } from './sample.js';
import { inventOutlets, type Outlet } from './world.js';

const CHILD = join(dirname(fileURLToPath(import.meta.url)), 'child.js');
/** How late the last look before the end may be, on top of an outlet's longest pause. */
const LATE_MS = 30 * 60_000;
/** A process that has closed everything ends by itself within this. */
const ENDS_WITHIN_MS = 15_000;

export type BackendName = 'pglite' | 'postgres' | 'redis';
export const BACKEND_NAMES = ['pglite', 'postgres', 'redis'] as const satisfies BackendName[];

export type RunOptions = { sources: number; hours: number; stepMs: number; seed: number };

export type SoakResult = {
  backend: BackendName;
  visits: number;
  requests: number;
  articles: number;
  /** Reports that were published long enough before the end, and of which no copy arrived. */
  lost: string[];
  twice: number;
  repeats: number;
  violations: Life['violations'];
  flat: Flatness;
  samples: Sample[];
  minutes: number;
  faults: string[];
};

/** One soak on one backend. @throws without the servers that it needs, and when the pipeline breaks down */
export async function soak(
  backend: BackendName,
  options: RunOptions,
  onSample: (sample: Sample) => void,
): Promise<SoakResult> {
  const began = Date.now();
  const stores = await openStores(backend);
  const dir = mkdtempSync(join(tmpdir(), `sourcelink-soak-${backend}-`));
  let ahead = 0;
  const start = Date.now();
  const world = inventOutlets({ ...options, outlets: options.sources, start });
  const outlets = await openOutlets(world, () => Date.now() + ahead);
  const hook = await openHook();
  let keep = true;
  try {
    writeConfig(dir, outlets, hook.url);
    const samples: Sample[] = [];
    const life = await runChild(
      { ...options, ...stores.urls, configDir: join(dir, 'config'), dataDir: join(dir, 'data') },
      {
        time: (to) => {
          ahead = to;
        },
        sample: (sample) => {
          samples.push(sample);
          onSample(sample);
        },
      },
    );
    const lost = lostOf(world, outlets, hook.inbox, Date.now() + ahead);
    const flat = judge(samples);
    const { twice, repeats, articles } = hook.inbox;
    const faults = [
      ...flat.faults,
      ...(lost.length === 0 ? [] : [`${lost.length} reports did not arrive, the first ${lost[0]}`]),
      ...(twice === 0 ? [] : [`${twice} twice downstream`]),
      ...life.violations.slice(0, 3).map((v) => `${v.rule}: ${v.id} ${v.detail}`),
    ];
    keep = faults.length > 0;
    if (keep) faults.push(`log in ${dir}`);
    const counts = { visits: life.visits, requests: outlets.requests(), articles, lost, twice, repeats };
    const minutes = (Date.now() - began) / 60_000;
    return { backend, ...counts, violations: life.violations, flat, samples, minutes, faults };
  } finally {
    await hook.close();
    await outlets.close();
    await stores.close();
    if (!keep) rmSync(dir, { recursive: true, force: true });
  }
}

type Stores = { urls: { databaseUrl: string | null; queueUrl: string | null }; close(): Promise<void> };

async function openStores(backend: BackendName): Promise<Stores> {
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

function runChild(
  options: LifeOptions,
  heard: { time(ahead: number): void; sample(sample: Sample): void },
): Promise<Life> {
  const child = fork(CHILD, [JSON.stringify(options)], { execArgv: ['--expose-gc', '--enable-source-maps'] });
  let life: Life | null = null;
  let error = 'it ended without a word';
  const ended = new Promise<number | NodeJS.Signals>((done) =>
    child.once('exit', (code, signal) => done(code ?? signal ?? 1)),
  );
  child.on('message', (message: { ahead?: number; sample?: Sample; life?: Life; error?: string }) => {
    if (message.ahead !== undefined) {
      heard.time(message.ahead);
      child.send('heard');
    }
    if (message.sample) heard.sample(message.sample);
    if (message.error !== undefined) error = message.error;
    if (message.life) life = message.life;
  });
  return new Promise((resolve, reject) => {
    child.once('disconnect', async () => {
      const end = await Promise.race([ended, delay(ENDS_WITHIN_MS, 'still running', { ref: false })]);
      if (end === 'still running') child.kill('SIGKILL');
      if (life === null) reject(new Error(`the pipeline broke down: ${error}`));
      else if (end !== 0) reject(new Error(`closed, and yet ${end}: ${life.leftOpen.join(', ')}`));
      else resolve(life);
    });
  });
}

type Hook = { url: string; inbox: Inbox; close(): Promise<void> };

/** A receiver of webhooks. */
async function openHook(): Promise<Hook> {
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

/** Copies have one text: which of them is the report and which the copy depends on who was visited first. */
function lostOf(world: readonly Outlet[], outlets: OpenOutlets, inbox: Inbox, end: number): string[] {
  const due = new Map<number, string>();
  const arrived = new Set<number>();
  for (const outlet of world)
    for (const piece of outlet.pieces) {
      const url = outlets.urlOf(outlet, piece);
      if (inbox.has(url)) arrived.add(piece.text);
      const seen = outlet.trouble === null && piece.at + outlet.everyMostMs + LATE_MS <= end;
      if (seen && piece.goneAt === null) due.set(piece.text, url);
    }
  return [...due].filter(([text]) => !arrived.has(text)).map(([, url]) => url);
}

function writeConfig(dir: string, outlets: OpenOutlets, hookUrl: string): void {
  mkdirSync(join(dir, 'config'), { recursive: true });
  mkdirSync(join(dir, 'data'), { recursive: true });
  const defaults = { render: 'never', republish: 'full', delay: '50ms' };
  writeFileSync(join(dir, 'config', 'sources.yaml'), stringify({ defaults, sources: outlets.sources }));
  const secrets = [`whsec_${Buffer.from('a secret of the soak').toString('base64')}`];
  const settings = {
    userAgent: 'Sourcelink-soak/0.1 (+https://example.org/bot)',
    fetch: { allowHosts: outlets.hosts, timeout: '2s', connectTimeout: '1s', retryDelay: '500ms' },
    extract: { threads: 1 },
    // So short that what is kept for a time is cleared within the hours of the run.
    dedupe: { window: '1h' },
    keep: { pages: '4h', runs: '4h' },
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
