import type { ArticleMessage, ContractArticle } from '../../../contract/contract.js';

/** One article of a feed; `sentAt` is when its revision was written. */
export type FeedItem = { article: ContractArticle; revision: number; sentAt: string };

/** What a feed says of itself. Rendering takes no clock: the same feed gives the same bytes. */
export type Feed = {
  title: string;
  /** Of the wire, for people. */
  homepage: string;
  /** Where this feed is served; null when nobody knows. */
  self: string | null;
  /** WebSub hub that is told of changes. */
  hub: string | null;
  /** ISO 8601: the last time that anything in it changed. */
  updated: string;
  /** Newest first. */
  items: FeedItem[];
};

export const urnOf = (id: string): string => `urn:uuid:${id}`;

/** Newest first by publication, else by when the page was fetched; the id settles a draw, so that the order is stable. */
export function newestFirst(a: FeedItem, b: FeedItem): number {
  return dateOf(b).localeCompare(dateOf(a)) || a.article.id.localeCompare(b.article.id);
}

const dateOf = ({ article }: FeedItem): string => article.publishedAt ?? article.fetchedAt;

/** The article of a message as a feed shows it; null where it is to vanish. */
export function itemOf(message: ArticleMessage): FeedItem | null {
  if (message.type === 'article.retracted') return null;
  return { article: message.article, revision: message.revision, sentAt: message.sentAt };
}

/** Topics of an article for readers of feeds: the operator's categories, then the source's own keywords. */
export const topicsOf = (a: ContractArticle): string[] => [
  ...new Set([...a.categories.map((c) => c.label), ...a.tags]),
];
