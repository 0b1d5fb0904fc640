/** One directive of a page's robots rules that is meant for Sourcelink. */
export type Directive = {
  /** `meta robots`, `header x-robots-tag`, …, for a person. */
  from: string;
  /** Lower case. */
  name: string;
  /** After the colon, else ''. */
  value: string;
  /** Said to news aggregators alone (`googlebot-news`). */
  newsOnly: boolean;
};

/** Whom rules may address and mean Sourcelink: everybody, Sourcelink itself, and news aggregators, of which it is one. */
const AGENTS = new Map([
  ['robots', false],
  ['sourcelink', false],
  ['googlebot-news', true],
]);
const WITH_VALUE = new Set(['max-snippet', 'max-image-preview', 'max-video-preview', 'unavailable_after']);
const PLAIN = new Set(
  'all follow index indexifembedded noai noarchive nocache nofollow noimageai noimageindex noindex none noodp nositelinkssearchbox nosnippet notranslate noydir'.split(
    ' ',
  ),
);
/** Those that say something of republishing. */
const TELLING = new Set(
  'noindex noarchive nocache nosnippet noimageindex noai noimageai max-snippet max-image-preview unavailable_after'.split(
    ' ',
  ),
);

/** Robots directives of `<meta>` elements and of the `X-Robots-Tag` header that concern Sourcelink. */
export function readRobots(document: Document, headers: Record<string, string>): Directive[] {
  const found: Directive[] = [];
  for (const element of Array.from(document.querySelectorAll('meta'))) {
    const agent = element.getAttribute('name')?.trim().toLowerCase() ?? '';
    const newsOnly = AGENTS.get(agent);
    if (newsOnly === undefined) continue;
    for (const d of parse(element.getAttribute('content') ?? '')) found.push({ ...d, from: `meta ${agent}`, newsOnly });
  }
  const header = headers['x-robots-tag'];
  if (header) found.push(...parseHeader(header));
  return found;
}

function parseHeader(header: string): Directive[] {
  // Several header lines arrive joined by commas; an agent's name holds for what follows, up to the next.
  const parts: { agent: string; rules: string[] }[] = [{ agent: 'robots', rules: [] }];
  for (const rule of header.split(/[,\n]/)) {
    const agent = /^\s*([\w.-]+)\s*:/.exec(rule)?.[1]?.toLowerCase();
    if (agent !== undefined && !WITH_VALUE.has(agent) && isRule(rule.slice(rule.indexOf(':') + 1))) {
      parts.push({ agent, rules: [rule.slice(rule.indexOf(':') + 1)] });
    } else parts.at(-1)?.rules.push(rule);
  }
  return parts.flatMap(({ agent, rules }) => {
    const newsOnly = AGENTS.get(agent);
    const from = agent === 'robots' ? 'header x-robots-tag' : `header x-robots-tag (${agent})`;
    return newsOnly === undefined ? [] : parse(rules.join(',')).map((d) => ({ ...d, from, newsOnly }));
  });
}

function isRule(text: string): boolean {
  const name = text.trim().split(':')[0]?.trim().toLowerCase() ?? '';
  return PLAIN.has(name) || WITH_VALUE.has(name);
}

function parse(content: string): Omit<Directive, 'from' | 'newsOnly'>[] {
  const found: Omit<Directive, 'from' | 'newsOnly'>[] = [];
  let date: Omit<Directive, 'from' | 'newsOnly'> | null = null;
  for (const part of content.slice(0, 2000).split(/[,;]/)) {
    const [head = '', ...rest] = part.trim().split(':');
    const name = head.trim().toLowerCase();
    const value = rest.join(':').trim();
    // A date may hold a comma: "25 Jun 2010 15:00:00 PST", but also "Fri, 25 Jun 2010 15:00:00 GMT".
    if (date !== null && !isRule(part) && part.trim() !== '') date.value = `${date.value}, ${part.trim()}`;
    if (name === 'none') found.push({ name: 'noindex', value: '' });
    else if (TELLING.has(name)) found.push({ name, value: WITH_VALUE.has(name) ? value.toLowerCase() : '' });
    if (isRule(part)) date = name === 'unavailable_after' ? (found.at(-1) ?? null) : null;
  }
  return found;
}
