import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Theme } from './chrome.js';

/** The theme that the reader chose; `auto` follows the reader's system. */
export function themeOf(c: Context): Theme {
  return themeIn(getCookie(c, 'theme'));
}

export const themeIn = (value: string | undefined): Theme => (value === 'light' || value === 'dark' ? value : 'auto');

/** `back` if it is a path on this site, else the front page. */
export const safeBack = (back: unknown): string =>
  typeof back === 'string' && /^\/(?![/\\])[^\\\s]*$/.test(back) ? back : '/';
