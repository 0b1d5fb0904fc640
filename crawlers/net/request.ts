/** What the client is asked for. */
export type FetchRequest = {
  url: string;
  /** Added to the client's own; a source's agreed token, say. */
  headers?: Record<string, string> | undefined;
  etag?: string | null | undefined;
  lastModified?: string | null | undefined;
  /** `page` wants HTML, `feed` wants a feed, sitemap or JSON. Decides `Accept` and which content types are refused. */
  accept?: 'page' | 'feed' | undefined;
  /** Sent by POST to an address that was named for it; robots.txt, which is about crawling, is not asked. */
  form?: Record<string, string> | undefined;
  proxy?: string | null | undefined;
  concurrency?: number | undefined;
  delayMs?: number | undefined;
  maxBytes?: number | undefined;
  signal?: AbortSignal | undefined;
};
