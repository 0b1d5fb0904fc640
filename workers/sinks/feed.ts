import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { SourcelinkError } from '../../config/errors.js';
import type { ContractArticle } from '../contract.js';
import type { Sink } from './sink.js';

const Stored = z.looseObject({
  items: z.array(z.looseObject({ id: z.string(), _sourcelink: z.looseObject({ revision: z.int() }) })),
});
type Item = z.infer<typeof Stored>['items'][number];

/**
 * A JSON Feed 1.1 file of the newest articles. Each delivery replaces or removes its article's item, so repeating one
 * changes nothing; the file is written beside and moved, so that a reader never sees half of it.
 */
export function createFeedSink(
  name: string,
  options: { file: string; items: number; title: string; homepage: string },
): Sink {
  return {
    name,
    async deliver(batch) {
      const items = new Map(read(options.file).map((i) => [i.id, i]));
      let changed = false;
      for (const { message } of batch) {
        const had = items.get(message.id);
        if (had && had._sourcelink.revision >= message.revision) continue;
        changed = true;
        if (message.type === 'article.retracted') items.delete(message.id);
        else items.set(message.id, itemOf(message.article, message.revision));
      }
      if (!changed) return batch.map(() => null);
      const newest = [...items.values()].sort((a, b) => (dateOf(a) < dateOf(b) ? 1 : -1)).slice(0, options.items);
      write(options.file, {
        version: 'https://jsonfeed.org/version/1.1',
        title: options.title,
        home_page_url: options.homepage,
        items: newest,
      });
      return batch.map(() => null);
    },
    close: async () => undefined,
  };
}

const dateOf = (item: Item): string => String(item['date_published'] ?? item['_fetched'] ?? '');

function itemOf(a: ContractArticle, revision: number): Item {
  return {
    id: a.id,
    url: a.attribution.url,
    external_url: a.attribution.url,
    title: a.title,
    content_html: a.html,
    ...(a.excerpt ? { summary: a.excerpt } : {}),
    ...(a.image ? { image: a.image.url } : {}),
    ...(a.publishedAt ? { date_published: a.publishedAt } : {}),
    ...(a.updatedAt ? { date_modified: a.updatedAt } : {}),
    ...(a.authors.length > 0 ? { authors: a.authors.map((name) => ({ name })) } : {}),
    ...(a.language ? { language: a.language } : {}),
    tags: [...a.categories.map((c) => c.label), ...a.tags],
    _fetched: a.fetchedAt,
    _sourcelink: { revision, source: a.source, attribution: a.attribution, rights: a.rights, categories: a.categories },
  };
}

function read(file: string): Item[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return []; // not there yet
  }
  try {
    return Stored.parse(JSON.parse(text)).items;
  } catch (error) {
    throw new SourcelinkError('SINK_REFUSED', `${file} is no feed that Sourcelink wrote`, {
      cause: error,
      mend: 'Move the file away, or name another in publish.sinks; then run `sourcelink dead retry`.',
    });
  }
}

function write(file: string, feed: object): void {
  mkdirSync(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}.tmp`;
  writeFileSync(beside, `${JSON.stringify(feed, null, 1)}\n`);
  renameSync(beside, file);
}
