import type { Hono } from 'hono';
import { to } from '../chrome.js';
import { articleFacts } from '../facts.js';
import { articleBySlug, relatedTo, revisionsOf, tombstoneBySlug } from '../store/article.js';
import { approvedComments } from '../store/comments.js';
import { COUNTED } from '../store/search.js';
import { mergedInto, storyOf } from '../store/stories.js';
import { ArticlePage } from '../view/article.js';
import { ChangesPage } from '../view/changes.js';
import { FrontPage } from '../view/front.js';
import { Box } from '../view/lists.js';
import { NewsletterBox } from '../view/newsletter.js';
import { GonePage } from '../view/plain.js';
import { SearchPage } from '../view/search.js';
import { StoryPage } from '../view/story.js';
import type { Press } from './press.js';

const FOUND_PER_PAGE = 20;

/** The pages for readers: front page, articles, changes, stories and search. */
export function readingRoutes(app: Hono, press: Press): void {
  const { db, chrome } = press;

  app.get('/', async (c) => {
    const front = await press.front();
    return press.page(
      c,
      { title: null, description: chrome.config.tagline, canonical: `${chrome.publicUrl}/` },
      <FrontPage chrome={chrome} front={front} />,
      { live: true },
    );
  });

  app.get('/article/:slug', async (c) => {
    const slug = c.req.param('slug');
    const article = await articleBySlug(db, slug);
    if (article === null) {
      const gone = await tombstoneBySlug(db, slug);
      if (gone === null) return press.notFound(c);
      return press.page(c, { title: 'Retracted', noindex: true }, <GonePage chrome={chrome} gone={gone} />, {
        status: 410,
      });
    }
    const [related, front, comments] = await Promise.all([
      relatedTo(db, article, 6),
      press.front(),
      chrome.config.comments ? approvedComments(db, article.id) : null,
    ]);
    const here = new Set([article.id, ...related.map((r) => r.id)]);
    const others = <T extends { id: string }>(cards: T[]) => cards.filter((card) => !here.has(card.id));
    if (article.noindex) c.header('x-robots-tag', 'noindex');
    return press.page(
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
          <NewsletterBox chrome={chrome} />
          <Box chrome={chrome} id="editors" title="Editors Picks" cards={others(front.editors)} small />
          <Box chrome={chrome} id="picks" title="Our Picks" cards={others(front.picks)} small />
        </aside>
      </div>,
      { live: true },
    );
  });

  app.get('/article/:slug/changes', async (c) => {
    const article = await articleBySlug(db, c.req.param('slug'));
    if (article === null) return press.notFound(c);
    const all = await revisionsOf(db, article.id);
    const named = (key: string) => all.find((r) => r.revision === Number(c.req.query(key)));
    const after = named('after') ?? all.at(-1);
    if (!after) return press.notFound(c);
    const before = named('before') ?? all[all.indexOf(after) - 1] ?? null;
    return press.page(
      c,
      { title: `What changed: ${article.title}`, noindex: true },
      <ChangesPage chrome={chrome} article={article} before={before} after={after} all={all} />,
    );
  });

  app.get('/story/:id', async (c) => {
    const reports = await storyOf(db, c.req.param('id'));
    const newest = reports.at(-1);
    if (!newest) {
      const into = await mergedInto(db, c.req.param('id'));
      return into === null ? press.notFound(c) : c.redirect(to.story(into), 302);
    }
    return press.page(
      c,
      { title: `Story: ${newest.title}`, description: newest.excerpt, noindex: true },
      <StoryPage chrome={chrome} reports={reports} />,
    );
  });

  app.get('/search', async (c) => {
    const query = (c.req.query('q') ?? '').slice(0, 200).trim();
    const number = Math.min(COUNTED / FOUND_PER_PAGE, Math.max(1, Math.floor(Number(c.req.query('n') ?? 1)) || 1));
    const found = await press.search.find(query, { size: FOUND_PER_PAGE, number });
    return press.page(
      c,
      { title: query === '' ? 'Search' : `Search: ${query}`, noindex: true },
      <SearchPage chrome={chrome} query={query} found={found} number={number} size={FOUND_PER_PAGE} />,
    );
  });
}
