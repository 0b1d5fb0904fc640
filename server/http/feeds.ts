import { Hono, type Context as Request } from 'hono';
import { SourcelinkError } from '../../config/errors.js';
import { type PublishedFilter, publishedArticles } from '../../ledger/read/published.js';
import type { Context } from '../../workers/context.js';
import { renderAtom } from '../../workers/publish/feeds/atom.js';
import { itemOf } from '../../workers/publish/feeds/feed.js';
import { renderJsonFeed } from '../../workers/publish/feeds/json-feed.js';
import { renderNewsSitemap } from '../../workers/publish/feeds/news-sitemap.js';
import { renderRss } from '../../workers/publish/feeds/rss.js';
import { answerDocument } from './conditional.js';

const FORMATS = {
  rss: { render: renderRss, type: 'application/rss+xml; charset=utf-8' },
  atom: { render: renderAtom, type: 'application/atom+xml; charset=utf-8' },
  json: { render: renderJsonFeed, type: 'application/feed+json; charset=utf-8' },
};
const ITEMS = 50;
const MAX_IN_SITEMAP = 1000;
const MAX_AGE_SECONDS = 60;
const SITEMAP_HOURS = 48;

type Feeding = Pick<Context, 'db' | 'settings' | 'sources' | 'categories' | 'now'>;

/** Feeds of all articles, of each category with its subcategories and of each source, and the site's news sitemap. */
export function feedRoutes(ctx: Feeding): Hono {
  const app = new Hono();
  app.get('/feeds/:path{.+}', async (c) => {
    const [, path = '', format = ''] = /^(.+)\.(rss|atom|json)$/.exec(c.req.param('path')) ?? [];
    const feed = feedAt(ctx, path);
    if (feed === null || !(format in FORMATS)) throw noFeed(c);
    const { render, type } = FORMATS[format as keyof typeof FORMATS];
    const { title, ...filter } = feed;
    const items = await itemsOf(ctx, { ...filter, limit: ITEMS });
    const updated =
      items
        .map((i) => i.sentAt)
        .sort()
        .at(-1) ?? new Date(0).toISOString();
    const { url: homepage, name } = ctx.settings.site;
    const at = ctx.settings.http.url ?? new URL(c.req.url).origin;
    const self = `${at.replace(/\/+$/, '')}${new URL(c.req.url).pathname}`;
    const text = render({
      title: title === '' ? name : `${name}: ${title}`,
      homepage,
      self,
      hub: null,
      updated,
      items,
    });
    // A retraction removes an item without adding a newer date, so only the ETag shows the change.
    return answerDocument(c, { text, type, lastModified: null, maxAgeSeconds: MAX_AGE_SECONDS });
  });
  if (ctx.settings.site.enabled)
    app.get('/news-sitemap.xml', async (c) => {
      const now = ctx.now().getTime();
      const since = (now - SITEMAP_HOURS * 3_600_000) * 1000;
      const items = await itemsOf(ctx, { since, limit: MAX_IN_SITEMAP });
      const page = `${ctx.settings.site.url.replace(/\/+$/, '')}/article/{slug}`;
      const text = renderNewsSitemap(items, { publication: ctx.settings.site.name, page, now });
      const type = 'application/xml; charset=utf-8';
      return answerDocument(c, { text, type, lastModified: null, maxAgeSeconds: MAX_AGE_SECONDS });
    });
  return app;
}

/** The feed at a path without its format; null when there is none. */
function feedAt(
  ctx: Feeding,
  path: string,
): (Pick<PublishedFilter, 'categories' | 'source'> & { title: string }) | null {
  if (path === 'all') return { title: '' };
  const [, kind, id = ''] = /^(category|source)\/(.+)$/.exec(path) ?? [];
  if (kind === 'source') {
    const source = ctx.sources.get(id);
    return source ? { title: source.name, source: id } : null;
  }
  const category = ctx.categories.find((k) => kind === 'category' && k.path === id);
  if (!category) return null;
  const below = ctx.categories.map((k) => k.path).filter((p) => p === id || p.startsWith(`${id}/`));
  return { title: category.label, categories: below };
}

const itemsOf = async ({ db }: Feeding, filter: PublishedFilter) =>
  (await publishedArticles(db, filter)).flatMap((r) => itemOf(r.message) ?? []);

const noFeed = (c: Request): SourcelinkError =>
  new SourcelinkError('HTTP_NOT_FOUND', `There is no feed at ${c.req.path.slice(0, 200)}.`, {
    hint: 'Use /feeds/all.rss, /feeds/category/PATH.rss or /feeds/source/ID.rss. Each is also available as .atom and .json.',
  });
