/** Of a robots.txt; what lies beyond is not read (RFC 9309, 2.5 asks for at least this much). */
export const ROBOTS_MAX_BYTES = 500 * 1024;

export type RobotsRules = {
  /** Whether this path (with query) of the host may be asked for. */
  allows(url: string | URL): boolean;
  /** Seconds between two requests, when the file asks for it. */
  crawlDelay: number | null;
  sitemaps: string[];
};

type Rule = { allow: boolean; pattern: string };
type Group = { agents: string[]; rules: Rule[]; crawlDelay: number | null };

/**
 * Reads a robots.txt for one crawler (RFC 9309): the groups that name its product token count together, else those for `*`;
 * of the rules that match, the longest decides, and `Allow` when two are as long.
 * @param agent product token or whole User-Agent; the part before the first other than letter, `_` or `-` counts
 */
export function parseRobots(text: string, agent: string): RobotsRules {
  const { groups, sitemaps } = readGroups(text);
  const token = productToken(agent);
  const named = groups.filter((g) => token !== '' && g.agents.some((a) => productToken(a) === token));
  const mine = named.length > 0 ? named : groups.filter((g) => g.agents.some((a) => /^\*(\s|$)/.test(a)));
  const rules = mine
    .flatMap((g) => g.rules)
    .filter((r) => r.pattern !== '')
    .sort((a, b) => b.pattern.length - a.pattern.length || Number(b.allow) - Number(a.allow));
  const delays = mine.map((g) => g.crawlDelay).filter((d) => d !== null);
  return {
    allows(url) {
      const path = pathOf(url);
      if (path === '/robots.txt') return true;
      // An Allow needs the very spelling, a Disallow catches all of them: doubt falls to the publisher's side.
      const [exact, plain] = [
        path.replace(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase()),
        decodeUnreserved(encodePath(path)),
      ];
      return rules.find((r) => matchesPattern(r.pattern, r.allow ? exact : plain))?.allow ?? true;
    },
    crawlDelay: delays.length > 0 ? Math.max(...delays) : null,
    sitemaps,
  };
}

/** `Sourcelink` of `Sourcelink/0.1 (+https://…)`, in lower case. */
export function productToken(agent: string): string {
  return (/^[a-zA-Z_-]*/.exec(agent.trim())?.[0] ?? '').toLowerCase();
}

function readGroups(text: string): { groups: Group[]; sitemaps: string[] } {
  const groups: Group[] = [];
  const sitemaps: string[] = [];
  let group: Group | null = null;
  let naming = false;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    const [, key = '', value = ''] = /^\s*([^:#]*?)\s*:([^#]*)/.exec(line) ?? [];
    const rest = value.trim();
    switch (key.toLowerCase()) {
      case 'user-agent':
        if (!group || !naming) {
          group = { agents: [], rules: [], crawlDelay: null };
          groups.push(group);
        }
        group.agents.push(rest);
        naming = true;
        break;
      case 'allow':
      case 'disallow':
        naming = false;
        group?.rules.push(
          /^allow$/i.test(key)
            ? { allow: true, pattern: encodePath(rest) }
            : { allow: false, pattern: decodeUnreserved(encodePath(rest)) },
        );
        break;
      case 'crawl-delay': {
        // In no standard, but meant as a rule by all who write it: what follows is another group.
        naming = false;
        const seconds = Number.parseFloat(rest);
        if (group && Number.isFinite(seconds) && seconds >= 0) group.crawlDelay = seconds;
        break;
      }
      case 'sitemap':
        // Belongs to no group, and ends none (RFC 9309, 2.2.4).
        if (rest) sitemaps.push(rest);
        break;
    }
  }
  return { groups, sitemaps };
}

/** Other than ASCII percent-encoded, hexadecimal digits in upper case (RFC 9309, 2.2.2). */
export function encodePath(path: string): string {
  return path
    .replace(/[^\x21-\x7e]+/g, (run) => Buffer.from(run).toString('hex').replace(/../g, '%$&'))
    .replace(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase());
}

/** Needless encoding of unreserved letters undone, so that no spelling slips past a `Disallow`. */
export function decodeUnreserved(path: string): string {
  return path.replace(/%([0-7][0-9A-F])/g, (code: string, hex: string) => {
    const letter = String.fromCharCode(Number.parseInt(hex, 16));
    return /[A-Za-z0-9._~-]/.test(letter) ? letter : code;
  });
}

/** By hand, since the URL parser would resolve dot segments and encode what was written plainly. */
export function pathOf(url: string | URL): string {
  const text = typeof url === 'string' ? url : url.href;
  const [, rest = ''] = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*([^#]*)/i.exec(text) ?? [];
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** `*` stands for any run of characters, a last `$` for the end; linear in the pattern for each start, no backtracking blow-up. */
export function matchesPattern(pattern: string, path: string): boolean {
  const anchored = pattern.endsWith('$');
  const parts = (anchored ? pattern.slice(0, -1) : pattern).split('*');
  const first = parts[0] ?? '';
  if (!path.startsWith(first)) return false;
  if (parts.length === 1) return !anchored || path.length === first.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = path.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  const last = parts.at(-1) ?? '';
  return anchored ? path.length - last.length >= at && path.endsWith(last) : path.indexOf(last, at) >= 0;
}
