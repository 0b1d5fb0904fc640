import { z } from 'zod';
import { SourcelinkError } from '../../../config/errors.js';
import type { Sink } from '../../sink.js';
import { itemOf } from '../feeds/feed.js';
import { jsonFeedText, jsonItem } from '../feeds/json-feed.js';
import { contentOf, writeWhole } from './replace-file.js';

const Stored = z.looseObject({
  items: z.array(z.looseObject({ id: z.string(), _sourcelink: z.looseObject({ revision: z.int() }) })),
});
type Item = z.infer<typeof Stored>['items'][number];

/**
 * A JSON Feed 1.1 file of the newest articles. Each delivery replaces or removes its article's item, so repeating one
 * changes nothing.
 */
export function createFeedSink(
  name: string,
  options: { file: string; items: number; title: string; homepage: string },
): Sink {
  // Reading its own file again costs more than all else here, and nobody else writes it as a rule.
  let written: { text: string; items: Item[] } | null = null;
  return {
    name,
    async deliver(batch) {
      const text = contentOf(options.file);
      const known = written !== null && text === written.text ? written.items : read(options.file, text);
      const items = new Map(known.map((i) => [i.id, i]));
      let changed = false;
      for (const { message } of batch) {
        const had = items.get(message.id);
        if (had && had._sourcelink.revision >= message.revision) continue;
        changed = true;
        const item = itemOf(message);
        if (item === null) items.delete(message.id);
        else items.set(message.id, jsonItem(item));
      }
      if (!changed) return batch.map(() => null);
      const newest = [...items.values()].sort((a, b) => (dateOf(a) < dateOf(b) ? 1 : -1)).slice(0, options.items);
      const next = jsonFeedText({ ...options, self: null, hub: null }, newest);
      if (next !== text) writeWhole(options.file, next);
      written = { text: next, items: newest };
      return batch.map(() => null);
    },
    close: async () => undefined,
  };
}

const dateOf = (item: Item): string => String(item['date_published'] ?? item['_fetched'] ?? '');

function read(file: string, text: string | null): Item[] {
  if (text === null) return [];
  try {
    return Stored.parse(JSON.parse(text)).items;
  } catch (error) {
    throw new SourcelinkError('SINK_REFUSED', `${file} is no feed that Sourcelink wrote`, {
      cause: error,
      hint: 'Move the file away, or name another in publish.sinks; then run `sourcelink dead retry`.',
    });
  }
}
