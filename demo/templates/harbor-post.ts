import type { Article } from '../content.js';
import { rss } from '../feeds.js';
import { type Html, html, json, raw } from '../html.js';
import { type Block, blocksToHtml } from '../markup.js';
import { newest, type Outlet, type Page, page, picture, type Site, text } from '../outlet.js';
import { PICTURE_HEIGHT, PICTURE_WIDTH } from '../picture.js';
import { backMatter, day, footer, frontMatter, MENU_NAMES, path, slugOf } from './harbor-boilerplate.js';
import { HARBOR_STYLE } from './harbor-style.js';

/** One transparent dot, as counters of visits use. */
const DOT = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

const minutes = (a: Article): string => {
  const n = Math.max(1, Math.round(a.words / 220));
  return n === 1 ? '1 Min Read' : `${n} Mins Read`;
};

function shell(site: Site, head: Html, body: Html, kind: string): Html {
  return html`<html lang="en-US">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
${head}
<link rel="alternate" type="application/rss+xml" title="${site.name} &raquo; Feed" href="${site.origin}/feed/">
<style>${raw(HARBOR_STYLE)}</style>
</head>
<body class="${kind} wp-theme main-nav-light">
${frontMatter(site)}
${body}
${footer(site)}
</body></html>`;
}

const share = (
  a: Article,
  where: string,
): Html => html`<div class="post-share ${where}"><span class="label">Share</span>
${['Facebook', 'Twitter', 'Pinterest', 'Telegram', 'LinkedIn', 'Tumblr', 'WhatsApp', 'Email'].map(
  (n) =>
    html`<a class="service s-${n.toLowerCase()}" href="https://share.example/${n.toLowerCase()}?t=${encodeURIComponent(a.title)}" rel="nofollow">${n}</a> `,
)}</div>`;

/** Two panels stand inside the text, as themes put them. */
function bodyOf(site: Site, a: Article): Html {
  const cut = Math.min(3, a.blocks.length - 1);
  const [start, rest]: [Block[], Block[]] = [a.blocks.slice(0, cut), a.blocks.slice(cut)];
  const also = site.articles.find((o) => o.section === a.section && o.slug !== a.slug);
  return html`${blocksToHtml(start)}
${also !== undefined && html`<div class="read-also"><span>Read also</span> <a href="${path(also)}">${also.title}</a></div>`}
${blocksToHtml(rest.slice(0, 2))}
<aside class="inline-newsletter"><h4>The Morning Tide</h4><p>Five stories before your first coffee. Free, every weekday.</p>
<form action="/subscribe/"><input type="email" placeholder="Your email address"><button>Sign up</button></form></aside>
${blocksToHtml(rest.slice(2))}
${a.wire !== null && html`<p class="credit">— Meridian Wire Service</p>`}`;
}

function article(site: Site, a: Article): Page {
  const url = site.origin + path(a);
  const src = `/wp-content/uploads/${a.slug}.png`;
  const by = a.authors.join(' and ');
  const head = html`<title>${a.title} - ${site.name}</title>
<meta name="description" content="${a.summary}">
<link rel="canonical" href="${url}">
<meta property="og:type" content="article"><meta property="og:site_name" content="${site.name}">
<meta property="og:title" content="${a.title}"><meta property="og:url" content="${url}">
<meta property="og:description" content="${a.summary}">
${a.image !== null && html`<meta property="og:image" content="${site.origin}${src}"><meta property="og:image:width" content="${PICTURE_WIDTH}"><meta property="og:image:height" content="${PICTURE_HEIGHT}"><meta property="og:image:alt" content="${a.image.alt}">`}
<meta property="article:published_time" content="${a.publishedAt.toISOString()}">
<meta property="article:section" content="${a.section}">
${a.tags.map((t) => html`<meta property="article:tag" content="${t}">`)}
<meta name="author" content="${by}">
<script>window.dataLayer=window.dataLayer||[];dataLayer.push(${json({ page: 'post', id: a.number, section: a.section })});</script>`;
  const related = site.articles.filter((o) => o.slug !== a.slug).slice(0, 6);
  const body = html`<div class="main wrap">
<nav class="breadcrumbs" aria-label="Breadcrumb"><a href="/">Home</a> &raquo; <a href="/category/${slugOf(a.section)}/">${a.section}</a> &raquo; <span>${a.title}</span></nav>
<div class="columns"><article id="post-${a.number}" class="post type-post"${a.language !== null && raw(` lang="${a.language}"`)}>
<header class="the-post-header"><a class="cat-label" href="/category/${slugOf(a.section)}/">${a.section}</a>
<h1 class="post-title">${a.title}</h1>${a.deck !== null && html`<p class="sub-title">${a.deck}</p>`}
<div class="post-meta"><span class="author">By <a href="/author/${slugOf(by)}/" rel="author">${by}</a></span> <time class="post-date" datetime="${a.publishedAt.toISOString()}">${day(a)}</time> <span class="comments">No Comments</span> <span class="read-time">${minutes(a)}</span></div>
${share(a, 'top')}</header>
${a.image !== null && html`<figure class="featured"><img src="${src}" width="${PICTURE_WIDTH}" height="${PICTURE_HEIGHT}" alt="${a.image.alt}"><figcaption>${a.image.caption} <span class="photo-credit">${a.image.credit}</span></figcaption></figure>`}
<div class="post-content entry-content">${bodyOf(site, a)}</div>
<div class="post-tags">${a.tags.map((t) => html`<a href="/tag/${slugOf(t)}/" rel="tag">${t}</a> `)}</div>
${share(a, 'bottom')}
${backMatter(by, related)}
</article></div></div>
<img src="/wp-content/pixel.gif?e=view&amp;p=${a.number}" width="1" height="1" alt="">`;
  return page(shell(site, head, body, 'single single-post'), a.publishedAt);
}

function listing(site: Site, title: string, articles: Article[]): Page {
  const body = html`<div class="main wrap"><h1 class="archive-title">${title}</h1><div class="grid">
${articles.map(
  (
    a,
  ) => html`<article class="l-post">${a.image !== null && html`<a href="${path(a)}" class="thumb"><img src="/wp-content/uploads/${a.slug}.png" width="380" height="214" loading="lazy" alt=""></a>`}
<span class="cat-label">${a.section}</span><h2 class="post-title"><a href="${path(a)}">${a.title}</a></h2>
<p class="meta">${day(a)}</p><p class="excerpt">${a.summary}</p></article>`,
)}</div></div>`;
  return page(shell(site, html`<title>${title} - ${site.name}</title>`, body, 'archive'), newest(site));
}

/** A blog-like theme with every panel there is; RSS with tracked links. */
export const harborPost: Outlet = {
  id: 'harbor-post',
  name: 'The Harbor Post',
  about: 'RSS; a theme full of menus, panels and share bars',
  entry: {},
  path,
  build(site) {
    const feed = rss(site, (a) => `${site.origin}${path(a)}?utm_source=rss&utm_medium=feed&utm_campaign=latest`, {
      description: 'News from the capital and the coast',
      language: 'en-US',
    });
    const sections = [...new Set([...MENU_NAMES, ...site.articles.map((a) => a.section)])];
    const tags = [...new Set(site.articles.flatMap((a) => a.tags))];
    const authors = [...new Set(site.articles.map((a) => a.authors.join(' and ')))];
    const about = html`<div class="main wrap"><h1>About Us</h1><p>The Harbor Post is a fictional newspaper, written for a demonstration. Its towns, persons and events do not exist.</p></div>`;
    return new Map<string, Page>([
      ['/', listing(site, 'Latest News', site.articles)],
      ['/feed/', feed],
      ['/about/', page(shell(site, html`<title>About Us - ${site.name}</title>`, about, 'page'), newest(site))],
      ['/robots.txt', text('User-agent: *\nDisallow: /wp-admin/\nDisallow: /subscribe/\n', newest(site))],
      ...sections.map((s): [string, Page] => [
        `/category/${slugOf(s)}/`,
        listing(
          site,
          s,
          site.articles.filter((a) => a.section === s),
        ),
      ]),
      ...tags.map((t): [string, Page] => [
        `/tag/${slugOf(t)}/`,
        listing(
          site,
          t,
          site.articles.filter((a) => a.tags.includes(t)),
        ),
      ]),
      ['/wp-content/pixel.gif', { type: 'image/gif', body: Buffer.from(DOT, 'base64'), modified: newest(site) }],
      ...authors.map((by): [string, Page] => [
        `/author/${slugOf(by)}/`,
        listing(
          site,
          by,
          site.articles.filter((a) => a.authors.join(' and ') === by),
        ),
      ]),
      ...site.articles.map((a): [string, Page] => [path(a), article(site, a)]),
      ...site.articles.map((a): [string, Page] => [`/wp-content/uploads/${a.slug}.png`, picture(a)]),
    ]);
  },
};
