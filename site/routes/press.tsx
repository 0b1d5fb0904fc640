import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Changes } from '../changes.js';
import type { Chrome, MenuNode } from '../chrome.js';
import { pageOf } from '../store/cards.js';
import type { SiteDb } from '../store/database.js';
import { type Front, frontOf } from '../store/front.js';
import type { SearchIndex } from '../store/search.js';
import { themeOf } from '../theme.js';
import type { PageHead } from '../view/head.js';
import { documentOf, Layout } from '../view/layout.js';
import { NotFoundPage } from '../view/plain.js';
import { keyOf, wordsOf } from '../words.js';

/** What all routes share: data, settings, and the way to answer with a page. */
export type Press = {
  db: SiteDb;
  chrome: Chrome;
  search: SearchIndex;
  /** The articles of the front page. Reads them again only after a change. */
  front(): Promise<Front>;
  childrenOf(path: string): MenuNode[];
  page(
    c: Context,
    head: PageHead,
    body: Child,
    more?: { live?: boolean; status?: ContentfulStatusCode; private?: boolean },
  ): Response | Promise<Response>;
  notFound(c: Context): Promise<Response>;
};

export function openPress(db: SiteDb, chrome: Chrome, search: SearchIndex, changes: Changes): Press {
  let front: { of: number; read: Promise<Front> } | null = null;
  const panels = panelsOf(chrome);
  const press: Press = {
    db,
    chrome,
    search,
    async front() {
      const of = await changes.current();
      if (front?.of !== of) {
        const read = frontOf(db, { panels, picks: chrome.config.picks });
        front = { of, read };
        read.catch(() => {
          if (front?.read === read) front = null;
        });
      }
      return front.read;
    },
    childrenOf: (path) => find(chrome.menu, path)?.children ?? [],
    page(c, head, body, more = {}) {
      const url = new URL(c.req.url);
      c.header('cache-control', more.private ? 'no-store' : 'public, max-age=0, must-revalidate');
      c.header('vary', 'Cookie', { append: true });
      return c.html(
        documentOf(
          <Layout
            chrome={chrome}
            theme={themeOf(c)}
            here={url.pathname + url.search}
            head={head}
            live={more.live ?? false}
          >
            {body}
          </Layout>,
        ),
        more.status ?? 200,
      );
    },
    async notFound(c) {
      const { cards } = await pageOf(db, null, null, 5);
      const last = decode(new URL(c.req.url).pathname).split('/').at(-1) ?? '';
      const words = wordsOf(keyOf(last).replace(/-[0-9a-f]{8}$/, '')).join(' ');
      return press.page(
        c,
        { title: 'Not found', noindex: true },
        <NotFoundPage chrome={chrome} words={words} latest={cards} />,
        {
          status: 404,
        },
      );
    },
  };
  return press;
}

/** The categories with a panel: those that the operator names, else the top categories. */
function panelsOf(chrome: Chrome): { path: string; label: string }[] {
  const paths = chrome.config.panels ?? chrome.menu.map((n) => n.path);
  return paths.map((path) => ({ path, label: chrome.labels.get(path) ?? path }));
}

function find(nodes: MenuNode[], path: string): MenuNode | null {
  for (const node of nodes) {
    if (node.path === path) return node;
    const below = find(node.children, path);
    if (below) return below;
  }
  return null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
