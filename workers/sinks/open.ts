import { resolve } from 'node:path';
import type { Settings } from '../../config/settings.js';
import type { Queues } from '../queues.js';
import { createFeedSink } from './feed.js';
import { createQueueSink } from './queue.js';
import type { Sink } from './sink.js';

/** The sinks that the settings enable, by name. */
export function openSinks(settings: Settings, queues: Queues, dataDir: string): Map<string, Sink> {
  const sinks = new Map<string, Sink>();
  for (const [name, sink] of Object.entries(settings.publish.sinks)) {
    if (!sink.enabled) continue;
    if (sink.type === 'queue') sinks.set(name, createQueueSink(name, queues.articles));
    else
      sinks.set(
        name,
        createFeedSink(name, {
          file: resolve(dataDir, sink.file),
          items: sink.items,
          title: settings.site.name,
          homepage: settings.site.url,
        }),
      );
  }
  return sinks;
}
