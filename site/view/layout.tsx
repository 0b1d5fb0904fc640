import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { HtmlEscapedString } from 'hono/utils/html';
import { type Chrome, type MenuNode, type Theme, to } from '../chrome.js';
import { Head, type PageHead } from './head.js';

export type PageProps = {
  chrome: Chrome;
  theme: Theme;
  /** Path and query of this page. */
  here: string;
  head: PageHead;
  /** Whether the page announces new articles. */
  live?: boolean;
  children?: Child;
};

/** A whole page as a document. */
export function documentOf(page: unknown): HtmlEscapedString | Promise<HtmlEscapedString> {
  return html`<!doctype html>
${page}`;
}

/** The frame of every page: header, menu and footer. */
export function Layout({ chrome, theme, here, head, live, children }: PageProps) {
  const path = here.split('?')[0] ?? '/';
  return (
    <html lang={chrome.config.language} class={theme === 'auto' ? undefined : theme}>
      <Head chrome={chrome} here={here} head={head} />
      <body data-live={live ? '/live' : undefined}>
        <a class="skip" href="#main">
          Skip to content
        </a>
        <header class="top">
          <div class="bar">
            <details class="drawer">
              <summary>
                <span aria-hidden="true">☰</span> Menu
              </summary>
              <nav aria-label="All categories">
                <a href="/" aria-current={path === '/' ? 'page' : undefined}>
                  Home
                </a>
                <Tree nodes={chrome.menu} path={path} />
                <a href="/source">Sources</a>
              </nav>
            </details>
            <p class="brand">
              <a href="/">
                {chrome.assets.logo && <img class="logo" src={chrome.assets.logo} alt="" height={40} />}
                {chrome.name}
              </a>
              <span>{chrome.config.tagline}</span>
            </p>
            <search>
              <form action="/search" method="get" class="find">
                <label for="find">Search</label>
                <input id="find" type="search" name="q" placeholder="Search" maxlength={200} required />
                <button type="submit">Go</button>
              </form>
            </search>
            <form action="/theme" method="post" class="theme">
              <input type="hidden" name="back" value={here} />
              <button type="submit" name="theme" value="dark" class="to-dark">
                <span aria-hidden="true">☾</span> <span class="wide">Dark</span>
              </button>
              <button type="submit" name="theme" value="light" class="to-light">
                <span aria-hidden="true">☀</span> <span class="wide">Light</span>
              </button>
            </form>
          </div>
          <nav class="menu" aria-label="Categories">
            <ul>
              <li>
                <a href="/" aria-current={path === '/' ? 'page' : undefined}>
                  Home
                </a>
              </li>
              {chrome.menu.map((node) => (
                <Group node={node} path={path} />
              ))}
            </ul>
          </nav>
        </header>
        <main id="main" tabindex={-1}>
          {children}
        </main>
        <Footer chrome={chrome} />
        <script src={chrome.assets.js} defer />
      </body>
    </html>
  );
}

function Tree({ nodes, path }: { nodes: MenuNode[]; path: string }) {
  return (
    <ul>
      {nodes.map((node) => (
        <li>
          <a href={to.category(node.path)} aria-current={path === to.category(node.path) ? 'page' : undefined}>
            {node.label}
          </a>
          {node.children.length > 0 && <Tree nodes={node.children} path={path} />}
        </li>
      ))}
    </ul>
  );
}

function Group({ node, path }: { node: MenuNode; path: string }) {
  const own = to.category(node.path);
  const inside = path === own || path.startsWith(`${own}/`);
  return (
    <li class={inside ? 'inside' : undefined}>
      <a href={own} aria-current={path === own ? 'page' : undefined}>
        {node.label}
      </a>
      {node.children.length > 0 && (
        <details name="menu">
          <summary aria-label={`More in ${node.label}`}>
            <span aria-hidden="true">▾</span>
          </summary>
          <Tree nodes={node.children} path={path} />
        </details>
      )}
    </li>
  );
}

function Footer({ chrome }: { chrome: Chrome }) {
  return (
    <footer class="foot">
      <div class="columns">
        <section aria-labelledby="foot-about">
          <h2 id="foot-about">About</h2>
          <p>{chrome.config.about}</p>
        </section>
        <nav aria-labelledby="foot-sections">
          <h2 id="foot-sections">Sections</h2>
          <ul>
            {chrome.menu.map((node) => (
              <li>
                <a href={to.category(node.path)}>{node.label}</a>
              </li>
            ))}
            <li>
              <a href="/source">All sources</a>
            </li>
          </ul>
        </nav>
        <nav aria-labelledby="foot-pages">
          <h2 id="foot-pages">This site</h2>
          <ul>
            {chrome.pages.map((p) => (
              <li>
                <a href={to.page(p.slug)}>{p.title}</a>
              </li>
            ))}
          </ul>
        </nav>
        <nav aria-labelledby="foot-follow">
          <h2 id="foot-follow">Follow</h2>
          <ul>
            <li>
              <a href="/feed.xml">RSS</a>
            </li>
            <li>
              <a href="/feed.atom">Atom</a>
            </li>
            <li>
              <a href="/feed.json">JSON Feed</a>
            </li>
            {chrome.config.newsletter && (
              <li>
                <a href="/newsletter">Newsletter</a>
              </li>
            )}
            {chrome.config.links.map((l) => (
              <li>
                <a href={l.href} rel="me noopener">
                  {l.label}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </div>
      <p class="fine">
        {chrome.name} collects reports from other outlets. Each article belongs to its publisher; the Source link at its
        end leads to the original.
      </p>
    </footer>
  );
}
