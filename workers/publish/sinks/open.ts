import { basename, dirname, resolve } from 'node:path';
import type { Category } from '../../../config/categories.js';
import type { Logger } from '../../../config/logger.js';
import type { Settings } from '../../../config/settings.js';
import type { Client } from '../../../crawlers/net/client.js';
import type { Queues } from '../../queues.js';
import type { Sink } from '../../sink.js';
import { createFeedsSink } from './feeds.js';
import { createFolderSink } from './folder.js';
import { createSinkHttp } from './http.js';
import { createQueueSink } from './queue.js';
import { createS3Sink } from './s3.js';
import { createWebhookSink } from './webhook.js';
import { createWordPressSink } from './wordpress/wordpress.js';

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
      return createFeedsSink(name, {
        ...oneFeed(resolve(dataDir, sink.file)),
        items: sink.items,
        title: settings.site.name,
        homepage: settings.site.url,
        log,
      });
    case 'feeds':
      return createFeedsSink(name, {
        ...sink,
        folder: resolve(dataDir, sink.folder),
        all: 'all',
        memory: `${resolve(dataDir, sink.folder)}.state`,
        title: settings.site.name,
        homepage: settings.site.url,
        tree: around.categories,
        log,
        hub: sink.hub === undefined ? null : { url: sink.hub, http: httpFor({ ...sink, url: sink.hub }, settings) },
      });
    case 'folder':
      return createFolderSink(name, { folder: resolve(dataDir, sink.folder), format: sink.format });
    case 's3':
      return createS3Sink(name, { ...sink, http: httpFor(sink, settings) });
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

/** A folder of feeds that holds one JSON Feed. */
export const oneFeed = (file: string) => ({
  folder: dirname(file),
  all: basename(file, '.json'),
  memory: `${file}.state`,
  url: null,
  formats: ['json' as const],
  by: [],
  tree: [],
  hub: null,
});

const httpFor = (sink: { url: string; timeout: number; allowPrivateAddress: boolean }, { userAgent }: Settings) =>
  createSinkHttp({
    url: sink.url,
    allowPrivateAddress: sink.allowPrivateAddress,
    timeoutMs: sink.timeout,
    userAgent,
    now: Date.now,
  });
