import { TidyURL } from 'tidy-url';
import { getDomain } from 'tldts';

// Which page a URL leads to is for the crawler to find out; here it only loses what counts readers.
TidyURL.config.setMany({ silent: true, allowRedirects: false, allowAMP: true });

/**
 * The URL that identifies an article: what the page calls canonical when that is on the same site and no home page (a
 * template's usual mistake), else the page's own without trackers. Scheme and host are kept as the page gives them.
 */
export function chooseCanonical(declared: string | null, pageUrl: string): { url: string; from: 'canonical' | 'URL' } {
  const own = withoutTrackers(pageUrl);
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

function withoutTrackers(url: string): string {
  const clean = new URL(TidyURL.clean(url).url);
  clean.hash = '';
  return clean.href;
}
