import type { Article } from '../content.js';
import { rss } from '../feeds.js';
import { type Html, html, json, raw } from '../html.js';
import { blocksToHtml } from '../markup.js';
import { newest, type Outlet, type Page, page, type Site, text, written } from '../outlet.js';

const sectionOf = (a: Article): string => a.section.toLowerCase();
const path = (a: Article): string => `/${sectionOf(a)}/${a.slug}`;
const POLICY = '/licensing';

const STYLE = `body{margin:0;background:#fffdf8;color:#1c1c1c;font:18px/1.65 'DejaVu Serif',Georgia,serif}header,main,footer{max-width:680px;margin:0 auto;padding:18px 24px}
header{border-bottom:1px solid #1c1c1c}header strong{font-size:25px;letter-spacing:.02em}header a{color:#1c1c1c;text-decoration:none;margin-right:18px;font-size:14px}
h1{font-size:33px;line-height:1.22;font-weight:normal;margin:22px 0 8px}.dek{font-style:italic;color:#555}.byline{font-size:14px;color:#666;border-top:1px solid #ddd;border-bottom:1px solid #ddd;padding:8px 0;margin:18px 0}
.gate{background:#f4eedd;padding:16px 22px;font-size:15px;margin:26px 0}.subscriber-only{filter:blur(5px);user-select:none}blockquote{margin:22px 0;padding-left:22px;border-left:2px solid #8b1a1a}a{color:#8b1a1a}footer{font-size:13px;color:#777}li{margin-bottom:14px}`;

const ROBOTS: Partial<Record<Article['signals'][number], string>> = {
  noarchive: 'noarchive',
  nosnippet: 'nosnippet',
  'max-snippet': 'max-snippet:50',
  noindex: 'noindex, follow',
};

function shell(title: string, head: Html, main: Html): Html {
  return html`<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>${head}
<link rel="alternate" type="application/rss+xml" title="The Capitol Docket" href="/rss.xml"><style>${raw(STYLE)}</style></head><body>
<header><strong><a href="/" style="font-size:inherit">The Capitol Docket</a></strong><br><a href="/">Latest</a><a href="${POLICY}">Licensing</a></header><main>${main}</main>
<footer>The Capitol Docket. A fictional journal of courts that have decided nothing. <a href="${POLICY}">Licensing</a></footer></body></html>`;
}

function schema(site: Site, a: Article): Html {
  const closed = a.signals.includes('paywall');
  return html`<script type="application/ld+json">${json({
    '@context': 'https://schema.org',
    '@type': a.section === 'Analysis' ? 'AnalysisNewsArticle' : 'ReportageNewsArticle',
    headline: a.title,
    url: site.origin + path(a),
    datePublished: a.publishedAt.toISOString(),
    author: a.authors.map((name) => ({ '@type': 'Person', name })),
    publisher: { '@type': 'NewsMediaOrganization', name: site.name },
    isAccessibleForFree: !closed,
    ...(closed
      ? { hasPart: { '@type': 'WebPageElement', isAccessibleForFree: false, cssSelector: '.subscriber-only' } }
      : {}),
    ...(a.signals.includes('licence') ? { license: 'https://creativecommons.org/licenses/by/4.0/' } : {}),
  })}</script>`;
}

/** Each reservation in its own place, as publishers make them. */
function article(site: Site, a: Article): Page {
  const has = (s: Article['signals'][number]) => a.signals.includes(s);
  const robots = a.signals.map((s) => ROBOTS[s]).filter((r) => r !== undefined);
  const head = html`<link rel="canonical" href="${site.origin}${path(a)}"><meta name="description" content="${a.summary}">
${robots.length > 0 && html`<meta name="robots" content="${robots.join(', ')}">`}
${has('tdm-meta') && html`<meta name="tdm-reservation" content="1"><meta name="tdm-policy" content="${site.origin}${POLICY}">`}
${schema(site, a)}`;
  const open = a.blocks.slice(0, 2);
  const main = html`<article><h1>${a.title}</h1>${a.deck !== null && html`<p class="dek">${a.deck}</p>`}
<p class="byline">By <span class="author">${a.authors.join(' and ')}</span> · <time datetime="${a.publishedAt.toISOString()}">${written(a.publishedAt, 'en-US', 'America/New_York', { dateStyle: 'full', timeStyle: 'short' })}</time></p>
<div class="story">${
    has('paywall')
      ? html`${blocksToHtml(open)}<div class="gate"><b>For subscribers.</b> You have read your free article for this month. The docket is paid for by those who read it.</div><div class="subscriber-only">${blocksToHtml(a.blocks.slice(2))}</div>`
      : blocksToHtml(a.blocks)
  }</div>${has('licence') && html`<p><small>This article may be republished under a Creative Commons Attribution licence.</small></p>`}</article>`;
  return page(shell(`${a.title} · The Capitol Docket`, head, main), a.publishedAt, {
    ...(has('header-noarchive') ? { 'x-robots-tag': 'noarchive' } : {}),
    ...(has('tdm-header') ? { 'tdm-reservation': '1', 'tdm-policy': `${site.origin}${POLICY}` } : {}),
  });
}

/** Courts behind a paywall, with every reservation that the rights must respect; RSS with relative links. */
export const capitolDocket: Outlet = {
  id: 'capitol-docket',
  name: 'The Capitol Docket',
  about: 'RSS; a paywall, and reservations in pages, headers and a well-known file',
  entry: {},
  path,
  build(site) {
    const front = html`<h1>Latest</h1><ul>${site.articles.map((a) => html`<li><a href="${path(a)}">${a.title}</a></li>`)}</ul>`;
    const licensing = html`<h1>Licensing</h1><p>Text and data mining of what is marked as reserved needs our consent (TDM Reservation Protocol). Ask at rights@capitol-docket.example.</p>`;
    const reserved = [{ location: '/analysis/*', 'tdm-reservation': 1, 'tdm-policy': site.origin + POLICY }];
    return new Map<string, Page>([
      ['/', page(shell('The Capitol Docket', html``, front), newest(site))],
      [POLICY, page(shell('Licensing · The Capitol Docket', html``, licensing), newest(site))],
      ['/rss.xml', rss(site, path, { description: 'The courts, read closely', language: 'en' })],
      ['/robots.txt', text('User-agent: *\nAllow: /\n', newest(site))],
      [
        '/.well-known/tdmrep.json',
        { type: 'application/json', body: JSON.stringify(reserved, null, 2), modified: newest(site) },
      ],
      ...site.articles.map((a): [string, Page] => [path(a), article(site, a)]),
    ]);
  },
};
