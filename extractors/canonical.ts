import { getDomain } from 'tldts';

/**
 * The URL that identifies an article: what the page calls canonical when that is on the same site and no home page (a
 * template's usual mistake), else the page's own. Scheme and host are kept as the page gives them; what only counts
 * readers is taken out by crawlers/url.ts, which knows trackers.
 */
export function chooseCanonical(declared: string | null, pageUrl: string): { url: string; from: 'canonical' | 'URL' } {
  const own = withoutHash(pageUrl);
  const canonical = declared !== null && URL.canParse(declared, pageUrl) ? new URL(declared, pageUrl) : null;
  if (canonical === null || !/^https?:$/.test(canonical.protocol)) return { url: own, from: 'URL' };
  const page = new URL(pageUrl);
  const isHome = canonical.pathname === '/' && canonical.search === '' && page.pathname !== '/';
  if (isHome || siteOf(canonical) !== siteOf(page)) return { url: own, from: 'URL' };
  canonical.hash = '';
  return { url: canonical.href, from: 'canonical' };
}

/** The registrable domain (Public Suffix List, private suffixes included); the host and port where there is none. */
function siteOf(url: URL): string {
  return getDomain(url.hostname, { allowPrivateDomains: true }) ?? url.host;
}

function withoutHash(url: string): string {
  const clean = new URL(url);
  clean.hash = '';
  return clean.href;
}
