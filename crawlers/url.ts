import normalizeUrl from 'normalize-url';
import { isTracker } from './trackers.js';

/**
 * The key by which two spellings of one article's URL are the same: scheme, www, trailing slash, trackers and order of
 * parameters do not matter. What is no URL is its own key.
 */
export function urlKey(url: string): string {
  const clean = cleanUrl(url);
  try {
    return normalizeUrl(clean, {
      stripProtocol: true,
      stripWWW: true,
      stripHash: true,
      sortQueryParameters: true,
      removeQueryParameters: false,
      removeTrailingSlash: true,
      removeSingleSlash: true,
    });
  } catch {
    return clean;
  }
}

/** A URL without trackers and fragment, as it identifies an article and is shown. What is no URL stays as it is. */
export function cleanUrl(url: string): string {
  const parsed = parse(url);
  if (parsed === null) return url.trim();
  if (parsed.href.includes('?')) {
    // Piece by piece instead of through searchParams, which would re-encode what is kept.
    const kept = parsed.search
      .slice(1)
      .split('&')
      .filter((piece) => piece !== '' && !isTracker(parsed.hostname, ...pairOf(piece)));
    // With its mark, as the first one of what is set is taken for that.
    parsed.search = kept.length === 0 ? '' : `?${kept.join('&')}`;
  }
  return parsed.href;
}

/** A URL as it was listed, which is what is asked for: some hosts know a page only with the parameters they listed. */
export function listedUrl(url: string): string {
  return parse(url)?.href ?? url.trim();
}

/** Without fragment and credentials; null for what is no web address. */
function parse(url: string): URL | null {
  let parsed: URL;
  try {
    // Feeds often escape once too often.
    parsed = new URL(url.trim().replace(/&amp;/gi, '&'));
  } catch {
    return null;
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return null;
  parsed.hash = '';
  parsed.username = '';
  parsed.password = '';
  return parsed;
}

function pairOf(piece: string): [string, string] {
  const [[name, value] = ['', '']] = new URLSearchParams(piece);
  return [name, value];
}
