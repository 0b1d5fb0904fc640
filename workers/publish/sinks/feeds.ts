import { join } from 'node:path';
import pLimit from 'p-limit';
import type { Category } from '../../../config/categories.js';
import { messageOf, SourcelinkError } from '../../../config/errors.js';
import type { Logger } from '../../../config/logger.js';
import type { FeedsSink } from '../../../config/sinks.js';
import type { ContractArticle } from '../../../contract/contract.js';
import type { Outgoing, Sink } from '../../sink.js';
import { renderAtom } from '../feeds/atom.js';
import { type Feed, itemOf } from '../feeds/feed.js';
import { renderJsonFeed } from '../feeds/json-feed.js';
import { renderNewsSitemap } from '../feeds/news-sitemap.js';
import { renderRss } from '../feeds/rss.js';
import { type FeedShelf, openShelf } from './feed-shelf.js';
import { excerptOf, type SinkHttp } from './http.js';
import { contentOf, replaceFile } from './replace-file.js';

const RENDER = { rss: renderRss, atom: renderAtom, json: renderJsonFeed };
/**
 * A folder of feeds for a web server: the whole wire, each category with all below it, each source; in RSS, Atom and JSON
 * Feed. What did not change keeps its bytes and its time, so that conditional requests work. A hub is told of the rest.
 */
export function createFeedsSink(
  name: string,
  options: Pick<FeedsSink, 'items' | 'formats' | 'by' | 'pages'> & {
    folder: string;
    /** Name of the feed of all articles, without the ending. */
    all: string;
    /** Folder of what the sink needs to remember. */
    memory: string;
    /** Where the folder is served; null when nobody knows, and then the feeds name no address of their own. */
    url: string | null;
    title: string;
    homepage: string;
    tree: Category[];
    hub: { url: string; http: SinkHttp } | null;
    log: Logger;
    now?: () => number;
  },
): Sink {
  const { folder, items, formats, hub, log } = options;
  const now = options.now ?? Date.now;
  const base = options.url?.replace(/\/*$/, '/') ?? null;
  const ALL = options.all;
  /** Kept from one delivery to the next: to read the articles again would cost more than all else here. */
  let kept: FeedShelf | null = null;
  const labels = new Map(options.tree.map((c) => [c.path, c.label]));

  function feedsOf(a: ContractArticle): string[] {
    const categories = options.by.includes('category') ? a.categories.flatMap((c) => upwards(c.path)) : [];
    const source = options.by.includes('source') ? [`source/${a.source.id}`] : [];
    return [...new Set([ALL, ...categories.map((path) => `category/${path}`), ...source])];
  }

  /** Writes one feed in every format. @returns the addresses that changed */
  function write(shelf: FeedShelf, path: string, sourceNames: Map<string, string>): string[] {
    const newest = shelf.newest(path, items);
    const named = path.replace(/^(?:category|source)\//, '');
    const label = path.startsWith('category/')
      ? labels.get(named)
      : (sourceNames.get(named) ?? newest[0]?.article.source.name);
    const title = path === ALL ? options.title : `${options.title}: ${label ?? named}`;
    const updated = shelf.index.feeds[path] ?? new Date(0).toISOString();
    return formats.flatMap((format) => {
      const file = join(folder, `${path}.${format}`);
      const self = base === null ? null : `${base}${path}.${format}`;
      const feed: Feed = {
        title,
        homepage: options.homepage,
        self,
        hub: hub?.url ?? null,
        updated,
        items: newest,
      };
      return replaceFile(file, RENDER[format](feed)) && self !== null ? [self] : [];
    });
  }

  function writeSitemap(shelf: FeedShelf): void {
    if (options.pages === undefined) return;
    const { title: publication, pages: page } = options;
    const recent = renderNewsSitemap(shelf.newest(ALL, items), { publication, page, now: now() });
    replaceFile(join(folder, 'news-sitemap.xml'), recent);
  }

  /** Tells the hub (WebSub); what it cannot be told now is told with the next delivery. @returns what is left */
  async function ping(topics: string[]): Promise<string[]> {
    if (hub === null) return [];
    const limit = pLimit(4);
    const left = await Promise.all(
      topics.map((topic) =>
        limit(async () => {
          const body = new URLSearchParams({ 'hub.mode': 'publish', 'hub.url': topic, 'hub.topic': topic }).toString();
          const headers = { 'content-type': 'application/x-www-form-urlencoded' };
          try {
            const answer = await hub.http.send({ method: 'POST', url: hub.url, headers, body });
            if (answer.status < 300) return [];
            log.warn({ sink: name, topic }, `the hub answered ${answer.status}${excerptOf(answer)}`);
            // It does not want this topic, now or later.
            return answer.status >= 500 ? [topic] : [];
          } catch (error) {
            log.warn({ sink: name, topic }, `the hub could not be notified: ${messageOf(error)}`);
            return [topic];
          }
        }),
      ),
    );
    return left.flat();
  }

  async function deliver(batch: Outgoing[]): Promise<null[]> {
    const shelf = kept?.isCurrent() ? kept : openShelf(options.memory);
    // What a delivery that fails has changed in it must not be taken for written.
    kept = null;
    if (shelf.index.feeds[ALL] === undefined) refuseForeign(join(folder, `${ALL}.json`));
    const touched = new Set([ALL]);
    const sourceNames = new Map<string, string>();
    for (const { message } of batch) {
      const had = shelf.index.articles[message.id];
      const item = itemOf(message);
      const isNew = item === null ? had !== undefined : (had?.revision ?? 0) < message.revision;
      const feeds = [...(had?.feeds ?? []), ...(item && isNew ? feedsOf(item.article) : [])];
      sourceNames.set(message.article.source.id, message.article.source.name);
      for (const feed of feeds) {
        touched.add(feed);
        const last = shelf.index.feeds[feed] ?? '';
        if (isNew && message.sentAt > last) shelf.index.feeds[feed] = message.sentAt;
      }
      if (item === null) shelf.remove(message.id);
      else if (isNew) shelf.put(item, feedsOf(item.article));
    }
    const changed = [...touched].flatMap((path) => write(shelf, path, sourceNames));
    writeSitemap(shelf);
    shelf.index.unpinged = hub === null ? [] : [...new Set([...shelf.index.unpinged, ...changed])];
    shelf.save(items);
    if (shelf.index.unpinged.length > 0) {
      shelf.index.unpinged = await ping(shelf.index.unpinged);
      shelf.save(items);
    }
    kept = shelf;
    return batch.map(() => null);
  }

  return { name, deliver, close: async () => hub?.http.close() };
}

/** @throws SINK_REFUSED for a file in the feed's place that Sourcelink did not write */
function refuseForeign(file: string): void {
  const text = contentOf(file);
  if (text === null || /"_sourcelink"|"items": ?\[\]/.test(text)) return;
  throw new SourcelinkError('SINK_REFUSED', `${file} was not written by Sourcelink, so it is not replaced`, {
    hint: 'Move the file away, or name another in publish.sinks; then run `sourcelink dead retry`.',
  });
}

/** `world/asia` belongs to `world` too. */
function upwards(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}
