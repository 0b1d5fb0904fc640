import type { Context, Hono } from 'hono';
import type { Child } from 'hono/jsx';
import { to } from '../chrome.js';
import { sourceFacts, sourcesOf } from '../store/article.js';
import { cursorOf, type Page, pageOf, type ShelfKind, shelfLabel } from '../store/cards.js';
import { Box, Breadcrumb, categoryTrail, Listing } from '../view/lists.js';
import { SourceHead, SourcesPage } from '../view/sources.js';
import type { Press } from './press.js';

/** Lists of articles: the latest, and those of a category, tag, author or source. */
export function listRoutes(app: Hono, press: Press): void {
  const { db, chrome } = press;
  const { perPage } = chrome.config;

  app.get('/latest', async (c) => {
    const page = await pageOf(db, null, cursorOf(c.req.query('page')), perPage);
    return list(c, { title: 'Latest', page, path: '/latest', feed: '/feed', head: <h1>Latest</h1> });
  });

  app.get('/category/:path{.+}', async (c) => {
    const path = c.req.param('path');
    const label = chrome.labels.get(path) ?? (await shelfLabel(db, 'category', path));
    if (label === null) return press.notFound(c);
    const page = await pageOf(db, { kind: 'category', key: path }, cursorOf(c.req.query('page')), perPage);
    const below = press.childrenOf(path);
    const head = (
      <header class="listhead">
        <Breadcrumb trail={categoryTrail(chrome, path, label, true)} />
        <h1>{label}</h1>
        {below.length > 0 && (
          <nav aria-label={`Subcategories of ${label}`}>
            <ul class="chips">
              {below.map((b) => (
                <li>
                  <a href={to.category(b.path)}>{b.label}</a>
                </li>
              ))}
            </ul>
          </nav>
        )}
      </header>
    );
    return list(c, { title: label, page, path: to.category(path), feed: `${to.category(path)}/feed`, head });
  });

  for (const kind of ['tag', 'author'] as const)
    app.get(`/${kind}/:key`, async (c) => {
      const key = c.req.param('key');
      const label = await shelfLabel(db, kind, key);
      if (label === null) return press.notFound(c);
      return shelf(c, kind, key, label);
    });

  app.get('/source', async (c) => {
    const sources = await sourcesOf(db);
    return press.page(c, { title: 'Sources' }, <SourcesPage chrome={chrome} sources={sources} />);
  });

  app.get('/source/:id', async (c) => {
    const id = c.req.param('id');
    const facts = await sourceFacts(db, id);
    if (facts === null) return press.notFound(c);
    const page = await pageOf(db, { kind: 'source', key: id }, cursorOf(c.req.query('page')), perPage);
    const path = to.source(id);
    const head = <SourceHead chrome={chrome} facts={facts} path={path} />;
    return list(c, { title: facts.name, page, path, feed: `${path}/feed`, head });
  });

  async function shelf(c: Context, kind: ShelfKind & ('tag' | 'author'), key: string, label: string) {
    const page = await pageOf(db, { kind, key }, cursorOf(c.req.query('page')), perPage);
    const title = kind === 'tag' ? `#${label}` : label;
    const head = (
      <header class="listhead">
        <Breadcrumb trail={[{ label: title, href: null }]} />
        <h1>{title}</h1>
        {kind === 'author' && (
          <p>
            Articles that name {label} as an author, from{' '}
            {[...new Set(page.cards.map((x) => x.source.name))].join(', ')}.
          </p>
        )}
      </header>
    );
    return list(c, { title, page, path: to[kind](key), feed: null, head });
  }

  async function list(
    c: Context,
    { title, page, path, feed, head }: { title: string; page: Page; path: string; feed: string | null; head: Child },
  ) {
    const front = await press.front();
    return press.page(
      c,
      { title, noindex: page.newer !== null, ...(feed === null ? {} : { feed: { title, path: `${feed}.xml` } }) },
      <div class="withside">
        <Listing chrome={chrome} page={page} path={path}>
          {head}
        </Listing>
        <aside class="side" aria-label="More news">
          <Box chrome={chrome} id="hot" title="What's Hot" cards={front.hot} />
          <Box chrome={chrome} id="editors" title="Editors Picks" cards={front.editors} small />
        </aside>
      </div>,
    );
  }
}
