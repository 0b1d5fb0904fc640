import { resolve } from 'node:path';
import type { Category } from '../../config/categories.js';
import type { Logger } from '../../config/logger.js';
import type { Settings } from '../../config/settings.js';
import type { Client } from '../../crawlers/net/client.js';
import type { Queues } from '../queues.js';
import { createFeedSink } from './feed.js';
import { createSinkHttp } from './http.js';
import { createQueueSink } from './queue.js';
import type { Sink } from './sink.js';
import { createWebhookSink } from './webhook.js';
import { createWordPressSink } from './wordpress.js';

export type SinkSurroundings = {
  settings: Settings;
  queues: Pick<Queues, 'articles'>;
  dataDir: string;
  categories: Category[];
  client: Pick<Client, 'fetch'>;
  log: Logger;
};

type SinkSettings = Settings['publish']['sinks'][string];

/** The sinks that the settings enable, by name. */
export function openSinks(around: SinkSurroundings): Map<string, Sink> {
  const enabled = Object.entries(around.settings.publish.sinks).filter(([, sink]) => sink.enabled);
  return new Map(enabled.map(([name, sink]) => [name, openSink(name, sink, around)]));
}

function openSink(name: string, sink: SinkSettings, around: SinkSurroundings): Sink {
  const { settings, queues, dataDir, client, log } = around;
  switch (sink.type) {
    case 'queue':
      return createQueueSink(name, queues.articles);
    case 'feed':
      return createFeedSink(name, {
        file: resolve(dataDir, sink.file),
        items: sink.items,
        title: settings.site.name,
        homepage: settings.site.url,
      });
    case 'webhook':
      return createWebhookSink(name, { ...sink, http: httpFor(sink, settings) });
    case 'wordpress':
      return createWordPressSink(name, {
        ...sink,
        http: httpFor(sink, settings),
        tree: around.categories,
        client,
        log,
      });
  }
}

const httpFor = (sink: { url: string; timeout: number; allowPrivateAddress: boolean }, { userAgent }: Settings) =>
  createSinkHttp({
    url: sink.url,
    allowPrivateAddress: sink.allowPrivateAddress,
    timeoutMs: sink.timeout,
    userAgent,
    now: Date.now,
  });
