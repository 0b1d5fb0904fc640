import { getDomain } from 'tldts';

/** Parameters that count readers on any site; those of single outlets the crawler has taken out already. */
const COUNTING =
  /^(?:utm_\w+|at_(?:medium|campaign|link_\w+|custom\d|format|ptr_name|bbc_team)|fbclid|gclid|dclid|ttclid|twclid|msclkid|yclid|gbraid|wbraid|igshid|igsh|mc_[ce]id|_hs(?:enc|mi)|mkt_tok|vero_\w+|ref_(?:src|url)|cmpid|ocid|ncid|s_cid|wt\.mc_id|guc\w+|xtor|soc_(?:src|trk)|__twitter_impression|usqp|amp_js_v)$/i;

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

function withoutTrackers(address: string): string {
  const url = new URL(address);
  url.hash = '';
  // Piece by piece, as searchParams would write what is kept anew.
  const kept = url.search
    .slice(1)
    .split('&')
    .filter((piece) => piece !== '' && !COUNTING.test(piece.split('=')[0] ?? ''));
  url.search = kept.join('&');
  return url.href;
}
