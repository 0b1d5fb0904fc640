import type { RightsLevel } from '../config/sources.js';
import type { Rights } from './extract.js';

/** Our product token in robots directives. */
const AGENT = 'sourcelink';
const ORDER: RightsLevel[] = ['link', 'excerpt', 'full'];

type Signal = Rights['signals'][number] & { level: RightsLevel };

/** What limits reuse of a page: the operator's word, and each signal of the page itself; the lowest decides. */
export function readRights(
  document: Document,
  page: { headers: Record<string, string>; jsonLd: Record<string, unknown>[]; republish: RightsLevel; source: string },
): { rights: Rights; noindex: boolean } {
  const robots = [...robotsMetas(document), ...robotsHeaders(page.headers['x-robots-tag'])];
  const signals = [
    ...robots.flatMap(readDirective),
    ...tdmSignals(document, page.headers),
    ...accessSignals(document, page.jsonLd),
    ...licenceSignals(document, page.jsonLd),
  ];
  const lowest = signals.reduce<Signal | null>((low, s) => (low && rank(low.level) <= rank(s.level) ? low : s), null);
  const decides = lowest !== null && rank(lowest.level) < rank(page.republish) ? lowest : null;
  return {
    rights: {
      level: decides?.level ?? page.republish,
      reason: decides
        ? `${decides.name} of the page: ${decides.says}`
        : `republish: ${page.republish} of source ${page.source}`,
      signals: signals.map(({ name, value, says }) => ({ name, value, says })),
    },
    noindex: robots.some(({ value }) => /^(?:noindex|none)$/.test(value)),
  };
}

const rank = (level: RightsLevel): number => ORDER.indexOf(level);

type Directive = { name: string; value: string };

function robotsMetas(document: Document): Directive[] {
  return Array.from(document.getElementsByTagName('meta')).flatMap((meta) => {
    const name = meta.getAttribute('name')?.trim().toLowerCase();
    if (name !== 'robots' && name !== AGENT) return [];
    return split(meta.getAttribute('content') ?? '').map((value) => ({ name: `meta ${name}`, value }));
  });
}

/** `noarchive, otherbot: nosnippet, sourcelink: noindex`: a directive after an agent's name is for that agent alone. */
function robotsHeaders(header: string | undefined): Directive[] {
  let agent: string | null = null;
  const found: Directive[] = [];
  for (const part of split(header ?? '')) {
    const named = /^([a-z][\w-]*)\s*:\s*(.*)$/.exec(part);
    // `max-snippet: 20` and `unavailable_after: …` are directives with a value, not an agent's name.
    const isAgent =
      named !== null && !/^(?:max-(?:snippet|image-preview|video-preview)|unavailable_after)$/.test(named[1] ?? '');
    if (isAgent) agent = named[1] ?? null;
    const value = isAgent ? (named[2] ?? '') : part;
    if (value !== '' && (agent === null || agent === AGENT)) found.push({ name: 'X-Robots-Tag', value });
  }
  return found;
}

const split = (text: string): string[] =>
  text
    .toLowerCase()
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Directives as Google and Bing document them, and `noai` as DeviantArt introduced it. */
function readDirective({ name, value }: Directive): Signal[] {
  const signal = (level: RightsLevel, says: string): Signal[] => [{ name, value, level, says }];
  const snippet = /^max-snippet\s*:\s*(-?\d+)$/.exec(value);
  if (snippet) {
    const most = Number(snippet[1]);
    if (most < 0) return [];
    if (most === 0) return signal('link', 'no text of the page may be shown');
    return signal('excerpt', `at most ${most} characters of the page may be shown`);
  }
  switch (value) {
    case 'nosnippet':
      return signal('link', 'no text of the page may be shown');
    case 'noarchive':
    case 'nocache':
      return signal('excerpt', 'no copy of the page may be kept for readers');
    case 'none':
      return signal('excerpt', 'the page is not to be listed');
    case 'noindex':
      return signal('full', 'search engines are not to list the page; ours is marked the same');
    case 'noai':
    case 'noimageai':
      return signal('full', 'not to be used for training models, which we do not do');
    default:
      return [];
  }
}

/** TDM Reservation Protocol (W3C community group report, 2024): header and meta; the well-known file is the crawler's. */
function tdmSignals(document: Document, headers: Record<string, string>): Signal[] {
  const meta = (name: string): string | undefined =>
    document.querySelector(`meta[name="${name}"]`)?.getAttribute('content')?.trim();
  const sources = [
    { name: 'tdm-reservation header', value: headers['tdm-reservation'], policy: headers['tdm-policy'] },
    { name: 'tdm-reservation meta', value: meta('tdm-reservation'), policy: meta('tdm-policy') },
  ];
  return sources.flatMap(({ name, value, policy }): Signal[] => {
    if (value?.trim() !== '1') return [];
    const says = `text and data mining is reserved${policy ? `, see ${policy}` : ''}`;
    return [{ name, value: '1', level: 'excerpt', says }];
  });
}

/** Paywalled content, by schema.org (https://schema.org/isAccessibleForFree) and the Open Graph habit of publishers. */
function accessSignals(document: Document, jsonLd: Record<string, unknown>[]): Signal[] {
  const locked = jsonLd.some(
    (o) =>
      /Article|NewsArticle|Posting|Report|WebPage|CreativeWork/.test(String(o['@type'])) &&
      isFalse(o['isAccessibleForFree']),
  );
  const microdata = document.querySelector('[itemprop="isAccessibleForFree"]');
  const says = 'the article is behind a paywall';
  const signals: Signal[] = [];
  if (locked) signals.push({ name: 'isAccessibleForFree', value: 'false', level: 'excerpt', says });
  else if (
    microdata &&
    isFalse(microdata.getAttribute('content') ?? microdata.getAttribute('href') ?? microdata.textContent)
  )
    signals.push({ name: 'isAccessibleForFree', value: 'false', level: 'excerpt', says });
  const tier = document
    .querySelector('meta[property="article:content_tier"]')
    ?.getAttribute('content')
    ?.trim()
    .toLowerCase();
  if (tier === 'locked' || tier === 'metered')
    signals.push({ name: 'article:content_tier', value: tier, level: 'excerpt', says });
  return signals;
}

const isFalse = (value: unknown): boolean =>
  value === false || /^(?:https?:\/\/schema\.org\/)?(?:false|no|0)$/i.test(String(value ?? '').trim());

/** A licence is told, never taken for more than the operator allows. */
function licenceSignals(document: Document, jsonLd: Record<string, unknown>[]): Signal[] {
  const links = Array.from(document.querySelectorAll('[rel~="license"]'), (e) => e.getAttribute('href') ?? '');
  const stated = jsonLd.map((o) => (typeof o['license'] === 'string' ? o['license'] : ''));
  const licences = new Set([...links, ...stated].map((l) => l.trim()).filter((l) => /^https?:\/\//.test(l)));
  return [...licences]
    .slice(0, 3)
    .map((value) => ({ name: 'licence', value, level: 'full', says: 'the page names this licence' }));
}
