/** What the client is asked for. */
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
