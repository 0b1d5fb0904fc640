/**
 * A process of `npm run bench extract`: reads pages in one way, and answers each message of its parent with what that
 * took. Each way loads its own libraries only, so that none is charged for another's.
 */
import { setImmediate } from 'node:timers/promises';
import type { BenchPage } from './extract-pages.js';

export type Spent = { cpuMs: number; wallMs: number };
export type Ready = { profiled: number };
/** Memory after so many pages, in megabytes: held by the process, most held so far, live objects after a collection. */
export type MemoryRow = { pages: number; rssMb: number; peakRssMb: number; heapMb: number };
export type Load = { threads: number; pages: number; seconds: number; cpuMs: number };

export type Request =
  | { do: 'prepare'; way: string; pages: BenchPage[] }
  | { do: 'read'; page: number }
  | { do: 'load'; threads: number; pages: number }
  | { do: 'memory'; pages: number };
export type Answer = { value: unknown } | { failed: string };

type Read = (page: number) => void;
type Ours = ReturnType<typeof import('./extract-inputs.js')['inputsOf']>['inputs'];

let read: Read = () => undefined;
let inputs: Ours = [];
/** CPU time of this process up to the last answer, in milliseconds: what its helper threads still do is not forgotten. */
let charged = 0;

const WAYS: Record<string, (pages: BenchPage[]) => Promise<{ read: Read; profiled: number }>> = {
  async sourcelink(pages) {
    const { inputsOf } = await import('./extract-inputs.js');
    const { extract } = await import('../extractors/extract.js');
    const { SourcelinkError } = await import('../config/errors.js');
    const made = inputsOf(pages);
    inputs = made.inputs;
    const readOurs = (page: number) => {
      try {
        extract(at(inputs, page));
      } catch (error) {
        // That a page is no article is an answer too, and all but the sanitising was done for it.
        if (!(error instanceof SourcelinkError) || error.code === 'EXTRACT_FAILED') throw error;
      }
    };
    return { read: readOurs, profiled: made.profiled };
  },
  async linkedom(pages) {
    const { parseHTML } = await import('linkedom');
    const { Readability } = await import('@mozilla/readability');
    const parse = (html: string) => new Readability(parseHTML(html).document as unknown as Document).parse();
    return { read: (page) => void parse(textOf(at(pages, page))), profiled: 0 };
  },
  async jsdom(pages) {
    const { JSDOM, VirtualConsole } = await import('jsdom');
    const { Readability } = await import('@mozilla/readability');
    // Broken style sheets would each be written to the console.
    const virtualConsole = new VirtualConsole();
    const parse = (html: string, url: string) => {
      const { window } = new JSDOM(html, { url, virtualConsole });
      try {
        new Readability(window.document).parse();
      } finally {
        window.close();
      }
    };
    return { read: (page) => parse(textOf(at(pages, page)), at(pages, page).url), profiled: 0 };
  },
};

function at<T>(list: T[], i: number): T {
  const item = list[i % list.length];
  if (item === undefined) throw new Error(`there is no page ${i}`);
  return item;
}

const textOf = (page: BenchPage): string => new TextDecoder().decode(page.bytes);

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function timed(page: number): Spent {
  const started = performance.now();
  read(page);
  const wallMs = performance.now() - started;
  const now = cpuMs();
  const spent = { cpuMs: now - charged, wallMs };
  charged = now;
  return spent;
}

/** As many pages as are asked for through the pool that the pipeline uses, after each thread has read some. */
async function load(threads: number, count: number): Promise<Load> {
  const { createExtractorPool } = await import('../extractors/pool/pool.js');
  const pool = createExtractorPool({ threads, deadlineMs: 60_000, heapMb: 256 });
  const run = (n: number) => Promise.allSettled(Array.from({ length: n }, (_, i) => pool.extract(at(inputs, i))));
  await run(inputs.length * threads);
  const [started, before] = [performance.now(), cpuMs()];
  await run(count);
  const result = { threads, pages: count, seconds: (performance.now() - started) / 1000, cpuMs: cpuMs() - before };
  await pool.close();
  return result;
}

/** A turn of the event loop after each page, as in a thread: what weak references hold is let go between turns only. */
async function memory(done: number, more: number): Promise<MemoryRow> {
  for (let i = 0; i < more; i++) {
    read(done + i);
    await setImmediate();
  }
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  const mb = (bytes: number) => bytes / 2 ** 20;
  return {
    pages: done + more,
    rssMb: mb(rss),
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    heapMb: mb(heapUsed),
  };
}

let remembered = 0;

async function answer(request: Request): Promise<unknown> {
  if (request.do === 'read') return timed(request.page);
  if (request.do === 'load') return await load(request.threads, request.pages);
  if (request.do === 'memory') {
    const row = await memory(remembered, request.pages);
    remembered = row.pages;
    return row;
  }
  const way = WAYS[request.way];
  if (!way) throw new Error(`nothing reads pages by ${request.way}`);
  const made = await way(request.pages);
  read = made.read;
  charged = cpuMs();
  return { profiled: made.profiled } satisfies Ready;
}

process.on('message', (request: Request) => {
  answer(request)
    .then(
      (value): Answer => ({ value }),
      (error: unknown): Answer => ({ failed: error instanceof Error ? error.message : String(error) }),
    )
    .then((said) => process.send?.(said));
});
