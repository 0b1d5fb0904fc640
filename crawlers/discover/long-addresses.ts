import { SourcelinkError } from '../../config/errors.js';
import { MAX_URL_CHARACTERS } from '../../text/address.js';
import type { Found } from './endpoint.js';

/** What was read from an endpoint: articles, other sitemaps, and what is wrong. */
type Listed = {
  found?: Found[];
  children?: { url: string; lastModified: string | null }[];
  problems?: { url: string; error: SourcelinkError }[];
};

/** Leaves out what has an address that neither ledger nor servers take, and says so. */
export function withoutLong<R extends Listed>(url: string, read: R): R {
  const isShort = (one: { url: string }) => one.url.length <= MAX_URL_CHARACTERS;
  const { found = [], children = [], problems = [] } = read;
  const [short, few] = [found.filter(isShort), children.filter(isShort)];
  const dropped = found.length + children.length - short.length - few.length;
  if (dropped === 0) return read;
  const message = `${url} lists ${dropped} addresses of more than ${MAX_URL_CHARACTERS} characters, which are left out`;
  const hint = 'Tell the publisher; whatever else it lists is read.';
  const error = new SourcelinkError('DISCOVER_TRUNCATED', message, { hint });
  return { ...read, found: short, children: few, problems: [...problems, { url, error }] };
}
