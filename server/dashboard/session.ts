import { createHmac } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { isToken } from '../http/token.js';

const COOKIE = 'sourcelink_dashboard';
const PATH = '/dashboard';
const VALID_MS = 12 * 3_600_000;

/** Keeps an operator logged in for 12 hours with a cookie that the token signs. A new token ends all sessions. */
export class Session {
  readonly #token: string;
  readonly #secure: boolean;
  readonly #now: () => Date;

  constructor(options: { token: string; secure: boolean; now: () => Date }) {
    this.#token = options.token;
    this.#secure = options.secure;
    this.#now = options.now;
  }

  /** Begins a session if the token is right. @returns whether it was */
  begin(c: Context, sent: string): boolean {
    if (!isToken(sent, this.#token)) return false;
    const until = String(this.#now().getTime() + VALID_MS);
    setCookie(c, COOKIE, `${until}.${this.#sign('session', until)}`, {
      path: PATH,
      httpOnly: true,
      sameSite: 'Strict',
      secure: this.#secure,
      maxAge: VALID_MS / 1000,
    });
    return true;
  }

  end(c: Context): void {
    deleteCookie(c, COOKIE, { path: PATH });
  }

  holds(c: Context): boolean {
    const [until = '', signature = ''] = (getCookie(c, COOKIE) ?? '').split('.');
    return Number(until) > this.#now().getTime() && isToken(signature, this.#sign('session', until));
  }

  /** The value of the hidden field in every form. Another site cannot know it. */
  formToken(c: Context): string {
    return this.#sign('form', getCookie(c, COOKIE) ?? '');
  }

  isForm(c: Context, sent: string): boolean {
    return isToken(sent, this.formToken(c));
  }

  #sign(purpose: string, text: string): string {
    return createHmac('sha256', this.#token).update(`dashboard ${purpose}\n${text}`).digest('base64url');
  }
}
