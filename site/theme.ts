import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Theme } from './chrome.js';

/** The reader's choice; what the system prefers when there is none. */
export function themeOf(c: Context): Theme {
  return themeIn(getCookie(c, 'theme'));
}

export const themeIn = (value: string | undefined): Theme => (value === 'light' || value === 'dark' ? value : 'auto');

/** A path of this site, whatever was sent. */
export const safeBack = (back: unknown): string =>
  typeof back === 'string' && /^\/(?![/\\])[^\\\s]*$/.test(back) ? back : '/';
