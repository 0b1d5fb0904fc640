import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether two secrets are equal. It compares their digests in constant time, so timing reveals neither length nor content. */
export const isToken = (sent: string, token: string): boolean => timingSafeEqual(digest(sent), digest(token));

/** The bearer token of a request (RFC 6750, section 2.1). */
export const sentToken = (c: Context): string | undefined =>
  /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
