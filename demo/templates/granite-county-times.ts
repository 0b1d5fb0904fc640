import type { Article } from '../content.js';
import { type Html, html, raw } from '../html.js';
import { type Block, inline } from '../markup.js';
import { newest, type Outlet, type Page, page, type Site, text, written } from '../outlet.js';

const ZONE = 'America/New_York';
const sectionOf = (a: Article): string => a.section.toLowerCase().replace(/[^a-z]+/g, '-');
const path = (a: Article): string => `/${sectionOf(a)}/${a.slug}`;

const STYLE = `body{margin:0;background:#dfe6df;font:15px/1.55 Verdana,'DejaVu Sans',sans-serif;color:#222}
table.page{background:#fff;border-collapse:collapse}td{vertical-align:top;padding:12px 16px}.mast{background:#2f4f3a;color:#fff;font:bold 30px Georgia,'DejaVu Serif',serif}.mast a{color:#fff;text-decoration:none}
.menu{background:#eef3ee;font-size:13px;line-height:2}.menu a{display:block}a{color:#225c37}.side{background:#f7f7f2;font-size:12px}h1{font:bold 27px/1.25 Georgia,'DejaVu Serif',serif;margin:4px 0}.by{color:#666;font-size:12px;margin-bottom:12px}.foot{font-size:11px;color:#666;background:#eef3ee}`;

/** A page laid out with tables, with no metadata but its title. */
function shell(site: Site, title: string, middle: Html): Html {
  const sections = [
    ...new Set(site.articles.map((a) => [sectionOf(a), a.section] as const).map((s) => s.join('|'))),
  ].map((s) => s.split('|'));
  const month = site.now.toISOString().slice(0, 7).replace('-', '/');
  return html`<html><head><meta charset="utf-8"><title>${title}</title><style>${raw(STYLE)}</style></head><body>
<table class="page" align="center" width="1040" cellspacing="0"><tr><td class="mast" colspan="3"><a href="/">Granite County Times</a></td></tr>
<tr><td class="menu" width="150"><b>Sections</b>${sections.map(([id, name]) => html`<a href="/${id ?? ''}">${name ?? ''}</a>`)}<br><b>Community</b><a href="/calendar/${month}">Calendar of events</a><a href="/obituaries">Obituaries</a><a href="/private/tips">Send us a tip</a><a href="/files/budget-hearing.pdf">Budget hearing (PDF)</a><a href="/weather/old-radar">Weather radar</a><a href="/contact">Contact</a></td>
<td>${middle}</td>
<td class="side" width="190"><b>This week</b><br>Pancake supper at the Grange, Saturday at 6.<br><br><b>Road watch</b><br>Route 9 closed at Millbrook Falls.<br><br><b>Classifieds</b><br>Hay, second cut. Snow tires, four. Call the office.</td></tr>
<tr><td class="foot" colspan="3">Granite County Times. Printed Tuesdays and Fridays in a county that does not exist. Please do not copy our crossword.</td></tr></table></body></html>`;
}

/** Line breaks in place of paragraphs, as an old editor made them. */
function typed(block: Block): Html {
  if (block.kind === 'list') return html`${block.items.map((i) => html`- ${inline(i)}<br>`)}<br>`;
  if (block.kind === 'heading') return html`<b>${inline(block.text)}</b><br><br>`;
  return html`${inline(block.text)}<br><br>\n`;
}

function article(site: Site, a: Article): Page {
  const when = written(a.publishedAt, 'en-US', ZONE, {
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
  });
  const more = site.articles.filter((o) => o.slug !== a.slug && o.section === a.section).slice(0, 3);
  const middle = html`<h1>${a.title}</h1><div class="by">${a.authors.length > 0 && html`By ${a.authors.join(' and ')}, staff writer<br>`}${when}</div>
<font size="3">${a.blocks.map(typed)}</font>
${more.length > 0 && html`<b>More ${a.section}</b><br>${more.map((o) => html`<a href="${path(o)}">${o.title}</a><br>`)}`}<p><a href="mailto:editor@granite-county-times.example">Write to the editor</a> | <a href="javascript:window.print()">Print</a></p>`;
  return page(shell(site, `${a.title} - Granite County Times`, middle), a.publishedAt);
}

function list(site: Site, title: string, articles: Article[]): Page {
  const rows = articles.map((a) => html`<p><a href="${path(a)}"><b>${a.title}</b></a><br>${a.summary}</p>`);
  return page(shell(site, `${title} - Granite County Times`, html`<h1>${title}</h1>${rows}`), newest(site));
}

/** Months without end in both directions: a trap for whoever follows every link. */
function calendar(site: Site, year: number, month: number): Page {
  const link = (shift: number): string => {
    const d = new Date(Date.UTC(year, month - 1 + shift, 1));
    return `/calendar/${d.getUTCFullYear()}/${String(d.getUTCMonth() + 1).padStart(2, '0')}`;
  };
  const name = written(new Date(Date.UTC(year, month - 1, 1)), 'en-US', 'UTC', { month: 'long', year: 'numeric' });
  const middle = html`<h1>${name}</h1><p><a href="${link(-1)}">Previous month</a> | <a href="${link(1)}">Next month</a></p><p>No events have been entered.</p>`;
  return page(shell(site, `${name} - Calendar`, middle), newest(site));
}

/** Neither feed nor sitemap: section pages only, local dates without a zone, and the traps of an old site. */
export const graniteCountyTimes: Outlet = {
  id: 'granite-county-times',
  name: 'Granite County Times',
  about: 'section pages only; tables, no metadata; a calendar, a dead link, a forbidden folder',
  entry: { timezone: ZONE },
  path,
  build(site) {
    const sections = [...new Set(site.articles.map(sectionOf))];
    const note = (title: string, words: string): Page =>
      page(shell(site, title, html`<h1>${title}</h1><p>${words}</p>`), newest(site));
    return new Map<string, Page>([
      ['/', list(site, 'Front page', site.articles)],
      ...sections.map((s): [string, Page] => {
        const its = site.articles.filter((a) => sectionOf(a) === s);
        return [`/${s}`, list(site, its[0]?.section ?? s, its)];
      }),
      ['/obituaries', note('Obituaries', 'Nobody has died, since nobody here has lived.')],
      ['/contact', note('Contact', 'The office is above the feed store.')],
      ['/private/tips', note('Send us a tip', 'This folder is closed to crawlers.')],
      ['/files/budget-hearing.pdf', { type: 'application/pdf', body: '%PDF-1.4\n%%EOF\n', modified: newest(site) }],
      ['/robots.txt', text('User-agent: *\nDisallow: /private/\nCrawl-delay: 0.05\n', newest(site))],
      ...site.articles.map((a): [string, Page] => [path(a), article(site, a)]),
    ]);
  },
  beyond(site, asked) {
    const [, year, month] = /^\/calendar\/(\d{4})\/(\d{2})$/.exec(asked) ?? [];
    return year === undefined || month === undefined ? null : calendar(site, Number(year), Number(month));
  },
};
