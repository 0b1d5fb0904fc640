import type { Article, PageInput } from './extract.js';

/** Extraction in threads, each page with a deadline and each thread with a heap limit. */
export type ExtractorPool = {
  /** @throws SourcelinkError `EXTRACT_…` */
  extract(page: PageInput): Promise<Article>;
  close(): Promise<void>;
};

/** `threads` 0 means one for each core; threads start when they are needed. */
export function createExtractorPool(_options: { threads: number; deadlineMs: number; heapMb: number }): ExtractorPool {
  throw new Error('not built yet');
}
