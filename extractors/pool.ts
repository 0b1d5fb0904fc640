import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { CODES, type ErrorCode, SourcelinkError } from '../config/errors.js';
import type { Article, PageInput } from './extract.js';
import type { Answer, Failure } from './thread.js';

/** Extraction in threads, each page with a deadline and each thread with a heap limit. */
export type ExtractorPool = {
  /** @throws SourcelinkError `EXTRACT_…` */
  extract(page: PageInput): Promise<Article>;
  close(): Promise<void>;
};

/** `threads` 0 means one for each core; threads start when they are needed and end after a minute without work. */
export function createExtractorPool(options: { threads: number; deadlineMs: number; heapMb: number }): ExtractorPool {
  const threads = options.threads || availableParallelism();
  let pool: Piscina<PageInput, Answer> | undefined;
  let closed = false;
  const waiting = createGate(threads);

  async function extract(page: PageInput): Promise<Article> {
    if (closed)
      throw new SourcelinkError('EXTRACT_FAILED', `${page.url} comes after the extractor was closed`, {
        retryable: true,
      });
    // The deadline is the page's own: it begins when a thread is free, so that a slow page costs others only the wait.
    const leave = await waiting.enter();
    try {
      pool ??= createPool(threads, options.heapMb);
      return await runWithDeadline(pool, page, options);
    } finally {
      leave();
    }
  }

  return {
    extract,
    async close() {
      closed = true;
      await pool?.destroy();
    },
  };
}

function createPool(threads: number, heapMb: number): Piscina<PageInput, Answer> {
  return new Piscina<PageInput, Answer>({
    filename: threadFile(),
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: 60_000,
    // A thread gets one page at a time: one that is ended for its page takes no other with it.
    concurrentTasksPerWorker: 1,
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: Math.min(64, Math.ceil(heapMb / 4)) },
    recordTiming: false,
  });
}

/** The compiled thread: beside this file, or under dist/ when this file runs as TypeScript (tests). */
function threadFile(): string {
  const beside = fileURLToPath(new URL('./thread.js', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../dist/extractors/thread.js', import.meta.url));
}

async function runWithDeadline(
  pool: Piscina<PageInput, Answer>,
  page: PageInput,
  options: { deadlineMs: number; heapMb: number },
): Promise<Article> {
  const deadline = AbortSignal.timeout(options.deadlineMs);
  let answer: Answer;
  try {
    answer = await pool.run(page, { signal: deadline });
  } catch (error) {
    throw ended(error, page, deadline.aborted, options);
  }
  if ('article' in answer) return answer.article;
  throw fromFailure(answer.error, page);
}

/** A thread that ended instead of answering. */
function ended(
  error: unknown,
  page: PageInput,
  timedOut: boolean,
  options: { deadlineMs: number; heapMb: number },
): SourcelinkError {
  const where = `${page.url} (source ${page.source.id})`;
  if (timedOut) {
    return new SourcelinkError('EXTRACT_TIMEOUT', `${where} took longer than ${options.deadlineMs / 1000} s to read`, {
      cause: error,
    });
  }
  if ((error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new SourcelinkError('EXTRACT_OUT_OF_MEMORY', `${where} needed more than ${options.heapMb} MB to read`, {
      cause: error,
    });
  }
  return new SourcelinkError('EXTRACT_FAILED', `${where} ended its thread`, { cause: error });
}

function fromFailure(failure: Failure, page: PageInput): SourcelinkError {
  const known = failure.code !== null && failure.code in CODES;
  const cause =
    failure.stack === undefined ? undefined : new Error(failure.stack.split('\n')[0], { cause: failure.stack });
  if (!known)
    return new SourcelinkError('EXTRACT_FAILED', `${page.url} (source ${page.source.id}): ${failure.message}`, {
      cause,
    });
  return new SourcelinkError(failure.code as ErrorCode, failure.message, {
    cause,
    ...(failure.mend && { mend: failure.mend }),
  });
}

/** Lets `places` callers in at a time, in the order in which they came. */
function createGate(places: number): { enter(): Promise<() => void> } {
  let free = places;
  const queue: (() => void)[] = [];
  const leave = () => {
    const next = queue.shift();
    if (next) next();
    else free++;
  };
  return {
    async enter() {
      if (free > 0) free--;
      else await new Promise<void>((admit) => queue.push(admit));
      return leave;
    },
  };
}
