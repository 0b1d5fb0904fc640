/**
 * A process of `npm run bench pipeline`: one that makes a pass, one that only works beside it, or the afternoon's script.
 * It opens what it needs, says so, waits for `go`, and tells what it did with the CPU time and memory it took.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { CategoriesFile, flattenCategories } from '../config/categories.js';
import { createLogger } from '../config/logger.js';
import { Settings } from '../config/settings.js';
import { resolveSource, SourcesFile } from '../config/sources.js';
import type { Job, Result, Told } from './pipeline-job.js';

process.once('message', async (job: Job) => {
  const work = await prepare(job);
  const before = process.cpuUsage();
  process.send?.({ ready: true } satisfies Told);
  await new Promise((go) => process.once('message', go));
  const began = performance.now();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  const told: Told = {
    ...result,
    seconds: (performance.now() - began) / 1000,
    cpuMs: (user + system) / 1000,
    peakMb: process.resourceUsage().maxRSS / 1024,
  };
  // Crawlee's timers would keep the script's process.
  process.send?.(told, undefined, undefined, () => process.exit());
});

async function prepare(job: Job): Promise<() => Promise<Result>> {
  if (job.role === 'afternoon') {
    const { afternoon } = await import('./afternoon.js');
    return () => afternoon(job);
  }
  const { openPipeline } = await import('../workers/main.js');
  const { runPass } = await import('../workers/pass.js');
  const { QUEUE_NAMES } = await import('../workers/queues.js');
  const file = SourcesFile.parse(parse(readFileSync(job.list, 'utf8')));
  const sources = file.sources.map((s) => resolveSource(s, file.defaults));
  const categories = CategoriesFile.parse(parse(readFileSync('config/categories.yaml', 'utf8')));
  const pipeline = await openPipeline({
    sources,
    categories: flattenCategories(categories.categories),
    settings: Settings.parse({}),
    databaseUrl: job.databaseUrl,
    queueUrl: job.queueUrl,
    dataDir: job.dataDir,
    browser: null,
    log: createLogger('error'),
  });
  pipeline.work(QUEUE_NAMES);
  pipeline.watch(2000);
  return async () => {
    if (job.role === 'worker') {
      await new Promise((end) => process.once('message', end));
      await pipeline.close();
      return { articles: 0 };
    }
    const { published, duplicates } = await runPass(pipeline.ctx, {
      sources: sources.map((s) => s.id),
      signal: AbortSignal.timeout(900_000),
    });
    await pipeline.close();
    return { articles: published + duplicates };
  };
}
