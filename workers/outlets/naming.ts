import { parse } from 'tldts';
import { freeId, idFrom } from '../../config/source-id.js';
import type { Publisher } from '../../extractors/metadata/publisher.js';

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

/**
 * What most of the outlet's pages call it, the home page counting double; else the end that most of their titles have in
 * common; else its host.
 */
export function nameFor(url: string, home: Publisher | null, pages: Publisher[]): { name: string; reason: string } {
  const said = [...(home ? [home, home] : []), ...pages];
  const name =
    maxSaid(said.map((p) => p.names)) ?? maxSaid(pages.map((p) => (p.titleEnd === null ? [] : [p.titleEnd])));
  if (name !== null) return { name, reason: 'as its pages call it' };
  return { name: new URL(url).hostname.replace(/^www\./, ''), reason: 'its host: its pages agree on no name' };
}

/** The name that most say; of two that as many say, the one that they say first. Null when no name is said by half. */
function maxSaid(lists: string[][]): string | null {
  const votes = new Map<string, { name: string; times: number; place: number }>();
  for (const names of lists)
    names.forEach((name, place) => {
      const had = votes.get(name.toLowerCase()) ?? { name, times: 0, place: 0 };
      votes.set(name.toLowerCase(), { ...had, times: had.times + 1, place: had.place + place });
    });
  const [best] = [...votes.values()].sort((a, b) => b.times - a.times || a.place - b.place);
  return best && best.times >= lists.length / 2 ? best.name : null;
}
