import { parse } from 'tldts';
import { freeId, idFrom } from '../../config/source-id.js';
import type { Publisher } from '../../extractors/publisher.js';

/** Parts of a host that say nothing of the outlet. */
const PLAIN = /^(?:www\d*|m|mobile|amp|edition|web|beta)$/;

/** A short, lower-case id by the outlet's host, different from those that are taken. */
export function idFor(url: string, taken: ReadonlySet<string>): string {
  const host = new URL(url).hostname;
  const { domainWithoutSuffix, subdomain } = parse(host, { allowPrivateDomains: true });
  const above = (subdomain ?? '').split('.').filter((part) => part !== '' && !PLAIN.test(part));
  const short = domainWithoutSuffix ?? host;
  const long = [short, ...above.reverse()].join('-');
  const path = [long, ...new URL(url).pathname.split('/').slice(0, 3)].join('-');
  return freeId([idFrom(short), idFrom(long), idFrom(path), idFrom(host)], taken);
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
