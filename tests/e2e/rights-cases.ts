import type { RightsLevel } from '../../config/sources.js';

/** One page of an invented outlet, what it says of its rights, and what is to be published of it. */
export type RightsCase = {
  says: string;
  operator: RightsLevel;
  head?: string;
  headers?: Record<string, string>;
  jsonLd?: Record<string, unknown>;
  /** Below the text. */
  foot?: string;
  /** In the path, so that rules of the whole host can name it. */
  folder?: string;
  level: RightsLevel;
  reason: RegExp;
  noindex?: boolean;
  /** Without a picture, though the level would allow one. */
  noImage?: boolean;
  /** Most characters of the excerpt. */
  atMost?: number;
};

const robots = (content: string, agent = 'robots') => `<meta name="${agent}" content="${content}">`;
const header = (value: string) => ({ 'x-robots-tag': value });
const BY = 'https://creativecommons.org/licenses/by/4.0/';
const licence = (url: string) => `<link rel="license" href="${url}">`;

const OPERATOR = /^The operator/;

export const RIGHTS_CASES: RightsCase[] = [
  { says: 'nothing', operator: 'full', level: 'full', reason: OPERATOR },
  { says: 'nothing', operator: 'excerpt', level: 'excerpt', reason: OPERATOR },
  { says: 'nothing', operator: 'link', level: 'link', reason: OPERATOR },
  ...(['full', 'excerpt', 'link'] as const).map((operator): RightsCase => {
    const level = operator === 'full' ? 'excerpt' : operator;
    const reason = operator === 'full' ? /noarchive: no copy/ : OPERATOR;
    return { says: 'meta robots noarchive', head: robots('noarchive'), operator, level, reason };
  }),
  ...(['full', 'excerpt', 'link'] as const).map((operator): RightsCase => {
    const reason = operator === 'link' ? OPERATOR : /nosnippet: no text/;
    return { says: 'meta robots nosnippet', head: robots('nosnippet'), operator, level: 'link', reason };
  }),
  {
    says: 'meta robots noindex',
    head: robots('noindex'),
    operator: 'excerpt',
    level: 'excerpt',
    reason: OPERATOR,
    noindex: true,
  },
  {
    says: 'meta robots none',
    head: robots('none'),
    operator: 'full',
    level: 'full',
    reason: OPERATOR,
    noindex: true,
  },
  {
    says: 'meta robots index, follow',
    head: robots('index, follow'),
    operator: 'full',
    level: 'full',
    reason: OPERATOR,
  },
  {
    says: 'meta robots max-snippet:0',
    head: robots('max-snippet:0'),
    operator: 'full',
    level: 'link',
    reason: /max-snippet:0: no text/,
  },
  {
    says: 'meta robots max-snippet:160',
    head: robots('max-snippet:160'),
    operator: 'full',
    level: 'excerpt',
    reason: /at most 160 characters/,
    atMost: 160,
  },
  {
    says: 'meta robots max-snippet:40',
    head: robots('max-snippet:40'),
    operator: 'excerpt',
    level: 'excerpt',
    reason: /operator.* at most 40 characters/,
    atMost: 40,
  },
  {
    says: 'meta robots max-snippet:-1',
    head: robots('max-snippet:-1, max-image-preview:large'),
    operator: 'full',
    level: 'full',
    reason: OPERATOR,
  },
  {
    says: 'meta robots noimageindex',
    head: robots('noimageindex'),
    operator: 'full',
    level: 'full',
    reason: OPERATOR,
    noImage: true,
  },
  {
    says: 'meta robots max-image-preview:none',
    head: robots('max-image-preview:none'),
    operator: 'excerpt',
    level: 'excerpt',
    reason: OPERATOR,
    noImage: true,
  },
  { says: 'meta robots noai', head: robots('noai, noimageai'), operator: 'full', level: 'excerpt', reason: /noai/ },
  {
    says: 'meta sourcelink nosnippet',
    head: robots('nosnippet', 'sourcelink'),
    operator: 'full',
    level: 'link',
    reason: /meta sourcelink says nosnippet/,
  },
  {
    says: 'meta googlebot-news noindex',
    head: robots('noindex', 'googlebot-news'),
    operator: 'full',
    level: 'link',
    reason: /news aggregators/,
  },
  {
    says: 'meta bingbot nosnippet',
    head: robots('nosnippet', 'bingbot'),
    operator: 'full',
    level: 'full',
    reason: OPERATOR,
  },
  {
    says: 'X-Robots-Tag: noarchive',
    headers: header('noarchive'),
    operator: 'full',
    level: 'excerpt',
    reason: /header x-robots-tag says noarchive/,
  },
  {
    says: 'X-Robots-Tag: otherbot: nosnippet',
    headers: header('otherbot: nosnippet'),
    operator: 'full',
    level: 'full',
    reason: OPERATOR,
  },
  {
    says: 'X-Robots-Tag: sourcelink: nosnippet',
    headers: header('otherbot: noindex, sourcelink: nosnippet'),
    operator: 'excerpt',
    level: 'link',
    reason: /nosnippet/,
  },
  {
    says: 'X-Robots-Tag: max-snippet:80',
    headers: header('max-snippet:80'),
    operator: 'full',
    level: 'excerpt',
    reason: /at most 80/,
    atMost: 80,
  },
  {
    says: 'X-Robots-Tag: unavailable_after, over',
    operator: 'full',
    level: 'link',
    reason: /only until then/,
    headers: header('unavailable_after: Fri, 25 Jun 2010 15:00:00 GMT'),
  },
  {
    says: 'meta robots unavailable_after, to come',
    operator: 'full',
    level: 'full',
    reason: OPERATOR,
    head: robots('unavailable_after: 2099-01-01'),
  },
  {
    says: 'noarchive in the page, nosnippet in the header',
    head: robots('noarchive'),
    headers: header('nosnippet'),
    operator: 'full',
    level: 'link',
    reason: /header x-robots-tag says nosnippet/,
  },
  {
    says: 'header TDM-Reservation: 1',
    headers: { 'tdm-reservation': '1' },
    operator: 'full',
    level: 'excerpt',
    reason: /header tdm-reservation says 1/,
  },
  {
    says: 'header TDM-Reservation: 0',
    headers: { 'tdm-reservation': '0' },
    operator: 'full',
    level: 'full',
    reason: OPERATOR,
  },
  {
    says: 'meta tdm-reservation 1',
    head: '<meta name="tdm-reservation" content="1">',
    operator: 'full',
    level: 'excerpt',
    reason: /meta tdm-reservation says 1/,
  },
  {
    says: 'tdmrep.json reserves the folder',
    folder: 'reserved',
    operator: 'full',
    level: 'excerpt',
    reason: /tdmrep\.json says 1.*terms: https:\/\/rights\.example\/tdm/,
  },
  {
    says: 'tdmrep.json reserves all but this folder',
    folder: 'reserved/open',
    operator: 'full',
    level: 'full',
    reason: OPERATOR,
  },
  {
    says: 'JSON-LD isAccessibleForFree false',
    jsonLd: { isAccessibleForFree: false },
    operator: 'full',
    level: 'excerpt',
    reason: /subscribers/,
  },
  {
    says: 'JSON-LD isAccessibleForFree true',
    jsonLd: { isAccessibleForFree: true },
    operator: 'full',
    level: 'full',
    reason: OPERATOR,
  },
  {
    says: 'meta article:content_tier metered',
    operator: 'full',
    level: 'excerpt',
    reason: /number of times/,
    head: '<meta property="article:content_tier" content="metered">',
  },
  {
    says: 'a named licence: CC BY',
    head: licence(BY),
    operator: 'excerpt',
    level: 'full',
    reason: /under the licence https:\/\/creativecommons/,
  },
  {
    says: 'a named licence: CC BY, in JSON-LD',
    jsonLd: { license: BY },
    operator: 'link',
    level: 'full',
    reason: /under the licence/,
  },
  {
    says: 'a named licence, and noarchive',
    head: licence(BY) + robots('noarchive'),
    operator: 'excerpt',
    level: 'excerpt',
    reason: /noarchive/,
  },
  {
    says: 'a licence that is not named: CC BY-NC',
    operator: 'excerpt',
    level: 'excerpt',
    reason: OPERATOR,
    head: licence('https://creativecommons.org/licenses/by-nc/4.0/'),
  },
  {
    says: 'a named licence of a picture alone',
    operator: 'excerpt',
    level: 'excerpt',
    reason: OPERATOR,
    foot: `<figure><figcaption><a rel="license" href="${BY}">CC BY</a></figcaption></figure>`,
  },
];

export const NAMED_LICENCES = [BY];

/** The whole host: one folder is reserved, but not all of it. */
export const TDMREP = [
  { location: '/reserved/open/*', 'tdm-reservation': 0 },
  { location: '/reserved/', 'tdm-reservation': 1, 'tdm-policy': 'https://rights.example/tdm' },
];
