import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import pLimit from 'p-limit';
import { Piscina } from 'piscina';
import { SourcelinkError } from '../../config/errors.js';
import type { Article, PageInput } from '../article.js';
import type { Answer, Task } from './thread.js';

/** Extraction in threads, each page with a deadline and each thread with a heap limit. */
export type ExtractorPool = {
  /** @throws SourcelinkError `EXTRACT_…` */
  extract(page: PageInput): Promise<Article>;
  close(): Promise<void>;
};

/** A thread that has nothing to do is ended after this, and its memory with it. */
const IDLE_MS = 60_000;

/** A thread that does not come up is tried again; one that cannot come up has too little memory. */
const STARTS = 3;

/** `threads` 0 means one for each core but one, which the rest of the process needs; threads start when they are needed. */
export function createExtractorPool(options: { threads: number; deadlineMs: number; heapMb: number }): ExtractorPool {
  const threads = options.threads || Math.max(1, availableParallelism() - 1);
  // No more pages at the threads than there are threads: the rest waits here, where it costs nothing.
  const inTurn = pLimit(threads);
  /** Pages that no thread has begun. */
  const waiting = new Set<AbortController>();
  let pool: Piscina<Task, Answer> | undefined;
  let closed = false;

  const started = (): Piscina<Task, Answer> => {
    if (pool) return pool;
    pool = new Piscina<Task, Answer>({
      filename: threadFile(),
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: IDLE_MS,
      // Else a busy thread never comes back to its event loop, and jsdom's weak references hold every page's nodes till then.
      atomics: 'disabled',
      resourceLimits: { maxOldGenerationSizeMb: options.heapMb, maxYoungGenerationSizeMb: 32 },
    });
    // A thread died without a page: while it was being ended, or while it started. Unheard, this would end the process;
    // and Piscina lets what waits for a thread that did not start wait for ever.
    pool.on('error', () => {
      for (const page of waiting) page.abort();
    });
    return pool;
  };

  async function read(page: PageInput, start = 1): Promise<Article> {
    if (closed) throw closing(page);
    const late = new AbortController();
    const { port1: heard, port2: begun } = new MessageChannel();
    let timer: NodeJS.Timeout | undefined;
    waiting.add(late);
    // Counted from the moment at which the thread begins, since starting one takes a second and more.
    heard.once('message', () => {
      waiting.delete(late);
      timer = setTimeout(() => late.abort(), options.deadlineMs);
    });
    try {
      const answer = await started().run({ page, begun }, { signal: late.signal, transferList: [begun] });
      if ('article' in answer) return answer.article;
      const { code, message, retryable, hint } = answer.error;
      throw new SourcelinkError(code, message, { retryable, ...(hint === undefined ? {} : { hint }) });
    } catch (error) {
      if (closed) throw closing(page, error);
      if (!late.signal.aborted) throw asOurs(error, page, options.heapMb);
      if (waiting.has(late)) return start < STARTS ? await read(page, start + 1) : never(page, options.heapMb);
      const seconds = options.deadlineMs / 1000;
      throw new SourcelinkError('EXTRACT_TIMEOUT', `${where(page)} took longer than ${seconds} s to read`);
    } finally {
      waiting.delete(late);
      clearTimeout(timer);
      heard.close();
    }
  }

  return {
    extract: (page) => inTurn(() => read(page)),
    async close() {
      closed = true;
      await pool?.destroy();
      pool = undefined;
    },
  };
}

const where = (page: PageInput): string => `${page.url} of source ${page.source.id}`;

function asOurs(error: unknown, page: PageInput, heapMb: number): SourcelinkError {
  if (error instanceof SourcelinkError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY')
    return new SourcelinkError('EXTRACT_OUT_OF_MEMORY', `${where(page)} needs more than ${heapMb} MB to read`);
  // The thread died of something else: the page is not to blame.
  return new SourcelinkError('EXTRACT_FAILED', `${where(page)} was not read`, { cause: error, retryable: true });
}

function closing(page: PageInput, cause?: unknown): SourcelinkError {
  const hint = 'Sourcelink reads the page on its next run.';
  return new SourcelinkError('EXTRACT_FAILED', `${where(page)} was not read: the extractor is closed`, {
    cause,
    hint,
    retryable: true,
  });
}

function never(page: PageInput, heapMb: number): never {
  throw new SourcelinkError(
    'EXTRACT_OUT_OF_MEMORY',
    `${where(page)} was not read: a thread cannot start in ${heapMb} MB`,
    {
      hint: 'Raise `extract.heapMb` in sourcelink.yaml; an idle thread already needs about 72 MB.',
      retryable: true,
    },
  );
}

/** The compiled thread: beside this file, or, when this runs uncompiled under vitest, in `dist`. */
function threadFile(): string {
  for (const place of ['./thread.js', '../../dist/extractors/pool/thread.js']) {
    const file = fileURLToPath(new URL(place, import.meta.url));
    if (existsSync(file)) return file;
  }
  throw new SourcelinkError('EXTRACT_FAILED', 'the extractor is not built', { hint: 'Run `npm run build`.' });
}
