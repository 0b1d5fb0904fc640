/**
 * The whole pipeline on real outlets: articles a second, CPU time and memory, on each place where ledger and queue can
 * live. `npm run bench pipeline [-- --pages DIR … --backend pglite|postgres|redis --json]`
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { createLogger } from '../config/logger.js';
import { Settings } from '../config/settings.js';
import { resolveSource, SourcesFile } from '../config/sources.js';
import { freePort, startPostgres, startRedis, waitFor } from '../tests/setup/servers.js';
import { openPipeline } from '../workers/main.js';
import { runPass } from '../workers/pass.js';
import { QUEUE_NAMES } from '../workers/queues.js';

type Row = {
  backend: string;
  sources: number;
  articles: number;
  seconds: number;
  articlesPerSecond: number;
  /** Milliseconds of CPU time of this process (crawling to publishing, PGlite included) for each article. */
  cpuMsPerArticle: number;
  peakMb: number;
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      pages: { type: 'string', multiple: true },
      backend: { type: 'string', multiple: true, default: ['pglite', 'postgres', 'redis'] },
      json: { type: 'boolean', default: false },
    },
  });
  const corpora = process.env['SOURCELINK_CORPORA'] ?? '../shared/corpora';
  const pages = values.pages ?? ['aeb', 'fundus', 'atf', 'wcxb'].map((set) => join(corpora, 'extraction', set));
  const missing = pages.find((p) => !existsSync(p));
  if (missing)
    throw new Error(`${missing} is not there; name folders of pages with --pages, or set SOURCELINK_CORPORA`);
  const rows: Row[] = [];
  for (const backend of values.backend) {
    const row = await measure(backend, pages, join(dirname(corpora), 'newsstand', 'serve.mjs'));
    rows.push(row);
    process.stderr.write(
      `${row.backend}: ${row.articles} articles of ${row.sources} outlets in ${row.seconds.toFixed(1)} s: ${row.articlesPerSecond.toFixed(1)}/s, ${row.cpuMsPerArticle.toFixed(0)} ms CPU each, peak ${row.peakMb.toFixed(0)} MB\n`,
    );
  }
  if (values.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
}

async function measure(backend: string, pages: string[], serve: string): Promise<Row> {
  const dir = mkdtempSync(join(tmpdir(), 'sourcelink-bench-'));
  const port = await freePort();
  const list = join(dir, 'sources.yaml');
  const args = [serve, ...pages.flatMap((p) => ['--pages', p]), '--port', String(port), '--sources-yaml', list];
  const newsstand = spawn(process.execPath, args, { stdio: 'ignore' });
  const postgres = backend === 'pglite' ? null : await startPostgres();
  const redis = backend === 'redis' ? await startRedis() : null;
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 200);
  try {
    await waitFor(port);
    const file = SourcesFile.parse({ defaults: { delay: '0ms' }, ...parse(readFileSync(list, 'utf8')) });
    const sources = file.sources.map((s) => resolveSource(s, file.defaults));
    const pipeline = await openPipeline({
      sources,
      categories: [],
      settings: Settings.parse({}),
      databaseUrl: postgres?.url ?? null,
      queueUrl: redis?.url ?? null,
      dataDir: dir,
      browser: null,
      log: createLogger('error'),
    });
    pipeline.work(QUEUE_NAMES);
    pipeline.watch(2000);
    const before = process.cpuUsage();
    const summary = await runPass(pipeline.ctx, {
      sources: sources.map((s) => s.id),
      signal: AbortSignal.timeout(600_000),
    });
    const { user, system } = process.cpuUsage(before);
    await pipeline.close();
    const articles = summary.published + summary.duplicates;
    return {
      backend,
      sources: sources.length,
      articles,
      seconds: summary.seconds,
      articlesPerSecond: articles / summary.seconds,
      cpuMsPerArticle: (user + system) / 1000 / articles,
      peakMb: peak / 1024 ** 2,
    };
  } finally {
    clearInterval(watch);
    newsstand.kill();
    await redis?.stop();
    await postgres?.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

await main();
