import { z } from 'zod';
import { wellFormedIn } from '../../text/well-formed.js';
import type { RobotsEntry, RobotsStore } from './robots.js';
import { decodeUnreserved, encodePath, matchesPattern, pathOf } from './robots-rules.js';

/** Text and data mining is reserved; `policy` is where terms stand. */
export type Reservation = { policy: string | null };

/** What the `/.well-known/tdmrep.json` of hosts reserves. */
export type Reservations = {
  of(url: URL, ask: (file: URL) => Promise<{ status: number; text: string }>): Promise<Reservation | null>;
};

const KEEP_MS = 24 * 3_600_000;
/** A host that fails is asked again sooner. */
const RETRY_MS = 3_600_000;
const MAX_KNOWN = 500;

type Rule = { pattern: string; reserved: boolean; policy: string | null };
type Known = { rules: Rule[]; until: number };

/** Reads each host's file once a day (W3C TDM Reservation Protocol); one that is missing or broken reserves nothing. */
export function createReservations({ store, now }: { store: RobotsStore; now: () => number }): Reservations {
  const known = new Map<string, Promise<Known>>();

  async function look(file: URL, ask: (file: URL) => Promise<{ status: number; text: string }>): Promise<Known> {
    const stored = await store.get(file.href);
    if (stored && untilOf(stored) > now()) return { rules: rulesIn(stored), until: untilOf(stored) };
    const fetchedAt = new Date(now()).toISOString();
    let entry: RobotsEntry;
    try {
      const { status, text } = await ask(file);
      const there = status >= 200 && status < 300;
      const state = there ? 'rules' : status >= 500 || status === 429 ? 'unreachable' : 'none';
      entry = { state, text: there ? text : '', fetchedAt };
    } catch {
      entry = { state: 'unreachable', text: '', fetchedAt };
    }
    await store.set(file.href, entry);
    return { rules: rulesIn(entry), until: untilOf(entry) };
  }

  function keep(file: string, looking: Promise<Known>): Promise<Known> {
    // The ledger failed: the next page asks again.
    looking.catch(() => known.delete(file));
    known.set(file, looking);
    for (const oldest of known.keys()) {
      if (known.size <= MAX_KNOWN) break;
      known.delete(oldest);
    }
    return looking;
  }

  return {
    async of(url, ask) {
      const file = new URL('/.well-known/tdmrep.json', url.origin);
      const had = known.get(file.href);
      if (had && (await had).until <= now() && known.get(file.href) === had) known.delete(file.href);
      const looking = known.get(file.href) ?? keep(file.href, look(file, ask));
      const path = decodeUnreserved(encodePath(pathOf(url)));
      const rule = (await looking).rules.find((r) => matchesPattern(r.pattern, path));
      return rule?.reserved ? { policy: rule.policy } : null;
    },
  };
}

const untilOf = ({ fetchedAt, state }: RobotsEntry): number =>
  Date.parse(fetchedAt) + (state === 'unreachable' ? RETRY_MS : KEEP_MS);

const File = z.array(z.unknown());
const Entry = z.object({
  location: z.string(),
  'tdm-reservation': z.union([z.number(), z.string()]),
  'tdm-policy': z.string().optional(),
});

/** The rules in their order: the first that matches counts. One that is no rule is left out. */
function rulesIn({ state, text }: RobotsEntry): Rule[] {
  if (state !== 'rules') return [];
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return [];
  }
  const list = File.safeParse(Array.isArray(json) ? json : [json]);
  return (list.data ?? []).flatMap((one) => {
    const { data } = Entry.safeParse(one);
    if (!data) return [];
    const pattern = decodeUnreserved(encodePath(data.location.trim()));
    const reserved = String(data['tdm-reservation']).trim() === '1';
    return [{ pattern, reserved, policy: wellFormedIn(data['tdm-policy'] ?? null) }];
  });
}
