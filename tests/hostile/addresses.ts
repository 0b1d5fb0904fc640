import { fakeResolver, PRIVATE_NAMES, SPELLINGS, type Target } from '../crawlers/net/private-targets.js';
import {
  articlePage,
  escapeXml,
  FEED,
  html,
  type Input,
  itemOf,
  type Outlet,
  type Place,
  rss,
  STORY,
  xml,
} from './input.js';

/** Names of the corpus's own outlets; all others are looked up in vain or lead to places that are nobody's business. */
export const OUTLETS = /^i\d+\.outlet\.example$/;

/** A name server without a network. */
export function resolver(): ReturnType<typeof fakeResolver> {
  const fake = fakeResolver('');
  const resolve = async (name: string) => (OUTLETS.test(name) ? [{ address: '127.0.0.1', family: 4 }] : fake(name));
  return Object.assign(resolve, { looks: fake.looks });
}

const STATUSES = [301, 302, 303, 307, 308];
/** As bytes, without the line ends that would end a header. */
const inHeader = (url: string) => Buffer.from(url.replace(/[\t\n]/g, '')).toString('latin1');
const to = (url: string, status = 302) => ({ status, headers: { location: inHeader(url) } });
/** Two entries: the private one, and one that must come through beside it. */
const listed = (place: Place, url: string) => xml(rss(place, [itemOf(place, url), itemOf(place, STORY)]));

/** The ways by which an outlet sends a crawler somewhere. */
const WAYS: ((place: Place, url: string, index: number) => Outlet)[] = [
  (p, url) => ({ feeds: [FEED], pages: { [FEED]: listed(p, url), [STORY]: html(articlePage(p)) } }),
  (p, url, i) => ({
    feeds: [FEED],
    pages: { [FEED]: listed(p, '/go'), [STORY]: html(articlePage(p)), '/go': to(url, STATUSES[i % 5]) },
  }),
  (p, url, i) => ({ feeds: [FEED], pages: { [FEED]: to(url, STATUSES[i % 5]) }, other: html(articlePage(p)) }),
  (p, url) => ({
    sitemaps: ['/sitemap.xml'],
    pages: {
      '/sitemap.xml': `<sitemapindex><sitemap><loc>${escapeXml(url)}</loc></sitemap><sitemap><loc>${p.origin}/go</loc></sitemap></sitemapindex>`,
      '/go': to(url),
    },
  }),
  (p, url) => ({
    pages: {
      '/': html(
        `<head><link rel="alternate" type="application/rss+xml" href="${escapeXml(url)}"></head><a href="${escapeXml(url)}">RSS feed</a>`,
      ),
      '/robots.txt': `User-agent: *\nSitemap: ${url.replace(/[\t\n]/g, '')}\nAllow: /`,
      '/feed': to(url),
      '/feed.xml': listed(p, STORY),
      [STORY]: html(articlePage(p)),
    },
  }),
  (p, url) => ({
    feeds: [FEED],
    pages: {
      [FEED]: listed(p, STORY),
      [STORY]: html(articlePage(p)),
      '/robots.txt': to(url),
      '/.well-known/tdmrep.json': to(url),
    },
  }),
];

const one = ({ name, url }: Target, index: number): Input => ({
  kind: 'addresses',
  name,
  visit: (place) => {
    const way = WAYS[index % WAYS.length] ?? WAYS[0];
    return way ? way(place, url.replace('PORT', String(place.trapPort)), index) : { pages: {} };
  },
});

export const addresses: Input[] = [...SPELLINGS, ...PRIVATE_NAMES].map(one);
