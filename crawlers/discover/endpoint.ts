import type { Client } from '../net/client.js';

/** Who brings a feed, and under which address it knows it (W3C WebSub, 4). */
export type Push = { hub: string; topic: string };

/** A place that lists articles, and what a conditional GET of it needs to know. */
export type Endpoint = {
  url: string;
  kind: 'home' | 'feed' | 'sitemap' | 'listing';
  origin: 'configured' | 'found';
  /** CSS selector (or learned pattern) of article links, for listings. */
  links: string | null;
  etag: string | null;
  lastModified: string | null;
  /** Of the body, for hosts that know no 304. */
  bodyHash: string | null;
  /** `rss`, `atom`, `rdf`, `json`, `sitemap`, `sitemap-index`, `html`. */
  format: string | null;
  /** ISO 8601 of the last look, null before the first. */
  checkedAt: string | null;
  error: string | null;
  failures: number;
  /** Of a configured one: where it has moved for good, or what was found in its place since it is gone. */
  movedTo: string | null;
  /** Of a feed: who brings it. */
  push: Push | null;
  /** Milliseconds that its publisher asks to be left alone after a look; null when nothing is asked. */
  restMs: number | null;
};

/** One article as a feed, sitemap or section page tells of it. Dates are ISO 8601 in UTC. */
export type Found = {
  url: string;
  guid: string | null;
  title: string | null;
  authors: string[];
  publishedAt: string | null;
  updatedAt: string | null;
  summary: string | null;
  image: string | null;
  language: string | null;
  tags: string[];
  /** The URL is a redirect link of an aggregator that does not say where it leads. */
  hidden?: true;
  /** The endpoint's URL. */
  via: string;
};

/** The part of the client that discovery uses. */
export type Fetcher = Pick<Client, 'fetch' | 'sitemapsOf'>;

/** An endpoint that was never looked at. */
export function freshEndpoint(
  url: string,
  kind: Endpoint['kind'],
  origin: Endpoint['origin'],
  links: string | null = null,
): Endpoint {
  const none = { etag: null, lastModified: null, bodyHash: null, format: null, checkedAt: null, error: null };
  return { url, kind, origin, links, ...none, failures: 0, movedTo: null, restMs: null, push: null };
}
