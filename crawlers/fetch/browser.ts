import type { Logger } from '../../config/logger.js';
import type { Settings } from '../../config/settings.js';
import type { Source } from '../../config/sources.js';
import type { Client } from '../net/client.js';
import type { FetchedPage } from './page.js';

/** Opens pages in Chromium; all its traffic passes the same guard, robots rules and politeness as the client's. */
export type BrowserFetcher = {
  /** @throws SourcelinkError `FETCH_…` */
  render(source: Source, url: string, signal?: AbortSignal): Promise<FetchedPage>;
  close(): Promise<void>;
};

/** Path of a Chromium: `SOURCELINK_BROWSER`, else the system's, else null. */
export function findBrowser(_named: string | null): string | null {
  throw new Error('not built yet');
}

/** Starts nothing until the first page is asked for. */
export function createBrowserFetcher(_options: {
  executablePath: string;
  settings: Settings;
  client: Client;
  log: Logger;
}): BrowserFetcher {
  throw new Error('not built yet');
}
