import type { Article } from '../content.js';
import { jsonFeed } from '../feeds.js';
import { type Html, html, raw } from '../html.js';
import { blocksToHtml } from '../markup.js';
import { changedAt, newest, type Outlet, type Page, page, picture, type Site, text, written } from '../outlet.js';
import { PICTURE_HEIGHT, PICTURE_WIDTH } from '../picture.js';

const path = (a: Article): string => `/a/${a.number}/${a.slug}`;
const stamp = (d: Date): string =>
  written(d, 'en-US', 'America/Chicago', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h12' });

const STYLE = `body{margin:0;font:17px/1.6 'DejaVu Sans',Verdana,sans-serif;color:#20262e;background:#fff}.band{background:#7a1f3d;color:#fff}.in{max-width:960px;margin:0 auto;padding:14px 24px}
.band a{color:#fff;text-decoration:none;margin-right:18px;font-size:14px}.band .p-name{font:bold 27px Georgia,'DejaVu Serif',serif}.cols{display:grid;grid-template-columns:minmax(0,1fr) 250px;gap:44px}
h1{font:bold 33px/1.2 Georgia,'DejaVu Serif',serif;margin:20px 0 8px}.info{color:#68717d;font-size:14px;margin-bottom:18px}img{width:100%;height:auto;display:block}figure{margin:0 0 20px}figcaption{font-size:13px;color:#68717d;margin-top:6px}
aside{font-size:14px;border-left:1px solid #e2e5e9;padding-left:22px;margin-top:24px}aside a{display:block;color:#7a1f3d;text-decoration:none;margin-bottom:12px}.note{background:#fdf3e3;border:1px solid #eed9b0;padding:10px 16px;font-size:15px}blockquote{border-left:4px solid #7a1f3d;margin:20px 0;padding-left:18px}.foot{font-size:13px;color:#68717d;border-top:1px solid #e2e5e9;margin-top:36px}.list a{color:#20262e;text-decoration:none;font-weight:bold}@media(max-width:760px){.cols{grid-template-columns:1fr}}`;

function shell(site: Site, head: Html, main: Html): Html {
  return html`<html lang="en-US"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${head}
<link rel="alternate" type="application/feed+json" title="Westbrook Courier" href="/feed.json"><style>${raw(STYLE)}</style></head>
<body><div class="band"><div class="in"><span class="p-name">Westbrook Courier</span><br><a href="/">News</a><a href="/corrections">Corrections</a></div></div>
<div class="in cols"><div>${main}</div><aside><b>More from the Courier</b><br><br>${site.articles.slice(0, 5).map((a) => html`<a href="${path(a)}">${a.title}</a>`)}</aside></div>
<div class="in foot">Westbrook Courier. A fictional paper that corrects its mistakes on the page where it made them.</div></body></html>`;
}

/** Microformats (h-entry) and dates in Open Graph; a corrected article says so. */
function article(site: Site, a: Article): Page {
  const head = html`<title>${a.title} — Westbrook Courier</title><link rel="canonical" href="${site.origin}${path(a)}">
<meta property="og:type" content="article"><meta property="og:title" content="${a.title}"><meta property="og:site_name" content="Westbrook Courier">
<meta property="article:published_time" content="${a.publishedAt.toISOString()}">${a.updatedAt !== null && html`<meta property="article:modified_time" content="${a.updatedAt.toISOString()}">`}
${a.image !== null && html`<meta property="og:image" content="${site.origin}/pictures/${a.slug}.png"><meta property="og:image:width" content="${PICTURE_WIDTH}"><meta property="og:image:height" content="${PICTURE_HEIGHT}">`}`;
  const main = html`<article class="h-entry"><h1 class="p-name">${a.title}</h1>
<p class="info">By <span class="p-author h-card">${a.authors.join(' and ')}</span> · <time class="dt-published" datetime="${a.publishedAt.toISOString()}">${stamp(a.publishedAt)}</time>${
    a.updatedAt !== null &&
    html` · Updated <time class="dt-updated" datetime="${a.updatedAt.toISOString()}">${stamp(a.updatedAt)}</time>`
  }</p>
${a.image !== null && html`<figure><img class="u-photo" src="/pictures/${a.slug}.png" width="${PICTURE_WIDTH}" height="${PICTURE_HEIGHT}" alt="${a.image.alt}"><figcaption>${a.image.caption} <i>${a.image.credit}</i></figcaption></figure>`}
<div class="e-content">${blocksToHtml(a.blocks)}</div></article>`;
  return page(shell(site, head, main), changedAt(a));
}

/** Corrects one of its articles while the demo runs. */
export const westbrookCourier: Outlet = {
  id: 'westbrook-courier',
  name: 'Westbrook Courier',
  about: 'JSON Feed; corrects an article between two passes',
  entry: {},
  path,
  build(site) {
    const front = html`<h1>News</h1><div class="list">${site.articles.map((a) => html`<p><a href="${path(a)}">${a.title}</a><br>${a.summary}</p>`)}</div>`;
    const fixed = site.articles.filter((a) => a.updatedAt !== null);
    const corrections = html`<h1>Corrections</h1>${fixed.length === 0 ? html`<p>None today.</p>` : fixed.map((a) => html`<p><a href="${path(a)}">${a.title}</a></p>`)}`;
    return new Map<string, Page>([
      ['/', page(shell(site, html`<title>Westbrook Courier</title>`, front), newest(site))],
      [
        '/corrections',
        page(shell(site, html`<title>Corrections — Westbrook Courier</title>`, corrections), newest(site)),
      ],
      ['/feed.json', jsonFeed(site, (a) => `${site.origin}${path(a)}?ref=jsonfeed&fbclid=demo`, '/feed.json')],
      ['/robots.txt', text('User-agent: *\nAllow: /\n', newest(site))],
      ...site.articles.flatMap((a): [string, Page][] => [
        [path(a), article(site, a)],
        [`/pictures/${a.slug}.png`, picture(a)],
      ]),
    ]);
  },
};
