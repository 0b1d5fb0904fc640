import { decodeDocument } from '../../text/decode.js';
import { linksOf, parsePage } from './page-links.js';

const FEED_TYPE = /^application\/(?:rss\+xml|atom\+xml|rdf\+xml|feed\+json|json\+feed)\s*(?:;|$)/i;

/** The feeds that a page names: in its head, and by links that look like one. Feeds of comments are none of articles. */
export function feedLinksOf(bytes: Uint8Array, url: string, contentType = ''): { linked: string[]; anchors: string[] } {
  const { document, base } = parsePage(decodeDocument(bytes, contentType).text, url);
  const linked: { url: string; title: string }[] = [];
  for (const link of document.querySelectorAll('link[rel][href]')) {
    const isAlternate = /(?:^|\s)alternate(?:\s|$)/i.test(link.getAttribute('rel') ?? '');
    if (!isAlternate || !FEED_TYPE.test(link.getAttribute('type') ?? '')) continue;
    const href = absolute(link.getAttribute('href') ?? '', base);
    if (href && !isOfComments(href, link.getAttribute('title') ?? ''))
      linked.push({ url: href, title: link.getAttribute('title') ?? '' });
  }
  const anchors = linksOf(document, base)
    .filter(
      (l) =>
        /(?:^|[/._-])(?:rss|feeds?|atom)(?:$|[/._-])|\.rdf$/i.test(l.url.pathname) && !isOfComments(l.url.href, l.text),
    )
    .filter((l) => !/\.(?:html?|php|png|svg|gif)$/i.test(l.url.pathname))
    .map((l) => l.url.href);
  return { linked: [...new Set(withoutTwins(linked))], anchors: [...new Set(anchors)] };
}

function isOfComments(href: string, title: string): boolean {
  return /comment/i.test(title) || /\/comments?(?:\/|\.xml|$|\?)|comments\/(?:feed|default)/i.test(href);
}

/** One feed offered as RSS and as Atom is one: the first of them is taken. */
function withoutTwins(links: { url: string; title: string }[]): string[] {
  const plain = (s: string) => s.toLowerCase().replace(/rss2?|atom|rdf|json|feed|[\s\d._/=?&()-]/g, '');
  const seen = new Set<string>();
  return links
    .filter((l) => {
      const key = `${plain(l.title)} ${plain(new URL(l.url).pathname)}`;
      return !seen.has(key) && seen.add(key);
    })
    .map((l) => l.url);
}

function absolute(href: string, base: string): string | null {
  try {
    // `feed:` and `feed://` are old signs for "subscribe to this".
    const url = new URL(
      href
        .trim()
        .replace(/^feed:(?:\/\/)?(?=https?:)/i, '')
        .replace(/^feed:/i, 'http:'),
      base,
    );
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
  } catch {
    return null;
  }
}
