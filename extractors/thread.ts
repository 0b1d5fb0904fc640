import { SourcelinkError } from '../config/errors.js';
import type { Article, PageInput } from './extract.js';
import { extract } from './read-article.js';

/** What a thread sends back: errors go as data, as a class does not survive the way between threads. */
export type Answer = { article: Article } | { error: Failure };
export type Failure = { code: string | null; message: string; mend: string | undefined; stack: string | undefined };

/** One page, in a thread of pool.ts. */
export default function extractInThread(page: PageInput): Answer {
  try {
    return { article: extract(page) };
  } catch (error) {
    // Running out of memory must end the thread, not be told as this page's failure by a thread that is about to end.
    if (error instanceof SourcelinkError) {
      const cause = error.cause instanceof Error ? error.cause.stack : undefined;
      return { error: { code: error.code, message: error.message, mend: error.mend, stack: cause } };
    }
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { error: { code: null, message, mend: undefined, stack } };
  }
}
