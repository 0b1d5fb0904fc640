import type { SourcelinkError } from '../../config/errors.js';
import type { Settings } from '../../config/settings.js';
import type { Source } from '../../config/sources.js';
import type { Client } from '../net/client.js';
import type { BrowserFetcher } from './browser.js';
import type { FetchedPage } from './page.js';

export type PageRequest = {
  id: string;
  url: string;
  etag: string | null;
  lastModified: string | null;
  render: 'http' | 'browser';
};

export type PageOutcome =
  | { id: string; kind: 'page'; page: FetchedPage }
  | { id: string; kind: 'notModified' }
  | { id: string; kind: 'failed'; error: SourcelinkError };

/** Fetches pages through Crawlee; `take` gets each outcome as it comes. Returns when all are through or `signal` aborts. */
export async function fetchPages(
  _source: Source,
  _requests: PageRequest[],
  _deps: { client: Client; settings: Settings; browser: BrowserFetcher | null; signal: AbortSignal },
  _take: (outcome: PageOutcome) => Promise<void>,
): Promise<void> {
  throw new Error('not built yet');
}
