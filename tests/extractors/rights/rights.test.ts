import { describe, expect, it } from 'vitest';
import type { RightsLevel } from '../../../config/sources.js';
import { parseDocument } from '../../../extractors/dom/dom.js';
import { readRights } from '../../../extractors/rights/rights.js';

type Case = {
  head?: string;
  headers?: Record<string, string>;
  jsonLd?: Record<string, unknown>[];
  body?: string;
  republish?: RightsLevel;
  fullLicences?: string[];
  reservation?: { policy: string | null };
  level: RightsLevel;
  reason?: RegExp;
  noindex?: boolean;
  noImage?: boolean;
};

const robots = (content: string, name = 'robots') => `<meta name="${name}" content="${content}">`;
const tag = (value: string) => ({ 'x-robots-tag': value });
const article = (rest: Record<string, unknown>) => [{ '@type': 'NewsArticle', ...rest }];

const cases: Record<string, Case> = {
  'a page that says nothing': { level: 'full', reason: /operator allows the whole text/ },
  'an operator who allows the beginning': { republish: 'excerpt', level: 'excerpt', reason: /beginning/ },
  'an operator who allows a link': {
    republish: 'link',
    head: robots('noarchive'),
    level: 'link',
    reason: /only title and link/,
  },
  'index, follow': { head: robots('index, follow'), level: 'full' },
  'noindex, told apart': { head: robots('NoIndex,follow'), level: 'full', noindex: true },
  none: { head: robots('none'), level: 'full', noindex: true },
  noarchive: { head: robots('noarchive'), level: 'excerpt', reason: /meta robots says noarchive: no copy/ },
  nocache: { head: robots('nocache'), level: 'excerpt' },
  nosnippet: { head: robots('nosnippet'), level: 'link', reason: /no text of the page/ },
  'nosnippet though the operator allows an excerpt': {
    head: robots('nosnippet'),
    republish: 'excerpt',
    level: 'link',
    reason: /meta robots/,
  },
  'noarchive where the operator allows no more anyway': {
    head: robots('noarchive'),
    republish: 'excerpt',
    level: 'excerpt',
    reason: /operator/,
  },
  'max-snippet:0': { head: robots('max-snippet:0'), level: 'link' },
  'max-snippet: 160': {
    head: robots('max-snippet: 160, max-image-preview:large'),
    level: 'excerpt',
    reason: /at most 160 characters/,
  },
  'max-snippet:-1': {
    head: robots('index, max-snippet:-1, max-image-preview:large, max-video-preview:-1'),
    level: 'full',
  },
  'max-snippet without a number': { head: robots('max-snippet'), level: 'full' },
  'max-image-preview:none': { head: robots('max-image-preview:none'), level: 'full', noImage: true },
  noimageindex: { head: robots('noimageindex'), level: 'full', noImage: true },
  noai: { head: robots('noai, noimageai'), level: 'excerpt', reason: /artificial intelligence/ },
  'noimageai, noted': { head: robots('noimageai'), level: 'full' },
  'two metas, the stricter': { head: robots('noarchive') + robots('nosnippet'), level: 'link' },
  'rules for Sourcelink by name': { head: robots('nosnippet', 'Sourcelink'), level: 'link', reason: /meta sourcelink/ },
  'rules for another search engine': { head: robots('noindex, nosnippet', 'bingbot'), level: 'full', noindex: false },
  'rules for news aggregators': {
    head: robots('noindex', 'googlebot-news'),
    level: 'link',
    noindex: false,
    reason: /news aggregators/,
  },
  'the header': { headers: tag('noarchive'), level: 'excerpt', reason: /header x-robots-tag says noarchive/ },
  'the header, for another agent': { headers: tag('otherbot: noindex, nosnippet'), level: 'full', noindex: false },
  'the header, for several agents': {
    headers: tag('noindex, otherbot: nosnippet, sourcelink: noarchive'),
    level: 'excerpt',
    noindex: true,
  },
  'the header, with a value': { headers: tag('max-snippet:0'), level: 'link' },
  'an end that is over': {
    headers: tag('unavailable_after: Fri, 25 Jun 2010 15:00:00 GMT'),
    level: 'link',
    reason: /until then/,
  },
  'an end in a meta that is over': {
    head: robots('unavailable_after: 25-Aug-2011 15:00:00 EST, noarchive'),
    level: 'link',
  },
  'an end to come': { head: robots('unavailable_after: 2031-01-01'), level: 'full' },
  'a mining reservation in a header': {
    headers: { 'tdm-reservation': '1', 'tdm-policy': 'https://o.example/tdm.json' },
    level: 'excerpt',
    reason: /terms: https:\/\/o\.example\/tdm\.json/,
  },
  'a mining reservation in a meta': { head: '<meta name="tdm-reservation" content="1">', level: 'excerpt' },
  'a mining reservation of the host': {
    reservation: { policy: null },
    level: 'excerpt',
    reason: /tdmrep\.json says 1/,
  },
  'no mining reservation': { headers: { 'tdm-reservation': '0' }, level: 'full' },
  'a paywall in JSON-LD': { jsonLd: article({ isAccessibleForFree: false }), level: 'excerpt', reason: /subscribers/ },
  'a paywall in JSON-LD, as text': {
    jsonLd: article({ '@type': ['Thing', 'Article'], isAccessibleForFree: 'False' }),
    level: 'excerpt',
  },
  'a free article in JSON-LD': { jsonLd: article({ isAccessibleForFree: true }), level: 'full' },
  'a paid product in JSON-LD': { jsonLd: [{ '@type': 'Product', isAccessibleForFree: false }], level: 'full' },
  'a locked tier': { head: '<meta property="article:content_tier" content="locked">', level: 'excerpt' },
  'a metered tier': {
    head: '<meta property="article:content_tier" content="Metered">',
    level: 'excerpt',
    reason: /number of times/,
  },
  'a free tier': { head: '<meta property="article:content_tier" content="free">', level: 'full' },
  'an open licence, which raises nothing': {
    head: '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">',
    republish: 'excerpt',
    level: 'excerpt',
    reason: /operator/,
  },
  'a licence that the operator named': {
    head: '<link rel="license" href="http://creativecommons.org/licenses/by/4.0/deed.de">',
    fullLicences: ['https://creativecommons.org/licenses/by/4.0/'],
    republish: 'excerpt',
    level: 'full',
    reason: /under the licence http/,
  },
  'a named licence, and a page that says otherwise': {
    head: `<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">${robots('nosnippet')}`,
    fullLicences: ['https://creativecommons.org/licenses/by/4.0/'],
    republish: 'excerpt',
    level: 'link',
    reason: /nosnippet/,
  },
  'a named licence of an article in JSON-LD': {
    jsonLd: article({ license: 'https://creativecommons.org/licenses/by-sa/4.0/' }),
    fullLicences: ['https://creativecommons.org/licenses/by-sa/'],
    republish: 'link',
    level: 'full',
  },
  'a named licence of a picture': {
    jsonLd: [{ '@type': 'ImageObject', license: 'https://creativecommons.org/licenses/by/4.0/' }],
    body: '<figure><a rel="license" href="https://creativecommons.org/licenses/by/4.0/">CC</a></figure>',
    fullLicences: ['https://creativecommons.org/licenses/by/4.0/'],
    republish: 'excerpt',
    level: 'excerpt',
  },
  'another licence than the named one': {
    head: '<link rel="license" href="https://creativecommons.org/licenses/by-nc/4.0/">',
    fullLicences: ['https://creativecommons.org/licenses/by/'],
    republish: 'excerpt',
    level: 'excerpt',
  },
};

describe('rights', () => {
  it.each(Object.entries(cases))('are read from %s', (_, { head = '', headers = {}, jsonLd = [], ...expected }) => {
    const document = parseDocument(`<html><head>${head}</head><body><p>x</p>${expected.body ?? ''}</body></html>`);
    const { republish = 'full', fullLicences = [], reservation = null } = expected;
    const more = { republish, fullLicences, reservation, fetchedAt: '2026-03-01T00:00:00Z' };
    const read = readRights({ document, headers, jsonLd, ...more });
    expect(read.rights.level).toBe(expected.level);
    if (expected.reason) expect(read.rights.reason).toMatch(expected.reason);
    expect(read.noindex).toBe(expected.noindex ?? false);
    expect(read.noImage).toBe(expected.noImage ?? false);
  });

  it('keep the least length and the earliest end that are named', () => {
    const head = robots('max-snippet:160, unavailable_after: 2031-01-01') + robots('max-snippet:90', 'sourcelink');
    const read = readRights({
      document: parseDocument(`<head>${head}</head>`),
      headers: {},
      jsonLd: [],
      republish: 'excerpt',
      fetchedAt: '2026-03-01T00:00:00Z',
    });
    expect(read.rights).toMatchObject({ maxCharacters: 90, until: '2031-01-01T00:00:00.000Z' });
    expect(read.rights.reason).toMatch(/operator allows the beginning.* at most 90 characters/);
  });

  it('list all signals, also those that decide nothing', () => {
    const document = parseDocument('<head><meta name="robots" content="noai, noarchive, nosnippet"></head>');
    const { rights } = readRights({
      document,
      headers: {},
      jsonLd: [],
      republish: 'full',
      fetchedAt: '2026-03-01T00:00:00Z',
    });
    expect(rights.signals.map((s) => `${s.name} ${s.value}`)).toEqual([
      'meta robots noai',
      'meta robots noarchive',
      'meta robots nosnippet',
    ]);
  });
});
