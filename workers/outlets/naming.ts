import { parse } from 'tldts';
import type { Publisher } from '../../extractors/publisher.js';

/** Parts of a host that say nothing of the outlet. */
const PLAIN = /^(?:www\d*|m|mobile|amp|edition|web|beta)$/;
const ID_LENGTH = 40;

/** A short, lower-case id by the outlet's host, different from those that are taken. */
export function idFor(url: string, taken: ReadonlySet<string>): string {
  const host = new URL(url).hostname;
  const { domainWithoutSuffix, subdomain } = parse(host, { allowPrivateDomains: true });
  const above = (subdomain ?? '').split('.').filter((part) => part !== '' && !PLAIN.test(part));
  const short = plain(domainWithoutSuffix ?? host);
  const long = plain([domainWithoutSuffix ?? host, ...above.reverse()].join('-'));
  const path = plain([long, ...new URL(url).pathname.split('/').slice(0, 3)].join('-'));
  const free = [short, long, path, plain(host)].find((id) => !taken.has(id));
  if (free !== undefined) return free;
  for (let n = 2; ; n++) if (!taken.has(`${short}-${n}`)) return `${short}-${n}`;
}

/** Text as an id. */
export function plain(text: string): string {
  const id = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, ID_LENGTH)
    .replace(/-+$/, '');
  return id === '' ? 'outlet' : id;
}

/** What most of the outlet's pages call it, the home page counting double; its host when none says a name. */
export function nameFor(url: string, home: Publisher | null, pages: Publisher[]): { name: string; reason: string } {
  const votes = new Map<string, { name: string; weight: number }>();
  for (const [publisher, times] of [...(home ? [[home, 2] as const] : []), ...pages.map((p) => [p, 1] as const)])
    publisher.names.forEach((name, place) => {
      const key = name.toLowerCase();
      const had = votes.get(key) ?? { name, weight: 0 };
      votes.set(key, { ...had, weight: had.weight + times / (place + 1) });
    });
  const best = [...votes.values()].sort((a, b) => b.weight - a.weight)[0];
  if (best) return { name: best.name, reason: 'as its pages call it' };
  return { name: new URL(url).hostname.replace(/^www\./, ''), reason: 'its host: no page says a name' };
}
