import type { Push } from './endpoint.js';
import type { Feed } from './feed.js';

/** What a feed's answer says of its hub: its Link headers first, then the feed itself; null when either hub or topic is missing. */
export function pushOf(
  feed: Pick<Feed, 'hubs' | 'self'>,
  answer: { url: string; link: string | undefined },
): Push | null {
  const headers = linksOf(answer.link ?? '', answer.url);
  const hub = headers.find((l) => l.rels.includes('hub'))?.url ?? feed.hubs[0];
  const topic = headers.find((l) => l.rels.includes('self'))?.url ?? feed.self;
  return hub === undefined || topic === null ? null : { hub, topic };
}

/** The links of a `Link` header (RFC 8288), web addresses only. */
function linksOf(header: string, base: string): { url: string; rels: string[] }[] {
  return [
    ...header.slice(0, 8192).matchAll(/<([^<>]*)>((?:\s*;\s*[\w*-]+\s*(?:=\s*(?:"[^"]*"|[^\s",;]+))?)*)/g),
  ].flatMap(([, href = '', rest = '']) => {
    const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))/i.exec(rest);
    if (!URL.canParse(href, base)) return [];
    const url = new URL(href, base);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return [];
    return [{ url: url.href, rels: (rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/) }];
  });
}
