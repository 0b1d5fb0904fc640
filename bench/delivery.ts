/**
 * From the outbox to the queue and to a webhook: deliveries a second and CPU time of this process for each (PGlite is in it;
 * PostgreSQL, Redis and the receiver are not), the median of some runs, on each place where ledger and queue can live.
 * `npm run bench delivery [-- --deliveries 10000 --runs 3 --backend pglite|postgres|redis --json]`
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { createLogger } from '../config/logger.js';
import { Settings } from '../config/settings.js';
import type { Db } from '../ledger/schema.js';
import { freePort, startPostgres, startRedis, waitFor } from '../tests/setup/servers.js';
import { openPipeline } from '../workers/main.js';
import { publish } from '../workers/publish/publish.js';
import { article } from './made-article.js';
import { median } from './statistics.js';

type Run = { seconds: number; cpuMs: number };
type Row = { backend: string; sink: string; deliveries: number; perSecond: number; cpuMsPerDelivery: number };

/** Takes whatever comes; in a process of its own, so that its work is not counted. */
const RECEIVER = `require('node:http').createServer((q, a) => { q.resume(); q.on('end', () => { a.statusCode = 204; a.end(); }); }).listen(+process.argv[1], '127.0.0.1')`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      deliveries: { type: 'string', default: '10000' },
      runs: { type: 'string', default: '3' },
      backend: { type: 'string', multiple: true, default: ['pglite', 'postgres', 'redis'] },
      json: { type: 'boolean', default: false },
    },
  });
  const [deliveries, runs] = [Number(values.deliveries), Number(values.runs)];
  const port = await freePort();
  const receiver = spawn(process.execPath, ['-e', RECEIVER, String(port)], { stdio: 'ignore' });
  const rows: Row[] = [];
  try {
    await waitFor(port);
    for (const backend of values.backend) rows.push(...(await measure(backend, port, deliveries, runs)));
  } finally {
    receiver.kill();
  }
  if (values.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
}

async function measure(backend: string, port: number, deliveries: number, runs: number): Promise<Row[]> {
  const dir = mkdtempSync(join(tmpdir(), 'sourcelink-bench-'));
  const postgres = backend === 'pglite' ? null : await startPostgres();
  const redis = backend === 'redis' ? await startRedis() : null;
  try {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const hook = { type: 'webhook', url: `http://127.0.0.1:${port}/`, secrets: [secret], allowPrivateAddress: true };
    const pipeline = await openPipeline({
      sources: [],
      categories: [],
      settings: Settings.parse({ publish: { sinks: { queue: { type: 'queue' }, webhook: hook } } }),
      databaseUrl: postgres?.url ?? null,
      queueUrl: redis?.url ?? null,
      dataDir: dir,
      browser: null,
      log: createLogger('error'),
    });
    const { ctx } = pipeline;
    const done: Record<string, Run[]> = { queue: [], webhook: [] };
    // One after the other in turn, so that a machine that slows down slows both.
    for (let run = 0; run < runs; run++)
      for (const [sink, all] of Object.entries(done)) {
        await fill(ctx.db, sink, deliveries);
        const [began, before] = [performance.now(), process.cpuUsage()];
        // A connection that breaks makes the outbox wait a second, as it would wherever it runs.
        for (await publish(ctx, { sink }); await waits(ctx.db, sink); await delay(200)) await publish(ctx, { sink });
        const { user, system } = process.cpuUsage(before);
        all.push({ seconds: (performance.now() - began) / 1000, cpuMs: (user + system) / 1000 });
        await allThrough(ctx.db, sink, (run + 1) * deliveries);
      }
    await pipeline.close();
    return Object.entries(done).map(([sink, all]) => {
      const perSecond = deliveries / median(all.map((r) => r.seconds));
      const cpuMsPerDelivery = median(all.map((r) => r.cpuMs)) / deliveries;
      process.stderr.write(
        `${backend.padEnd(8)} ${sink.padEnd(8)} ${perSecond.toFixed(0).padStart(6)}/s  ${cpuMsPerDelivery.toFixed(2)} ms CPU each (${deliveries} deliveries, median of ${runs})\n`,
      );
      return { backend, sink, deliveries, perSecond, cpuMsPerDelivery };
    });
  } finally {
    await redis?.stop();
    await postgres?.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Articles of some 300 words, each with a delivery to the sink, as `categorize` leaves them. */
async function fill(db: Db, sink: string, n: number): Promise<void> {
  const made = JSON.stringify(article());
  await sql`
    WITH c AS (
      INSERT INTO sourcelink.candidate (source_id, url, url_key, stage, article_id)
      SELECT 'bench', 'https://bench.example/' || id, id::text, 'publish', id FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, ${n}::int)) i
      RETURNING id, article_id
    ), a AS (
      INSERT INTO sourcelink.article (id, candidate_id, source_id, url_key, canonical_url, slug, title, authors, fetched_at, first_seen_at,
        excerpt, text, html, tags, word_count, rights, noindex, provenance, content_hash, revision, published_hash)
      SELECT article_id, id, 'bench', id::text, 'https://bench.example/' || id, id::text, 'Made', '[]', now(), now(), '', '', '', '[]', 1, '{}', false,
        '{}', 'x', 1, 'x' FROM c RETURNING id, candidate_id
    ), r AS (
      INSERT INTO sourcelink.revision (article_id, revision, type, message)
      SELECT id, 1, 'article.published', jsonb_build_object('type', 'article.published', 'version', 1, 'id', id, 'revision', 1,
        'sentAt', now(), 'article', ${made}::jsonb || jsonb_build_object('id', id)) FROM a RETURNING article_id
    )
    INSERT INTO sourcelink.delivery (article_id, revision, sink, candidate_id)
    SELECT a.id, 1, ${sink}, a.candidate_id FROM a JOIN r ON r.article_id = a.id`.execute(db);
}

async function waits(db: Db, sink: string): Promise<boolean> {
  const { rows } =
    await sql`SELECT FROM sourcelink.delivery WHERE sink = ${sink} AND state = 'pending' LIMIT 1`.execute(db);
  return rows.length > 0;
}

async function allThrough(db: Db, sink: string, n: number): Promise<void> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM sourcelink.delivery d JOIN sourcelink.candidate c ON c.id = d.candidate_id
    WHERE d.sink = ${sink} AND d.state = 'delivered' AND c.outcome = 'published'`.execute(db);
  if (rows[0]?.n !== n) throw new Error(`${rows[0]?.n ?? 0} of ${n} deliveries to ${sink} went through`);
}

await main();
