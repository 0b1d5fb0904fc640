import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { SourcelinkError } from '../../config/errors.js';
import { MAX_URL_CHARACTERS } from '../../text/address.js';
import { isAddress, isPrivateName, isPublicAddress } from './addresses.js';

/** All addresses of a name, as the operating system gives them. */
export type Resolver = (hostname: string) => Promise<{ address: string; family: number }[]>;

/** Keeps requests out of private networks: by URL before anything is sent, by address when a connection is made. */
export type Guard = {
  /**
   * A URL that may be asked for, without credentials and fragment.
   * @throws SourcelinkError `FETCH_BAD_URL`, `FETCH_BLOCKED_ADDRESS`
   */
  check(url: string | URL, options?: { proxied?: boolean }): URL;
  /** `net.connect`'s lookup that answers with public addresses only; anything for the hosts the operator allowed. */
  lookupFor(hostname: string, port: number): LookupFunction;
  /** For undici: connects to public addresses only, and looks a name up once, so that DNS rebinding finds no gap. */
  connector(options: buildConnector.BuildOptions): buildConnector.connector;
};

const systemResolver: Resolver = (hostname) => systemLookup(hostname, { all: true, verbatim: true });

const PORTS: Record<string, number> = { 'http:': 80, 'https:': 443 };

/** @param options.allowHosts names, with optional port, that may have private addresses: exactly these, not what lies below them */
export function createGuard(options: { allowHosts: string[]; resolve?: Resolver }): Guard {
  const resolve = options.resolve ?? systemResolver;
  const allowed = new Set(options.allowHosts.map((h) => h.toLowerCase()));
  const isAllowed = (hostname: string, port: number): boolean => {
    const name = hostname.toLowerCase().replace(/\.$/, '');
    return allowed.has(name) || allowed.has(`${name}:${port}`);
  };

  const lookupThat = (free: boolean): LookupFunction => {
    return (name, { all, family }, answer) => {
      resolve(name).then(
        (found) => {
          const refused = free ? undefined : found.find((f) => !isPublicAddress(f.address));
          if (refused) return answer(blocked(name, `resolves to ${refused.address}, a private address`), '');
          const usable = found.filter((f) => !family || family === f.family || family === `IPv${f.family}`);
          const [first] = usable;
          if (!first) return answer(Object.assign(new Error(`${name} has no address`), { code: 'ENOTFOUND' }), '');
          if (all) answer(null, usable);
          else answer(null, first.address, first.family);
        },
        (error) => answer(error, ''),
      );
    };
  };
  const lookups = { free: lookupThat(true), strict: lookupThat(false) };

  return {
    lookupFor: (hostname, port) => (isAllowed(hostname, port) ? lookups.free : lookups.strict),
    check(given, { proxied = false } = {}) {
      const url = parse(given);
      const free = isAllowed(url.hostname, Number(url.port || PORTS[url.protocol]));
      if (!free && isAddress(url.hostname) && !isPublicAddress(url.hostname))
        throw blocked(url.href, 'names a private address');
      // Behind a proxy the name is looked up by the proxy, inside its own network: names that could only be found there are refused.
      if (!free && (proxied ? isPrivateName(url.hostname) : /(^|\.)localhost\.?$/.test(url.hostname)))
        throw blocked(url.href, 'names a private host');
      return url;
    },
    connector(buildOptions) {
      const free = buildConnector({ ...buildOptions, lookup: lookups.free });
      const strict = buildConnector({ ...buildOptions, lookup: lookups.strict });
      return (target, done) => {
        if (isAllowed(target.hostname, Number(target.port || PORTS[target.protocol]))) return free(target, done);
        // An address needs no lookup, so nothing would look at it.
        if (isAddress(target.hostname) && !isPublicAddress(target.hostname))
          return done(blocked(target.hostname, 'is a private address'), null);
        return strict(target, done);
      };
    },
  };
}

function parse(given: string | URL): URL {
  let url: URL;
  try {
    url = new URL(given);
  } catch (cause) {
    throw new SourcelinkError('FETCH_BAD_URL', `${String(given).slice(0, 300)} is not a URL`, { cause });
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new SourcelinkError('FETCH_BAD_URL', `${url.href.slice(0, 300)} is neither an http nor an https address`);
  if (url.href.length > MAX_URL_CHARACTERS) {
    const text = `${url.href.slice(0, 200)}… has ${url.href.length} characters`;
    const hint = `Addresses of more than ${MAX_URL_CHARACTERS} characters are not fetched; report this to the publisher.`;
    throw new SourcelinkError('FETCH_BAD_URL', text, { hint });
  }
  url.username = '';
  url.password = '';
  url.hash = '';
  return url;
}

function blocked(what: string, why: string): SourcelinkError {
  return new SourcelinkError('FETCH_BLOCKED_ADDRESS', `${what} ${why}; nothing was sent`);
}
