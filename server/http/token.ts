import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether two secrets are one. Digests have one length, so that comparing them tells nothing of the secret. */
export const isToken = (sent: string, token: string): boolean => timingSafeEqual(digest(sent), digest(token));

/** The token that a request carries (RFC 6750, section 2.1). */
export const sentToken = (c: Context): string | undefined =>
  /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
