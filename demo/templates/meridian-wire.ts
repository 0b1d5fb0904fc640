import type { Article } from '../content.js';
import { atom } from '../feeds.js';
import { type Html, html, raw } from '../html.js';
import { blocksToHtml } from '../markup.js';
import { newest, type Outlet, type Page, page, type Site, text, written } from '../outlet.js';

const path = (a: Article): string => `/story/${a.number}`;

const STYLE = `body{margin:0;font:16px/1.6 Helvetica,'DejaVu Sans',sans-serif;color:#111;background:#fff}
header,main,footer{max-width:860px;margin:0 auto;padding:16px 24px}header{border-bottom:2px solid #c8102e;display:flex;align-items:baseline;gap:24px;flex-wrap:wrap}
header b{font-size:21px;letter-spacing:.12em}nav a{margin-right:16px;font-size:14px}a{color:#0a3d7c;text-decoration:none}
h1{font-size:32px;line-height:1.2;margin:18px 0 8px}.slug{font-size:12px;letter-spacing:.1em;text-transform:uppercase;color:#c8102e}.dateline{color:#666;font-size:14px}
.desk li{display:grid;grid-template-columns:180px 1fr;gap:16px;padding:10px 0;border-bottom:1px solid #eee}.desk{list-style:none;padding:0}.desk time{color:#777;font-size:13px}
blockquote{border-left:3px solid #c8102e;margin:20px 0;padding-left:18px}footer{color:#777;font-size:13px;border-top:1px solid #ddd;margin-top:40px}`;

function shell(site: Site, title: string, head: Html, main: Html): Html {
  return html`<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>${head}
<link rel="alternate" type="application/atom+xml" title="All reports" href="/atom.xml"><style>${raw(STYLE)}</style></head>
<body><header><b>MERIDIAN</b><nav><a href="/">All reports</a><a href="/clients">For clients</a><a href="/standards">Standards</a></nav></header>
<main>${main}</main>
<footer><p>&copy; ${site.now.getUTCFullYear()} Meridian Wire Service. A fictional agency: its reports are invented. Clients may print its reports with credit.</p></footer>
</body></html>`;
}

const stamp = (date: Date): string =>
  `${written(date, 'en-GB', 'UTC', { dateStyle: 'medium', timeStyle: 'short' })} UTC`;

/** Semantic HTML with schema.org microdata (no JSON-LD, no Open Graph). */
function report(site: Site, a: Article): Page {
  const main = html`<article itemscope itemtype="https://schema.org/NewsArticle">
<meta itemprop="mainEntityOfPage" content="${site.origin}${path(a)}"><meta itemprop="inLanguage" content="en">
<p class="slug" itemprop="articleSection">${a.section}</p>
<h1 itemprop="headline">${a.title}</h1>
<p class="dateline">${a.authors.map((name, i) => html`${i > 0 && ' and '}<span itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">${name}</span></span>`)} · <time itemprop="datePublished" datetime="${a.publishedAt.toISOString()}">${stamp(a.publishedAt)}</time></p>
<div itemprop="articleBody">${blocksToHtml(a.blocks)}</div>
<p itemprop="publisher" itemscope itemtype="https://schema.org/NewsMediaOrganization"><small>Published by <span itemprop="name">${site.name}</span></small></p>
</article>`;
  return page(
    shell(
      site,
      `${a.title} | Meridian`,
      html`<link rel="canonical" href="${site.origin}${path(a)}"><meta name="description" content="${a.summary}">`,
      main,
    ),
    a.publishedAt,
  );
}

/** The agency whose copy the others print. */
export const meridianWire: Outlet = {
  id: 'meridian-wire',
  name: 'Meridian Wire Service',
  about: 'Atom; a news agency whose reports two others carry, edited',
  entry: {},
  path,
  build(site) {
    const desk = html`<h1>All reports</h1><ul class="desk">${site.articles.map((a) => html`<li><time datetime="${a.publishedAt.toISOString()}">${stamp(a.publishedAt)}</time><span><a href="${path(a)}">${a.title}</a></span></li>`)}</ul>`;
    const words = (title: string, body: string): Page =>
      page(shell(site, `${title} | Meridian`, html``, html`<h1>${title}</h1><p>${body}</p>`), newest(site));
    return new Map<string, Page>([
      ['/', page(shell(site, 'Meridian Wire Service', html``, desk), newest(site))],
      [
        '/clients',
        words(
          'For clients',
          'Newspapers that subscribe may cut reports, but not change their facts, and name the agency.',
        ),
      ],
      [
        '/standards',
        words('Standards', 'Two sources, names spelt out, corrections on the same page. All of it invented.'),
      ],
      ['/atom.xml', atom(site, (a) => site.origin + path(a), '/atom.xml')],
      ['/robots.txt', text('User-agent: *\nAllow: /\n', newest(site))],
      ...site.articles.map((a): [string, Page] => [path(a), report(site, a)]),
    ]);
  },
};
