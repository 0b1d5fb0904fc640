import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SourcelinkError } from '../../../config/errors.js';
import { ContractArticle } from '../../../contract/contract.js';
import { type FeedItem, newestFirst } from '../feeds/feed.js';
import { contentOf, replaceFile } from './replace-file.js';

const Index = z.object({
  articles: z.record(z.string(), z.object({ revision: z.int(), date: z.string(), feeds: z.array(z.string()) })),
  /** When anything in a feed changed last, by its path. */
  feeds: z.record(z.string(), z.string()),
  /** Topics that the hub was not told of. */
  unpinged: z.array(z.string()),
});
type Index = z.infer<typeof Index>;

const Stored = z.object({ article: ContractArticle, revision: z.int(), sentAt: z.string() });

/**
 * The articles that feeds are made of, in files of their own, so that a delivery touches those that changed alone. The
 * index is written last: a delivery that was cut short is simply done again.
 */
export type FeedShelf = {
  index: Index;
  put(item: FeedItem, feeds: string[]): void;
  remove(id: string): void;
  /** The newest of one feed. */
  newest(feed: string, most: number): FeedItem[];
  /** Writes the index and drops what is in no feed's newest any more. */
  save(most: number): void;
  /** Whether the index on disk is the one that this shelf read or wrote last. */
  isCurrent(): boolean;
};

/** @throws SINK_REFUSED when the folder holds something else */
export function openShelf(folder: string): FeedShelf {
  const path = join(folder, 'index.json');
  const fileOf = (id: string) => join(folder, 'articles', `${id}.json`);
  let onDisk = contentOf(path);
  const index = parseIndex(path, onDisk);
  let stored = new Set(Object.keys(index.articles));
  const loaded = new Map<string, FeedItem>();

  function load(id: string): FeedItem {
    const known = loaded.get(id);
    if (known) return known;
    const item = Stored.parse(JSON.parse(contentOf(fileOf(id)) ?? 'null'));
    loaded.set(id, item);
    return item;
  }
  const idsOf = (feed: string): string[] =>
    Object.entries(index.articles)
      .filter(([, a]) => a.feeds.includes(feed))
      .sort(([x, a], [y, b]) => b.date.localeCompare(a.date) || x.localeCompare(y))
      .map(([id]) => id);

  return {
    index,
    put(item, feeds) {
      const { id, publishedAt, fetchedAt } = item.article;
      replaceFile(fileOf(id), JSON.stringify(item));
      loaded.set(id, item);
      index.articles[id] = { revision: item.revision, date: publishedAt ?? fetchedAt, feeds };
    },
    remove(id) {
      delete index.articles[id];
      loaded.delete(id);
    },
    newest: (feed, most) => idsOf(feed).slice(0, most).map(load).sort(newestFirst),
    save(most) {
      const before = new Set([...Object.keys(index.articles), ...stored]);
      const feeds = new Set(Object.values(index.articles).flatMap((a) => a.feeds));
      const kept = new Set([...feeds].flatMap((feed) => idsOf(feed).slice(0, most)));
      for (const id of Object.keys(index.articles)) if (!kept.has(id)) delete index.articles[id];
      onDisk = JSON.stringify(index);
      replaceFile(path, onDisk);
      stored = kept;
      for (const id of before) {
        if (kept.has(id)) continue;
        loaded.delete(id);
        rmSync(fileOf(id), { force: true });
      }
    },
    isCurrent: () => contentOf(path) === onDisk,
  };
}

function parseIndex(path: string, text: string | null): Index {
  if (text === null) return { articles: {}, feeds: {}, unpinged: [] };
  try {
    return Index.parse(JSON.parse(text));
  } catch (cause) {
    throw new SourcelinkError('SINK_REFUSED', `${path} was not written by Sourcelink, so it is not replaced`, {
      cause,
      hint: 'Move its folder elsewhere, then send the articles again with `sourcelink articles replay`.',
    });
  }
}
