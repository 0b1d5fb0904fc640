import { createLogger, type Logger } from '../../config/logger.js';
import { Settings } from '../../config/settings.js';
import { resolveSource, SourceEntry } from '../../config/sources.js';
import { openPipeline, type Pipeline } from '../../workers/main.js';
import { type PassSummary, runPass } from '../../workers/pass.js';
import { QUEUE_NAMES } from '../../workers/queues.js';
import { article, feed, HEADLINES, type Outlet, openOutlet, pathOf } from '../cli/outlet.js';
import type { Backend } from './backends.js';

export type Quay = { outlet: Outlet; pipeline: Pipeline; pass(): Promise<PassSummary>; close(): Promise<void> };

/** A whole pipeline, working, on an outlet on loopback: five articles, and one page that is not there. */
export async function openQuay(
  backend: Backend,
  options: { log?: Logger; settings?: Record<string, unknown>; otlpEndpoint?: string } = {},
): Promise<Quay> {
  const outlet = await openOutlet(() => '');
  const missing = `<item><title>Gone</title><link>${outlet.origin}/gone</link></item></channel>`;
  const { body = '', ...more } = feed(outlet.origin);
  outlet.pages.set('/feed', { ...more, body: body.replace('</channel>', missing) });
  HEADLINES.forEach((_, i) => void outlet.pages.set(pathOf(i), article(i)));
  const entry = { id: 'quay', name: 'The Quay', url: outlet.origin, feeds: [`${outlet.origin}/feed`] };
  const pipeline = await openPipeline({
    ...backend,
    sources: [resolveSource(SourceEntry.parse({ ...entry, republish: 'full', render: 'never', delay: '0ms' }))],
    categories: [],
    settings: Settings.parse({
      fetch: { allowHosts: [new URL(outlet.origin).host], attempts: 1 },
      extract: { threads: 1, deadline: '60s' },
      publish: { sinks: { articles: { type: 'queue' } } },
      http: { port: 0 },
      ...options.settings,
    }),
    browser: null,
    otlpEndpoint: options.otlpEndpoint ?? null,
    log: options.log ?? createLogger(process.env['SOURCELINK_LOG_LEVEL'] ?? 'silent'),
  });
  pipeline.work(QUEUE_NAMES);
  pipeline.watch(500);
  return {
    outlet,
    pipeline,
    pass: () => runPass(pipeline.ctx, { sources: ['quay'], signal: AbortSignal.timeout(200_000) }),
    async close() {
      await pipeline.close();
      await outlet.close();
      await backend.drop();
    },
  };
}
