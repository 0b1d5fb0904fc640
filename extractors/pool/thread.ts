import type { MessagePort } from 'node:worker_threads';
import { SourcelinkError } from '../../config/errors.js';
import type { Article, PageInput } from '../article.js';
import { extract } from '../extract.js';

/** What goes back over the thread's boundary: errors lose their class there, so they go as data. */
export type Answer =
  | { article: Article }
  | { error: { code: SourcelinkError['code']; message: string; retryable: boolean; hint: string | undefined } };

/** One page, and where to say that work on it begins. */
export type Task = { page: PageInput; begun: MessagePort };

/** What Piscina calls in a thread. */
export default function run({ page, begun }: Task): Answer {
  begun.postMessage(true);
  begun.close();
  try {
    return { article: extract(page) };
  } catch (error) {
    if (error instanceof SourcelinkError) {
      const { code, message, retryable, hint } = error;
      return { error: { code, message, retryable, hint } };
    }
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const message = `${page.url} of source ${page.source.id} could not be read: ${said.split('\n').slice(0, 3).join(' ')}`;
    return { error: { code: 'EXTRACT_FAILED', message, retryable: false, hint: undefined } };
  }
}
