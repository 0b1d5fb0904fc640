import type { Logger } from '../../config/logger.js';
import type { Settings } from '../../config/settings.js';
import type { HostGate } from './politeness.js';
import type { RobotsStore } from './robots.js';

export type FetchRequest = {
  url: string;
  /** Added to the client's own; a source's agreed token, say. */
  headers?: Record<string, string> | undefined;
  etag?: string | null | undefined;
  lastModified?: string | null | undefined;
  /** `page` wants HTML, `feed` wants a feed, sitemap or JSON. Decides `Accept` and which content types are refused. */
  accept?: 'page' | 'feed' | undefined;
  proxy?: string | null | undefined;
  concurrency?: number | undefined;
  delayMs?: number | undefined;
  maxBytes?: number | undefined;
  signal?: AbortSignal | undefined;
};

export type FetchResponse = {
  /** After redirects. */
  url: string;
  status: number;
  notModified: boolean;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** Decompressed. */
  bytes: Uint8Array;
  /** True when every redirect on the way was permanent (301, 308) and there was one. */
  moved: boolean;
};

/** The one way to the network: guarded, polite, honest. */
export type Client = {
  /** @throws SourcelinkError `FETCH_…`; every status but 2xx and 304 is an error */
  fetch(request: FetchRequest): Promise<FetchResponse>;
  /** `Sitemap:` lines of the robots.txt of this URL's host. */
  sitemapsOf(url: string, options?: { proxy?: string | null; signal?: AbortSignal }): Promise<string[]>;
  close(): Promise<void>;
};

export type ClientOptions = {
  settings: Pick<Settings, 'fetch' | 'userAgent'>;
  gate: HostGate;
  robots: RobotsStore;
  log: Logger;
  now?: () => number;
};

export function createClient(_options: ClientOptions): Client {
  throw new Error('not built yet');
}
