import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import { RateLimit } from './rate-limit.js';
import type { Signer } from './signature.js';

const FORM_VALID_MS = 24 * 3_600_000;

/** What a reader sent: texts by field, or why it is not taken. */
export type Sent =
  | { ok: true; text: (key: string) => string }
  /** `program`: the field that people do not see was filled in. `stale`: opened too long ago, or never here. */
  | { ok: false; why: 'program' | 'stale'; text: (key: string) => string };

/** Stands at every form: a signed token that it was opened here a while ago, a trap for programs, limits for each reader. */
export class FormGuard {
  readonly #signer: Signer;
  readonly #now: () => Date;
  readonly #proxies: number;

  constructor(options: { signer: Signer; now: () => Date; proxies: number }) {
    this.#signer = options.signer;
    this.#now = options.now;
    this.#proxies = options.proxies;
  }

  /** For the hidden field `token` of one kind of form. */
  token(kind: string): string {
    const at = `${this.#now().getTime()}`;
    return `${at}.${this.#signer.sign('form', `${kind} ${at}`)}`;
  }

  async read(c: Context, kind: string): Promise<Sent> {
    const form = await c.req.parseBody();
    const text = (key: string): string => (typeof form[key] === 'string' ? form[key].replaceAll('\0', '') : '');
    if (text('website') !== '') return { ok: false, why: 'program', text };
    return this.#holds(kind, text('token')) ? { ok: true, text } : { ok: false, why: 'stale', text };
  }

  /** At most `count` times in `windowMs` by one reader. */
  limit(count: number, windowMs: number): (c: Context) => boolean {
    const limit = new RateLimit(count, windowMs, this.#now);
    return (c) => limit.allows(this.#readerOf(c));
  }

  #holds(kind: string, sent: string): boolean {
    const [at = '', signature = ''] = sent.split('.');
    const age = this.#now().getTime() - Number(at);
    return age >= 0 && age < FORM_VALID_MS && this.#signer.holds('form', `${kind} ${at}`, signature);
  }

  /** Who asks: the connection's address, or the one that the last trusted proxy names. */
  #readerOf(c: Context): string {
    if (this.#proxies > 0) {
      const named = (c.req.header('x-forwarded-for') ?? '').split(',').map((a) => a.trim());
      const reader = named.at(-this.#proxies);
      if (reader) return reader;
    }
    return getConnInfo(c).remote.address ?? 'unknown';
  }
}

/** What is told of a form that is not taken. */
export const REFUSED = {
  stale: 'This form was open for too long. Send it again.',
  often: 'That was often. Try again in an hour.',
} as const;

/** The first flaw of each field, by its name. */
export const flawsOf = (issues: readonly { path: readonly PropertyKey[]; message: string }[]): Record<string, string> =>
  Object.fromEntries([...issues].reverse().map((i) => [String(i.path[0]), i.message]));
