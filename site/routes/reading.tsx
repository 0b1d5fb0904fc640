import type { Context, Hono } from 'hono';
import type { Child } from 'hono/jsx';
import { to } from '../chrome.js';
import { articleFacts } from '../facts.js';
import {
  articleBySlug,
  relatedTo,
  revisionsOf,
  sourceFacts,
  sourcesOf,
  storyOf,
  tombstoneBySlug,
} from '../store/article.js';
import { cursorOf, type Page, pageOf, type ShelfKind, shelfLabel } from '../store/cards.js';
import { approvedComments } from '../store/comments.js';
import { ArticlePage } from '../view/article.js';
import { ChangesPage } from '../view/changes.js';
import { FrontPage } from '../view/front.js';
import { Box, Breadcrumb, categoryTrail, Listing } from '../view/lists.js';
import { GonePage } from '../view/plain.js';
import { SearchPage } from '../view/search.js';
import { SourceHead, SourcesPage } from '../view/sources.js';
import { StoryPage } from '../view/story.js';
import type { Desk } from './desk.js';

const FOUND_PER_PAGE = 20;

/** The pages that readers read. */
export function readingRoutes(app: Hono, desk: Desk): void {
  const { db, chrome } = desk;
  const { perPage } = chrome.config;

  app.get('/', async (c) => {
    const front = await desk.front();
    return desk.page(
      c,
      { title: null, description: chrome.config.tagline, canonical: `${chrome.publicUrl}/` },
      <FrontPage chrome={chrome} front={front} />,
      { live: true },
    );
  });

  app.get('/latest', async (c) => {
    const page = await pageOf(db, null, cursorOf(c.req.query('page')), perPage);
    return list(c, { title: 'Latest', page, path: '/latest', feed: '/feed', head: <h1>Latest</h1> });
  });

  app.get('/article/:slug', async (c) => {
    const slug = c.req.param('slug');
    const article = await articleBySlug(db, slug);
    if (article === null) {
      const gone = await tombstoneBySlug(db, slug);
      if (gone === null) return desk.notFound(c);
      return desk.page(c, { title: 'Withdrawn', noindex: true }, <GonePage chrome={chrome} gone={gone} />, {
        status: 410,
      });
    }
    const [related, front, comments] = await Promise.all([
      relatedTo(db, article, 6),
      desk.front(),
      chrome.config.comments ? approvedComments(db, article.id) : null,
    ]);
    const here = new Set([article.id, ...related.map((r) => r.id)]);
    const others = <T extends { id: string }>(cards: T[]) => cards.filter((card) => !here.has(card.id));
    if (article.noindex) c.header('x-robots-tag', 'noindex');
    return desk.page(
      c,
      {
        title: article.title,
        description: article.excerpt,
        canonical: article.canonicalUrl,
        noindex: article.noindex,
        kind: 'article',
        facts: articleFacts(chrome, article),
        ...(article.image === null ? {} : { image: article.image.url }),
      },
      <div class="withside">
        <ArticlePage chrome={chrome} article={article} related={related} comments={comments} />
        <aside class="side" aria-label="More news">
          <Box chrome={chrome} id="hot" title="What's Hot" cards={others(front.hot)} />
          <Box chrome={chrome} id="editors" title="Editors Picks" cards={others(front.editors)} small />
          <Box chrome={chrome} id="picks" title="Our Picks" cards={others(front.picks)} small />
        </aside>
      </div>,
      { live: true },
    );
  });

  app.get('/article/:slug/changes', async (c) => {
    const article = await articleBySlug(db, c.req.param('slug'));
    if (article === null) return desk.notFound(c);
    const all = await revisionsOf(db, article.id);
    const named = (key: string) => all.find((r) => r.revision === Number(c.req.query(key)));
    const after = named('after') ?? all.at(-1);
    if (!after) return desk.notFound(c);
    const before = named('before') ?? all[all.indexOf(after) - 1] ?? null;
    return desk.page(
      c,
      { title: `What changed: ${article.title}`, noindex: true },
      <ChangesPage chrome={chrome} article={article} before={before} after={after} all={all} />,
    );
  });

  app.get('/category/:path{.+}', async (c) => {
    const path = c.req.param('path');
    const label = chrome.labels.get(path) ?? (await shelfLabel(db, 'category', path));
    if (label === null) return desk.notFound(c);
    const page = await pageOf(db, { kind: 'category', key: path }, cursorOf(c.req.query('page')), perPage);
    const below = desk.childrenOf(path);
    const head = (
      <header class="listhead">
        <Breadcrumb trail={categoryTrail(chrome, path, label, true)} />
        <h1>{label}</h1>
        {below.length > 0 && (
          <ul class="chips" aria-label={`Parts of ${label}`}>
            {below.map((b) => (
              <li>
                <a href={to.category(b.path)}>{b.label}</a>
              </li>
            ))}
          </ul>
        )}
      </header>
    );
    return list(c, { title: label, page, path: to.category(path), feed: `${to.category(path)}/feed`, head });
  });

  for (const kind of ['tag', 'author'] as const)
    app.get(`/${kind}/:key`, async (c) => {
      const key = c.req.param('key');
      const label = await shelfLabel(db, kind, key);
      if (label === null) return desk.notFound(c);
      return shelf(c, kind, key, label);
    });

  app.get('/source', async (c) => {
    const sources = await sourcesOf(db);
    return desk.page(c, { title: 'Sources' }, <SourcesPage chrome={chrome} sources={sources} />);
  });

  app.get('/source/:id', async (c) => {
    const id = c.req.param('id');
    const facts = await sourceFacts(db, id);
    if (facts === null) return desk.notFound(c);
    const page = await pageOf(db, { kind: 'source', key: id }, cursorOf(c.req.query('page')), perPage);
    const path = to.source(id);
    const head = <SourceHead chrome={chrome} facts={facts} path={path} />;
    return list(c, { title: facts.name, page, path, feed: `${path}/feed`, head });
  });

  app.get('/story/:id', async (c) => {
    const reports = await storyOf(db, c.req.param('id'));
    const newest = reports.at(-1);
    if (!newest) return desk.notFound(c);
    return desk.page(
      c,
      { title: `Story: ${newest.title}`, description: newest.excerpt, noindex: true },
      <StoryPage chrome={chrome} reports={reports} />,
    );
  });

  app.get('/search', async (c) => {
    const query = (c.req.query('q') ?? '').slice(0, 200).trim();
    const number = Math.min(50, Math.max(1, Math.floor(Number(c.req.query('n') ?? 1)) || 1));
    const found = await desk.search.find(query, { size: FOUND_PER_PAGE, number });
    return desk.page(
      c,
      { title: query === '' ? 'Search' : `Search: ${query}`, noindex: true },
      <SearchPage chrome={chrome} query={query} found={found} number={number} size={FOUND_PER_PAGE} />,
    );
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
    const front = await desk.front();
    return desk.page(
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
