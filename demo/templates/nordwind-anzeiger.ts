import type { Article } from '../content.js';
import { rss } from '../feeds.js';
import { type Html, html, raw } from '../html.js';
import { blocksToHtml } from '../markup.js';
import { newest, type Outlet, type Page, page, type Site, text, written } from '../outlet.js';

const path = (a: Article): string => `/artikel/${a.slug}-${a.number}.htm`;

const STYLE = `body{margin:0;background:#e9edf1;font:16px/1.55 'DejaVu Sans',Arial,sans-serif;color:#1a2430}#seite{max-width:820px;margin:0 auto;background:#fff;padding:0 30px 24px}#kopf{border-bottom:5px solid #1f4e79;padding:20px 0 8px}#kopf b{font:bold 30px 'DejaVu Serif',Georgia,serif}
#leiste a{color:#1f4e79;margin-right:16px;font-size:14px;text-decoration:none}h1{font-size:29px;line-height:1.25;margin:18px 0 6px}.vorspann{font-weight:bold}.zeile{color:#66717d;font-size:13px}#fuss{border-top:1px solid #ccc;margin-top:30px;font-size:12px;color:#66717d}.zitat,blockquote{border-left:4px solid #1f4e79;margin:18px 0;padding-left:16px}a{color:#1f4e79}`;

/** ISO-8859-1, as the paper's old system writes; what it lacks becomes a character reference. */
function latin1(made: Page, type: string): Page {
  const body = String(made.body).replace(/[^\u0000-\u00ff]/gu, (c) => `&#${c.codePointAt(0)};`);
  return { ...made, type, body: Buffer.from(body, 'latin1') };
}

function shell(site: Site, title: string, head: Html, body: Html): Html {
  return html`<html lang="de"><head><meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><title>${title}</title>${head}
<link rel="alternate" type="application/rss+xml" title="Alle Artikel" href="/rss.xml"><style>${raw(STYLE)}</style></head><body><div id="seite">
<div id="kopf"><b>Nordwind Anzeiger</b></div><p id="leiste"><a href="/">Startseite</a><a href="/impressum.htm">Impressum</a></p>${body}
<p id="fuss">© ${site.now.getUTCFullYear()} Nordwind Anzeiger. Eine erfundene Zeitung für erfundene Küsten. Alle Rechte vorbehalten.</p></div></body></html>`;
}

/** Local time with its offset, e.g. 2026-11-24T16:05:00+01:00. */
function withOffset(date: Date): string {
  const zone = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Berlin', timeZoneName: 'longOffset' })
    .formatToParts(date)
    .find((p) => p.type === 'timeZoneName')?.value;
  const offset = zone === 'GMT' || zone === undefined ? '+00:00' : zone.replace('GMT', '');
  const minutes = (offset.startsWith('-') ? -1 : 1) * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6)));
  return new Date(date.getTime() + minutes * 60_000).toISOString().replace('.000Z', offset);
}

function article(site: Site, a: Article): Page {
  const day = written(a.publishedAt, 'de-DE', 'Europe/Berlin', { dateStyle: 'long' });
  const time = written(a.publishedAt, 'de-DE', 'Europe/Berlin', { timeStyle: 'short' });
  const [lead, ...rest] = a.blocks;
  const body = html`<div class="artikel"><h1>${a.title}</h1><p class="zeile">Von ${a.authors.join(' und ')} &middot; ${day}, ${time} Uhr</p>
<div class="vorspann">${lead !== undefined && blocksToHtml([lead])}</div>${blocksToHtml(rest)}</div>`;
  const head = html`<meta name="date" content="${withOffset(a.publishedAt)}"><meta name="author" content="${a.authors.join(', ')}"><meta name="description" content="${a.summary}">`;
  return latin1(page(shell(site, `${a.title} - Nordwind Anzeiger`, head, body), a.publishedAt), 'text/html');
}

/** German, in an old character set that only the page itself names. */
export const nordwindAnzeiger: Outlet = {
  id: 'nordwind-anzeiger',
  name: 'Nordwind Anzeiger',
  about: 'RSS; German, in ISO-8859-1',
  entry: { timezone: 'Europe/Berlin', republish: 'excerpt' },
  path,
  build(site) {
    const front = html`<h1>Aktuelles</h1>${site.articles.map((a) => html`<p><a href="${path(a)}">${a.title}</a><br>${a.summary}</p>`)}`;
    const feed = rss(site, (a) => site.origin + path(a), {
      description: 'Nachrichten von der Küste',
      language: 'de-DE',
    });
    const imprint = html`<h1>Impressum</h1><p>Verlag, Straße und Ort sind erfunden.</p>`;
    const html1 = (title: string, body: Html): Page =>
      latin1(page(shell(site, title, html``, body), newest(site)), 'text/html');
    return new Map<string, Page>([
      ['/', html1('Nordwind Anzeiger', front)],
      ['/impressum.htm', html1('Impressum', imprint)],
      [
        '/rss.xml',
        latin1(
          { ...feed, body: String(feed.body).replace('encoding="UTF-8"', 'encoding="ISO-8859-1"') },
          'application/rss+xml',
        ),
      ],
      ['/robots.txt', text('User-agent: *\nDisallow:\n', newest(site))],
      ...site.articles.map((a): [string, Page] => [path(a), article(site, a)]),
    ]);
  },
};
