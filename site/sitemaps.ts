import { escapeText } from './body.js';
import { type Chrome, to } from './chrome.js';
import type { SiteDb } from './store/database.js';

/** Articles in one file. The protocol allows 50,000, but smaller files load faster. */
export const PER_SITEMAP = 10_000;
const NEWS_MS = 48 * 3_600_000;

const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';
const SCHEMA = 'http://www.sitemaps.org/schemas/sitemap/0.9';

/** The index (sitemaps.org): the file of sections, then all files of articles. */
export async function sitemapIndex(db: SiteDb, chrome: Chrome): Promise<string> {
  const { rows } = await db.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM site.article WHERE NOT noindex',
  );
  const files = Math.ceil((rows[0]?.count ?? 0) / PER_SITEMAP);
  const paths = ['/sitemap-sections.xml', ...Array.from({ length: files }, (_, i) => `/sitemap-${i + 1}.xml`)];
  const entries = paths.map((p) => `<sitemap><loc>${escapeText(chrome.publicUrl + p)}</loc></sitemap>`);
  return `${XML}<sitemapindex xmlns="${SCHEMA}">${entries.join('\n')}</sitemapindex>`;
}

/** Front page, sections and the site's own pages. */
export function sectionSitemap(chrome: Chrome): string {
  const paths = ['/', ...[...chrome.labels.keys()].map(to.category), ...chrome.pages.map((p) => to.page(p.slug))];
  return urlset(paths.map((p) => `<url><loc>${escapeText(chrome.publicUrl + p)}</loc></url>`));
}

/** One file of articles that may be indexed, oldest first, so that a full file changes only after a retraction or an update. */
export async function articleSitemap(db: SiteDb, chrome: Chrome, number: number): Promise<string | null> {
  const { rows } = await db.query<{ slug: string; sent_at: Date }>(
    `SELECT slug, sent_at FROM site.article WHERE NOT noindex ORDER BY sort_at, id
     LIMIT ${PER_SITEMAP} OFFSET $1::int`,
    [PER_SITEMAP * (number - 1)],
  );
  if (rows.length === 0) return null;
  return urlset(
    rows.map(
      (r) =>
        `<url><loc>${escapeText(chrome.publicUrl + to.article(r.slug))}</loc><lastmod>${r.sent_at.toISOString()}</lastmod></url>`,
    ),
  );
}

/** Google News sitemap: articles with a date in the last two days, at most 1,000. */
export async function newsSitemap(db: SiteDb, chrome: Chrome, now: Date): Promise<string> {
  const { rows } = await db.query<{ slug: string; title: string; language: string | null; published_at: Date }>(
    `SELECT slug, title, language, published_at FROM site.article
     WHERE sort_at > $1::timestamptz AND published_at IS NOT NULL AND NOT noindex ORDER BY sort_at DESC LIMIT 1000`,
    [new Date(now.getTime() - NEWS_MS).toISOString()],
  );
  const entries = rows.map(
    (r) => `<url><loc>${escapeText(chrome.publicUrl + to.article(r.slug))}</loc><news:news><news:publication>
<news:name>${escapeText(chrome.name)}</news:name><news:language>${escapeText((r.language ?? chrome.config.language).split('-')[0] ?? 'en')}</news:language></news:publication>
<news:publication_date>${r.published_at.toISOString()}</news:publication_date><news:title>${escapeText(r.title)}</news:title></news:news></url>`,
  );
  return urlset(entries, ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"');
}

const urlset = (entries: string[], more = ''): string =>
  `${XML}<urlset xmlns="${SCHEMA}"${more}>${entries.join('\n')}</urlset>`;
