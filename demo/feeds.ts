import type { Article } from './content.js';
import { escapeMarkup } from './html.js';
import { blocksToHtml } from './markup.js';
import { changedAt, newest, type Page, type Site } from './outlet.js';

type Link = (article: Article) => string;

const cdata = (text: string): string => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;

/** RSS 2.0 with Dublin Core authors; `fullText` puts whole articles into content:encoded. */
export function rss(
  site: Site,
  link: Link,
  options: { description: string; language: string; fullText?: boolean },
): Page {
  const item = (a: Article) => `
  <item>
    <title>${escapeMarkup(a.title)}</title>
    <link>${escapeMarkup(link(a))}</link>
    <guid isPermaLink="false">${escapeMarkup(`${site.id}-${a.number}`)}</guid>
    <pubDate>${a.publishedAt.toUTCString()}</pubDate>
    ${a.authors.map((name) => `<dc:creator>${cdata(name)}</dc:creator>`).join('')}
    ${[a.section, ...a.tags].map((tag) => `<category>${cdata(tag)}</category>`).join('')}
    <description>${cdata(`<p>${escapeMarkup(a.summary)}</p>`)}</description>${
      options.fullText ? `\n    <content:encoded>${cdata(blocksToHtml(a.blocks).text)}</content:encoded>` : ''
    }
  </item>`;
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
  <title>${escapeMarkup(site.name)}</title>
  <link>${site.origin}/</link>
  <description>${escapeMarkup(options.description)}</description>
  <language>${options.language}</language>
  <lastBuildDate>${newest(site).toUTCString()}</lastBuildDate>
  <ttl>15</ttl>${site.articles.map(item).join('')}
</channel>
</rss>
`;
  return { type: 'application/rss+xml; charset=utf-8', body, modified: newest(site) };
}

/** Atom (RFC 4287) with summaries. */
export function atom(site: Site, link: Link, self: string): Page {
  const entry = (a: Article) => `
  <entry>
    <id>tag:${site.id}.example,2026:${a.number}</id>
    <title type="text">${escapeMarkup(a.title)}</title>
    <link rel="alternate" type="text/html" href="${escapeMarkup(link(a))}"/>
    <published>${a.publishedAt.toISOString()}</published>
    <updated>${changedAt(a).toISOString()}</updated>
    ${a.authors.map((name) => `<author><name>${escapeMarkup(name)}</name></author>`).join('')}
    <category term="${escapeMarkup(a.section)}"/>
    <summary type="text">${escapeMarkup(a.summary)}</summary>
  </entry>`;
  const body = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
  <id>${site.origin}/</id>
  <title>${escapeMarkup(site.name)}</title>
  <link rel="self" href="${site.origin}${self}"/>
  <link rel="alternate" type="text/html" href="${site.origin}/"/>
  <updated>${newest(site).toISOString()}</updated>
  <author><name>${escapeMarkup(site.name)}</name></author>${site.articles.map(entry).join('')}
</feed>
`;
  return { type: 'application/atom+xml; charset=utf-8', body, modified: newest(site) };
}

/** JSON Feed 1.1. */
export function jsonFeed(site: Site, link: Link, self: string): Page {
  const feed = {
    version: 'https://jsonfeed.org/version/1.1',
    title: site.name,
    home_page_url: `${site.origin}/`,
    feed_url: `${site.origin}${self}`,
    language: 'en',
    items: site.articles.map((a) => ({
      id: String(a.number),
      url: link(a),
      title: a.title,
      summary: a.summary,
      date_published: a.publishedAt.toISOString(),
      date_modified: changedAt(a).toISOString(),
      authors: a.authors.map((name) => ({ name })),
      tags: [a.section, ...a.tags],
    })),
  };
  return { type: 'application/feed+json; charset=utf-8', body: JSON.stringify(feed, null, 2), modified: newest(site) };
}

/** A news sitemap: the last two days, as its makers demand. */
export function newsSitemap(site: Site, link: Link): Page {
  const url = (a: Article) => `
  <url>
    <loc>${escapeMarkup(link(a))}</loc>
    <lastmod>${changedAt(a).toISOString()}</lastmod>
    <news:news>
      <news:publication><news:name>${escapeMarkup(site.name)}</news:name><news:language>en</news:language></news:publication>
      <news:publication_date>${a.publishedAt.toISOString()}</news:publication_date>
      <news:title>${escapeMarkup(a.title)}</news:title>
    </news:news>
  </url>`;
  const recent = site.articles.filter((a) => site.now.getTime() - a.publishedAt.getTime() < 2 * 86_400_000);
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">${recent.map(url).join('')}
</urlset>
`;
  return { type: 'application/xml; charset=utf-8', body, modified: newest(site) };
}
