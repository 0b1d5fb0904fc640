import type { Context, Hono } from 'hono';
import { to } from '../chrome.js';
import { FEED_TYPES, type FeedFormat, type FeedOf, feedText } from '../feeds.js';
import type { Asset } from '../files.js';
import { articleSitemap, newsSitemap, sectionSitemap, sitemapIndex } from '../sitemaps.js';
import { pageOf, type ShelfKind, shelfLabel } from '../store/cards.js';
import type { Press } from './press.js';

const ITEMS = 50;
const FEED = /^(.*\/)feed\.(xml|atom|json)$/;

/** Files for programs: feeds, sitemaps, robots.txt, style sheet, script and icon. */
export function machineRoutes(app: Hono, press: Press, assets: Asset[], now: () => Date): void {
  const { db, chrome } = press;

  const feed = async (c: Context, of: FeedOf, shelf: { kind: ShelfKind; key: string } | null, format: FeedFormat) => {
    const { cards } = await pageOf(db, shelf, null, ITEMS);
    return c.body(feedText(chrome, of, cards, format), 200, {
      'content-type': FEED_TYPES[format],
      'cache-control': 'public, max-age=60',
    });
  };

  for (const format of ['xml', 'atom', 'json'] as const) {
    app.get(`/feed.${format}`, (c) => feed(c, { title: chrome.name, path: '/feed', page: '/' }, null, format));
    app.get(`/source/:id/feed.${format}`, async (c) => {
      const id = c.req.param('id') ?? '';
      const label = await shelfLabel(db, 'source', id);
      if (label === null) return press.notFound(c);
      const of = { title: `${label} – ${chrome.name}`, path: `${to.source(id)}/feed`, page: to.source(id) };
      return feed(c, of, { kind: 'source', key: id }, format);
    });
  }

  app.get('/category/:path{.+/feed\\.(?:xml|atom|json)}', async (c) => {
    const m = FEED.exec(c.req.param('path'));
    const [path, format] = [m?.[1]?.slice(0, -1) ?? '', m?.[2] as FeedFormat];
    const label = chrome.labels.get(path) ?? (await shelfLabel(db, 'category', path));
    if (label === null) return press.notFound(c);
    const of = { title: `${label} – ${chrome.name}`, path: `${to.category(path)}/feed`, page: to.category(path) };
    return feed(c, of, { kind: 'category', key: path }, format);
  });

  const xml = (c: Context, text: string) =>
    c.body(text, 200, { 'content-type': 'application/xml; charset=utf-8', 'cache-control': 'public, max-age=300' });
  app.get('/sitemap.xml', async (c) => xml(c, await sitemapIndex(db, chrome)));
  app.get('/sitemap-sections.xml', (c) => xml(c, sectionSitemap(chrome)));
  app.get('/news-sitemap.xml', async (c) => xml(c, await newsSitemap(db, chrome, now())));
  app.get('/:file{sitemap-[1-9][0-9]{0,4}\\.xml}', async (c) => {
    const text = await articleSitemap(db, chrome, Number(/\d+/.exec(c.req.param('file'))?.[0]));
    return text === null ? press.notFound(c) : xml(c, text);
  });

  app.get('/robots.txt', (c) =>
    c.text(
      `User-agent: *\nDisallow: /search\nDisallow: /image\nDisallow: /live\nDisallow: /desk\n\nSitemap: ${chrome.publicUrl}/sitemap.xml\nSitemap: ${chrome.publicUrl}/news-sitemap.xml\n`,
    ),
  );
  for (const asset of assets)
    app.get(asset.path, (c) =>
      c.body(asset.body, 200, { 'content-type': asset.type, 'cache-control': 'public, max-age=31536000, immutable' }),
    );
  app.get('/icon.svg', (c) =>
    c.body(icon(chrome.config.colours.accent), 200, {
      'content-type': 'image/svg+xml',
      'cache-control': 'public, max-age=86400',
    }),
  );
}

const icon = (colour: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="${colour}"/><path d="M8 9h16v3H8zm0 6h16v2H8zm0 5h10v2H8z" fill="#fff"/></svg>`;
