import { createHash, randomBytes } from 'node:crypto';
import type { SiteDb } from './database.js';

/** How long an editor stays logged in, in milliseconds. */
export const SESSION_MS = 12 * 3_600_000;

/** The session of an editor. `id` is a hash of what the browser has; `key` identifies the password that began it. */
export type Session = { id: string; editor: string; key: string };

/** Begins a session. @returns the token for the browser; the site stores only its hash */
export async function openSession(db: SiteDb, s: { editor: string; key: string; now: Date }): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await db.query(
    `WITH old AS (DELETE FROM site.session WHERE expires_at <= $4::timestamptz)
     INSERT INTO site.session (id, editor, key, expires_at) VALUES ($1, $2, $3, $5::timestamptz)`,
    [idOf(token), s.editor, s.key, s.now.toISOString(), new Date(s.now.getTime() + SESSION_MS).toISOString()],
  );
  return token;
}

/** The session of a browser's token; null when it is unknown or has ended. */
export async function sessionOf(db: SiteDb, token: string | undefined, now: Date): Promise<Session | null> {
  if (!token) return null;
  const { rows } = await db.query<Session>(
    'SELECT id, editor, key FROM site.session WHERE id = $1 AND expires_at > $2::timestamptz',
    [idOf(token), now.toISOString()],
  );
  return rows[0] ?? null;
}

export async function closeSession(db: SiteDb, id: string): Promise<void> {
  await db.query('DELETE FROM site.session WHERE id = $1', [id]);
}

const idOf = (token: string): string => createHash('sha256').update(token).digest('hex');
