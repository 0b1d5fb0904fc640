import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { startDemoOutlets } from '../demo/server.js';

export type BenchPage = { url: string; bytes: Uint8Array };
export type BenchPages = { from: string; pages: BenchPage[] };

/** Pages of the folders, else of the sets below SOURCELINK_CORPORA, else of the demo's outlets; `most` of them, evenly. */
export async function findPages(folders: string[], most: number): Promise<BenchPages> {
  const sets = join(process.env['SOURCELINK_CORPORA'] ?? '../shared/corpora', 'extraction');
  const chosen = folders.length > 0 ? folders : existsSync(sets) ? readdirSync(sets).map((s) => join(sets, s)) : [];
  const missing = chosen.find((f) => !existsSync(f));
  if (missing) throw new Error(`${missing} is not there; name folders of .html or .html.gz pages with --pages`);
  if (chosen.length === 0) return { from: 'the demo’s outlets', pages: evenly(await demoPages(), most) };
  const pages = evenly(chosen.flatMap(filesOf), most).map(({ file, url }) => ({ url, bytes: read(file) }));
  if (pages.length === 0) throw new Error(`${chosen.join(', ')}: no .html or .html.gz pages there`);
  return { from: chosen.join(', '), pages };
}

/** `most` of the items, at equal distances. */
function evenly<T>(items: T[], most: number): T[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.floor((i * items.length) / most)] as T);
}

/** The pages of a folder; of a labelled set, those in its `pages` with the addresses that `truth.json` gives. */
function filesOf(folder: string): { file: string; url: string }[] {
  const labels = join(folder, 'truth.json');
  const truth: Record<string, { url: string }> = existsSync(labels) ? JSON.parse(readFileSync(labels, 'utf8')) : {};
  const dir = existsSync(join(folder, 'pages')) ? join(folder, 'pages') : folder;
  return readdirSync(dir)
    .filter((name) => /\.html?(?:\.gz)?$/.test(name))
    .sort()
    .map((name) => {
      const id = name.replace(/\.html?(?:\.gz)?$/, '');
      return { file: join(dir, name), url: truth[id]?.url ?? `https://${basename(folder)}.example/${id}` };
    });
}

function read(file: string): Uint8Array {
  const bytes = readFileSync(file);
  return file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

async function demoPages(): Promise<BenchPage[]> {
  const demo = await startDemoOutlets();
  try {
    const pages: BenchPage[] = [];
    for (const { url } of demo.outlets.flatMap((o) => o.articles)) {
      pages.push({ url, bytes: new Uint8Array(await (await fetch(url)).arrayBuffer()) });
    }
    return pages;
  } finally {
    await demo.close();
  }
}
