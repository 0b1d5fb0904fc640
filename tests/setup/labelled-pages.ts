import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/**
 * Real pages of the labelled sets at `SOURCELINK_CORPORA`. A test that goes through them takes a fixed sample of each set:
 * the pages whose ids have the smallest SHA-256. `SOURCELINK_WHOLE_SETS=1` takes all.
 */
export type LabelledPage = { id: string; file: string };

export const WHOLE_SETS = process.env['SOURCELINK_WHOLE_SETS'] === '1';
export const CORPORA = process.env['SOURCELINK_CORPORA'] ?? join(import.meta.dirname, '../../../shared/corpora');

/** Pages of each set in a sample. */
const SAMPLE = 2;

const hashOf = (id: string): string => createHash('sha256').update(id).digest('hex');

/** The `most` items whose ids have the smallest hash, in their own order; all of them with `SOURCELINK_WHOLE_SETS=1`. */
export function sampleOf<T>(items: readonly T[], idOf: (item: T) => string, most: number): T[] {
  if (WHOLE_SETS) return [...items];
  const last = items.map((item) => hashOf(idOf(item))).sort()[most];
  return last === undefined ? [...items] : items.filter((item) => hashOf(idOf(item)) < last);
}

/** A sample of each set of pages, and the pages named by `set/id` beside it; empty where there are no sets. */
export function sampledPages(named: readonly string[] = []): LabelledPage[] {
  const root = join(CORPORA, 'extraction');
  if (!existsSync(root)) {
    console.log(`no pages at ${root}: tests of real pages are skipped`);
    return [];
  }
  return readdirSync(root)
    .sort()
    .flatMap((set) => {
      const folder = join(root, set, 'pages');
      const pages = readdirSync(folder)
        .sort()
        .map((file) => ({ id: `${set}/${file.replace(/\.html(?:\.gz)?$/, '')}`, file: join(folder, file) }));
      const sample = new Set(sampleOf(pages, (page) => page.id, SAMPLE));
      return pages.filter((page) => sample.has(page) || named.includes(page.id));
    });
}

/** The page as text. */
export function htmlOf(page: LabelledPage): string {
  const bytes = readFileSync(page.file);
  return (page.file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}
