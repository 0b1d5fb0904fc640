import type { Article } from '../content.js';
import { newsSitemap } from '../feeds.js';
import { type Html, html, json, raw } from '../html.js';
import { type Block, inline } from '../markup.js';
import { changedAt, newest, type Outlet, type Page, page, picture, type Site, text, written } from '../outlet.js';
import { PICTURE_HEIGHT, PICTURE_WIDTH } from '../picture.js';

const path = (a: Article): string => `/news/${a.slug}-${a.number}.html`;

const STYLE = `body{margin:0;background:#f3efe6;font:17px/1.6 'DejaVu Serif',Georgia,serif;color:#222}
.c1{max-width:1000px;margin:0 auto;background:#fff;padding:0 36px 30px}.c2{border-bottom:4px double #222;text-align:center;padding:24px 0 12px;font-size:40px;font-variant:small-caps}
.c3{display:flex;flex-wrap:wrap;justify-content:center;gap:22px;font:13px/38px 'DejaVu Sans',sans-serif;border-bottom:1px solid #ccc}.c3 a,.c9 a{color:#222;text-decoration:none}
.x1{max-width:700px;margin:26px auto 0}.x2{font-size:34px;line-height:1.2;font-weight:bold}.x3{font:13px/1.6 'DejaVu Sans',sans-serif;color:#666;margin:10px 0 20px}
.x4{margin:0 0 18px}.x5{font-weight:bold;font-size:21px;margin:28px 0 10px}.x6{margin:20px 30px;font-style:italic;color:#444}.x7 img{width:100%;height:auto;display:block}.x8{font:12px/1.5 'DejaVu Sans',sans-serif;color:#777;margin:6px 0 20px}
.c9{display:grid;grid-template-columns:1fr 1fr 1fr;gap:26px;margin-top:26px}.d1{font-size:19px;line-height:1.3;font-weight:bold}.d2{font-size:14px;color:#555;line-height:1.5;margin-top:6px}
.ad{background:#eee;color:#999;font:11px/90px 'DejaVu Sans',sans-serif;text-align:center;margin:24px 0;letter-spacing:.2em}
.pop a,.foot a{color:#7a4b12}.pop{max-width:700px;margin:36px auto 0;border-top:1px solid #ccc;font-size:15px}.foot{font:12px/1.7 'DejaVu Sans',sans-serif;color:#777;border-top:1px solid #ccc;margin-top:40px;padding-top:14px}
@media(max-width:700px){.c9{grid-template-columns:1fr}.c1{padding:0 16px 20px}}`;

function shell(site: Site, head: Html, body: Html): Html {
  const sections = [...new Set(site.articles.map((a) => a.section))];
  return html`<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${head}<style>${raw(STYLE)}</style></head>
<body><div class="c1"><div class="c2"><a href="/" style="color:inherit;text-decoration:none">Tidewater Ledger</a></div>
<div class="c3">${sections.map((s) => html`<a href="/#${s}">${s}</a>`)}<a href="/newsletters">Newsletters</a><a href="/subscribe">Subscribe</a></div>
${body}<div class="foot">Tidewater Ledger, est. 1871 in a town that is on no map. All reports are invented for a demonstration. <a href="/newsletters">Newsletters</a> | <a href="/subscribe">Subscribe</a> | <a href="/privacy">Privacy choices</a></div></div></body></html>`;
}

/** No element says what it is: only class names that a build step made. */
function soup(block: Block): Html {
  if (block.kind === 'list')
    return html`<div class="x4">${block.items.map((i) => html`<div>• ${inline(i)}</div>`)}</div>`;
  const style = { paragraph: 'x4', heading: 'x5', quote: 'x6' }[block.kind];
  return html`<div class="${style}">${inline(block.text)}</div>`;
}

function graph(site: Site, a: Article): Html {
  const url = site.origin + path(a);
  const people = a.authors.map((name, i) => ({
    '@type': 'Person',
    '@id': `${site.origin}/#person-${a.number}-${i}`,
    name,
  }));
  return html`<script type="application/ld+json">${json({
    '@context': 'https://schema.org',
    '@graph': [
      { '@type': 'Organization', '@id': `${site.origin}/#org`, name: site.name, url: `${site.origin}/` },
      {
        '@type': 'WebSite',
        '@id': `${site.origin}/#site`,
        url: `${site.origin}/`,
        name: site.name,
        publisher: { '@id': `${site.origin}/#org` },
      },
      { '@type': 'WebPage', '@id': url, url, name: a.title, isPartOf: { '@id': `${site.origin}/#site` } },
      {
        '@type': ['Article', 'NewsArticle'],
        '@id': `${url}#article`,
        isPartOf: { '@id': url },
        mainEntityOfPage: { '@id': url },
        headline: a.title,
        description: a.summary,
        author: people.map((p) => ({ '@id': p['@id'] })),
        publisher: { '@id': `${site.origin}/#org` },
        datePublished: a.publishedAt.toISOString(),
        dateModified: changedAt(a).toISOString(),
        articleSection: [a.section],
        keywords: a.tags,
        inLanguage: 'en',
        ...(a.image === null ? {} : { image: { '@id': `${url}#image` } }),
      },
      ...(a.image === null
        ? []
        : [
            {
              '@type': 'ImageObject',
              '@id': `${url}#image`,
              url: `${site.origin}/img/${a.slug}.png`,
              width: PICTURE_WIDTH,
              height: PICTURE_HEIGHT,
              caption: a.image.caption,
              creditText: a.image.credit,
            },
          ]),
      ...people,
    ],
  })}</script>`;
}

function article(site: Site, a: Article): Page {
  const half = Math.ceil(a.blocks.length / 2);
  const popular = site.articles.filter((o) => o.slug !== a.slug).slice(0, 5);
  const body = html`<div class="x1"><div class="x3" style="text-transform:uppercase;margin-bottom:4px">${a.section}</div><div class="x2" role="heading" aria-level="1">${a.title}</div>
<div class="x3">${a.authors.join(', ')} | ${written(a.publishedAt, 'en-US', 'America/New_York', { dateStyle: 'medium', timeStyle: 'short' })}</div>
${a.image !== null && html`<div class="x7"><img src="/img/${a.slug}.png" width="${PICTURE_WIDTH}" height="${PICTURE_HEIGHT}" alt="${a.image.alt}"></div><div class="x8">${a.image.caption} (${a.image.credit})</div>`}
<div class="x0">${a.blocks.slice(0, half).map(soup)}<div class="ad">ADVERTISEMENT</div>${a.blocks.slice(half).map(soup)}
${a.wire !== null && html`<div class="x4"><i>Meridian Wire Service contributed to this report. — Meridian</i></div>`}</div></div>
<div class="pop"><b>Most read</b>${popular.map((o, i) => html`<div>${i + 1}. <a href="${path(o)}">${o.title}</a></div>`)}</div>`;
  const head = html`<title>${a.title} | Tidewater Ledger</title><link rel="canonical" href="${site.origin}${path(a)}">${graph(site, a)}`;
  return page(shell(site, head, body), a.publishedAt);
}

/** Found by its news sitemap, which only robots.txt names; class-name soup with JSON-LD. */
export const tidewaterLedger: Outlet = {
  id: 'tidewater-ledger',
  name: 'Tidewater Ledger',
  about: 'news sitemap, named in robots.txt only; div soup with a JSON-LD graph',
  entry: {},
  path,
  build(site) {
    const front = html`<div class="c9">${site.articles.map((a) => html`<div><div class="d1"><a href="${path(a)}">${a.title}</a></div><div class="d2">${a.summary}</div></div>`)}</div>`;
    const small = (title: string, words: string): Page =>
      page(
        shell(
          site,
          html`<title>${title} | Tidewater Ledger</title>`,
          html`<div class="x1"><div class="x2">${title}</div><div class="x4">${words}</div></div>`,
        ),
        newest(site),
      );
    return new Map<string, Page>([
      ['/', page(shell(site, html`<title>Tidewater Ledger</title>`, front), newest(site))],
      ['/newsletters', small('Newsletters', 'Five of them, all imaginary.')],
      ['/subscribe', small('Subscribe', 'Nothing here costs anything.')],
      ['/privacy', small('Privacy choices', 'This site keeps no cookies.')],
      [
        '/robots.txt',
        text(`User-agent: *\nDisallow: /search\n\nSitemap: ${site.origin}/news-sitemap.xml\n`, newest(site)),
      ],
      ['/news-sitemap.xml', newsSitemap(site, (a) => site.origin + path(a))],
      ...site.articles.map((a): [string, Page] => [path(a), article(site, a)]),
      ...site.articles.map((a): [string, Page] => [`/img/${a.slug}.png`, picture(a)]),
    ]);
  },
};
