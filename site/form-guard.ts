import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import { RateLimit } from './rate-limit.js';
import type { Signer } from './signature.js';

const FORM_VALID_MS = 24 * 3_600_000;

/** What a reader sent: text by field, and the reason if it is refused. */
export type Sent =
  | { ok: true; text: (key: string) => string }
  /** `program`: the field hidden from people was filled in. `stale`: the form was opened too long ago, or not on this site. */
  | { ok: false; why: 'program' | 'stale'; text: (key: string) => string };

/** Protects every form with a signed token (the form was opened here), a trap for programs, and limits for each reader. */
export class FormGuard {
  readonly #signer: Signer;
  readonly #now: () => Date;
  readonly #proxies: number;

  constructor(options: { signer: Signer; now: () => Date; proxies: number }) {
    this.#signer = options.signer;
    this.#now = options.now;
    this.#proxies = options.proxies;
  }

  /** The value of the hidden field `token` in one kind of form. */
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

  /** Allows each reader `count` times in `windowMs`. */
  limit(count: number, windowMs: number): (c: Context) => boolean {
    const limit = new RateLimit(count, windowMs, this.#now);
    return (c) => limit.allows(this.#readerOf(c));
  }

  #holds(kind: string, sent: string): boolean {
    const [at = '', signature = ''] = sent.split('.');
    const age = this.#now().getTime() - Number(at);
    return age >= 0 && age < FORM_VALID_MS && this.#signer.holds('form', `${kind} ${at}`, signature);
  }

  /** The reader: the address of the connection, or the one that the last trusted proxy names. */
  #readerOf(c: Context): string {
    if (this.#proxies > 0) {
      const named = (c.req.header('x-forwarded-for') ?? '').split(',').map((a) => a.trim());
      const reader = named.at(-this.#proxies);
      if (reader) return reader;
    }
    return getConnInfo(c).remote.address ?? 'unknown';
  }
}

/** Why a form was refused, in words for its sender. */
export const REFUSED = {
  stale: 'This form was open for too long. Please send it again.',
  often: 'You have sent too many forms. Please try again in an hour.',
} as const;

/** The first problem of each field, by the field's name. */
export const flawsOf = (issues: readonly { path: readonly PropertyKey[]; message: string }[]): Record<string, string> =>
  Object.fromEntries([...issues].reverse().map((i) => [String(i.path[0]), i.message]));
