import type { RightsLevel } from '../../config/sources.js';
import { lexicon } from '../../text/lexicon.js';
import type { PageInput, Rights } from '../article.js';
import { readLicences, sufficient } from './licence.js';
import { type Directive, readRobots } from './robots-directives.js';

export type RightsInput = {
  document: Document;
  /** Lower-case names. */
  headers: Record<string, string>;
  jsonLd: Record<string, unknown>[];
  /** The most that the operator allows for the source. */
  republish: RightsLevel;
  /** Licences that the operator names as enough for `full`, by the beginning of their address. */
  fullLicences?: string[];
  reservation?: PageInput['reservation'];
  /** ISO 8601; the moment that `unavailable_after` is held against. */
  fetchedAt: string;
};

type Signal = Rights['signals'][number] & { level: RightsLevel; maxCharacters?: number; until?: string };

const ORDER: RightsLevel[] = ['full', 'excerpt', 'link'];

/**
 * What may be republished: the least that the operator and each of the page's signals allow. Signals never raise it; only
 * a licence does that the operator named as enough. `noindex` and `noImage` are told apart, as they say nothing of the text.
 */
export function readRights(input: RightsInput): { rights: Rights; noindex: boolean; noImage: boolean } {
  const directives = readRobots(input.document, input.headers);
  const robots = directives.map((d) => robotsSignal(d, input.fetchedAt));
  const licences = readLicences(input.document, input.jsonLd);
  const signals = [...robots, ...reservation(input), ...paywall(input), ...licences.map(licence)];
  const lowest = signals.reduce<Signal | null>(
    (low, s) => (low === null || rank(s.level) > rank(low.level) ? s : low),
    null,
  );
  const enough = input.republish === 'full' ? null : sufficient(licences, input.fullLicences ?? []);
  const allowed = enough ? 'full' : input.republish;
  const byPage = lowest !== null && rank(lowest.level) > rank(allowed);
  const lengths = signals.flatMap((s) => s.maxCharacters ?? []);
  const maxCharacters = lengths.length > 0 ? Math.min(...lengths) : null;
  const level = byPage ? lowest.level : allowed;
  const operator = enough ? `The operator allows the whole text under the licence ${enough.url}.` : OPERATOR[allowed];
  const length =
    maxCharacters === null || level !== 'excerpt' || (byPage && lowest.maxCharacters === maxCharacters)
      ? ''
      : ` The page allows at most ${maxCharacters} characters of it.`;
  return {
    rights: {
      level,
      reason: byPage
        ? `${lowest.name} says ${lowest.value}: ${lowest.says}${length && `.${length}`}`
        : `${operator}${length}`,
      signals: signals.map(({ name, value, says }) => ({ name, value, says })),
      maxCharacters,
      until: signals.map((s) => s.until ?? null).reduce((a, b) => (a === null || (b !== null && b < a) ? b : a), null),
    },
    noindex: directives.some((d) => d.name === 'noindex' && !d.newsOnly),
    noImage: directives.some(
      (d) => d.name === 'noimageindex' || (d.name === 'max-image-preview' && d.value === 'none'),
    ),
  };
}

const OPERATOR: Record<RightsLevel, string> = {
  full: 'The operator allows the whole text of this source, and the page says nothing against it.',
  excerpt: 'The operator allows the beginning of the text of this source.',
  link: 'The operator allows only title and link of this source.',
};

function rank(level: RightsLevel): number {
  return ORDER.indexOf(level);
}

/** What each robots directive means for somebody who shows the text elsewhere. */
const ROBOTS = lexicon<[RightsLevel, string]>({
  noindex: ['full', 'search engines are asked not to list the page'],
  noarchive: ['excerpt', 'no copy of the page may be kept for readers'],
  nocache: ['excerpt', 'no copy of the page may be kept for readers'],
  nosnippet: ['link', 'no text of the page may be shown'],
  noimageindex: ['full', 'its images may not be shown'],
  // Sourcelink sorts and compares texts by machine, and what it hands on loses the mark: as with a mining reservation.
  noai: ['excerpt', 'use of the text by artificial intelligence is not wanted'],
  noimageai: ['full', 'its images may not train image models'],
});

function robotsSignal({ from, name, value, newsOnly }: Directive, fetchedAt: string): Signal {
  const signal = (level: RightsLevel, says: string): Signal => ({
    name: from,
    value: value ? `${name}:${value}` : name,
    level,
    says,
  });
  if (name === 'max-snippet') {
    const most = value === '' ? Number.NaN : Number(value);
    if (most === 0) return signal('link', 'no text of the page may be shown');
    return most > 0
      ? { ...signal('excerpt', `at most ${most} characters of its text may be shown`), maxCharacters: most }
      : signal('full', 'any length of text may be shown');
  }
  if (name === 'max-image-preview') {
    return signal('full', value === 'none' ? 'its images may not be shown' : `its images may be shown (${value})`);
  }
  if (name === 'unavailable_after') {
    const end = Date.parse(value);
    if (end < Date.parse(fetchedAt)) return signal('link', 'the page was to be shown only until then');
    const kept = signal('full', 'the page may be shown until then');
    return Number.isNaN(end) ? kept : { ...kept, until: new Date(end).toISOString() };
  }
  if (name === 'noindex' && newsOnly) return signal('link', 'news aggregators are asked not to carry it');
  const [level, says] = ROBOTS[name] ?? ['full', 'noted'];
  return signal(level, says);
}

/** TDM Reservation Protocol (W3C community report): text and data mining is reserved. The strictest place decides. */
function reservation({ document, headers, reservation: file }: RightsInput): Signal[] {
  const places = [
    ['header tdm-reservation', headers['tdm-reservation'], headers['tdm-policy']],
    ['meta tdm-reservation', meta(document, 'tdm-reservation'), meta(document, 'tdm-policy')],
    ['tdmrep.json', file ? '1' : null, file?.policy],
  ] as const;
  return places.flatMap(([name, value, policy]) => {
    if (value?.trim() !== '1') return [];
    const terms = policy?.trim();
    return [
      {
        name,
        value: '1',
        level: 'excerpt' as const,
        says: `use of the text by machines is reserved${terms ? `; terms: ${terms}` : ''}`,
      },
    ];
  });
}

const ARTICLE_TYPE = /(?:Article|BlogPosting|Report|WebPage|CreativeWork|Review)$/;

function paywall({ document, jsonLd }: RightsInput): Signal[] {
  const closed = jsonLd.some((node) => {
    const types = [node['@type']].flat().map(String);
    return types.some((t) => ARTICLE_TYPE.test(t)) && /^false$/i.test(String(node['isAccessibleForFree']));
  });
  const tier = meta(document, 'article:content_tier')?.trim().toLowerCase();
  return [
    ...(closed
      ? [
          {
            name: 'JSON-LD isAccessibleForFree',
            value: 'false',
            level: 'excerpt' as const,
            says: 'the text is for subscribers',
          },
        ]
      : []),
    ...(tier === 'locked' || tier === 'metered'
      ? [
          {
            name: 'meta article:content_tier',
            value: tier,
            level: 'excerpt' as const,
            says: tier === 'locked' ? 'the text is for subscribers' : 'the text is free only a number of times',
          },
        ]
      : []),
  ];
}

/** An open licence lowers nothing; whether it raises is for the operator to say. */
function licence({ name, url }: { name: string; url: string }): Signal {
  return { name, value: url.slice(0, 300), level: 'full', says: 'licence of the page or a part of it' };
}

function meta(document: Document, name: string): string | null {
  for (const element of Array.from(document.querySelectorAll('meta'))) {
    const key = element.getAttribute('name') ?? element.getAttribute('property');
    if (key?.trim().toLowerCase() === name) return element.getAttribute('content');
  }
  return null;
}
