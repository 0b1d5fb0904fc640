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

/** A URL without trackers and fragment, as it is asked for and shown. What is no URL stays as it is. */
export function cleanUrl(url: string): string {
  const text = url.trim();
  let parsed: URL;
  try {
    // Feeds often escape once too often.
    parsed = new URL(text.replace(/&amp;/gi, '&'));
  } catch {
    return text;
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return text;
  parsed.hash = '';
  parsed.username = '';
  parsed.password = '';
  if (parsed.href.includes('?')) {
    // Piece by piece instead of through searchParams, which would re-encode what is kept.
    const kept = parsed.search
      .slice(1)
      .split('&')
      .filter((piece) => piece !== '' && !isTracker(parsed.hostname, ...pairOf(piece)));
    parsed.search = kept.join('&');
  }
  return parsed.href;
}

function pairOf(piece: string): [string, string] {
  const [[name, value] = ['', '']] = new URLSearchParams(piece);
  return [name, value];
}
