/** What a request says about itself beside its URL. */
export type Wish = {
  accept?: 'page' | 'feed' | undefined;
  headers?: Record<string, string> | undefined;
  etag?: string | null | undefined;
  lastModified?: string | null | undefined;
};

const ACCEPT: Record<string, string> = {
  page: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.5',
  feed: 'application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,text/xml;q=0.9,application/json;q=0.8,*/*;q=0.5',
};

/** Headers that belong to the connection, not to what is asked: a source may not set them. */
const OURS = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'accept-encoding',
  'proxy-authorization',
  'te',
  'upgrade',
  'keep-alive',
  'expect',
]);

/** @param trusted whether this hop may see the source's own headers, which can hold a token */
export function requestHeaders(request: Wish, userAgent: string, trusted: boolean): Record<string, string> {
  const headers: Record<string, string> = {
    'user-agent': userAgent,
    accept: ACCEPT[request.accept ?? ''] ?? '*/*',
  };
  for (const [name, value] of Object.entries(trusted ? (request.headers ?? {}) : {}))
    if (!OURS.has(name.toLowerCase())) headers[name.toLowerCase()] = value;
  if (request.etag) headers['if-none-match'] = request.etag;
  if (request.lastModified) headers['if-modified-since'] = request.lastModified;
  return headers;
}
