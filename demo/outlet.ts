import type { Article } from './content.js';
import type { Html } from './html.js';
import { drawPicture } from './picture.js';

/** What a URL of an outlet answers. */
export type Page = {
  type: string;
  /** A function when it is costly to make and perhaps never asked for. */
  body: string | Buffer | (() => Buffer);
  modified: Date;
  status?: number;
  headers?: Record<string, string>;
};

/** An outlet at one moment: what its pages are made from. */
export type Site = {
  id: string;
  name: string;
  /** `http://127.0.0.1:PORT`, no slash at the end. */
  origin: string;
  articles: Article[];
  now: Date;
  /** Origins of the other outlets by id, for pages that point at them. */
  others: ReadonlyMap<string, string>;
};

/** One fictional outlet: its way to build pages, and what an operator would write about it. */
export type Outlet = {
  id: string;
  name: string;
  /** What it shows, in a few words. */
  about: string;
  /** Lines of its entry in sources.yaml besides id, name and url. */
  entry: Record<string, string | number>;
  /** Where an article has its page. */
  path(article: Article): string;
  /** Pages by path, `/` included. */
  build(site: Site): Map<string, Page>;
  /** For paths without end, such as a calendar's. */
  beyond?(site: Site, path: string): Page | null;
};

/** An HTML page in UTF-8. */
export const page = (body: Html, modified: Date, headers: Record<string, string> = {}): Page => ({
  type: 'text/html; charset=utf-8',
  body: `<!DOCTYPE html>\n${body.text}\n`,
  modified,
  headers,
});

/** Plain text, e.g. robots.txt. */
export const text = (body: string, modified: Date): Page => ({ type: 'text/plain; charset=utf-8', body, modified });

/** A picture of its own for each article, drawn when first asked for. */
export function picture(article: Article): Page {
  return { type: 'image/png', body: () => drawPicture(article.slug), modified: article.publishedAt };
}

/** When an article's page last changed. */
export const changedAt = (article: Article): Date => article.updatedAt ?? article.publishedAt;

/** When the newest of the articles changed; section pages and feeds change with them. */
export const newest = (site: Site): Date => new Date(Math.max(0, ...site.articles.map((a) => changedAt(a).getTime())));

/** A date in words, in the outlet's own time zone. */
export const written = (date: Date, locale: string, timeZone: string, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(locale, { timeZone, ...options }).format(date);
