import { SourcelinkError } from '../../config/errors.js';
import { parseRobots, type RobotsRules } from './robots-rules.js';

/** One robots.txt as it was read; kept in the ledger, so plain JSON. */
export type RobotsEntry = {
  /** `rules` has a text; `none` (4xx: all is allowed); `unreachable` (5xx, network: nothing is allowed for now). */
  state: 'rules' | 'none' | 'unreachable';
  /** Of `unreachable`, what went wrong. */
  text: string;
  /** ISO 8601. */
  fetchedAt: string;
};

/** Where robots.txt files are kept between runs, by origin, and tdmrep.json files, by URL. */
export type RobotsStore = {
  get(origin: string): Promise<RobotsEntry | null>;
  set(origin: string, entry: RobotsEntry): Promise<void>;
};

/** What the robots.txt of a host says to us. */
export type Robots = {
  /** @throws SourcelinkError `FETCH_ROBOTS_UNREACHABLE`, or the error of the network when the host cannot be reached at all */
  rulesFor(url: URL, ask: RobotsAsk): Promise<RobotsRules>;
};

/** Fetches one robots.txt, redirects followed. @throws SourcelinkError `FETCH_…` */
export type RobotsAsk = (robotsUrl: URL) => Promise<{ status: number; text: string }>;

/** RFC 9309, 2.4: not longer than this. */
const KEEP_MS = 24 * 3_600_000;
const RETRY_MS = 5 * 60_000;
/** A host that cannot be reached is tried again sooner; in between its other pages need not each wait for it. */
const RECONNECT_MS = 60_000;
/** Errors that say nothing about the file: it was not even asked for. */
const NOT_ITS_FAULT = ['FETCH_BLOCKED_ADDRESS', 'FETCH_BAD_URL', 'FETCH_RATE_LIMITED'];
/** Hosts whose rules are kept parsed. */
const MAX_PARSED = 500;

type Parsed = { rules: RobotsRules; until: number };
type Failed = { error: SourcelinkError; until: number };

/**
 * Obeys robots.txt (RFC 9309): an answer of 4xx allows all, a server or network error forbids all for some minutes.
 * @param options.agent the User-Agent whose product token is looked for
 */
export function createRobots(options: { store: RobotsStore; agent: string; now: () => number }): Robots {
  const { store, agent, now } = options;
  const known = new Map<string, Parsed | Failed>();
  const asking = new Map<string, Promise<Parsed | Failed>>();

  const keep = (origin: string, found: Parsed | Failed): Parsed | Failed => {
    known.delete(origin);
    known.set(origin, found);
    for (const oldest of known.keys()) {
      if (known.size <= MAX_PARSED) break;
      known.delete(oldest);
    }
    return found;
  };

  const look = async (url: URL, ask: RobotsAsk): Promise<Parsed | Failed> => {
    const stored = await store.get(url.origin);
    if (stored && untilOf(stored) > now()) return keep(url.origin, judged(url, stored, agent, now()));
    const file = new URL('/robots.txt', url.origin);
    let entry: RobotsEntry;
    try {
      entry = entryOf(await ask(file), new Date(now()).toISOString());
    } catch (error) {
      if (!(error instanceof SourcelinkError) || NOT_ITS_FAULT.includes(error.code)) throw error;
      // A host that cannot be reached has no robots.txt that could be at fault: the plain reason is worth more.
      if (['FETCH_DNS', 'FETCH_CONNECT', 'FETCH_TLS'].includes(error.code))
        return keep(url.origin, { error, until: now() + RECONNECT_MS });
      entry = { ...entryFor(error), fetchedAt: new Date(now()).toISOString() };
    }
    await store.set(url.origin, entry);
    return keep(url.origin, judged(url, entry, agent, now()));
  };

  return {
    async rulesFor(url, ask) {
      let found = known.get(url.origin);
      if (!found || found.until <= now()) {
        const running = asking.get(url.origin) ?? look(url, ask).finally(() => asking.delete(url.origin));
        asking.set(url.origin, running);
        found = await running;
      }
      if ('rules' in found) return found.rules;
      const { code, message, cause } = found.error;
      throw new SourcelinkError(code, message, { cause, retryAfterMs: found.until - now() });
    },
  };
}

function untilOf(entry: RobotsEntry): number {
  return Date.parse(entry.fetchedAt) + (entry.state === 'unreachable' ? RETRY_MS : KEEP_MS);
}

function judged(url: URL, entry: RobotsEntry, agent: string, now: number): Parsed | Failed {
  // A clock that went backwards must not keep an entry for longer.
  const until = Math.min(untilOf(entry), now + KEEP_MS);
  if (entry.state !== 'unreachable') return { rules: parseRobots(entry.text, agent), until };
  const text = `robots.txt of ${url.host} cannot be read${entry.text ? `: ${entry.text}` : ''}`;
  return { error: new SourcelinkError('FETCH_ROBOTS_UNREACHABLE', text), until };
}

function entryOf(answer: { status: number; text: string }, fetchedAt: string): RobotsEntry {
  const { status, text } = answer;
  if (status >= 200 && status < 300) return { state: 'rules', text, fetchedAt };
  // 429 says "not now", which is no leave to go on.
  if (status >= 400 && status < 500 && status !== 429) return { state: 'none', text: '', fetchedAt };
  return { state: 'unreachable', text: `it answered ${status}`, fetchedAt };
}

function entryFor(error: SourcelinkError): Omit<RobotsEntry, 'fetchedAt'> {
  // RFC 9309, 2.3.1.2: after five redirects the file may be taken as not there.
  if (error.code === 'FETCH_TOO_MANY_REDIRECTS' || error.code === 'FETCH_REDIRECT_LOOP')
    return { state: 'none', text: '' };
  return { state: 'unreachable', text: error.message };
}
